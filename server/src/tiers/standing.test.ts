import { describe, expect, it } from 'vitest';
import type { Downgrade, TierScheme, TierWindow } from './scheme.ts';
import {
  type DayDone,
  deservedOn,
  type Record,
  type Reviewed,
  review,
  type Standing,
} from './standing.ts';

const NOBODY: Standing = {
  tier: null,
  until: null,
  kept: false,
  noticed: null,
  noticedTier: null,
};
const YEAR: TierWindow = { kind: 'calendar', unit: 'year' };
const schemeOf = (window: TierWindow, downgrade: Downgrade = {}): TierScheme => ({
  window,
  downgrade,
  tiers: [
    { code: 'bronze', name: 'B', qualify: { spendFen: 10 } },
    { code: 'silver', name: 'S', qualify: { spendFen: 100 } },
    { code: 'gold', name: 'G', qualify: { spendFen: 1_000 } },
  ],
});
const day = (on: string, spendFen: number): DayDone => ({
  day: on,
  spendFen,
  orders: spendFen > 0 ? 1 : 0,
  points: spendFen,
});
const recordOf = (days: DayDone[], more: Partial<Record> = {}): Record => ({
  days,
  joined: '2024-02-29',
  floor: null,
  ...more,
});
const told = ({ changes }: Reviewed): string[] =>
  changes.map(({ kind, from, to }) => `${kind} ${from} ${to}`);

/** Looks on every day that asks to be looked at, until `end`. */
function live(scheme: TierScheme, start: Standing, record: Record, from: string, end: string) {
  const log: string[] = [];
  let standing = start;
  let today = from;
  for (let step = 0; step < 2_000 && today < end; step += 1) {
    const reviewed = review(scheme, standing, record, today);
    for (const each of told(reviewed)) log.push(`${today} ${each}`);
    standing = reviewed.standing;
    if (reviewed.nextOn === null) break;
    expect(reviewed.nextOn > today).toBe(true);
    today = reviewed.nextOn;
  }
  return log;
}

describe('what is deserved', () => {
  it('in a window of the calendar lasts to the end of the next one', () => {
    const record = recordOf([day('2027-12-31', 1_000)]);
    const scheme = schemeOf(YEAR);
    expect(deservedOn(scheme, record, '2027-12-31')).toEqual({ rank: 2, until: '2029-01-01' });
    expect(deservedOn(scheme, record, '2028-01-01')).toEqual({ rank: 2, until: '2029-01-01' });
    expect(deservedOn(scheme, record, '2028-12-31')).toEqual({ rank: 2, until: '2029-01-01' });
    expect(deservedOn(scheme, record, '2029-01-01')).toEqual({ rank: -1, until: null });
  });

  it('in a rolling window lasts until too much falls out of it', () => {
    const scheme = schemeOf({ kind: 'rolling', months: 12 });
    const record = recordOf([day('2027-02-28', 50), day('2028-02-29', 50), day('2028-05-01', 60)]);
    expect(deservedOn(scheme, record, '2028-02-27')).toEqual({ rank: 0, until: '2028-02-28' });
    // What is bought later counts once it is bought.
    expect(deservedOn(scheme, record, '2028-03-01')).toEqual({ rank: 0, until: '2029-03-01' });
    expect(deservedOn(scheme, record, '2028-05-01')).toEqual({ rank: 1, until: '2029-03-01' });
    expect(deservedOn(scheme, record, '2029-02-28')).toEqual({ rank: 1, until: '2029-03-01' });
    expect(deservedOn(scheme, record, '2029-03-01')).toEqual({ rank: 0, until: '2029-05-01' });
  });

  it('by hand is the least, and ends on its day', () => {
    const scheme = schemeOf(YEAR);
    const floor = { tier: 'silver', until: '2027-06-01' };
    const low = recordOf([day('2027-01-05', 10)], { floor });
    expect(deservedOn(scheme, low, '2027-05-31')).toEqual({ rank: 1, until: '2027-06-01' });
    expect(deservedOn(scheme, low, '2027-06-01')).toEqual({ rank: 0, until: '2029-01-01' });
    const high = recordOf([day('2027-01-05', 1_000)], { floor });
    expect(deservedOn(scheme, high, '2027-05-31').rank).toBe(2);
    const same = recordOf([day('2027-01-05', 100)], { floor });
    expect(deservedOn(scheme, same, '2027-05-31')).toEqual({ rank: 1, until: '2029-01-01' });
  });
});

