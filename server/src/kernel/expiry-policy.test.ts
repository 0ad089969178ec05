import { describe, expect, it } from 'vitest';
import { showInstant } from './clock.ts';
import { type ExpiryPolicy, expiresAt, slidesTo } from './expiry-policy.ts';

const CHINA = 'Asia/Shanghai';
/** When points earned at `earned` in `zone` lapse, in UTC. */
function end(policy: ExpiryPolicy, earned: string, zone = CHINA): string | null {
  const at = expiresAt(policy, Date.parse(earned), zone);
  return at === null ? null : showInstant(at);
}

describe('points that lapse so long after they were earned', () => {
  const year = { kind: 'rolling', years: 1 } as const;

  it('lapse when the day that is as long after theirs is over', () => {
    expect(end(year, '2026-11-22T04:00:00Z')).toBe('2027-11-22T16:00:00.000Z');
    expect(end({ kind: 'rolling', days: 30 }, '2026-11-22T04:00:00Z')).toBe(
      '2026-12-22T16:00:00.000Z',
    );
    expect(end({ kind: 'rolling', years: 3, months: 2, days: 1 }, '2026-11-22T04:00:00Z')).toBe(
      '2030-01-23T16:00:00.000Z',
    );
  });

  it('count days of the programme, not of anybody else', () => {
    // The same instant is the 22nd in London and the 23rd in Shanghai.
    expect(end(year, '2026-11-22T16:00:00Z')).toBe('2027-11-23T16:00:00.000Z');
    expect(end(year, '2026-11-22T15:59:59.999Z')).toBe('2027-11-22T16:00:00.000Z');
    expect(end(year, '2026-11-22T16:00:00Z', 'Europe/London')).toBe('2027-11-23T00:00:00.000Z');
  });

  it('know short months and leap days', () => {
    const month = { kind: 'rolling', months: 1 } as const;
    expect(end(month, '2027-01-31T04:00:00Z')).toBe('2027-02-28T16:00:00.000Z');
    expect(end(month, '2028-01-31T04:00:00Z')).toBe('2028-02-29T16:00:00.000Z');
    expect(end(year, '2028-02-29T04:00:00Z')).toBe('2029-02-28T16:00:00.000Z');
    expect(end({ kind: 'rolling', years: 4 }, '2028-02-29T04:00:00Z')).toBe(
      '2032-02-29T16:00:00.000Z',
    );
  });
});

describe('points that lapse with a month, quarter or year', () => {
  const of = (period: 'month' | 'quarter' | 'year', after: number): ExpiryPolicy => ({
    kind: 'end_of',
    period,
    after,
  });

  it('lapse when it is over, and as many more as it says', () => {
    const earned = '2026-11-22T04:00:00Z';
    expect(end(of('month', 0), earned)).toBe('2026-11-30T16:00:00.000Z');
    expect(end(of('month', 3), earned)).toBe('2027-02-28T16:00:00.000Z');
    expect(end(of('quarter', 0), earned)).toBe('2026-12-31T16:00:00.000Z');
    expect(end(of('quarter', 2), earned)).toBe('2027-06-30T16:00:00.000Z');
    expect(end(of('year', 0), earned)).toBe('2026-12-31T16:00:00.000Z');
    expect(end(of('year', 1), earned)).toBe('2027-12-31T16:00:00.000Z');
  });

  it('belong to the new one from its first moment', () => {
    expect(end(of('month', 0), '2026-12-31T15:59:59.999Z')).toBe('2026-12-31T16:00:00.000Z');
    expect(end(of('month', 0), '2026-12-31T16:00:00Z')).toBe('2027-01-31T16:00:00.000Z');
    expect(end(of('quarter', 0), '2026-12-31T16:00:00Z')).toBe('2027-03-31T16:00:00.000Z');
  });
});

describe('the end of a day', () => {
  it('is where summer time says', () => {
    const day = { kind: 'rolling', days: 1 } as const;
    expect(end(day, '2027-03-27T12:00:00Z', 'Europe/Berlin')).toBe('2027-03-28T22:00:00.000Z');
    expect(end(day, '2027-10-30T12:00:00Z', 'Europe/Berlin')).toBe('2027-10-31T23:00:00.000Z');
  });

  it('is the first moment of the next one where there is no midnight', () => {
    // On 2027-04-30 Cairo's clocks go from midnight to one.
    expect(end({ kind: 'fixed', date: '2027-04-29' }, '2026-01-01T00:00:00Z', 'Africa/Cairo')).toBe(
      '2027-04-29T22:00:00.000Z',
    );
  });

  it('knows zones that are not a whole number of hours away', () => {
    const fixed = { kind: 'fixed', date: '2027-12-31' } as const;
    expect(end(fixed, '2026-01-01T00:00:00Z', 'Asia/Kathmandu')).toBe('2027-12-31T18:15:00.000Z');
    expect(end(fixed, '2026-01-01T00:00:00Z', 'Australia/Lord_Howe')).toBe(
      '2027-12-31T13:00:00.000Z',
    );
  });
});

it('points last for ever, or to a day that was named', () => {
  expect(end({ kind: 'none' }, '2026-11-22T04:00:00Z')).toBeNull();
  expect(end({ kind: 'fixed', date: '2028-02-29' }, '2026-11-22T04:00:00Z')).toBe(
    '2028-02-29T16:00:00.000Z',
  );
});

describe('points that slide with what their member does', () => {
  const year = { kind: 'sliding', months: 12 } as const;

  it('lapse with the month that is so many after that of the last activity', () => {
    expect(end(year, '2026-11-22T04:00:00Z')).toBe('2027-11-30T16:00:00.000Z');
    expect(end({ kind: 'sliding', months: 1 }, '2027-01-31T04:00:00Z')).toBe(
      '2027-02-28T16:00:00.000Z',
    );
    expect(end({ kind: 'sliding', months: 1 }, '2028-01-01T04:00:00Z')).toBe(
      '2028-02-29T16:00:00.000Z',
    );
    expect(end({ kind: 'sliding', months: 120 }, '2026-11-22T04:00:00Z')).toBe(
      '2036-11-30T16:00:00.000Z',
    );
  });

  it('belong to a month from its first moment, by the calendar of the programme', () => {
    expect(end(year, '2026-11-30T15:59:59.999Z')).toBe('2027-11-30T16:00:00.000Z');
    expect(end(year, '2026-11-30T16:00:00Z')).toBe('2027-12-31T16:00:00.000Z');
    expect(end(year, '2026-11-30T16:00:00Z', 'Europe/London')).toBe('2027-12-01T00:00:00.000Z');
    // Summer time ends between the two.
    expect(end({ kind: 'sliding', months: 1 }, '2026-09-15T12:00:00Z', 'Europe/London')).toBe(
      '2026-11-01T00:00:00.000Z',
    );
  });

  it('last no shorter the later the activity, whatever the months', () => {
    for (let months = 1; months <= 24; months += 1) {
      let before = 0;
      for (let day = 0; day < 800; day += 1) {
        const activeAt = Date.UTC(2027, 0, 1) + day * 86_400_000;
        const to = slidesTo(months, activeAt, 'America/New_York');
        expect(to).toBeGreaterThanOrEqual(before);
        expect(to - activeAt).toBeGreaterThan(months * 28 * 86_400_000 - 86_400_000);
        expect(to - activeAt).toBeLessThanOrEqual((months + 1) * 31 * 86_400_000 + 86_400_000);
        before = to;
      }
    }
  });
});
