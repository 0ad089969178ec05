import { describe, expect, it } from 'vitest';
import { POINTS_MAX } from '../../kernel/points.ts';
import { idOf } from '../testing/desk.ts';
import { MILES, type Said, SHOP, SpokenDesk } from '../testing/desk-spoken.ts';

const swap = (points: number, num: number, den: number): Said => ({
  kind: 'convert',
  to: MILES,
  points,
  rate: { num, den },
});

describe('convert', () => {
  it('turns no more points than the other type needs; the rest stays where it is', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    // Ten points at 2 for 3 make 6, and 6 need only 9.
    expect(d.do(1, 'c', swap(10, 2, 3))).toEqual([
      'take 9 of a: member → conversion',
      'issue 6 of c (type 2): conversion → member for a',
    ]);
    expect(d.written.transaction.points).toBe(9);
    expect(d.account()).toMatchObject({ free: 1, earned: 10, redeemed: 0 });
    expect(d.account(MILES)).toMatchObject({ free: 6, earned: 0, lastEffectiveAt: 1 });
  });

  it('makes one lot of each it took from, adding up to the whole whatever the parts round to', () => {
    const d = new SpokenDesk();
    for (const [name, expiresAt] of Object.entries({ a: 20, b: 30, c: 40 }))
      d.do(0, name, { kind: 'issue', points: 5, expiresAt });
    expect(d.do(1, 'x', swap(15, 1, 2))).toEqual([
      'take 5 of a: member → conversion',
      'issue 2 of x (type 2): conversion → member for a',
      'take 5 of b: member → conversion',
      'issue 3 of x.2 (type 2): conversion → member for b',
      'take 4 of c: member → conversion',
      'issue 2 of x.3 (type 2): conversion → member for c',
    ]);
    expect(d.written.lotsMade.map((lot) => lot.expiresAt)).toEqual([20, 30, 40]);
  });

  it('makes no lot where a part is worth nothing by itself', () => {
    const d = new SpokenDesk();
    for (const name of ['a', 'b', 'c']) d.do(0, name, { kind: 'issue', points: 1 });
    expect(d.do(1, 'x', swap(3, 1, 3))).toEqual([
      'take 1 of a: member → conversion',
      'take 1 of b: member → conversion',
      'take 1 of c: member → conversion',
      'issue 1 of x (type 2): conversion → member for c',
    ]);
    expect(d.do(1, 'y', swap(1, 1, 3))).toBe('insufficient_points {"available":0}');
  });

  it('leaves lots alone that the whole does not need', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 3 });
    d.do(0, 'b', { kind: 'issue', points: 2 });
    expect(d.do(1, 'x', swap(5, 1, 3))).toEqual([
      'take 3 of a: member → conversion',
      'issue 1 of x (type 2): conversion → member for a',
    ]);
  });

  it('carries terms along: issuer, funders, rule, evidence, expiry, and the cost at the rate', () => {
    const d = new SpokenDesk();
    const terms = {
      funders: [{ merchant: idOf('brand'), share: 1 }],
      ruleVersion: idOf('rule'),
      evidence: 'cd'.repeat(32),
      expiresAt: 90,
    };
    d.do(0, 'a', { kind: 'issue', points: 10, ...terms, unitCost: 7_001 });
    d.do(1, 'x', swap(10, 3, 2));
    expect(d.written.lotsMade).toMatchObject([
      { issuer: SHOP, ...terms, availableAt: 1, unitCost: 4_667, issued: 15 },
    ]);
    d.do(1, 'plain', { kind: 'issue', points: 10 });
    d.do(1, 'y', swap(10, 2, 1));
    expect(d.written.lotsMade).toMatchObject([{ unitCost: null }]);
  });

  it('carries an expiry along that a refund has extended', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 20 });
    d.do(1, 'b', { kind: 'burn', points: 10 });
    d.do(30, 'r', { kind: 'refund', burn: idOf('b'), graceMs: 70 });
    d.do(31, 'x', swap(10, 1, 1));
    expect(d.written.lotsMade).toMatchObject([{ expiresAt: 100 }]);
  });

  it('is refused when nothing would come out, and says how many points make one', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    expect(d.do(1, 'x', swap(3, 2, 7))).toBe('too_few_to_convert {"least":4}');
    expect(d.do(1, 'y', swap(4, 2, 7))).toHaveLength(2);
    expect(d.do(1, 'z', swap(7, 1, 1))).toBe('insufficient_points {"available":6}');
  });

  it('is refused when the other account would leave the range of a number', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: POINTS_MAX });
    expect(d.do(1, 'x', swap(POINTS_MAX, 2, 1))).toBe('points_out_of_range');
    expect(d.do(1, 'y', swap(POINTS_MAX - 1, 1, 1))).toHaveLength(2);
    expect(d.do(1, 'z', swap(1, 2, 1))).toBe('points_out_of_range');
    expect(d.do(1, 'w', swap(1, 1, 1))).toHaveLength(2);
    const all = new SpokenDesk();
    all.do(0, 'a', { kind: 'issue', points: POINTS_MAX });
    expect(all.do(1, 'x', swap(POINTS_MAX, 1, 1))).toHaveLength(2);
  });

  it('reckons exactly where doubles would not', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { kind: 'issue', points: POINTS_MAX });
    d.do(1, 'x', swap(POINTS_MAX, 3, 7));
    const made = (BigInt(POINTS_MAX) * 3n) / 7n;
    expect(BigInt(d.account(MILES).free)).toBe(made);
    expect(BigInt(d.written.transaction.points)).toBe((made * 7n + 2n) / 3n);
  });
});