describe('a tier', () => {
  const record = recordOf([day('2027-03-01', 1_000)]);

  it('is lost when its time is over, to what was qualified for', () => {
    expect(live(schemeOf(YEAR), NOBODY, record, '2027-03-01', '2031-01-01')).toEqual([
      '2027-03-01 reached null gold',
      '2029-01-01 lost gold null',
    ]);
    const some = recordOf([day('2027-03-01', 1_000), day('2028-12-31', 10)]);
    expect(live(schemeOf(YEAR), NOBODY, some, '2027-03-01', '2031-01-01')).toEqual([
      '2027-03-01 reached null gold',
      '2029-01-01 lost gold bronze',
      '2030-01-01 lost bronze null',
    ]);
  });

  it('is lost step by step, each with a window of its own', () => {
    const scheme = schemeOf(YEAR, { to: 'one_step' });
    expect(live(scheme, NOBODY, record, '2027-03-01', '2035-01-01')).toEqual([
      '2027-03-01 reached null gold',
      '2029-01-01 lost gold silver',
      '2030-01-01 lost silver bronze',
      '2031-01-01 lost bronze null',
    ]);
    const rolling = schemeOf({ kind: 'rolling', months: 6 }, { to: 'one_step', graceDays: 10 });
    expect(live(rolling, NOBODY, record, '2027-03-01', '2035-01-01')).toEqual([
      '2027-03-01 reached null gold',
      '2027-09-11 lost gold silver',
      '2028-03-21 lost silver bronze',
      '2028-10-01 lost bronze null',
    ]);
  });

  it('is announced to be lost so long before, and kept until then', () => {
    const scheme = schemeOf(YEAR, { graceDays: 30, noticeDays: 14 });
    expect(live(scheme, NOBODY, record, '2027-03-01', '2031-01-01')).toEqual([
      '2027-03-01 reached null gold',
      '2029-01-17 announced gold null',
      '2029-01-31 lost gold null',
    ]);
    // Nobody looked for months: it is told first, and lost after the notice.
    const reached = review(scheme, NOBODY, record, '2027-03-01').standing;
    expect(live(scheme, reached, record, '2029-06-01', '2031-01-01')).toEqual([
      '2029-06-01 announced gold null',
      '2029-06-15 lost gold null',
    ]);
  });

  it('is reached again in the grace, and what was announced is void', () => {
    const scheme = schemeOf(YEAR, { graceDays: 30, noticeDays: 14 });
    const reached = review(scheme, NOBODY, record, '2027-03-01').standing;
    const noticed = review(scheme, reached, record, '2029-01-20').standing;
    expect(noticed).toMatchObject({ tier: 'gold', noticed: '2029-01-20' });
    const again = recordOf([...record.days, day('2029-01-21', 1_000)]);
    expect(review(scheme, noticed, again, '2029-01-21')).toEqual({
      standing: { ...NOBODY, tier: 'gold', until: '2031-01-01' },
      changes: [],
      nextOn: '2031-01-17',
    });
  });

  it('that a return took the ground from goes at the next review, or at once', () => {
    const none = recordOf([day('2027-03-01', 0)]);
    const reached = (window: TierWindow, downgrade: Downgrade) =>
      review(schemeOf(window, downgrade), NOBODY, record, '2027-03-01').standing;
    const after = (window: TierWindow, downgrade: Downgrade) =>
      live(
        schemeOf(window, downgrade),
        reached(window, downgrade),
        none,
        '2027-03-05',
        '2031-01-01',
      );
    expect(after(YEAR, {})).toEqual(['2028-01-01 lost gold null']);
    expect(after(YEAR, { graceDays: 5 })).toEqual(['2028-01-06 lost gold null']);
    expect(after(YEAR, { returns: 'at_once', graceDays: 5 })).toEqual([
      '2027-03-05 lost gold null',
    ]);
    const rolling = { kind: 'rolling', months: 12 } as const;
    expect(after(rolling, { graceDays: 5 })).toEqual(['2027-03-10 lost gold null']);
    expect(after(rolling, { graceDays: 5, noticeDays: 9 })).toEqual([
      '2027-03-05 announced gold null',
      '2027-03-14 lost gold null',
    ]);
    expect(after({ kind: 'anniversary' }, {})).toEqual(['2028-02-29 lost gold null']);
  });

  it('that is no more in the scheme becomes what is deserved', () => {
    const old = { ...NOBODY, tier: 'platinum', until: '2029-01-01' };
    expect(told(review(schemeOf(YEAR), old, record, '2027-04-01'))).toEqual([
      'scheme platinum gold',
    ]);
    expect(told(review(schemeOf(YEAR), old, recordOf([]), '2027-04-01'))).toEqual([
      'scheme platinum null',
    ]);
  });
});
