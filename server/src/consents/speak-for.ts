import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Transaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import type { Purpose } from './purpose.ts';
import { lockMember } from './store.ts';

/** Who speaks for a member, and when. */
export interface By {
  readonly key: Uuid;
  readonly clock: Clock;
  /** Why nothing more is done in the name of a member who has become part of another one. */
  readonly refusalOf: (member: Uuid) => Promise<Refusal | undefined>;
  /** Deletes what others keep about a member by consent to a purpose. */
  readonly forgets: Forgets;
}

export type Forgets = Readonly<
  Partial<Record<Purpose, (tx: Transaction, member: Uuid) => Promise<unknown>>>
>;

/** Why nothing can be said for a member; else they are locked, and what is said of them comes one after another. */
export async function lockToSpeak(
  tx: Transaction,
  member: Uuid,
  by: Pick<By, 'refusalOf'>,
): Promise<Refusal | undefined> {
  const locked = await lockMember(tx, member);
  if (locked === undefined) return problem('member_not_found');
  if (locked === 'member') return undefined;
  return (await by.refusalOf(member)) ?? problem('member_merged');
}
