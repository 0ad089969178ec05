import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, openPayingApp, PAYER, type PayingApp } from '../../http/testing/paying-app.ts';
import type { Uuid } from '../../kernel/id.ts';
import { testSeed } from '../../kernel/testing/seed.ts';
import { findBreaches } from '../../ledger/testing/invariants.ts';
import { verifyLedger } from '../../ledger/verify.ts';
import type { Fault } from '../../platform/payment/counterpart/wechat-pay-counterpart.ts';
import { PaymentUnavailable } from '../../platform/payment/payment.ts';
import { mustReadId } from '../../platform/web/schema.ts';
import { cancelRedemption } from '../cancel.ts';
import type { Asked } from '../redeem.ts';
import type { Redemption } from '../redemption.ts';
import { readStock } from '../stock/stock-store.ts';
import { readByKeys } from '../store.ts';
import { ask, createRewards, type Rewards } from '../testing/counter.ts';
import { dying } from '../testing/dying.ts';
import { numberOf } from './payment.ts';
import { openProcess, type Process } from './testing/process.ts';

const POINTS = 30;
const FEN = 700;

let app: PayingApp;
let rewards: Rewards;
let merchantId: string;
let reward: Uuid;
let healthy: Process;
beforeAll(async () => {
  app = await openPayingApp();
  await app.t.jobs.programmes.refresh();
  merchantId = await app.merchant();
  rewards = createRewards(app.t.clock.now);
  healthy = openProcess(world());
});
afterAll(async () => {
  const { pool } = app.t;
  const [breaches, { findings }] = [await findBreaches(pool), await verifyLedger(pool)];
  const { rows } = await pool.query('select kind from unsettled');
  await app.close();
  expect(breaches).toEqual([]);
  expect(findings).toEqual([]);
  expect(rows).toEqual([]);
});
beforeEach(() => {
  const merchant = mustReadId('merchant', merchantId);
  reward = rewards.offer(merchant, [{ pointType: 'points', points: POINTS }]);
  const offer = rewards.offers.get(reward);
  if (offer === undefined || 'code' in offer) throw new Error('it is offered');
  rewards.offers.set(reward, { ...offer, cashFen: FEN });
});

const world = () => ({
  ...{ pool: app.t.pool, ledger: app.t.ledger, clock: app.t.clock, members: app.t.members },
  ...{ programmes: app.t.jobs.programmes, offerOf: rewards.offerOf, payments: app.payments },
});
const gone = () => new PaymentUnavailable('the connection is gone');
/** A process that dies at its n-th step, of whatever it asks. */
function doomed(at: number, after: boolean): { process: Process; died(): boolean } {
  const { pool, ledger, over, steps } = dying(app.t.pool, app.t.ledger, at, after);
  const payments = over(app.payments, gone);
  return {
    process: openProcess({ ...world(), pool, ledger, payments }),
    died: () => steps() >= at,
  };
}

/** One redemption, from the asking on. */
interface Story {
  readonly memberId: string;
  readonly asked: Asked;
}
async function begin(): Promise<Story> {
  const memberId = await app.member(merchantId, POINTS);
  const merchant = mustReadId('merchant', merchantId);
  const programme = app.t.jobs.programmes.all()[0]?.id as number;
  const cash = { payer: PAYER, fen: null };
  return {
    memberId,
    asked: ask(reward, mustReadId('member', memberId), merchant, programme, { cash }),
  };
}
async function find({ asked }: Story): Promise<Redemption | undefined> {
  return (await readByKeys(app.t.pool, [asked.requestKey])).get(asked.requestKey);
}
const tradeOf = (redemption: Redemption) => app.other.trade(numberOf(redemption.id));
const advance = (minutes: number): void => app.t.clock.set(app.t.clock.now() + minutes * MINUTE);

/** What somebody does; `by` whom, where it is one of our processes. */
type Act = (story: Story, by: Process) => Promise<unknown>;
const ACTS = {
  ask: ({ asked }, by) => by.ask(asked),
  settle: (_, by) => by.settle(),
  async pay(story) {
    const found = await find(story);
    if (found !== undefined && tradeOf(found)?.state === 'NOTPAY')
      await app.other.pay(numberOf(found.id), { tells: 0 });
  },
  async payClosed(story) {
    const found = await find(story);
    if (found !== undefined && tradeOf(found)?.state === 'CLOSED')
      await app.other.pay(numberOf(found.id), { tells: 0, evenClosed: true });
  },
  async notice(story, by) {
    const found = await find(story);
    if (found !== undefined)
      await by.desk.heed({ about: 'payment', paymentNo: numberOf(found.id) });
  },
  async cancel(story, by) {
    const found = await find(story);
    if (found !== undefined) await cancelRedemption({ ...world(), saga: by.saga }, found);
  },
  async abandon(story, by) {
    const found = await find(story);
    if (found?.state === 'paying') await by.desk.abandon(found);
  },
  async minute() {
    advance(1);
  },
  async quarter() {
    advance(15);
  },
} satisfies Record<string, Act>;
type ActName = keyof typeof ACTS;

