import { describe, expect, it } from 'vitest';
import { POINTS_MAX } from '../../kernel/points.ts';
import { LotsMissing } from '../book.ts';
import { idOf } from '../testing/desk.ts';
import { MEMBER, MILES, SHOP, SpokenDesk } from '../testing/desk-spoken.ts';

const back = (earn: string, points: number, policy: 'pending_only' | 'within_balance' | 'debt') =>
  ({ kind: 'return', earn: idOf(earn), points, policy }) as const;

describe('return', () => {
  it('takes back what is left of the earn’s own lot', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    expect(d.do(1, 'r', back('a', 4, 'debt'))).toEqual(['recover 4 of a: member → issuer shop']);
    expect(d.written.transaction).toMatchObject({ points: 4, subject: idOf('a') });
    expect(d.account()).toMatchObject({ free: 6, earned: 6 });
  });

  it('counts what expired of it as recovered', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 20 });
    d.do(0, 'b', { kind: 'issue', points: 10 });
    d.do(0, 'spent', { kind: 'burn', points: 3 });
    d.do(20, 'e', { kind: 'expire' });
    expect(d.do(21, 'r', back('a', 5, 'debt'))).toEqual([
      'recover_expired 5 of a: breakage → issuer shop',
    ]);
    expect(d.account()).toMatchObject({ expired: 2 });
    expect(d.do(22, 'r2', back('a', 4, 'debt'))).toEqual([
      'recover_expired 2 of a: breakage → issuer shop',
      'recover 2 of b: member → issuer shop for a',
    ]);
  });

  it('takes other lots by policy: latest expiry first, newest first among equals', () => {
    const d = new SpokenDesk();
    const lots = { never: null, late: 90, 'late too': 90, soon: 50 } as const;
    d.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 10 });
    d.do(0, 'spent', { kind: 'burn', points: 10 });
    for (const [name, expiresAt] of Object.entries(lots))
      d.do(1, name, { kind: 'issue', points: 3, expiresAt });
    d.do(1, 'lapsed', { kind: 'issue', points: 3, expiresAt: 2 });
    expect(d.do(2, 'r', back('a', 10, 'within_balance'))).toEqual([
      'recover 3 of never: member → issuer shop for a',
      'recover 3 of late too: member → issuer shop for a',
      'recover 3 of late: member → issuer shop for a',
      'recover 1 of soon: member → issuer shop for a',
    ]);
  });

  it('never breaks a hold, and what is held of other lots is not there', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    d.do(0, 'b', { kind: 'issue', points: 10 });
    d.do(0, 'h', { kind: 'hold', points: 13, expiresAt: 90 });
    expect(d.do(1, 'r', back('a', 10, 'debt'))).toEqual([
      'recover 7 of b: member → issuer shop for a',
      'owe 3 of a: debt member → issuer shop',
    ]);
    expect(d.totals()).toEqual({ free: 0, held: 13, debt: 3 });
  });

  it('pending_only stops at its own lot, within_balance at the balance, debt makes the rest a debt', () => {
    const after = (policy: 'pending_only' | 'within_balance' | 'debt') => {
      const d = new SpokenDesk();
      d.do(0, 'a', { kind: 'issue', points: 10 });
      d.do(0, 'spent', { kind: 'burn', points: 8 });
      d.do(0, 'b', { kind: 'issue', points: 3 });
      d.do(1, 'r', back('a', 9, policy));
      expect(d.written.transaction.points).toBe(9);
      return d.totals();
    };
    expect(after('pending_only')).toEqual({ free: 3, held: 0, debt: 0 });
    expect(after('within_balance')).toEqual({ free: 0, held: 0, debt: 0 });
    expect(after('debt')).toEqual({ free: 0, held: 0, debt: 4 });
  });

  it('a debt names the lot it is about', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    d.do(0, 'spent', { kind: 'burn', points: 10 });
    expect(d.do(1, 'r', back('a', 10, 'debt'))).toEqual(['owe 10 of a: debt member → issuer shop']);
    const lot = d.desk.book.transactions.get(idOf('a'))?.entries[0]?.lot;
    expect(d.account().debts).toMatchObject([{ lot, amount: 10, remaining: 10 }]);
  });

  it('asks for the other lots only when its own does not suffice', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    d.do(0, 'spent', { kind: 'burn', points: 4 });
    d.account().frontier = { expiresAt: null, seq: 0 };
    expect(() => d.do(1, 'r', back('a', 7, 'debt'))).toThrow(LotsMissing);
    expect(d.do(1, 'r2', back('a', 6, 'debt'))).toHaveLength(1);
    expect(d.do(1, 'r3', back('a', 4, 'pending_only'))).toEqual([]);
  });

  it('gives back only what was earned, whatever became of it, and only once', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    d.do(0, 'b', { kind: 'issue', points: 10 });
    expect(d.do(1, 'r', back('a', 11, 'debt'))).toBe('return_exceeds_earn {"returnable":10}');
    d.do(1, 'r2', back('a', 7, 'debt'));
    expect(d.do(1, 'r3', back('a', 4, 'debt'))).toBe('return_exceeds_earn {"returnable":3}');
    expect(d.do(1, 'r4', back('a', 3, 'debt'))).toHaveLength(1);
  });

  it('takes at most what is left where it may, and says so', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    d.do(1, 'r', back('a', 7, 'debt'));
    const rest = { ...back('a', 10, 'debt'), atMost: true } as const;
    expect(d.do(2, 'r2', rest)).toEqual(['recover 3 of a: member → issuer shop']);
    expect(d.written.transaction.points).toBe(3);
    expect(d.do(3, 'r3', rest)).toBe('return_exceeds_earn {"returnable":0}');
  });

  describe('with limits', () => {
    const BUDGET = idOf('budget');
    const limits = [{ counter: 'day' }, { budget: BUDGET }];
    /** 10 points counted on a counter and a budget, and 8 of them spent. */
    function counted() {
      const d = new SpokenDesk();
      const allotment = { budget: BUDGET, spent: 0, spentMost: 0, left: 25, surveyed: true };
      d.desk.book.allotments.set(BUDGET, allotment);
      const within = [
        { counter: 'day', max: 12, mode: 'all' },
        { budget: BUDGET, mode: 'all' },
      ] as const;
      d.do(0, 'a', { kind: 'issue', points: 10, limits: within });
      d.do(0, 'b', { kind: 'issue', points: 3 });
      d.do(0, 'spent', { kind: 'burn', points: 11 });
      const now = () => [d.desk.book.counters.get(`${MEMBER}/day`), allotment.spent];
      return { d, now, within };
    }

    it('gives back to the counters and budgets it names, and is marked with them', () => {
      const { d, now, within } = counted();
      d.do(1, 'r', { ...back('a', 4, 'debt'), limits });
      expect(d.written.marks).toEqual(['counter day', `budget ${BUDGET}`]);
      expect(now()).toEqual([6, 6]);
      // What is owed counts as taken back: there is room again for what the cap leaves.
      expect(d.do(2, 'c', { kind: 'issue', points: 7, limits: within })).toMatch(/^limit_reached/);
      d.do(2, 'c2', { kind: 'issue', points: 6, limits: within });
      expect(now()).toEqual([12, 12]);
    });

    it('gives back what was taken or made a debt, not what the policy forgoes', () => {
      const after = (policy: Parameters<typeof back>[2]) => {
        const { d, now } = counted();
        d.do(1, 'r', { ...back('a', 10, policy), limits });
        expect(d.written.transaction.points).toBe(10);
        return now();
      };
      expect(after('pending_only')).toEqual([10, 10]);
      expect(after('within_balance')).toEqual([8, 8]);
      expect(after('debt')).toEqual([0, 0]);
    });

    it('leaves alone what it does not name, and says nothing of it', () => {
      const { d, now } = counted();
      d.do(1, 'r', back('a', 4, 'debt'));
      expect(d.written.marks).toEqual([]);
      d.do(1, 'r2', { ...back('a', 2, 'debt'), limits: [{ counter: 'day' }, { counter: 'day' }] });
      expect(d.written.marks).toEqual(['counter day']);
      expect(now()).toEqual([8, 10]);
    });

    it('gives a time back once nothing is left of the earn, unless it was forgone', () => {
      const d = new SpokenDesk();
      const once = { counter: 'first', max: 1, unit: 'times' } as const;
      const times = () => d.desk.book.counters.get(`${MEMBER}/first`);
      const give = (name: string, points: number, policy: Parameters<typeof back>[2]) =>
        d.do(1, `${name}${points}`, { ...back(name, points, policy), limits: [once] });
      d.do(0, 'a', { kind: 'issue', points: 10, limits: [once] });
      expect(d.do(0, 'b', { kind: 'issue', points: 1, limits: [once] })).toMatch('limit_reached');
      give('a', 6, 'debt');
      expect(d.written.marks).toEqual(['times first']);
      expect(times()).toBe(1);
      give('a', 4, 'debt');
      expect(times()).toBe(0);
      d.do(2, 'b2', { kind: 'issue', points: 10, limits: [once] });
      d.do(2, 'spent', { kind: 'burn', points: 1 });
      give('b2', 9, 'pending_only');
      give('b2', 1, 'pending_only');
      expect(times()).toBe(1);
    });

    it('is refused for a budget that is not there, and changes nothing then', () => {
      const { d, now } = counted();
      const unknown = [...limits, { budget: idOf('other') }];
      expect(d.do(1, 'r', { ...back('a', 4, 'debt'), limits: unknown })).toBe('budget_not_found');
      expect(now()).toEqual([10, 10]);
    });
  });

  it('gives a correction back to where it came from', () => {
    const d = new SpokenDesk();
    d.do(0, 'up', { kind: 'adjust', points: 10 });
    expect(d.do(1, 'r', back('up', 10, 'debt'))).toEqual([
      'recover 10 of up: member → adjustment shop',
    ]);
  });

  it('acts only on an earn of this member and point type that was applied', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 20 });
    d.do(0, 'refused', { kind: 'issue', points: 1, expiresAt: 0 });
    d.do(0, 'burn', { kind: 'burn', points: 1 });
    d.do(0, 'down', { kind: 'adjust', points: -1 });
    const missing = 'transaction_not_found';
    expect(d.do(1, 'r1', { ...back('a', 1, 'debt'), member: idOf('other') })).toBe(missing);
    expect(d.do(1, 'r2', { ...back('a', 1, 'debt'), pointType: MILES })).toBe(missing);
    expect(d.do(1, 'r3', back('nothing', 1, 'debt'))).toBe(missing);
    expect(d.do(1, 'r4', back('refused', 1, 'debt'))).toBe(missing);
    expect(d.do(1, 'r5', back('burn', 1, 'debt'))).toBe('not_an_earn');
    expect(d.do(1, 'r6', back('down', 1, 'debt'))).toBe('not_an_earn');
  });

  it('does not take the lots that a conversion or a refund made for an earn', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    d.do(0, 'swap', { kind: 'convert', to: MILES, points: 5, rate: { num: 1, den: 1 } });
    expect(d.do(1, 'r', back('swap', 1, 'debt'))).toBe('not_an_earn');
    d.do(1, 'lent', { kind: 'burn', points: 6, overdraftMax: 1 });
    d.do(1, 'b', { kind: 'issue', points: 1 });
    d.do(1, 'refund', { kind: 'refund', burn: idOf('lent'), graceMs: 0 });
    expect(d.do(1, 'r2', back('refund', 1, 'debt'))).toBe('not_an_earn');
  });

  it('is refused when the debts would leave the range of a number', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    d.do(0, 'gone', { kind: 'adjust', points: -10 });
    d.do(0, 'lent', { kind: 'burn', points: POINTS_MAX - 1, overdraftMax: POINTS_MAX });
    expect(d.do(1, 'r', back('a', 2, 'debt'))).toBe('points_out_of_range');
    expect(d.do(1, 'r2', back('a', 1, 'debt'))).toHaveLength(1);
    expect(d.totals().debt).toBe(POINTS_MAX);
    expect(d.do(1, 'r3', back('a', 9, 'within_balance'))).toEqual([]);
  });
});

