import { describe, expect, it } from 'vitest';
import type { Uuid } from '../../kernel/id.ts';
import { POINTS_MAX } from '../../kernel/points.ts';
import type { Command } from '../command.ts';
import { balanceOf, debtOf, freeOf, heldOf, spendableOf } from './reference-account.ts';
import { type ModelAnswer, ReferenceModel, type Shared } from './reference-model.ts';

const MEMBER = 'member' as Uuid;
const SHOP = 'shop' as Uuid;

type Loose<T> = T extends Command
  ? Omit<T, 'key' | 'programme' | 'pointType' | 'member' | 'effectiveAt' | 'merchant'>
  : never;

/** A ledger of one member, spoken to in few words: time, name of the transaction, what it does. */
function ledger(shared?: Shared) {
  const model = new ReferenceModel(shared);
  const account = () => model.account(MEMBER, 1);
  return {
    model,
    account,
    do(at: number, id: string, command: Loose<Command> & { at?: number }): ModelAnswer {
      const { at: asked = null, ...rest } = command;
      const whole = {
        key: id,
        programme: 1,
        pointType: 1,
        member: MEMBER,
        merchant: SHOP,
        effectiveAt: asked,
        ...rest,
      };
      return model.execute(whole as Command, id as Uuid, at);
    },
    lots: () => Object.fromEntries(account().lots.map((lot) => [lot.earn, lot.remaining])),
    totals: () => ({ free: freeOf(account()), held: heldOf(account()), debt: debtOf(account()) }),
  };
}
const id = (name: string) => name as Uuid;

