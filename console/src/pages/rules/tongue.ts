import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useMemo } from 'react';
import { useMerchantNames } from '../../app/names.ts';
import { usePointTypeNames } from '../../app/point-types.ts';
import { sentences, type Tongue } from './in-words.ts';
import { words } from './words.ts';

/** With what rules are said on this page. */
export function useTongue(): Tongue {
  const t = useWords(words);
  const s = useWords(sentences);
  const f = useFormat();
  const merchants = useMerchantNames();
  const pointTypes = usePointTypeNames();
  return useMemo(
    () => ({
      t,
      s,
      f,
      merchant: (id) => merchants.get(id) ?? id,
      pointType: (code) => pointTypes.get(code) ?? code,
    }),
    [t, s, f, merchants, pointTypes],
  );
}