describe('refund', () => {
  const spent = () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 20 });
    d.do(0, 'b', { kind: 'issue', points: 10, expiresAt: 30 });
    d.do(0, 'c', { kind: 'issue', points: 10 });
    d.do(1, 'burn', { kind: 'burn', points: 25 });
    return d;
  };
  const refund = (points?: number) =>
    ({
      kind: 'refund',
      burn: idOf('burn'),
      graceMs: 100,
      ...(points === undefined ? {} : { points }),
    }) as const;

  it('gives points back to the lots they came from, the latest taken first', () => {
    const d = spent();
    expect(d.do(2, 'r', refund(8))).toEqual([
      'restore 5 of c: acquirer shop → member',
      'restore 3 of b: acquirer shop → member',
    ]);
    expect(d.do(2, 'r2', refund(9))).toEqual([
      'restore 7 of b: acquirer shop → member',
      'restore 2 of a: acquirer shop → member',
    ]);
    expect(d.do(2, 'r3', refund())).toEqual(['restore 8 of a: acquirer shop → member']);
    expect(d.written.transaction.points).toBe(8);
    expect(d.account()).toMatchObject({ free: 30, redeemed: 0 });
    expect(d.do(2, 'r4', refund())).toBe('refund_exceeds_burn {"refundable":0}');
    expect(d.lots()).toEqual({ a: 10, b: 10, c: 10 });
  });

  it('puts lots that were used up back where they belong in spending order', () => {
    const d = spent();
    d.desk.reload();
    d.do(2, 'r', refund());
    expect(d.do(3, 'b2', { kind: 'burn', points: 12 })).toEqual([
      'take 10 of a: member → acquirer shop',
      'take 2 of b: member → acquirer shop',
    ]);
  });

  it('reopens a lot that lapsed, for the grace; what lapsed of it before does not come back', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 20 });
    d.do(0, 'b', { kind: 'issue', points: 10, expiresAt: 25 });
    d.do(1, 'burn', { kind: 'burn', points: 4 });
    expect(d.do(20, 'r', refund(3))).toEqual([
      'expire 6 of a: member → breakage',
      'extend 0 of a: none → none until 120',
      'restore 3 of a: acquirer shop → member',
    ]);
    expect(d.account()).toMatchObject({ free: 13, expired: 6 });
    // It now lapses after b, and is spent after it.
    expect(d.account().lots.map((lot) => lot.expiresAt)).toEqual([25, 120]);
    expect(d.do(21, 'b2', { kind: 'burn', points: 11 })).toEqual([
      'take 10 of b: member → acquirer shop',
      'take 1 of a: member → acquirer shop',
    ]);
    expect(d.do(119, 'r2', refund())).toEqual(['restore 1 of a: acquirer shop → member']);
  });

  it('reopens a lot of which nothing was left', () => {
    const d = spent();
    d.desk.reload();
    expect(d.do(20, 'r', refund()).slice(-2)).toEqual([
      'extend 0 of a: none → none until 120',
      'restore 10 of a: acquirer shop → member',
    ]);
    expect(d.lots()).toEqual({ b: 10, a: 10, c: 10 });
  });

  it('repays debts before anything else', () => {
    const d = spent();
    d.do(2, 'back', back('a', 10, 'debt'));
    expect(d.totals()).toEqual({ free: 0, held: 0, debt: 5 });
    expect(d.do(3, 'r', refund(4))).toEqual(['repay 4 of c: acquirer shop → debt member for a']);
    expect(d.do(3, 'r2', refund(4))).toEqual([
      'repay 1 of c: acquirer shop → debt member for a',
      'restore 3 of b: acquirer shop → member',
    ]);
    expect(d.totals()).toEqual({ free: 3, held: 0, debt: 0 });
  });

  it('restores what the debt leaves of a part', () => {
    const d = spent();
    d.do(2, 'back', back('a', 8, 'debt'));
    expect(d.totals()).toEqual({ free: 0, held: 0, debt: 3 });
    expect(d.do(3, 'r', refund(4))).toEqual([
      'repay 3 of c: acquirer shop → debt member for a',
      'restore 1 of c: acquirer shop → member',
    ]);
  });

  it('gives what was lent to a lot of the merchant, once its debt was repaid', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 4 });
    d.do(1, 'burn', { kind: 'burn', points: 10, overdraftMax: 10 });
    d.do(1, 'b', { kind: 'issue', points: 5 });
    expect(d.totals()).toEqual({ free: 0, held: 0, debt: 1 });
    expect(d.do(2, 'r', refund())).toEqual([
      'repay 1 of burn: acquirer shop → debt member for burn',
      'issue 5 of r: acquirer shop → member',
      'restore 4 of a: acquirer shop → member',
    ]);
    expect(d.written.lotsMade[0]).toMatchObject({
      ...{ issuer: SHOP, availableAt: 2, expiresAt: null, issued: 5 },
    });
  });

  it('reverses a capture too', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    d.do(0, 'h', { kind: 'hold', points: 6, expiresAt: 50 });
    d.do(1, 'burn', { kind: 'capture', hold: idOf('h'), points: 5 });
    expect(d.do(2, 'r', refund(5))).toEqual(['restore 5 of a: acquirer shop → member']);
    expect(d.totals()).toEqual({ free: 9, held: 1, debt: 0 });
  });

  it('acts only on a burn or capture of this member, up to what it spent', () => {
    const d = spent();
    expect(d.do(2, 'r', refund(26))).toBe('refund_exceeds_burn {"refundable":25}');
    expect(d.do(2, 'r2', { ...refund(), burn: idOf('a') })).toBe('not_a_burn');
    expect(d.do(2, 'r3', { ...refund(), burn: idOf('nothing') })).toBe('transaction_not_found');
    expect(d.do(2, 'r4', { ...refund(), member: idOf('other') })).toBe('transaction_not_found');
  });
});
