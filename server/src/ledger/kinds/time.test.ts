import { describe, expect, it } from 'vitest';
import { LotsMissing } from '../book.ts';
import { idOf } from '../testing/desk.ts';
import { SpokenDesk } from '../testing/desk-spoken.ts';

describe('expire', () => {
  it('moves whatever has lapsed and is not held to breakage', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 20 });
    d.do(0, 'b', { kind: 'issue', points: 10, expiresAt: 20 });
    d.do(0, 'c', { kind: 'issue', points: 10, expiresAt: 21 });
    d.do(0, 'd', { kind: 'issue', points: 10 });
    d.do(0, 'h', { kind: 'hold', points: 13, expiresAt: 90 });
    expect(d.do(19, 'e', { kind: 'expire' })).toBe('nothing_due');
    expect(d.do(20, 'e2', { kind: 'expire' })).toEqual(['expire 7 of b: member → breakage']);
    expect(d.written.transaction.points).toBe(7);
    expect(d.account()).toMatchObject({ free: 20, held: 13, expired: 7 });
    expect(d.do(20, 'e3', { kind: 'expire' })).toBe('nothing_due');
    expect(d.do(21, 'e4', { kind: 'expire' })).toEqual(['expire 10 of c: member → breakage']);
  });

  it('counts the points of all lots together', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 20 });
    d.do(0, 'b', { kind: 'issue', points: 5, expiresAt: 30 });
    expect(d.do(30, 'e', { kind: 'expire' })).toHaveLength(2);
    expect(d.written.transaction.points).toBe(15);
  });

  it('asks for more lots only when all it has have lapsed', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 20 });
    d.do(0, 'b', { kind: 'issue', points: 10, expiresAt: 30 });
    d.do(0, 'c', { kind: 'issue', points: 10, expiresAt: 40 });
    const account = d.account();
    account.frontier = { expiresAt: 40, seq: 2 };
    expect(() => d.do(40, 'e', { kind: 'expire' })).toThrow(LotsMissing);
    expect(d.do(29, 'e2', { kind: 'expire' })).toEqual(['expire 10 of a: member → breakage']);
    expect(d.do(39, 'e3', { kind: 'expire' })).toEqual(['expire 10 of b: member → breakage']);
    account.lots = [];
    expect(() => d.do(39, 'e4', { kind: 'expire' })).toThrow(LotsMissing);
  });
});

describe('mature', () => {
  it('records that pending lots became available, without moving a point', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, availableAt: 20 });
    d.do(0, 'b', { kind: 'issue', points: 5, availableAt: 15 });
    d.do(0, 'c', { kind: 'issue', points: 5, availableAt: 21 });
    d.do(0, 'd', { kind: 'issue', points: 5 });
    expect(d.do(14, 'm', { kind: 'mature' })).toBe('nothing_due');
    expect(d.do(20, 'm2', { kind: 'mature' })).toEqual([
      'mature 0 of a: none → none',
      'mature 0 of b: none → none',
    ]);
    expect(d.written.transaction.points).toBe(15);
    expect(d.totals()).toEqual({ free: 25, held: 0, debt: 0 });
    expect(d.do(20, 'm3', { kind: 'mature' })).toBe('nothing_due');
  });

  it('has nothing to say of a lot that was taken back before', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, availableAt: 20 });
    d.do(1, 'r', { kind: 'return', earn: idOf('a'), points: 10, policy: 'debt' });
    expect(d.do(20, 'm', { kind: 'mature' })).toBe('nothing_due');
  });

  it('needs all lots', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, availableAt: 20 });
    d.account().frontier = { expiresAt: null, seq: 0 };
    expect(() => d.do(20, 'm', { kind: 'mature' })).toThrow(LotsMissing);
  });
});

describe('mature of an earn that is named', () => {
  const release = (earn: string) => ({ kind: 'mature', earn: idOf(earn) }) as const;

  it('makes its lot available before its time, and no other', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, availableAt: 20 });
    d.do(0, 'b', { kind: 'issue', points: 5, availableAt: 20 });
    expect(d.do(1, 'no', { kind: 'burn', points: 1 })).toBe('insufficient_points {"available":0}');
    expect(d.do(2, 'm', release('a'))).toEqual(['mature 0 of a: none → none']);
    expect(d.written.transaction).toMatchObject({ points: 10, subject: idOf('a') });
    expect(d.do(3, 'over', { kind: 'burn', points: 11 })).toBe(
      'insufficient_points {"available":10}',
    );
    expect(d.do(3, 'spent', { kind: 'burn', points: 10 })).toHaveLength(1);
    // By time only the other one is left to be recorded.
    expect(d.do(20, 'm2', { kind: 'mature' })).toEqual(['mature 0 of b: none → none']);
  });

  it('says of how many points that was, and has nothing to say twice, nor of what was taken back or is available', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, availableAt: 20 });
    d.do(1, 'r', { kind: 'return', earn: idOf('a'), points: 4, policy: 'debt' });
    d.do(2, 'm', release('a'));
    expect(d.written.transaction.points).toBe(6);
    expect(d.do(2, 'm2', release('a'))).toBe('nothing_due');
    d.do(3, 'b', { kind: 'issue', points: 10, availableAt: 20 });
    d.do(3, 'r2', { kind: 'return', earn: idOf('b'), points: 10, policy: 'debt' });
    expect(d.do(4, 'm3', release('b'))).toBe('nothing_due');
    d.do(4, 'c', { kind: 'issue', points: 10 });
    expect(d.do(4, 'm4', release('c'))).toBe('nothing_due');
  });

  it('needs an earn of this account', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, availableAt: 20 });
    d.do(0, 'now', { kind: 'issue', points: 10 });
    d.do(0, 'b', { kind: 'burn', points: 1 });
    expect(d.do(1, 'm', release('b'))).toBe('not_an_earn');
    expect(d.do(1, 'm2', release('nothing'))).toBe('transaction_not_found');
    expect(d.do(1, 'm3', { ...release('a'), pointType: 2 })).toBe('transaction_not_found');
  });

  it('reaches the lots that came of it elsewhere, as far as they are of the account', () => {
    const d = new SpokenDesk();
    const plain = { funders: null, ruleVersion: null, evidence: null, unitCost: null };
    const terms = { ...plain, issuer: idOf('shop'), availableAt: 20, expiresAt: null };
    const lots = [{ ...terms, lot: idOf('old'), points: 7 }];
    const source = { kind: 'move', id: idOf('move') } as const;
    d.do(0, 'in', { kind: 'transfer_in', from: idOf('absorbed'), lots, debt: 0, source });
    const arrived = d.written.lotsMade.map(({ id }) => id);
    expect(d.do(1, 'm', { ...release('far'), arrived: [idOf('none')] })).toBe('lot_not_found');
    expect(d.do(1, 'm2', { ...release('far'), arrived, pointType: 2 })).toBe('lot_not_found');
    expect(d.do(1, 'm3', { ...release('far'), arrived })).toHaveLength(1);
    expect(d.do(1, 'b', { kind: 'burn', points: 7 })).toHaveLength(1);
  });
});
