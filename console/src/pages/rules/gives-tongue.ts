import { useFormat } from '@hongmi/ui/format.ts';
import { type GivesTongue, givesWords } from '@hongmi/ui/gives-in-words.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useMemo } from 'react';
import { usePointTypeNames } from '../../app/point-types.ts';

/** With what is said on this page what rules give. */
export function useGivesTongue(): GivesTongue {
  const g = useWords(givesWords);
  const f = useFormat();
  const names = usePointTypeNames();
  return useMemo(() => ({ g, f, pointType: (code) => names.get(code) ?? code }), [g, f, names]);
}
