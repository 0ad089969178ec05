import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExpiryPolicy, expiresAt } from './expiry-policy.ts';

const MINUTE_MS = 60_000;
const FROM = Date.parse('2000-01-01T00:00:00Z');
const TO = Date.parse('2060-01-01T00:00:00Z');

const zone = fc.constantFrom(
  ...['Asia/Shanghai', 'Europe/Berlin', 'America/Sao_Paulo', 'Africa/Cairo', 'Asia/Kathmandu'],
  ...['Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Tehran', 'America/New_York', 'UTC'],
);
const instant = fc.integer({ min: FROM, max: TO });
const rolling = fc
  .record(
    {
      days: fc.integer({ min: 1, max: 400 }),
      months: fc.integer({ min: 1, max: 60 }),
      years: fc.integer({ min: 1, max: 10 }),
    },
    { requiredKeys: [] },
  )
  .filter((each) => Object.keys(each).length > 0)
  .map((each): ExpiryPolicy => ({ kind: 'rolling', ...each }));
const endOf = fc
  .record({
    period: fc.constantFrom('month', 'quarter', 'year'),
    after: fc.integer({ min: 0, max: 30 }),
  })
  .map((each): ExpiryPolicy => ({ kind: 'end_of', ...each }));
const fixed = fc
  .integer({ min: FROM, max: TO })
  .map((at): ExpiryPolicy => ({ kind: 'fixed', date: new Date(at).toISOString().slice(0, 10) }));
const relative = fc.oneof(rolling, endOf);

function endOfPoints(policy: ExpiryPolicy, earnedAt: number, timeZone: string): number {
  const end = expiresAt(policy, earnedAt, timeZone);
  if (end === null) throw new Error('only points of the policy none last for ever');
  return end;
}

/** The day in a zone, by the platform's own calendar. */
function dayOf(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}

describe('whatever the policy and the zone', () => {
  it('points do not lapse before they were earned', () => {
    fc.assert(
      fc.property(relative, instant, zone, (policy, earnedAt, timeZone) => {
        expect(endOfPoints(policy, earnedAt, timeZone)).toBeGreaterThan(earnedAt);
      }),
    );
  });

  it('points that were earned later do not lapse earlier', () => {
    fc.assert(
      fc.property(
        fc.oneof(relative, fixed),
        instant,
        fc.integer({ min: 0, max: 100 * 24 * 60 }),
        zone,
        (policy, earnedAt, minutes, timeZone) => {
          const later = endOfPoints(policy, earnedAt + minutes * MINUTE_MS, timeZone);
          expect(later).toBeGreaterThanOrEqual(endOfPoints(policy, earnedAt, timeZone));
        },
      ),
    );
  });

  it('points lapse where a day begins', () => {
    fc.assert(
      fc.property(fc.oneof(relative, fixed), instant, zone, (policy, earnedAt, timeZone) => {
        const end = endOfPoints(policy, earnedAt, timeZone);
        expect(dayOf(end - 1, timeZone)).not.toBe(dayOf(end, timeZone));
      }),
    );
  });

  it('all points of one day lapse together', () => {
    fc.assert(
      fc.property(relative, instant, zone, (policy, earnedAt, timeZone) => {
        const hourLater = earnedAt + 60 * MINUTE_MS;
        fc.pre(dayOf(earnedAt, timeZone) === dayOf(hourLater, timeZone));
        expect(endOfPoints(policy, hourLater, timeZone)).toBe(
          endOfPoints(policy, earnedAt, timeZone),
        );
      }),
    );
  });
});
