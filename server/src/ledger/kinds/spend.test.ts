import { describe, expect, it } from 'vitest';
import { POINTS_MAX } from '../../kernel/points.ts';
import { idOf } from '../testing/desk.ts';
import { MILES, SHOP, SpokenDesk } from '../testing/desk-spoken.ts';

describe('burn', () => {
  it('spends the earliest expiry first, then the oldest, those that never lapse last', () => {
    const d = new SpokenDesk();
    d.do(0, 'never', { kind: 'issue', points: 10 });
    d.do(0, 'late', { kind: 'issue', points: 10, expiresAt: 100 });
    d.do(0, 'soon', { kind: 'issue', points: 10, expiresAt: 50 });
    d.do(0, 'soon too', { kind: 'issue', points: 10, expiresAt: 50 });
    d.do(0, 'never too', { kind: 'issue', points: 10 });
    expect(d.do(1, 'b', { kind: 'burn', points: 41 })).toEqual([
      'take 10 of soon: member → acquirer shop',
      'take 10 of soon too: member → acquirer shop',
      'take 10 of late: member → acquirer shop',
      'take 10 of never: member → acquirer shop',
      'take 1 of never too: member → acquirer shop',
    ]);
    expect(d.account()).toMatchObject({ free: 9, redeemed: 41 });
  });

  it('spends only what is available, has not lapsed and is not held', () => {
    const d = new SpokenDesk();
    d.do(0, 'lapsed', { kind: 'issue', points: 10, expiresAt: 20 });
    d.do(0, 'pending', { kind: 'issue', points: 10, availableAt: 21 });
    d.do(0, 'ready', { kind: 'issue', points: 10, availableAt: 20, expiresAt: 21 });
    d.do(20, 'h', { kind: 'hold', points: 4, expiresAt: 90 });
    expect(d.do(20, 'b', { kind: 'burn', points: 7 })).toBe('insufficient_points {"available":6}');
    expect(d.do(20, 'b2', { kind: 'burn', points: 6 })).toEqual([
      'take 6 of ready: member → acquirer shop',
    ]);
  });

  it('a member in debt spends only what exceeds the debt', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    d.do(0, 'spent', { kind: 'burn', points: 10 });
    d.do(0, 'back', { kind: 'return', earn: idOf('a'), points: 10, policy: 'debt' });
    d.do(0, 'b', { kind: 'issue', points: 8, availableAt: 5 });
    // The debt of 2 that is left meets 9 that came by a correction, which repays it at once.
    d.do(0, 'c', { kind: 'adjust', points: 9 });
    expect(d.totals()).toEqual({ free: 7, held: 0, debt: 0 });
    expect(d.do(0, 'd', { kind: 'burn', points: 8 })).toBe('insufficient_points {"available":7}');
  });

  it('knows what is available of an account that owes more than it has to spend', () => {
    const d = new SpokenDesk();
    d.do(0, 'pending', { kind: 'issue', points: 10, availableAt: 5 });
    d.do(0, 'lent', { kind: 'burn', points: 6, overdraftMax: 6 });
    expect(d.totals()).toEqual({ free: 10, held: 0, debt: 6 });
    expect(d.do(0, 'b', { kind: 'burn', points: 1 })).toBe('insufficient_points {"available":0}');
    // Matured by time: four exceed the debt.
    expect(d.do(5, 'c', { kind: 'burn', points: 5 })).toBe('insufficient_points {"available":4}');
    expect(d.do(5, 'd', { kind: 'burn', points: 4 })).toEqual([
      'take 4 of pending: member → acquirer shop',
    ]);
  });
});

