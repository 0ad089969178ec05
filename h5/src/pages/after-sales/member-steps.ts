import type { Case, CaseState } from './case-row.tsx';

/** What a member can say of a case, by where it is (docs/rewards.md#after-sales). */
export type MemberStep = 'send' | 'appeal' | 'withdraw';

const STEPS: Partial<Record<CaseState, readonly MemberStep[]>> = {
  opened: ['withdraw'],
  accepted: ['send', 'withdraw'],
  sent: ['withdraw'],
  escalated: ['withdraw'],
  refused: ['appeal'],
};

/** What a supplier cancelled is nothing that a member asked for. */
export function stepsOf({ state, kind }: Pick<Case, 'state' | 'kind'>): readonly MemberStep[] {
  return kind === 'supplier' ? [] : (STEPS[state] ?? []);
}
