import type { Item } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { Tag, type Tone } from '../../../design/tag.tsx';
import { words } from './words.ts';

export type Dispute = Item<'listDisputes'>;
const TONES: Readonly<Record<Dispute['state'], Tone>> = {
  open: 'info',
  escalated: 'warn',
  upheld: 'good',
  rejected: 'plain',
  withdrawn: 'plain',
};

export function DisputeState({ state }: Pick<Dispute, 'state'>) {
  const t = useWords(words);
  return <Tag tone={TONES[state]}>{t.states[state]}</Tag>;
}

export const DISPUTE_STATES = ['open', 'escalated', 'upheld', 'rejected', 'withdrawn'] as const;
export const isOpen = ({ state }: Pick<Dispute, 'state'>): boolean =>
  state === 'open' || state === 'escalated';
