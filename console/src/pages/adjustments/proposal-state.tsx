import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { Tag, type Tone } from '../../design/tag.tsx';
import { words } from './words.ts';

export type Proposal = components['schemas']['Proposal'];

const TONES: Readonly<Record<Proposal['status'], Tone>> = {
  proposed: 'warn',
  approved: 'good',
  refused: 'bad',
  expired: 'plain',
};

/** What became of a proposal; an approved one that the ledger refused says so too. */
export function ProposalState({
  proposal: { status, notApplied },
}: {
  readonly proposal: Proposal;
}) {
  const t = useWords(words);
  return (
    <>
      <Tag tone={TONES[status]}>{t.states[status]}</Tag>
      {notApplied === undefined ? null : <Tag tone="bad">{t.notApplied}</Tag>}
    </>
  );
}
