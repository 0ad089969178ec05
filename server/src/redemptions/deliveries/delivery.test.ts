import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../../kernel/id.ts';
import { testSeed } from '../../kernel/testing/seed.ts';
import {
  afterTold,
  type Delivery,
  eraseAt,
  isKnown,
  type Told,
  type ToldState,
  without,
} from './delivery.ts';

const at = Date.parse('2026-03-01T00:00:00Z');
const ids = { redemption: newId(at), member: newId(at), merchant: newId(at) };
const fresh: Delivery = {
  ...{ ...ids, id: ids.redemption, turn: 0, exchangeOf: null, places: [0], particulars: null },
  ...{ programme: 1, store: null, madeAt: at, state: 'to_send' },
  ...{ sentAt: null, carrier: null, trackingNo: null, endedAt: null, reason: null },
};
const SENT = { state: 'sent', carrier: 'SF', trackingNo: 'SF1' } as const;
const tell = (
  delivery: Delivery,
  told: ToldState,
  {
    when = at,
    now = at + 10,
    correction = null,
  }: { when?: number; now?: number; correction?: string | null } = {},
) => afterTold(delivery, { ...told, at: when, correction } as Told, now);
function done(told: ReturnType<typeof afterTold>): Delivery {
  if ('code' in told) throw new Error(told.code);
  return told;
}

describe('a delivery', () => {
  it('goes on one step at a time, each with its time', () => {
    const sent = done(tell(fresh, SENT, { when: at + 1 }));
    expect(sent).toMatchObject({ state: 'sent', sentAt: at + 1, carrier: 'SF', trackingNo: 'SF1' });
    const delivered = done(tell(sent, { state: 'delivered' }, { when: at + 2 }));
    expect(delivered).toMatchObject({ state: 'delivered', sentAt: at + 1, endedAt: at + 2 });
    expect(tell(fresh, { state: 'delivered' })).toMatchObject({
      ...{ code: 'delivery_state', facts: { state: 'to_send' } },
    });
    expect(tell(delivered, { state: 'undeliverable', reason: '无人' })).toMatchObject({
      code: 'delivery_state',
    });
    expect(tell(sent, { ...SENT, trackingNo: 'SF2' })).toMatchObject({ code: 'delivery_state' });
  });

  it('is of the units that are left of it, and cancelled without any', () => {
    const whole = { ...fresh, places: [0, 1, 2] };
    const some = without(whole, [1, 7]);
    expect(some).toEqual({ ...whole, places: [0, 2] });
    const sent = done(tell(some, SENT));
    expect(without(sent, [0, 1, 2])).toEqual({ ...some, state: 'cancelled' });
  });

  it('happens neither before what it follows nor later than now', () => {
    expect(tell(fresh, SENT, { when: at - 1 })).toMatchObject({ code: 'backdating_not_allowed' });
    expect(tell(fresh, SENT, { when: at + 11 })).toMatchObject({ code: 'time_in_future' });
    const sent = done(tell(fresh, SENT, { when: at + 5 }));
    expect(tell(sent, { state: 'delivered' }, { when: at + 4 })).toMatchObject({
      code: 'backdating_not_allowed',
    });
  });

  it('is corrected with a reason, but not to have come without being sent, nor when it is cancelled', () => {
    const correction = 'another parcel';
    const sent = done(tell(fresh, SENT));
    const lost = done(tell(sent, { state: 'undeliverable', reason: '无人' }));
    expect(done(tell(lost, { state: 'delivered' }, { correction }))).toMatchObject({
      ...{ state: 'delivered', reason: null, carrier: 'SF' },
    });
    expect(done(tell(lost, { state: 'to_send' }, { correction }))).toEqual(fresh);
    expect(done(tell(lost, SENT, { correction }))).toMatchObject({ state: 'sent', endedAt: null });
    expect(tell(fresh, { state: 'delivered' }, { correction })).toMatchObject({
      code: 'delivery_state',
    });
    expect(tell({ ...fresh, state: 'cancelled' }, SENT, { correction })).toMatchObject({
      code: 'delivery_state',
    });
  });

  it('is known when it is told as it is, and then is what was told', () => {
    const state = fc.constantFrom<ToldState>(
      { state: 'to_send' },
      SENT,
      { ...SENT, trackingNo: 'SF2' },
      { state: 'delivered' },
      { state: 'undeliverable', reason: 'a' },
      { state: 'undeliverable', reason: 'b' },
    );
    const steps = fc.array(fc.tuple(state, fc.boolean()), { maxLength: 12 });
    fc.assert(
      fc.property(steps, (list) => {
        let delivery = fresh;
        for (const [told, isCorrection] of list) {
          const next = tell(delivery, told, { correction: isCorrection ? 'wrong' : null });
          if ('code' in next) continue;
          expect(isKnown(next, told)).toBe(true);
          expect(next.sentAt === null).toBe(next.state === 'to_send');
          expect(next.endedAt === null).toBe(next.state === 'to_send' || next.state === 'sent');
          expect(next.reason === null).toBe(next.state !== 'undeliverable');
          delivery = next;
        }
      }),
      { seed: testSeed('delivery') },
    );
  });
});

it('a recipient is kept for half a year, and as long as something may come back', () => {
  const days = (instant: number): number => (instant - at) / (24 * 3_600_000);
  const sales = { returnDays: 7, qualityDays: 15, exchange: true };
  expect(days(eraseAt(at, sales))).toBe(183);
  expect(days(eraseAt(at, { ...sales, qualityDays: 365 }))).toBe(395);
});
