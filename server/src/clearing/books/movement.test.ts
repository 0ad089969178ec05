import { describe, expect, it } from 'vitest';
import { ENTRY_KINDS, type EntryKind, ROLES, type Role } from '../../ledger/transaction.ts';
import { NOTHING, outstandingOf } from './liability.ts';
import { KINDS_READ, movementsOf, tallyOf } from './movement.ts';

const group = (kind: EntryKind, from: Role, to: Role, repays = false) => ({
  kind: ENTRY_KINDS[kind],
  fromRole: ROLES[from],
  toRole: ROLES[to],
  repays,
});

describe('what an entry does to what is owed', () => {
  const all = [
    [group('issue', 'issuer', 'member'), { issued: 7n }, 7n],
    [group('issue', 'adjustment', 'member'), { issued: 7n }, 7n],
    [group('issue', 'acquirer', 'member'), { issued: 7n }, 7n],
    [group('issue', 'in_transit', 'member'), { moved: 7n }, 7n],
    [group('issue', 'conversion', 'member'), { moved: 7n }, 7n],
    [group('take', 'member', 'acquirer'), { redeemed: 7n }, -7n],
    [group('take', 'member', 'adjustment'), { takenBack: 7n }, -7n],
    [group('take', 'member', 'in_transit'), { moved: -7n }, -7n],
    [group('take', 'member', 'conversion'), { moved: -7n }, -7n],
    [group('capture', 'held', 'acquirer'), { redeemed: 7n }, -7n],
    [group('restore', 'acquirer', 'member'), { redeemed: -7n }, 7n],
    [group('restore', 'in_transit', 'member'), { moved: 7n }, 7n],
    [group('expire', 'member', 'breakage'), { expired: 7n }, -7n],
    [group('recover', 'member', 'issuer'), { takenBack: 7n }, -7n],
    [group('recover', 'member', 'issuer', true), { settled: 7n }, -7n],
    [group('recover_expired', 'breakage', 'issuer'), { expired: -7n, takenBack: 7n }, 0n],
    [group('repay', 'issuer', 'debt'), { issued: 7n, settled: 7n }, 0n],
    [group('repay', 'in_transit', 'debt'), { moved: 7n, settled: 7n }, 0n],
    [group('repay', 'acquirer', 'debt'), {}, 0n],
  ] as const;

  it.each(all)('%o: %o', (entry, tally, left) => {
    expect(tallyOf(entry, 7n)).toEqual(tally);
    // What it leaves of a lot is what the ledger says that it does to it.
    expect(outstandingOf({ ...NOTHING, ...tallyOf(entry, 7n) })).toBe(left);
  });

  it('is told of every kind that is read', () => {
    expect(new Set(all.map(([{ kind }]) => kind))).toEqual(new Set(KINDS_READ));
  });

  it('adds up by cohort, in points and at the price of each lot', () => {
    const cohort = { pointType: 1, vintage: '2026-03' };
    const moves = movementsOf([
      {
        ...cohort,
        ...group('issue', 'issuer', 'member'),
        priced: true,
        unitCost: 3n,
        points: 100n,
      },
      { ...cohort, ...group('issue', 'issuer', 'member'), priced: true, unitCost: 5n, points: 10n },
      { ...cohort, ...group('take', 'member', 'acquirer'), priced: true, unitCost: 5n, points: 4n },
      {
        ...cohort,
        vintage: '2026-04',
        ...group('issue', 'issuer', 'member'),
        priced: true,
        unitCost: 5n,
        points: 1n,
      },
    ]);
    expect(moves.size).toBe(2);
    expect(moves.get('1 2026-03')).toEqual({
      ...cohort,
      points: { ...NOTHING, issued: 110n, redeemed: 4n },
      worth: { ...NOTHING, issued: 350n, redeemed: 20n },
    });
  });
});
