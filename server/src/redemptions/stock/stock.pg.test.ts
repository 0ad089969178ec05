import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { createPool, type Pool, withTransaction } from '../../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/postgres/test-database.ts';
import type { Count } from '../redemption.ts';
import type { Wish } from './shelves.ts';
import { changeStock, lockShelves, readStock, writeShelves } from './stock-store.ts';

const clock = manualClock(Date.parse('2026-03-01T00:00:00Z'));
let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, name: 'hongmi-test', connectionsMax: 8 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const reserveAll = (wishes: readonly Wish[]): Promise<(Refusal | null)[]> =>
  withTransaction(pool, async (tx) => {
    const shelves = await lockShelves(tx, wishes);
    const answers = wishes.map((wish) => shelves.reserve(wish));
    await writeShelves(tx, shelves.changes);
    return answers;
  });
const totalOf = (reward: Uuid, total: number | null) =>
  withTransaction(pool, (tx) => changeStock(tx, reward, { total }));
const wish = (reward: Uuid, quantity = 1, counts: readonly Count[] = []): Wish => ({
  reward,
  quantity,
  counts,
});

describe('the stock of a reward', () => {
  it('is never sold twice, and nothing is left while somebody is refused, whoever races', async () => {
    const rewards = [1, 2, 3].map(() => newId(clock.now()));
    for (const [place, reward] of rewards.entries()) await totalOf(reward, 40 + place);
    // Thousands of wishes in batches that name the rewards in every order.
    const batches = Array.from({ length: 60 }, (_, batch) =>
      Array.from({ length: 50 }, (_, place) => wish(rewards[(batch + place) % 3] as Uuid)),
    );
    const answers = (await Promise.all(batches.map(reserveAll))).flat();
    expect(answers.filter((each) => each === null)).toHaveLength(40 + 41 + 42);
    expect(new Set(answers.map((each) => each?.code))).toEqual(
      new Set([undefined, 'reward_out_of_stock']),
    );
    for (const [place, reward] of rewards.entries())
      expect(await readStock(pool, reward)).toEqual({
        total: 40 + place,
        reserved: 40 + place,
        sold: 0,
      });
  });

  it('is refused by the database itself below nothing and above its total', async () => {
    const reward = newId(clock.now());
    await totalOf(reward, 1);
    await reserveAll([wish(reward)]);
    for (const change of ['reserved = 2', 'sold = 1', 'reserved = -1', 'total = 0'])
      await expect(
        pool.query(`update reward_stock set ${change} where reward = $1`, [reward]),
      ).rejects.toThrow(/reward_stock/);
  });

  it('without a total has no end, and gets one later', async () => {
    const reward = newId(clock.now());
    expect(await readStock(pool, reward)).toEqual({ total: null, reserved: 0, sold: 0 });
    expect(await reserveAll([wish(reward, 7)])).toEqual([null]);
    expect(await totalOf(reward, 6)).toMatchObject({
      code: 'stock_below_taken',
      facts: { taken: 7 },
    });
    expect(await totalOf(reward, 8)).toEqual({ total: 8, reserved: 7, sold: 0 });
    expect(await reserveAll([wish(reward, 2), wish(reward)])).toMatchObject([
      { code: 'reward_out_of_stock', facts: { left: 1 } },
      null,
    ]);
  });

  it('is changed by so many beside those who take of it', async () => {
    const reward = newId(clock.now());
    const by = (count: number) =>
      withTransaction(pool, (tx) => changeStock(tx, reward, { by: count }));
    expect(await by(1)).toMatchObject({ code: 'stock_unlimited' });
    await totalOf(reward, 0);
    await Promise.all([...Array(10).keys()].flatMap(() => [by(3), reserveAll([wish(reward)])]));
    const { total, reserved } = await readStock(pool, reward);
    expect(total).toBe(30);
    expect(await by(reserved - 30)).toEqual({ total: reserved, reserved, sold: 0 });
    expect(await by(-1)).toMatchObject({ code: 'stock_below_taken' });
  });

  it('that nobody asked for yet is decided by one after the other, however closely they come', async () => {
    const reward = newId(clock.now());
    const place = { name: `${reward}/place`, of: 'slot', units: 1, max: 1 } as const;
    const beside = { ...place, name: `${reward}/other`, beside: [place.name] };
    let others: Promise<(Refusal | null)[]>[] = [];
    const first = await withTransaction(pool, async (tx) => {
      const shelves = await lockShelves(tx, [wish(reward, 1, [place])]);
      // They come after it was found that nothing is counted yet, and before it is written that something is.
      others = [reserveAll([wish(reward, 1, [place])]), reserveAll([wish(reward, 1, [beside])])];
      const left = await Promise.race([...others, pool.query('select pg_sleep(0.2)')]);
      expect(left).not.toBeInstanceOf(Array);
      const answer = shelves.reserve(wish(reward, 1, [place]));
      await writeShelves(tx, shelves.changes);
      return answer;
    });
    expect(first).toBeNull();
    expect(await Promise.all(others)).toMatchObject([
      [{ code: 'slot_full' }],
      [{ code: 'slot_full' }],
    ]);
    expect(await readStock(pool, reward)).toEqual({ total: null, reserved: 1, sold: 0 });
  });

  it('counts for limits of members and quotas of merchants, all of them or none', async () => {
    const reward = newId(clock.now());
    const count = (name: string, of: Count['of'], max: number, units = 1): Count => ({
      name: `${reward}/${name}`,
      of,
      units,
      max,
    });
    const own = count('m', 'member', 2);
    const quota = count('q', 'merchant', 3);
    const answers = await reserveAll([
      wish(reward, 1, [own, quota]),
      wish(reward, 1, [own, quota]),
      wish(reward, 1, [quota, own]),
      wish(reward, 1, [count('n', 'member', 2), quota]),
      wish(reward, 1, [count('o', 'member', 2), quota]),
    ]);
    expect(answers.map((each) => each?.code ?? null)).toEqual([
      null,
      null,
      'redemption_limit_reached',
      null,
      'redemption_quota_reached',
    ]);
    const { rows } = await pool.query(
      'select name, used from reward_count where name like $1 order by name',
      [`${reward}%`],
    );
    // What was refused counted nothing, also what stood before the limit that refused it.
    expect(rows.map(({ name, used }) => `${name.slice(37)} ${used}`)).toEqual([
      'm 2',
      'n 1',
      'o 0',
      'q 3',
    ]);
    expect((await readStock(pool, reward)).reserved).toBe(3);
    expect(await reserveAll([wish(reward, 1, [count('p', 'member', 2, 3)])])).toMatchObject([
      { message: 'only 2 are left for now', facts: { left: 2 } },
    ]);
  });
});
