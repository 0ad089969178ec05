import { describe, expect, it } from 'vitest';
import { showId } from '../kernel/id.ts';
import { Book, BudgetsUnsurveyed } from './book.ts';
import type { Limit } from './command.ts';
import {
  countedBy,
  countGranted,
  findNoBudget,
  giveBack,
  grantWithin,
  markOf,
  markOfLimit,
} from './limits.ts';
import { idOf } from './testing/desk.ts';
import { MEMBER, SpokenDesk } from './testing/desk-spoken.ts';

const BUDGET = idOf('budget');
const day = (max: number, mode: 'trim' | 'all' = 'trim') => ({ counter: 'day', max, mode });
const week = (max: number, mode: 'trim' | 'all' = 'trim') => ({ counter: 'week', max, mode });
const budget = (mode: 'trim' | 'all' = 'trim') => ({ budget: BUDGET, mode });

function bookWith(counters: Record<string, number>, left?: number, surveyed = true): Book {
  const book = new Book(0);
  for (const [name, value] of Object.entries(counters))
    book.counters.set(`${MEMBER}/${name}`, value);
  if (left !== undefined) {
    const spent = { spent: 5, spentMost: 5 };
    book.allotments.set(BUDGET, { budget: BUDGET, ...spent, left, surveyed });
  }
  return book;
}
const grant = (book: Book, points: number, ...limits: Limit[]) =>
  grantWithin(book, MEMBER, points, limits);

describe('what limits leave room for', () => {
  it('is everything without limits', () => {
    expect(grant(bookWith({}), 10)).toBe(10);
  });

  it('trim grants what the tightest of them leaves', () => {
    expect(grant(bookWith({ day: 3 }), 10, day(8), week(9))).toBe(5);
    expect(grant(bookWith({ day: 3 }), 10, week(9), day(8))).toBe(5);
    expect(grant(bookWith({ day: 3 }), 5, day(8))).toBe(5);
    expect(grant(bookWith({}, 4), 10, day(8), budget())).toBe(4);
  });

  it('all needs room for the whole, whatever the others trim it to', () => {
    const message = 'the limit day leaves room for 5 points';
    const refused = { code: 'limit_reached', facts: { counter: 'day', left: 5 }, message };
    expect(grant(bookWith({ day: 3 }), 6, day(8, 'all'))).toMatchObject(refused);
    expect(grant(bookWith({ day: 3 }), 5, day(8, 'all'))).toBe(5);
    expect(grant(bookWith({ day: 3 }), 6, week(2), day(8, 'all'))).toMatchObject(refused);
  });

  it('is refused when nothing is left, in either mode, also of a maximum that was lowered since', () => {
    const refused = { code: 'limit_reached', facts: { counter: 'day', left: 0 } };
    expect(grant(bookWith({ day: 8 }), 1, day(8))).toMatchObject(refused);
    expect(grant(bookWith({ day: 9 }), 1, day(8))).toMatchObject(refused);
    expect(grant(bookWith({ day: 8 }), 1, day(8, 'all'))).toMatchObject(refused);
  });

  it('is that of the member’s own counter', () => {
    const book = bookWith({ day: 8 });
    expect(grantWithin(book, idOf('other'), 5, [day(8)])).toBe(5);
  });
});

describe('a limit of times', () => {
  const once = { counter: 'once', max: 1, unit: 'times' } as const;
  const thrice = { ...once, counter: 'thrice', max: 3 };

  it('leaves room for any points until it was reached', () => {
    expect(grant(bookWith({}), 1_000, once)).toBe(1_000);
    expect(grant(bookWith({ thrice: 2 }), 1_000, once, thrice)).toBe(1_000);
    expect(grant(bookWith({ day: 3 }), 1_000, once, day(8))).toBe(5);
    const refused = {
      ...{ code: 'limit_reached', facts: { counter: 'thrice', left: 0 } },
      message: 'the limit thrice leaves room for 0 times',
    };
    expect(grant(bookWith({ thrice: 3 }), 1, once, thrice)).toMatchObject(refused);
    expect(grant(bookWith({ thrice: 4 }), 1, once, thrice)).toMatchObject(refused);
  });

  it('grows by one, and falls by one when the earn was undone', () => {
    const book = bookWith({ thrice: 1 });
    countGranted(book, MEMBER, 50, [thrice, once, thrice]);
    expect([...book.counters.values()]).toEqual([2, 1]);
    expect(book.marks).toEqual(['times thrice', 'times once']);
    giveBack(book, MEMBER, { points: 50, isUndone: false }, [once]);
    expect([...book.counters.values()]).toEqual([2, 1]);
    giveBack(book, MEMBER, { points: 50, isUndone: true }, [once, thrice]);
    giveBack(book, MEMBER, { points: 50, isUndone: true }, [once]);
    expect([...book.counters.values()]).toEqual([1, 0]);
  });

  it('is one counter with the points that are counted under its name', () => {
    const book = bookWith({});
    countGranted(book, MEMBER, 50, [once, { counter: 'once' }]);
    expect([...book.counters.values()]).toEqual([51]);
    expect(book.marks).toEqual(['times once', 'counter once']);
  });
});

