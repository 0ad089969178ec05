import { ENTRY_KINDS, ROLES } from '../../ledger/transaction.ts';
import type { CohortKey, Movement } from './cohort.ts';
import { keyOf } from './cohort.ts';
import { addTallies, NOTHING, type Tally } from './liability.ts';

/** Entries of the ledger that do the same to the same points, added up. */
export interface EntryGroup extends CohortKey {
  /** Numbers of {@link ENTRY_KINDS} and {@link ROLES}. */
  readonly kind: number;
  readonly fromRole: number;
  readonly toRole: number;
  /** Points taken of another lot than the returned one, that did not come from it either: they repay what it owes. */
  readonly repays: boolean;
  /** Their lots have a price between merchants. */
  readonly priced: boolean;
  /** Micro-fen a point. */
  readonly unitCost: bigint;
  readonly points: bigint;
}

const { issue, take, capture, expire, recover, recover_expired, repay, restore } = ENTRY_KINDS;
const { acquirer, adjustment, in_transit, conversion } = ROLES;

/** The kinds of entries that do anything to what is owed; what only changes a time, pins, or makes a debt does not. */
export const KINDS_READ = [issue, take, capture, expire, recover, recover_expired, repay, restore];

const isBetween = (role: number): boolean => role === in_transit || role === conversion;

/** What so many points of such an entry do. Debts are no part of what is owed: points that repay one come and go at once. */
export function tallyOf(
  {
    kind,
    fromRole,
    toRole,
    repays,
  }: Omit<EntryGroup, keyof CohortKey | 'points' | 'unitCost' | 'priced'>,
  amount: bigint,
): Partial<Tally> {
  switch (kind) {
    case issue:
      return isBetween(fromRole) ? { moved: amount } : { issued: amount };
    case take:
      if (isBetween(toRole)) return { moved: -amount };
      return toRole === adjustment ? { takenBack: amount } : { redeemed: amount };
    case capture:
      return { redeemed: amount };
    case restore:
      return isBetween(fromRole) ? { moved: amount } : { redeemed: -amount };
    case expire:
      return { expired: amount };
    case recover_expired:
      return { expired: -amount, takenBack: amount };
    case recover:
      return repays ? { settled: amount } : { takenBack: amount };
    case repay:
      // A refund's points that repay a debt stay used, by something else.
      if (fromRole === acquirer) return {};
      return isBetween(fromRole)
        ? { moved: amount, settled: amount }
        : { issued: amount, settled: amount };
    default:
      throw new Error(`entries of kind ${kind} do nothing to what is owed`);
  }
}

/** What the entries of a period, in any order, did to each cohort. */
export function movementsOf(groups: Iterable<EntryGroup>): Map<string, Movement> {
  const found = new Map<string, Movement>();
  for (const group of groups) {
    const { pointType, vintage, points, unitCost } = group;
    const key = keyOf(group);
    const before = found.get(key) ?? { pointType, vintage, points: NOTHING, worth: NOTHING };
    found.set(key, {
      ...before,
      points: addTallies(before.points, { ...NOTHING, ...tallyOf(group, points) }),
      worth: addTallies(before.worth, { ...NOTHING, ...tallyOf(group, points * unitCost) }),
    });
  }
  return found;
}