describe('burn with an overdraft', () => {
  it('takes what there is and lends the rest, under the name of the burn', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 4 });
    expect(d.do(1, 'b', { kind: 'burn', points: 10, overdraftMax: 6 })).toEqual([
      'take 4 of a: member → acquirer shop',
      'overdraw 6 of b: debt member → acquirer shop',
    ]);
    expect(d.totals()).toEqual({ free: 0, held: 0, debt: 6 });
    expect(d.account()).toMatchObject({ redeemed: 10 });
    expect(d.account().debts).toMatchObject([{ lot: idOf('b'), amount: 6, remaining: 6 }]);
  });

  it('lends nothing when nothing is missing, and all when nothing is there', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    expect(d.do(1, 'b', { kind: 'burn', points: 10, overdraftMax: 6 })).toEqual([
      'take 10 of a: member → acquirer shop',
    ]);
    expect(d.account().debts).toEqual([]);
    expect(d.do(1, 'c', { kind: 'burn', points: 3, overdraftMax: 3 })).toEqual([
      'overdraw 3 of c: debt member → acquirer shop',
    ]);
  });

  it('is refused beyond the overdraft', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 4 });
    expect(d.do(1, 'b', { kind: 'burn', points: 11, overdraftMax: 6 })).toBe(
      'insufficient_points {"available":4}',
    );
  });

  it('is refused when the debt would leave the range of a number', () => {
    const d = new SpokenDesk();
    const lend = (name: string, points: number) =>
      d.do(0, name, { kind: 'burn', points, overdraftMax: POINTS_MAX });
    expect(lend('a', POINTS_MAX)).toHaveLength(1);
    expect(lend('b', 1)).toBe('points_out_of_range');
    // What was lent and repaid is still spent: it and the new loan must fit together.
    const repaid = new SpokenDesk();
    repaid.do(0, 'a', { kind: 'burn', points: POINTS_MAX - 5, overdraftMax: POINTS_MAX });
    repaid.do(0, 'b', { kind: 'adjust', points: POINTS_MAX - 10 });
    expect(repaid.totals().debt).toBe(5);
    const burn = { kind: 'burn', overdraftMax: 9 } as const;
    expect(repaid.do(0, 'c', { ...burn, points: 6 })).toBe('points_out_of_range');
    expect(repaid.do(0, 'd', { ...burn, points: 5 })).toHaveLength(1);
    // A debt that nothing was spent for counts by itself.
    const owing = new SpokenDesk();
    owing.do(0, 'a', { kind: 'issue', points: 10 });
    owing.do(0, 'gone', { kind: 'adjust', points: -10 });
    owing.do(0, 'back', { kind: 'return', earn: idOf('a'), points: 10, policy: 'debt' });
    const most = { kind: 'burn', overdraftMax: POINTS_MAX } as const;
    expect(owing.do(0, 'b', { ...most, points: POINTS_MAX - 9 })).toBe('points_out_of_range');
    expect(owing.do(0, 'c', { ...most, points: POINTS_MAX - 10 })).toHaveLength(1);
    const rich = new SpokenDesk();
    rich.do(0, 'a', { kind: 'issue', points: POINTS_MAX });
    rich.do(0, 'b', { kind: 'burn', points: POINTS_MAX });
    expect(rich.do(0, 'c', { kind: 'burn', points: 1, overdraftMax: 1 })).toBe(
      'points_out_of_range',
    );
  });
});

describe('hold', () => {
  const opened = () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 20 });
    d.do(0, 'b', { kind: 'issue', points: 10 });
    return d;
  };

  it('pins points in the order they would be spent, until its time', () => {
    const d = opened();
    expect(d.do(1, 'h', { kind: 'hold', points: 15, expiresAt: 50 })).toEqual([
      'pin 10 of a: member → held member for h until 50',
      'pin 5 of b: member → held member for h until 50',
    ]);
    expect(d.totals()).toEqual({ free: 5, held: 15, debt: 0 });
    const hold = { programme: 1, pointType: 1, merchant: SHOP, expiresAt: 50, remaining: 15 };
    expect(d.desk.book.holds.get(idOf('h'))).toMatchObject({ id: idOf('h'), ...hold });
  });

  it('is refused for more than is available, or when it would have timed out already', () => {
    const d = opened();
    expect(d.do(1, 'h', { kind: 'hold', points: 21, expiresAt: 50 })).toBe(
      'insufficient_points {"available":20}',
    );
    expect(d.do(1, 'i', { kind: 'hold', points: 1, expiresAt: 1 })).toBe('hold_expired');
    expect(d.do(1, 'j', { kind: 'hold', points: 1, expiresAt: 2 })).toHaveLength(1);
  });

  it('keeps points from lapsing; those released after their time have lapsed', () => {
    const d = opened();
    d.do(1, 'h', { kind: 'hold', points: 15, expiresAt: 50 });
    expect(d.do(30, 'e', { kind: 'expire' })).toBe('nothing_due');
    expect(d.do(30, 'r', { kind: 'release', hold: idOf('h') })).toEqual([
      'unpin 10 of a: held member → member for h',
      'unpin 5 of b: held member → member for h',
    ]);
    expect(d.totals()).toEqual({ free: 20, held: 0, debt: 0 });
    expect(d.do(30, 'b1', { kind: 'burn', points: 11 })).toBe(
      'insufficient_points {"available":10}',
    );
    expect(d.do(30, 'e2', { kind: 'expire' })).toEqual(['expire 10 of a: member → breakage']);
  });
});