describe('a budget', () => {
  it('is refused when it has nothing left, or for all of too much, and says how much there is', () => {
    const refused = (left: number) => ({
      code: 'budget_exhausted',
      facts: { budgetId: showId('budget', BUDGET), left },
    });
    expect(grant(bookWith({}, 0), 1, budget())).toMatchObject(refused(0));
    expect(grant(bookWith({}, 4), 5, budget('all'))).toMatchObject(refused(4));
    expect(grant(bookWith({}, 5), 5, budget('all'))).toBe(5);
    expect(grant(bookWith({}), 5, budget())).toMatchObject({ code: 'budget_not_found' });
  });

  it('asks what other shards have left before it refuses or trims, and only then', () => {
    const unsurveyed = () => bookWith({}, 5, false);
    expect(grant(unsurveyed(), 5, budget('all'))).toBe(5);
    expect(grant(unsurveyed(), 5, budget())).toBe(5);
    expect(() => grant(unsurveyed(), 6, budget('all'))).toThrow(BudgetsUnsurveyed);
    expect(() => grant(unsurveyed(), 6, budget())).toThrow(BudgetsUnsurveyed);
    // Trimmed by another limit before, it has enough.
    expect(grant(unsurveyed(), 6, day(5), budget())).toBe(5);
    expect(() => grant(unsurveyed(), 6, day(5), budget('all'))).toThrow(BudgetsUnsurveyed);
  });
});

describe('counting what was granted', () => {
  it('moves every counter and budget once, and marks the transaction with it', () => {
    const book = bookWith({ day: 3 }, 9);
    countGranted(book, MEMBER, 4, [day(8), budget(), day(9, 'all'), budget('all'), week(9)]);
    expect([...book.counters.values()]).toEqual([7, 4]);
    expect(book.allotments.get(BUDGET)).toMatchObject({ spent: 9, left: 5 });
    expect(book.marks).toEqual(['counter day', `budget ${BUDGET}`, 'counter week']);
    expect(book.changedCounters).toEqual(new Set([`${MEMBER}/day`, `${MEMBER}/week`]));
    expect([...book.changedAllotments]).toEqual([book.allotments.get(BUDGET)]);
  });

  it('gives back never below nothing', () => {
    const book = bookWith({ day: 3 });
    giveBack(book, MEMBER, { points: 4, isUndone: true }, [{ counter: 'day' }]);
    expect([...book.counters.values()]).toEqual([0]);
  });

  it('gives a budget no more back than its shard spent, and remembers the most it was', () => {
    const book = bookWith({}, 9);
    const counted = [{ budget: BUDGET }];
    countGranted(book, MEMBER, 2, counted);
    giveBack(book, MEMBER, { points: 3, isUndone: false }, counted);
    expect(book.allotments.get(BUDGET)).toMatchObject({ spent: 4, spentMost: 7, left: 10 });
    giveBack(book, MEMBER, { points: 5, isUndone: true }, counted);
    expect(book.allotments.get(BUDGET)).toMatchObject({ spent: 0, spentMost: 7, left: 14 });
  });

  it('can be given back to budgets that are there', () => {
    const [there, other] = [{ budget: BUDGET }, { budget: idOf('other') }];
    expect(findNoBudget(bookWith({}, 9), [{ counter: 'day' }, there])).toBe(null);
    expect(findNoBudget(bookWith({}, 9), [there, other])).toMatchObject({
      code: 'budget_not_found',
    });
  });

  it('fails loudly for a budget that was not loaded', () => {
    expect(() => countGranted(bookWith({}), MEMBER, 1, [budget()])).toThrow('was not loaded');
  });

  it('can be told from the marks, but for what was claimed', () => {
    const limits = [
      { counter: 'check in  at 9' },
      { counter: 'first', unit: 'times' as const },
      { budget: BUDGET },
    ];
    const marks = [...limits.map(markOfLimit), markOf('claim', 'ab')];
    expect(countedBy(marks)).toEqual(limits);
  });

  it('names what it is about', () => {
    expect(markOf('claim', 'ab')).toBe('claim ab');
  });
});

describe('an issue within limits', () => {
  it('counts only what was granted, and nothing when it is refused', () => {
    const d = new SpokenDesk();
    const allotment = { budget: BUDGET, spent: 0, spentMost: 0, left: 25, surveyed: true };
    d.desk.book.allotments.set(BUDGET, allotment);
    const limits = [day(30), budget()];
    expect(d.do(0, 'a', { kind: 'issue', points: 20, limits })).toHaveLength(1);
    expect(d.do(0, 'late', { kind: 'issue', points: 20, limits, expiresAt: 0 })).toBe(
      'expires_before_available',
    );
    expect(d.do(0, 'b', { kind: 'issue', points: 20, limits })).toEqual([
      'issue 5 of b: issuer shop → member',
    ]);
    expect(d.written.transaction.points).toBe(5);
    expect(allotment).toMatchObject({ spent: 25, left: 0 });
    expect(d.desk.book.counters.get(`${MEMBER}/day`)).toBe(25);
    expect(d.do(0, 'c', { kind: 'issue', points: 20, limits })).toMatch('budget_exhausted');
    expect(d.written.transaction.points).toBe(20);
  });
});
