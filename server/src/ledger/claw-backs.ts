import type { Answer, Transaction } from './transaction.ts';

/**
 * Points that a return, or a claw-back after it, took back or made a debt: what a policy forgoes is not among
 * them. As many are given back to its limits.
 */
export function takenBackBy({ entries }: Pick<Transaction, 'entries'>): number {
  return entries.reduce((sum, entry) => sum + entry.points, 0);
}

/** The answer to a return of a member who has become part of another one, with what was taken from that one too. */
export function withClawBacks(answer: Answer, clawBacks: readonly Transaction[]): Answer {
  if (answer.status === 'refused' || clawBacks.length === 0) return answer;
  const { transaction } = answer;
  const entries = [transaction, ...clawBacks].flatMap((each) => each.entries);
  return { ...answer, transaction: { ...transaction, entries } };
}