describe('capture', () => {
  const held = () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 20 });
    d.do(0, 'b', { kind: 'issue', points: 10 });
    d.do(1, 'h', { kind: 'hold', points: 15, expiresAt: 50 });
    return d;
  };

  it('spends parts of a hold in the order they were pinned, also after the lot’s time', () => {
    const d = held();
    expect(d.do(30, 'c', { kind: 'capture', hold: idOf('h'), points: 4 })).toEqual([
      'capture 4 of a: held member → acquirer shop for h',
    ]);
    expect(d.desk.book.holds.get(idOf('h'))?.takes.map(({ points }) => points)).toEqual([6, 5]);
    expect(d.do(30, 'c2', { kind: 'capture', hold: idOf('h'), points: 6 })).toEqual([
      'capture 6 of a: held member → acquirer shop for h',
    ]);
    expect(d.desk.book.holds.get(idOf('h'))?.takes.map(({ points }) => points)).toEqual([5]);
    expect(d.do(30, 'c3', { kind: 'capture', hold: idOf('h') })).toEqual([
      'capture 5 of b: held member → acquirer shop for h',
    ]);
    expect(d.written.transaction.points).toBe(5);
    expect(d.account()).toMatchObject({ free: 5, held: 0, redeemed: 15 });
    expect(d.do(30, 'c4', { kind: 'capture', hold: idOf('h') })).toBe('hold_closed');
    expect(d.do(30, 'r', { kind: 'release', hold: idOf('h') })).toBe('hold_closed');
  });

  it('is refused beyond what is left, or after its time', () => {
    const d = held();
    expect(d.do(30, 'c', { kind: 'capture', hold: idOf('h'), points: 16 })).toBe(
      'hold_exceeded {"remaining":15}',
    );
    expect(d.do(50, 'c2', { kind: 'capture', hold: idOf('h') })).toBe('hold_expired');
    expect(d.do(49, 'c3', { kind: 'capture', hold: idOf('h') })).toHaveLength(2);
  });

  it('reaches only a hold of the same member and point type', () => {
    const d = held();
    const capture = { kind: 'capture', hold: idOf('h') } as const;
    expect(d.do(2, 'c', { ...capture, member: idOf('other') })).toBe('hold_not_found');
    expect(d.do(2, 'c2', { ...capture, pointType: MILES })).toBe('hold_not_found');
    expect(d.do(2, 'c3', { kind: 'capture', hold: idOf('nothing') })).toBe('hold_not_found');
    expect(d.do(2, 'r', { kind: 'release', hold: idOf('nothing') })).toBe('hold_not_found');
  });

  it('is released by time only when its time has come', () => {
    const d = held();
    const release = { kind: 'release', hold: idOf('h') } as const;
    expect(d.do(49, 'r', { ...release, timeout: true })).toBe('hold_not_due');
    expect(d.do(50, 'r2', { ...release, timeout: true })).toHaveLength(2);
    const early = held();
    expect(early.do(2, 'r', { ...release, timeout: false })).toHaveLength(2);
    expect(early.written.transaction.points).toBe(15);
  });
});
