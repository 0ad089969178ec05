import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useProgramme } from '../../../app/programme.tsx';
import { Progress } from '../../../design/progress.tsx';
import type { Period } from './period-state.tsx';
import { words } from './words.ts';

/** A close that is under way: nobody knows how far it is, so since when is said. */
export function Closing({ period }: { readonly period: Period }) {
  const t = useWords(words);
  const f = useFormat();
  const zone = useProgramme()?.timeZone;
  return (
    <Progress
      label={`${t.going(t.number(f.number(period.number)))} (${t.elapsed(f.exact(period.begunAt, zone))})`}
      share={undefined}
    />
  );
}
