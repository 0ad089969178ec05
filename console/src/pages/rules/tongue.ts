import { useWords } from '@hongmi/ui/language.ts';
import { useMemo } from 'react';
import { useMerchantNames } from '../../app/names.ts';
import { useGivesTongue } from './gives-tongue.ts';
import { sentences, type Tongue } from './in-words.ts';
import { words } from './words.ts';

/** With what rules are said on this page. */
export function useTongue(): Tongue {
  const t = useWords(words);
  const s = useWords(sentences);
  const gives = useGivesTongue();
  const merchants = useMerchantNames();
  return useMemo(
    () => ({ ...gives, t, s, merchant: (id) => merchants.get(id) ?? id }),
    [gives, t, s, merchants],
  );
}