/** Everything comes to an end; and then cash, points and stock are where they belong. */
async function ends(story: Story): Promise<string> {
  const others = [healthy, openProcess(world())];
  for (let round = 0; round < 3; round += 1) {
    advance(12);
    await Promise.all(others.map((each) => each.settle()));
  }
  // What comes when all is over is heard once more.
  await ACTS.notice(story, healthy);
  await healthy.settle();
  await healthy.settle();
  const found = await find(story);
  const state = found?.state ?? 'nothing';
  expect(['nothing', 'fulfilled', 'timed_out', 'cancelled', 'refused']).toContain(state);
  const trade = found && tradeOf(found);
  const paid = trade?.paidAt ? trade.amountFen : 0;
  expect(paid - (trade?.refundedFen ?? 0)).toBe(state === 'fulfilled' ? FEN : 0);
  expect(trade?.state).not.toBe('NOTPAY');
  const { available, held } = await app.t.balance(story.memberId);
  expect({ available, held }).toEqual({ available: state === 'fulfilled' ? 0 : POINTS, held: 0 });
  return state;
}

describe('killed at any step', () => {
  /** What happens one after the other; what is killed of it is not what was killed in the story before. */
  const stories: [string, number, readonly ActName[], readonly string[]][] = [
    ['one that is paid', 0, ['ask', 'pay', 'notice'], ['fulfilled', 'nothing', 'timed_out']],
    ['one that nobody pays', 1, ['ask', 'quarter', 'settle'], ['timed_out']],
    [
      'one that is paid when it is closed',
      4,
      ['ask', 'quarter', 'settle', 'payClosed', 'notice', 'settle'],
      ['timed_out'],
    ],
    ['one that is given up', 1, ['ask', 'abandon'], ['timed_out']],
    [
      'one that is cancelled',
      2,
      ['ask', 'pay', 'settle', 'cancel', 'settle'],
      ['cancelled', 'fulfilled'],
    ],
  ];
  it.each(stories)('%s ends whole', async (_, from, acts, states) => {
    const found = new Set<string>();
    let sold = 0;
    for (const [place, name] of acts.entries()) {
      if (place < from || ['pay', 'payClosed', 'quarter'].includes(name)) continue;
      for (const after of [false, true])
        for (let at = 1; ; at += 1) {
          const story = await begin();
          for (const before of acts.slice(0, place)) await ACTS[before](story, healthy);
          const { process, died } = doomed(at, after);
          await ACTS[name](story, process).catch(() => {});
          for (const later of acts.slice(place + 1)) await ACTS[later](story, healthy);
          const state = await ends(story);
          found.add(state);
          if (state === 'fulfilled') sold += 1;
          if (!died()) break;
          expect(at).toBeLessThan(150);
        }
    }
    expect([...found].sort()).toEqual([...states].sort());
    expect(await readStock(app.t.pool, reward)).toMatchObject({ reserved: 0, sold });
  });
});

it('whatever happens in whatever order, cash never stays for nothing', async () => {
  const faults: readonly Fault[] = ['lost', 'down', 'forged', 'unsigned', 'stale'];
  const acts = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...(Object.keys(ACTS) as ActName[])) },
    { weight: 2, arbitrary: fc.constantFrom(...faults) },
    { weight: 1, arbitrary: fc.constant('together' as const) },
  );
  const found = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { minLength: 2, maxLength: 14 }), async (list) => {
      const story = await begin();
      const others = [healthy, openProcess(world())];
      const calm = (): void => {};
      for (const act of list) {
        if (act === 'together') {
          const { ask: asking, notice, settle, pay } = ACTS;
          const works = [asking, notice, settle, pay, notice, asking];
          await Promise.all(
            works.map((each, place) => each(story, others[place % 2] as Process).catch(calm)),
          );
        } else if (act in ACTS) await ACTS[act as ActName](story, healthy).catch(calm);
        else app.other.faults.push(act as Fault);
      }
      app.other.faults.length = 0;
      found.add(await ends(story));
    }),
    { seed: testSeed('cash'), numRuns: 50 },
  );
  expect(found.size).toBeGreaterThan(2);
});
