import type { Item } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Progress } from '../../../design/progress.tsx';
import { Tag } from '../../../design/tag.tsx';
import { words } from './words.ts';

export type Period = Item<'listClearingPeriods'>;

export function PeriodState({ state }: Pick<Period, 'state'>) {
  const t = useWords(words);
  return <Tag tone={state === 'closed' ? 'good' : 'info'}>{t[state]}</Tag>;
}

/** A close that is under way: nobody knows how far it is, so since when is said. */
export function Closing({ period }: { readonly period: Period }) {
  const t = useWords(words);
  const f = useFormat();
  return (
    <Progress
      label={`${t.going(t.number(f.number(period.number)))} (${t.elapsed(f.exact(period.begunAt))})`}
      share={undefined}
    />
  );
}

/** While something closes it is asked for again. */
export const CLOSING_POLL_MS = 2_000;