describe('the reference model, by hand', () => {
  it('spends the earliest expiry first, then the oldest, and never what is pending, lapsed or held', () => {
    const l = ledger();
    l.do(0, 'never', { kind: 'issue', points: 10 });
    l.do(0, 'late', { kind: 'issue', points: 10, expiresAt: 100 });
    l.do(0, 'soon', { kind: 'issue', points: 10, expiresAt: 50 });
    l.do(0, 'soon too', { kind: 'issue', points: 10, expiresAt: 50 });
    l.do(0, 'pending', { kind: 'issue', points: 10, availableAt: 30, expiresAt: 40 });
    l.do(10, 'b1', { kind: 'burn', points: 15 });
    expect(l.lots()).toEqual({ never: 10, late: 10, soon: 0, 'soon too': 5, pending: 10 });
    expect(l.do(50, 'b2', { kind: 'burn', points: 21 }).refusal).toEqual({
      code: 'insufficient_points',
      facts: { available: 20 },
    });
    l.do(50, 'h', { kind: 'hold', points: 4, expiresAt: 60 });
    expect(spendableOf(l.account(), 50)).toBe(16);
    expect(l.do(30, 'b3', { kind: 'burn', points: 16 })).toMatchObject({
      refusal: null,
      effectiveAt: 50,
      balanceAfter: 19,
    });
    expect(l.lots()).toMatchObject({ never: 0, late: 4, 'soon too': 5, pending: 10 });
  });

  it('does not let pinned points lapse, captures in order and gives the rest back', () => {
    const l = ledger();
    l.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 20 });
    l.do(0, 'b', { kind: 'issue', points: 10 });
    l.do(0, 'h', { kind: 'hold', points: 15, expiresAt: 50 });
    expect(l.do(30, 'e', { kind: 'expire' }).refusal?.code).toBe('nothing_due');
    expect(l.do(30, 'c', { kind: 'capture', hold: id('h'), points: 12 })).toMatchObject({
      points: 12,
      balanceAfter: 8,
    });
    expect(l.lots()).toEqual({ a: 0, b: 8 });
    expect(l.do(30, 'c2', { kind: 'capture', hold: id('h'), points: 4 }).refusal?.code).toBe(
      'hold_exceeded',
    );
    expect(l.do(49, 'r1', { kind: 'release', hold: id('h'), timeout: true }).refusal?.code).toBe(
      'hold_not_due',
    );
    expect(l.do(50, 'c3', { kind: 'capture', hold: id('h') }).refusal?.code).toBe('hold_expired');
    l.do(50, 'r2', { kind: 'release', hold: id('h'), timeout: true });
    expect(l.totals()).toEqual({ free: 8, held: 0, debt: 0 });
    expect(l.do(50, 'r3', { kind: 'release', hold: id('h') }).refusal?.code).toBe('hold_closed');
    expect(l.do(50, 'r4', { kind: 'release', hold: id('a') }).refusal?.code).toBe('hold_not_found');
  });

  it('counts what expired as recovered, then follows the policy, and never breaks a hold', () => {
    for (const [policy, lots, debt] of [
      ['pending_only', { own: 0, never: 10, old: 5, live: 5 }, 0],
      ['within_balance', { own: 0, never: 0, old: 5, live: 3 }, 0],
      ['debt', { own: 0, never: 0, old: 5, live: 3 }, 4],
    ] as const) {
      const l = ledger();
      l.do(0, 'own', { kind: 'issue', points: 40, expiresAt: 10 });
      l.do(0, 'b', { kind: 'burn', points: 16 });
      l.do(10, 'e', { kind: 'expire' });
      l.do(10, 'never', { kind: 'issue', points: 10 });
      l.do(10, 'old', { kind: 'issue', points: 5, expiresAt: 15 });
      l.do(10, 'live', { kind: 'issue', points: 5, expiresAt: 30, availableAt: 25 });
      l.do(20, 'live h', { kind: 'issue', points: 3, expiresAt: 21 });
      l.do(20, 'h', { kind: 'hold', points: 3, expiresAt: 90 });
      l.do(20, 'spend', { kind: 'issue', points: 1 });
      const points = policy === 'debt' ? 40 : 36;
      l.do(20, 'r', { kind: 'return', earn: id('own'), points, policy });
      // 24 had expired; 12 (16 as a debt) are asked of the others: `spend` 1, `never` 10, then `live`.
      const want =
        policy === 'pending_only'
          ? { ...lots, spend: 1 }
          : { ...lots, spend: 0, live: policy === 'debt' ? 0 : 4 };
      expect(l.lots()).toEqual({ ...want, 'live h': 3 });
      expect(l.totals()).toMatchObject({ held: 3, debt: policy === 'debt' ? 0 : debt });
      expect(l.model.counters.get('breakage/1')).toBe(0n);
      const over = l.do(20, 'again', { kind: 'return', earn: id('own'), points: 5, policy });
      expect(over.refusal).toEqual({
        code: 'return_exceeds_earn',
        facts: { returnable: 40 - points },
      });
    }
  });

  it('makes a debt that names the earn; a later earn and a refund repay it', () => {
    const l = ledger();
    l.do(0, 'a', { kind: 'issue', points: 100 });
    l.do(0, 'b', { kind: 'burn', points: 100 });
    l.do(0, 'r', { kind: 'return', earn: id('a'), points: 70, policy: 'debt' });
    expect(l.account().debts).toMatchObject([{ earn: 'a', remaining: 70 }]);
    expect(balanceOf(l.account())).toBe(-70);
    l.do(0, 'c', { kind: 'issue', points: 30, availableAt: 99 });
    expect(l.account().lots[1]).toMatchObject({ issued: 30, amount: 0, remaining: 0 });
    l.do(0, 'f', { kind: 'refund', burn: id('b'), points: 60, graceMs: 5 });
    expect(l.totals()).toEqual({ free: 20, held: 0, debt: 0 });
    expect(
      l.do(0, 'f2', { kind: 'refund', burn: id('b'), points: 41, graceMs: 5 }).refusal,
    ).toEqual({
      code: 'refund_exceeds_burn',
      facts: { refundable: 40 },
    });
    l.do(0, 'f3', { kind: 'refund', burn: id('b'), graceMs: 5 });
    expect(l.totals()).toEqual({ free: 60, held: 0, debt: 0 });
  });

  it('refunds the latest take first, and reopens a lapsed lot for the grace only', () => {
    const l = ledger();
    l.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 20 });
    l.do(0, 'b', { kind: 'issue', points: 10, expiresAt: 30 });
    l.do(0, 'x', { kind: 'burn', points: 16 });
    l.do(30, 'f', { kind: 'refund', burn: id('x'), points: 8, graceMs: 5 });
    // b had 4 free and lapsed: they expire before 6 come back; a gets the other 2.
    expect(l.account().lots).toMatchObject([
      { remaining: 2, expired: 0, expiresAt: 35 },
      { remaining: 6, expired: 4, expiresAt: 35 },
    ]);
    expect(l.do(35, 'e', { kind: 'expire' })).toMatchObject({ points: 8, balanceAfter: 0 });
  });

  it('grants what limits leave, or refuses', () => {
    const l = ledger();
    const issue = (name: string, points: number, mode: 'trim' | 'all') =>
      l.do(0, name, { kind: 'issue', points, limits: [{ counter: 'day', max: 50, mode }] });
    expect(issue('a', 30, 'all').points).toBe(30);
    expect(issue('b', 30, 'all').refusal?.code).toBe('limit_reached');
    expect(issue('c', 30, 'trim').points).toBe(20);
    expect(issue('d', 1, 'trim').refusal?.code).toBe('limit_reached');
    expect(l.totals().free).toBe(50);
  });

  it('gives back to limits what a return takes, never below nothing, nor more than its shard spent', () => {
    const shared = { closedUntil: new Map(), budgets: new Map(), spent: new Map() };
    const l = ledger(shared);
    const budget = id('budget');
    shared.budgets.set(budget, 10);
    const limits = [
      { counter: 'day', max: 50, mode: 'trim' } as const,
      { budget, mode: 'trim' } as const,
    ];
    l.do(0, 'a', { kind: 'issue', points: 30, limits });
    l.do(0, 'b', { kind: 'burn', points: 6 });
    const left = () => [l.model.limits.get(`${MEMBER}/day`), shared.budgets.get(budget)];
    expect(left()).toEqual([10, 0]);
    const back = { kind: 'return', earn: id('a'), limits } as const;
    l.do(0, 'r', { ...back, points: 7, policy: 'pending_only' });
    expect(left()).toEqual([6, 4]);
    shared.spent.set(budget, 1);
    l.do(0, 'r2', { ...back, points: 3, policy: 'debt' });
    expect(left()).toEqual([3, 5]);
    const unknown = {
      ...back,
      limits: [{ budget: id('other') }],
      points: 0,
      policy: 'debt',
    } as const;
    expect(l.do(0, 'r3', unknown).refusal?.code).toBe('budget_not_found');
  });

  it('counts times, and gives one back with the last of an earn', () => {
    const l = ledger();
    const limits = [{ counter: 'first', max: 1, unit: 'times' } as const];
    l.do(0, 'a', { kind: 'issue', points: 30, limits });
    expect(l.do(0, 'b', { kind: 'issue', points: 1, limits }).refusal?.code).toBe('limit_reached');
    const back = { kind: 'return', earn: id('a'), policy: 'within_balance', limits } as const;
    l.do(0, 'r', { ...back, points: 29 });
    expect(l.model.limits.get(`${MEMBER}/first`)).toBe(1);
    l.do(0, 'r2', { ...back, points: 1 });
    expect(l.model.limits.get(`${MEMBER}/first`)).toBe(0);
  });

  it('refuses what would leave the safe range, and changes nothing then', () => {
    const l = ledger();
    l.do(0, 'a', { kind: 'issue', points: POINTS_MAX });
    expect(l.do(0, 'b', { kind: 'issue', points: 1 })).toMatchObject({
      refusal: { code: 'points_out_of_range' },
      balanceAfter: POINTS_MAX,
    });
    expect(l.account().lots).toHaveLength(1);
  });
});
