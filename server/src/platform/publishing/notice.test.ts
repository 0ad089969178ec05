import { describe, expect, it, test } from 'vitest';
import { effectOf } from './notice.ts';

const at = (text: string): number => Date.parse(text);
const effect = (now: string, timeZone: string, asked: string | null = null, needsNotice = true) =>
  effectOf(
    { timeZone, ruleNoticeDays: 7 },
    at(now),
    asked === null ? null : at(asked),
    needsNotice,
    'rule_time_past',
  );

test.each([
  ['Asia/Shanghai', '2026-03-01T00:00:00Z', '2026-03-08T16:00:00Z'],
  // The last millisecond of a day and the first of the next.
  ['Asia/Shanghai', '2026-03-01T15:59:59.999Z', '2026-03-08T16:00:00Z'],
  ['Asia/Shanghai', '2026-03-01T16:00:00Z', '2026-03-09T16:00:00Z'],
  // Over a leap day, and a year without one.
  ['Asia/Shanghai', '2028-02-22T15:59:59.999Z', '2028-02-29T16:00:00Z'],
  ['Asia/Shanghai', '2027-02-22T15:59:59.999Z', '2027-03-01T16:00:00Z'],
  // Clocks go forward on 29 March 2026 and back on 25 October.
  ['Europe/Berlin', '2026-03-24T22:59:59Z', '2026-03-31T22:00:00Z'],
  ['Europe/Berlin', '2026-03-24T23:00:00Z', '2026-04-01T22:00:00Z'],
  ['Europe/Berlin', '2026-10-20T10:00:00Z', '2026-10-27T23:00:00Z'],
  // Havana's clocks go from midnight to one: that day begins at one.
  ['America/Havana', '2026-02-28T12:00:00Z', '2026-03-08T05:00:00Z'],
])('seven days in %s from %s end at %s', (timeZone, now, from) => {
  expect(effect(now, timeZone)).toEqual({ from: at(from), noticeDays: 7 });
});

describe('an instant that is asked for', () => {
  const now = '2026-03-01T00:00:00Z';
  const zone = 'Asia/Shanghai';
  it('is kept when it is late enough', () => {
    const late = '2026-03-08T16:00:00.001Z';
    expect(effect(now, zone, late)).toEqual({ from: at(late), noticeDays: 7 });
    const soon = '2026-03-01T00:00:10.001Z';
    expect(effect(now, zone, soon, false)).toEqual({ from: at(soon), noticeDays: 0 });
  });

  it('is moved by seconds at most', () => {
    const soon = { from: at('2026-03-01T00:00:10Z'), noticeDays: 0 };
    expect(effect(now, zone, null, false)).toEqual(soon);
    expect(effect(now, zone, now, false)).toEqual(soon);
    const odd = effect('2026-03-01T00:00:00.001Z', zone, null, false);
    expect(odd).toMatchObject({ from: at('2026-03-01T00:00:11Z') });
  });

  it('is refused when it is past, or before notice allows', () => {
    expect(effect(now, zone, '2026-02-28T23:59:59.999Z', false)).toMatchObject({
      code: 'rule_time_past',
    });
    expect(effect(now, zone, '2026-03-08T15:59:59.999Z')).toMatchObject({
      code: 'notice_needed',
      facts: { earliest: '2026-03-08T16:00:00.000Z', noticeDays: 7 },
    });
  });
});

it('without days of notice whatever it is counts within seconds', () => {
  const programme = { timeZone: 'Asia/Shanghai', ruleNoticeDays: 0 };
  expect(effectOf(programme, 0, null, true, 'rule_time_past')).toEqual({
    from: 10_000,
    noticeDays: 0,
  });
});
