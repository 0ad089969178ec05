import { describe, expect, it } from 'vitest';
import { POINTS_MAX } from '../../kernel/points.ts';
import { idOf } from '../testing/desk.ts';
import { SHOP, SpokenDesk } from '../testing/desk-spoken.ts';

describe('issue', () => {
  it('makes one lot, of which the issuer stands on the other side', () => {
    const d = new SpokenDesk();
    expect(d.do(5, 'a', { kind: 'issue', points: 10 })).toEqual([
      'issue 10 of a: issuer shop → member',
    ]);
    const plain = { funders: null, ruleVersion: null, evidence: null, unitCost: null };
    const sizes = { issued: 10, amount: 10 };
    expect(d.written.lotsMade).toEqual([
      { id: idOf('made 0'), issuer: SHOP, availableAt: 5, expiresAt: null, ...plain, ...sizes },
    ]);
    expect(d.account()).toMatchObject({ free: 10, earned: 10, redeemed: 0 });
  });

  it('fixes the terms it was given for good', () => {
    const d = new SpokenDesk();
    const terms = {
      funders: [
        { merchant: idOf('brand'), share: 2 },
        { merchant: SHOP, share: 1 },
      ],
      ruleVersion: idOf('rule'),
      evidence: 'ab'.repeat(32),
      unitCost: 7_000,
      availableAt: 20,
      expiresAt: 30,
    };
    d.do(5, 'a', { kind: 'issue', points: 10, ...terms });
    expect(d.written.lotsMade[0]).toMatchObject(terms);
    expect(d.desk.book.lot(idOf('made 0'))).toMatchObject({ pending: true, expiresAt: 30 });
  });

  it('is not available before it happened, and pending only when there is something to wait for', () => {
    const d = new SpokenDesk();
    d.do(5, 'a', { kind: 'issue', points: 10, availableAt: 4 });
    expect(d.written.lotsMade[0]).toMatchObject({ availableAt: 5 });
    d.do(5, 'b', { kind: 'issue', points: 10, availableAt: 5 });
    expect([...d.desk.book.lots.values()].map((lot) => lot.pending)).toEqual([false, false]);
  });

  it('repays debts first, oldest first; what is left becomes the lot', () => {
    const d = new SpokenDesk();
    d.do(0, 'loan', { kind: 'burn', points: 6, overdraftMax: 100 });
    d.do(0, 'loan 2', { kind: 'burn', points: 6, overdraftMax: 100 });
    expect(d.do(1, 'a', { kind: 'issue', points: 10, availableAt: 9 })).toEqual([
      'repay 6 of a: issuer shop → debt member for loan',
      'repay 4 of a: issuer shop → debt member for loan 2',
      'issue 0 of a: issuer shop → member',
    ]);
    // A lot of nothing has nothing to wait for, and nothing to spend.
    expect(d.desk.book.lot(idOf('made 0'))).toMatchObject({
      issued: 10,
      amount: 0,
      pending: false,
    });
    expect(d.account().lots).toEqual([]);
    expect(d.do(2, 'b', { kind: 'issue', points: 3 })).toEqual([
      'repay 2 of b: issuer shop → debt member for loan 2',
      'issue 1 of b: issuer shop → member',
    ]);
    expect(d.totals()).toEqual({ free: 1, held: 0, debt: 0 });
  });

  it('is refused when it would lapse before it could be spent', () => {
    const d = new SpokenDesk();
    const issue = (at: number, name: string, availableAt: number | null, expiresAt: number) =>
      d.do(at, name, { kind: 'issue', points: 10, availableAt, expiresAt });
    expect(issue(5, 'a', null, 5)).toBe('expires_before_available');
    expect(issue(5, 'b', 8, 8)).toBe('expires_before_available');
    expect(issue(5, 'c', 8, 9)).toHaveLength(1);
  });

  it('is refused when the account would leave the range of a number', () => {
    const d = new SpokenDesk();
    expect(d.do(0, 'a', { kind: 'issue', points: POINTS_MAX - 1 })).toHaveLength(1);
    expect(d.do(0, 'b', { kind: 'issue', points: 2 })).toBe('points_out_of_range');
    expect(d.do(0, 'c', { kind: 'issue', points: 1 })).toHaveLength(1);
    expect(d.do(0, 'd', { kind: 'issue', points: 1 })).toBe('points_out_of_range');
  });

  it('counts everything that ever came in, wherever it went', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: POINTS_MAX - 40, expiresAt: 50 });
    d.do(0, 'spent', { kind: 'burn', points: 100 });
    d.do(0, 'held', { kind: 'hold', points: 100, expiresAt: 90 });
    d.do(50, 'lapsed', { kind: 'expire' });
    d.do(50, 'lent', { kind: 'burn', points: 30, overdraftMax: 30 });
    // By corrections, which count as nobody's earning.
    expect(d.do(60, 'b', { kind: 'adjust', points: 41 })).toBe('points_out_of_range');
    expect(d.do(60, 'c', { kind: 'adjust', points: 40 })).toHaveLength(2);
  });

  it('never earns more than a number can show, also when points left by corrections', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: POINTS_MAX });
    d.do(0, 'down', { kind: 'adjust', points: -100 });
    expect(d.do(0, 'b', { kind: 'issue', points: 1 })).toBe('points_out_of_range');
    expect(d.do(0, 'up', { kind: 'adjust', points: 100 })).toHaveLength(1);
  });
});

describe('adjust', () => {
  it('upwards makes a lot that is available at once and counts as nobody’s earning', () => {
    const d = new SpokenDesk();
    expect(d.do(3, 'up', { kind: 'adjust', points: 10, expiresAt: 20 })).toEqual([
      'issue 10 of up: adjustment shop → member',
    ]);
    expect(d.written.lotsMade[0]).toMatchObject({ availableAt: 3, expiresAt: 20, funders: null });
    expect(d.account()).toMatchObject({ free: 10, earned: 0 });
    d.do(3, 'for ever', { kind: 'adjust', points: 10 });
    expect(d.written.lotsMade[0]).toMatchObject({ expiresAt: null });
  });

  it('downwards spends like a burn, but is not redeemed; it says what was asked', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    expect(d.do(1, 'down', { kind: 'adjust', points: -4 })).toEqual([
      'take 4 of a: member → adjustment shop',
    ]);
    expect(d.written.transaction.points).toBe(-4);
    expect(d.account()).toMatchObject({ free: 6, redeemed: 0 });
    expect(d.do(1, 'more', { kind: 'adjust', points: -7 })).toBe(
      'insufficient_points {"available":6}',
    );
    expect(d.written.transaction.points).toBe(-7);
  });

  it('is refused when it would lapse at once', () => {
    const d = new SpokenDesk();
    expect(d.do(5, 'up', { kind: 'adjust', points: 1, expiresAt: 5 })).toBe(
      'expires_before_available',
    );
  });
});
