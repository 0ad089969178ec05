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
