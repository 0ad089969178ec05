import { describe, expect, it } from 'vitest';
import { POINTS_MAX } from '../../kernel/points.ts';
import type { ReturnPolicy } from '../command.ts';
import { idOf } from '../testing/desk.ts';
import { MEMBER, MILES, type Said, SHOP, SpokenDesk } from '../testing/desk-spoken.ts';

const OLD = idOf('old');
const plain = { funders: null, ruleVersion: null, evidence: null, unitCost: null };
const FOR_EVER = { availableAt: 0, expiresAt: null as number | null };

/** The member after it absorbed another one, whose lot `old` of `points` has arrived as `new`. */
function survivor(points = 70, terms = FOR_EVER): SpokenDesk {
  const d = new SpokenDesk();
  d.call(OLD, 'old');
  const lots = [{ ...plain, ...terms, lot: OLD, points, issuer: SHOP }];
  const source = { kind: 'move', id: idOf('move') } as const;
  d.do(0, 'new', { kind: 'transfer_in', from: idOf('absorbed'), lots, debt: 0, source });
  d.call(d.written.lotsMade[0]?.id as typeof OLD, 'new');
  return d;
}
/** What arrived of the old lot: the last one that this desk made, before it makes others. */
const arrivedAt = (d: SpokenDesk) => d.written.lotsMade.map(({ id }) => id);
const clawBack = (
  points: number,
  policy: ReturnPolicy,
  arrived: readonly (typeof OLD)[],
  role: 'issuer' | 'adjustment' = 'issuer',
): Said => ({
  ...{ kind: 'claw_back', earn: idOf('earn'), lot: OLD, giver: { role, merchant: SHOP } },
  ...{ points, policy, arrived },
});

