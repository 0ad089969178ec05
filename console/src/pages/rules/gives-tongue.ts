import { useFormat } from '@hongmi/ui/format.ts';
import { type GivesTongue, givesWords } from '@hongmi/ui/gives-in-words.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useMemo } from 'react';
import { usePointTypeNames } from '../../app/point-types.ts';
import { useProgramme } from '../../app/programme.tsx';

/** With what is said on this page what rules give. */
export function useGivesTongue(): GivesTongue {
  const g = useWords(givesWords);
  const f = useFormat();
  const names = usePointTypeNames();
  const types = useProgramme()?.pointTypes;
  return useMemo(
    () => ({
      ...{ g, f, pointType: (code) => names.get(code) ?? code },
      points: (value, type) => f.points(value, types?.find(({ code }) => code === type)?.scale),
    }),
    [g, f, names, types],
  );
}
