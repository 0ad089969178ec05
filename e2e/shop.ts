import { reach } from '@hongmi/server/kernel/testing/patience';
import { expect } from 'vitest';
import { createDice } from './bank.ts';
import type { Answered, Caller } from './caller.ts';

/** A redemption that somebody asked for, what was told first, and whether it was cancelled then. */
interface Wanted {
  readonly key: string;
  readonly body: object;
  readonly status: number;
  readonly told: Pick<Answered['body'], 'id' | 'code'>;
  isCancelled: boolean;
}

/** What shoppers fight over: a reward that runs out, one in two types of points, one with a limit per member. */
export interface Shop {
  readonly members: readonly string[];
  readonly rewards: readonly string[];
  readonly merchantId: string;
  /** Points of all types that all members together began with. */
  readonly given: number;
  /** Answered ones. */
  readonly wanted: Wanted[];
}

// Less than a few hundred requests ask for.
const GIVEN = { points: 300, stars: 12 };
const PIECES = 40;
const LIMIT = 3;
const MEMBERS = 5;

const priceOf = (points: number, stars = 0) => [
  { pointType: 'points', points },
  ...(stars === 0 ? [] : [{ pointType: 'stars', points: stars }]),
];

/** Publishes what is wanted; it counts a while later ({@link opensSoon}). `times`: for how much longer it is to last than in a short test. */
export async function openShop(caller: Caller, times = 1): Promise<Shop> {
  const made = async (path: string, body: object, method = 'POST'): Promise<string> => {
    const answer = await caller.until(method, path, body);
    expect([200, 201], answer.text).toContain(answer.status);
    return answer.body.id;
  };
  const shop = { name: 'Gifts', category: 'gifts', earnRatio: { points: 1, perFen: 100 } };
  const merchantId = await made('/merchants', shop);
  await made('/programmes/default/point-types', { code: 'stars', name: 'Stars' });
  const bodyOf = (points: object[], more: object = {}) => ({
    ...{
      kind: 'sample',
      name: { zh: '小样' },
      cashValueFen: 500,
      prices: [{ points, cashFen: 0 }],
    },
    ...{ stores: [{ merchant: merchantId }], fulfilment: { kind: 'code' } },
    cancellation: { until: 'before_use' },
    afterSales: { returnDays: 0, qualityDays: 15, exchange: false },
    ...more,
  });
  const bodies = {
    few: bodyOf(priceOf(4)),
    pair: bodyOf(priceOf(7, 1)),
    limited: bodyOf(priceOf(5), { limits: [{ per: 'ever', times: LIMIT * times }] }),
  };
  const rewards: string[] = [];
  for (const [code, body] of Object.entries(bodies)) {
    const id = await made('/rewards', { code, merchantId, body });
    await caller.until('POST', `/rewards/${id}/publish`, {});
    rewards.push(id);
  }
  await caller.until('PUT', `/rewards/${rewards[0]}/stock`, { total: PIECES * times });
  const members: string[] = [];
  for (let number = 0; number < MEMBERS; number += 1) {
    const memberId = await made('/members', { externalIds: { shop: `${number}` } });
    for (const [pointType, points] of Object.entries(GIVEN)) {
      const gift = { kind: 'issue', memberId, merchantId, pointType, points: points * times };
      expect((await caller.until('POST', '/transactions', gift)).status).toBe(201);
    }
    members.push(memberId);
  }
  const given = MEMBERS * times * (GIVEN.points + GIVEN.stars);
  return { members, rewards, merchantId, given, wanted: [] };
}

/** Waits until what was published counts. */
export async function opensSoon(caller: Caller, shop: Shop): Promise<void> {
  let told = '';
  const isOpen = async (rewardId: string): Promise<boolean> => {
    const [memberId] = shop.members;
    const body = { memberId, rewardId, merchantId: shop.merchantId, dryRun: true };
    const answer = await caller.until('POST', '/redemptions', body);
    told = answer.text;
    return answer.status === 200;
  };
  for (const reward of shop.rewards)
    await reach(
      () => isOpen(reward),
      () => `the shop does not open: ${told}`,
    );
}

/** Shoppers that ask until they are answered, each twice at once, and now and then change their minds; the returned function lets them finish. */
export function startShopping(
  caller: Caller,
  shop: Shop,
  { seed, clients }: { seed: number; clients: number },
): () => Promise<void> {
  let stopped = false;
  const done = Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      const dice = createDice(seed + client);
      for (let number = 0; !stopped; number += 1)
        await want(caller, shop, dice, `s${client}-${number}`);
    }),
  );
  // A client that fails before it is stopped must not end the test run; it fails the test below.
  done.catch((error: unknown) => process.stderr.write(`a shopper gave up: ${error}\n`));
  return async () => {
    stopped = true;
    await done;
  };
}

async function want(
  caller: Caller,
  { members, rewards, merchantId, wanted }: Shop,
  dice: (sides: number) => number,
  key: string,
): Promise<void> {
  const memberId = members[dice(members.length)];
  const body = { memberId, rewardId: rewards[dice(3)], merchantId, quantity: 1 + dice(2) };
  const [one, two] = await Promise.all(
    [1, 2].map(() => caller.until('POST', '/redemptions', body, key)),
  );
  if (one === undefined || two === undefined) throw new Error('both are answered');
  expect([201, 409, 422], one.text).toContain(one.status);
  expect([two.status, factsOf(two)], key).toEqual([one.status, factsOf(one)]);
  const { id, code } = one.body;
  const slip: Wanted = { key, body, status: one.status, told: { id, code }, isCancelled: false };
  wanted.push(slip);
  if (one.status !== 201 || dice(4) > 0) return;
  const cancelled = await caller.until('POST', `/redemptions/${id}/cancel`, {}, `${key}-cancel`);
  expect(cancelled.status, cancelled.text).toBe(200);
  slip.isCancelled = true;
}

/** All of an answer but the words, which say how much was left at that moment. */
const factsOf = ({ body }: Answered) => ({ id: body.id, code: body.code });

/** Everything asked once more is answered as it was first. */
export async function askAgain(caller: Caller, { wanted }: Shop): Promise<void> {
  for (const { key, body, status, told } of wanted) {
    const again = await caller.until('POST', '/redemptions', body, key);
    expect([again.status, factsOf(again)], key).toEqual([status, told]);
  }
}
