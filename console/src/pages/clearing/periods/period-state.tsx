import type { Item } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { Tag } from '../../../design/tag.tsx';
import { words } from './words.ts';

export type Period = Item<'listClearingPeriods'>;

export function PeriodState({ state }: Pick<Period, 'state'>) {
  const t = useWords(words);
  return <Tag tone={state === 'closed' ? 'good' : 'info'}>{t[state]}</Tag>;
}

/** While something closes it is asked for again. */
export const CLOSING_POLL_MS = 2_000;
