import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { newId, type Uuid } from '../kernel/id.ts';
import { finishLeftovers } from '../kernel/leftovers.ts';
import type { Fulfilment } from '../kernel/reward.ts';
import { findBreaches } from '../ledger/testing/invariants.ts';
import { withTransaction } from '../platform/database.ts';
import { mustReadId } from '../platform/web/schema.ts';
import { moveBooking } from './bookings/move-booking.ts';
import type { AskedParticulars } from './particulars.ts';
import type { Asked, Redeemed } from './redeem.ts';
import type { Redemption } from './redemption.ts';
import { readRedemptions } from './store.ts';
import { ask, createRewards, openCounter, type Rewards } from './testing/counter.ts';
import { dying } from './testing/dying.ts';

const MINUTE = 60_000;
const PRICE = [{ pointType: 'points', points: 1 }];

let t: PointsTestApp;
let rewards: Rewards;
let merchantId: string;
let merchant: Uuid;
let programme: number;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
  merchant = mustReadId('merchant', merchantId);
  programme = t.jobs.programmes.all()[0]?.id as number;
  rewards = createRewards(t.clock.now);
});
afterAll(async () => {
  const breaches = await findBreaches(t.pool);
  await t.close();
  expect(breaches).toEqual([]);
});

const around = ({ pool, ledger }: Pick<PointsTestApp, 'pool' | 'ledger'>) => ({
  ...{ pool, ledger, clock: t.clock, members: t.members },
  ...{ programmes: t.jobs.programmes, offerOf: rewards.offerOf },
});
async function rich(): Promise<Uuid> {
  const memberId = await t.member();
  await t.ok('POST', '/transactions', { kind: 'issue', memberId, merchantId, points: 100 });
  return mustReadId('member', memberId);
}
const wish = (reward: Uuid, who: Uuid, particulars: AskedParticulars): Asked =>
  ask(reward, who, merchant, programme, { particulars });
const slots = [{ from: '09:00', to: '10:00', places: 1_000 }];
const BOOKING: Fulfilment = { kind: 'booking', unit: 'slot', noticeHours: 0, slots };
const on = (day: string) => ({ kind: 'booking', day, slot: '09:00-10:00' }) as const;
const TO = { name: '韩梅梅', phone: '13800000000', region: '330106', address: '文三路 1 号' };

async function takenOn(reward: Uuid, day: string): Promise<number> {
  const { rows } = await t.pool.query<{ used: number }>(
    `select coalesce(sum(used), 0)::int4 as used from reward_count where name like $1`,
    [`${reward}/slot/%/${day}/%`],
  );
  return rows[0]?.used as number;
}

it.each([
  ['booked', BOOKING, on('2026-06-01'), 'booking'],
  ['to be delivered', { kind: 'delivery', feeFen: 0 }, { kind: 'delivery', ...TO }, 'delivery'],
] as const)(
  'what is %s is handed out once, at whichever step it is cut off',
  async (_, fulfilment, asked, table) => {
    const reward = rewards.offer(merchant, PRICE, { fulfilment });
    let done = 0;
    for (const after of [false, true])
      for (let at = 1; ; at += 1) {
        const wanted = wish(reward, await rich(), asked);
        const counter = openCounter(around({ ...t, ...dying(t.pool, t.ledger, at, after) }));
        const died = await counter.redeem([wanted]).then(
          () => false,
          () => true,
        );
        t.clock.set(t.clock.now() + 2 * MINUTE);
        const others = [openCounter(around(t)), openCounter(around(t))];
        await Promise.all(others.map(({ saga }) => finishLeftovers(saga.leftovers, t.clock.now())));
        const [again] = (await openCounter(around(t)).redeem([wanted])) as [Redeemed];
        expect('code' in again ? again.code : again.redemption.state).toBe('fulfilled');
        done += 1;
        if (!died) break;
        expect(at).toBeLessThan(100);
      }
    const { rows } = await t.pool.query<{ count: number }>(
      `select count(*)::int4 as count from ${table} x join redemption r on r.id = x.redemption where r.reward = $1`,
      [reward],
    );
    expect(rows).toEqual([{ count: done }]);
    if (table === 'booking') expect(await takenOn(reward, '2026-06-01')).toBe(done);
  },
);

it('a place is taken by one of two processes', async () => {
  const terms = {
    fulfilment: { ...BOOKING, slots: [{ from: '09:00', to: '10:00', places: 3 }] },
  } as const;
  const reward = rewards.offer(merchant, PRICE, terms);
  const members = await Promise.all(Array.from({ length: 16 }, rich));
  const [one, other] = [openCounter(around(t)), openCounter(around(t))];
  const told = await Promise.all(
    members.map((each, place) =>
      (place % 2 === 0 ? one : other).redeem([wish(reward, each, on('2026-06-01'))]),
    ),
  );
  const words = (told.flat() as Redeemed[]).map((each) =>
    'code' in each ? each.code : (each.redemption.refusal?.code ?? each.redemption.state),
  );
  expect(words.filter((each) => each === 'fulfilled')).toHaveLength(3);
  expect(words.filter((each) => each === 'slot_full')).toHaveLength(13);
  expect(await takenOn(reward, '2026-06-01')).toBe(3);
});

it('a booking that is being moved is in one place, at whichever step it is cut off', async () => {
  const reward = rewards.offer(merchant, PRICE, { fulfilment: BOOKING });
  const about = {
    ...{ at: t.clock.now(), timeZone: 'Asia/Shanghai', by: newId(t.clock.now()) },
    tell: async () => {},
  };
  const [from, to] = ['2026-06-02', '2026-06-03'];
  let [stayed, moved] = [0, 0];
  for (const after of [false, true])
    for (let at = 1; ; at += 1) {
      const wanted = wish(reward, await rich(), on(from as string));
      const [made] = await openCounter(around(t)).redeem([wanted]);
      if (made === undefined || 'code' in made) throw new Error('it is booked');
      const { id } = made.redemption;
      const { pool } = dying(t.pool, t.ledger, at, after);
      const died = await withTransaction(pool, (tx) =>
        moveBooking(tx, id, on(to as string), about),
      ).then(
        () => false,
        () => true,
      );
      const now = (await readRedemptions(t.pool, [id])).get(id) as Redemption;
      if (now.particulars?.kind === 'booking' && now.particulars.day === to) moved += 1;
      else stayed += 1;
      expect(await takenOn(reward, from as string)).toBe(stayed);
      expect(await takenOn(reward, to as string)).toBe(moved);
      if (!died) break;
      expect(at).toBeLessThan(50);
    }
  expect([stayed > 0, moved > 1]).toEqual([true, true]);
});