describe('claw_back', () => {
  it('takes what arrived of the returned lot before anything else, and names that lot', () => {
    const d = survivor();
    const arrived = arrivedAt(d);
    d.do(0, 'own', { kind: 'issue', points: 50 });
    expect(d.do(1, 'c', clawBack(60, 'debt', arrived))).toEqual([
      'recover 60 of new: member → issuer shop for old',
    ]);
    expect(d.written.transaction).toMatchObject({ points: 60, balanceAfter: 60 });
    // Counted on the absorbed account, so that it may fall below zero here.
    expect(d.account()).toMatchObject({ free: 60, earned: -10 });
  });

  it('goes on by policy: other lots, latest expiry first, then a debt named by itself', () => {
    const d = survivor();
    const arrived = arrivedAt(d);
    d.do(0, 'soon', { kind: 'issue', points: 5, expiresAt: 50 });
    d.do(0, 'late', { kind: 'issue', points: 5, expiresAt: 90 });
    expect(d.do(1, 'c', clawBack(85, 'debt', arrived))).toEqual([
      'recover 70 of new: member → issuer shop for old',
      'recover 5 of late: member → issuer shop for old',
      'recover 5 of soon: member → issuer shop for old',
      'overdraw 5 of c: debt member → issuer shop',
    ]);
    expect(d.totals()).toEqual({ free: 0, held: 0, debt: 5 });
    expect(d.do(2, 'next', { kind: 'issue', points: 8 })).toEqual([
      'repay 5 of next: issuer shop → debt member for c',
      'issue 3 of next: issuer shop → member',
    ]);
  });

  it('forgoes what the policy does not reach, and is applied all the same', () => {
    const d = survivor(10);
    const arrived = arrivedAt(d);
    d.do(0, 'own', { kind: 'issue', points: 5 });
    expect(d.do(1, 'c', clawBack(30, 'pending_only', arrived))).toEqual([
      'recover 10 of new: member → issuer shop for old',
    ]);
    expect(d.do(1, 'c2', clawBack(20, 'pending_only', arrived))).toEqual([]);
    expect(d.do(1, 'c3', clawBack(20, 'within_balance', arrived))).toEqual([
      'recover 5 of own: member → issuer shop for old',
    ]);
    expect(d.totals()).toEqual({ free: 0, held: 0, debt: 0 });
  });

  it('counts what expired of it as recovered, takes pending points and breaks no hold', () => {
    const d = survivor(70, { availableAt: 0, expiresAt: 50 });
    const arrived = arrivedAt(d);
    d.do(1, 'h', { kind: 'hold', points: 20, expiresAt: 80 });
    d.do(60, 'x', { kind: 'expire' });
    d.do(60, 'later', { kind: 'issue', points: 4, availableAt: 100 });
    expect(d.do(61, 'c', clawBack(60, 'debt', arrived))).toEqual([
      'recover_expired 50 of new: breakage → issuer shop',
      'recover 4 of later: member → issuer shop for old',
      'overdraw 6 of c: debt member → issuer shop',
    ]);
    expect(d.account()).toMatchObject({ free: 0, held: 20, expired: 0 });
  });

  it('gives back to the adjustment account what an adjustment gave', () => {
    const d = survivor();
    expect(d.do(1, 'c', clawBack(1, 'debt', arrivedAt(d), 'adjustment'))).toEqual([
      'recover 1 of new: member → adjustment shop for old',
    ]);
    expect(d.account()).toMatchObject({ earned: 0 });
  });

  it('gives budgets back what it takes, no more than this shard spent, and no counter', () => {
    const d = survivor(10);
    const arrived = arrivedAt(d);
    const budget = idOf('budget');
    const allotment = { budget, spent: 25, spentMost: 25, left: 5, surveyed: true };
    d.desk.book.allotments.set(budget, allotment);
    // What was spent of it before stands in no block of this desk.
    d.desk.replay.budgets.set(budget, 25);
    d.do(0, 'own', { kind: 'issue', points: 5, limits: [{ counter: 'day', max: 9, mode: 'all' }] });
    const limits = [{ budget }];
    d.do(1, 'c', { ...clawBack(30, 'within_balance', arrived), limits } as Said);
    expect(d.written.marks).toEqual([`budget ${budget}`]);
    expect(allotment).toMatchObject({ spent: 10, left: 20 });
    d.do(1, 'c2', { ...clawBack(15, 'debt', []), limits } as Said);
    expect(allotment).toMatchObject({ spent: 0, left: 30 });
    expect(d.desk.book.counters.get(`${MEMBER}/day`)).toBe(5);
    const unknown = { ...clawBack(1, 'debt', []), limits: [{ budget: idOf('other') }] } as Said;
    expect(d.do(1, 'c3', unknown)).toBe('budget_not_found');
  });

  it('is refused for lots that are not of the account, of another type, or not there', () => {
    const d = survivor();
    const arrived = arrivedAt(d);
    const miles = { ...clawBack(1, 'debt', arrived), pointType: MILES } as Said;
    expect(d.do(1, 'c', miles)).toBe('lot_not_found');
    expect(d.do(1, 'c2', clawBack(1, 'debt', [...arrived, OLD]))).toBe('lot_not_found');
  });

  it('is refused beyond the range of its debt and of what was earned', () => {
    const d = survivor(1);
    const arrived = arrivedAt(d);
    expect(d.do(1, 'c', clawBack(POINTS_MAX, 'debt', []))).toHaveLength(2);
    expect(d.account()).toMatchObject({ debt: POINTS_MAX - 1, earned: -POINTS_MAX });
    expect(d.do(1, 'c2', clawBack(1, 'pending_only', arrived))).toMatch(/^points_out_of_range/);
    const adjusted = clawBack(2, 'debt', [], 'adjustment');
    expect(d.do(1, 'c3', adjusted)).toMatch(/^points_out_of_range/);
  });

  it('is refused when debts there are and its own would together leave the range', () => {
    const d = survivor();
    d.do(0, 'gone', { kind: 'adjust', points: -70 });
    d.do(0, 'lent', { kind: 'burn', points: POINTS_MAX - 1, overdraftMax: POINTS_MAX });
    expect(d.do(1, 'c', clawBack(2, 'debt', []))).toMatch(/^points_out_of_range/);
    expect(d.do(1, 'c2', clawBack(1, 'debt', []))).toHaveLength(1);
    expect(d.totals().debt).toBe(POINTS_MAX);
  });
});

describe('a return of an absorbed member’s earn', () => {
  it('takes its own lot and what expired of it, whatever the policy, and counts all that was asked', () => {
    const d = new SpokenDesk();
    d.do(0, 'earn', { kind: 'issue', points: 100, expiresAt: 50 });
    d.do(0, 'own', { kind: 'issue', points: 40 });
    d.do(1, 'b', { kind: 'burn', points: 30 });
    d.do(60, 'x', { kind: 'expire' });
    const back = { kind: 'return', earn: idOf('earn'), policy: 'debt', isAbsorbed: true } as const;
    expect(d.do(61, 'r', { ...back, points: 100 })).toEqual([
      'recover_expired 70 of earn: breakage → issuer shop',
    ]);
    expect(d.totals()).toEqual({ free: 40, held: 0, debt: 0 });
    expect(d.do(61, 'r2', { ...back, points: 1 })).toBe('return_exceeds_earn {"returnable":0}');
  });
});
