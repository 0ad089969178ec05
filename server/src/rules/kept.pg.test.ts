import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, type Uuid } from '../kernel/id.ts';
import { createPool, type Pool } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  // As the database's owner, who has every right: what is refused here nobody can do by mistake.
  pool = createPool({ url: database.url, name: 'test', connectionsMax: 10 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const by = newId(0);
async function makeRule(): Promise<Uuid> {
  const rule = newId(1);
  await pool.query(
    `insert into rule (id, programme, code, made_at_ms, made_by)
     select $1, id, $2, 0, $3 from programme where code = 'default'`,
    [rule, `r${rule.slice(-8)}`, by],
  );
  return rule;
}
let numbers = 0;
async function insert(rule: Uuid, from: number, until: number | null = null): Promise<Uuid> {
  const id = newId(1);
  numbers += 1;
  await pool.query(
    `insert into rule_version (id, rule, number, body, made_at_ms, made_by, published_at_ms, published_by, comparison,
       notice_days, from_ms, until_ms, ended_at_ms, ended_by)
     values ($1, $2, $3, '{"name":"R"}', 0, $4, 0, $4, '{}', 0, $5, $6, $7, $8)`,
    [id, rule, numbers, by, from, until, until === null ? null : 0, until === null ? null : by],
  );
  return id;
}

it.each([
  `body = '{"name":"S"}'`,
  'from_ms = from_ms + 1',
  'number = 99',
  'published_at_ms = 1',
  `comparison = '{"verdict":"better_or_equal"}'`,
  'notice_days = 7',
  'until_ms = 60001, ended_at_ms = 0, ended_by = made_by',
  'until_ms = null, ended_at_ms = null, ended_by = null',
])('of a published version cannot be set: %s', async (change) => {
  const id = await insert(await makeRule(), 20_000, 60_000);
  await expect(
    pool.query(`update rule_version set ${change} where id = $1`, [id]),
  ).rejects.toMatchObject({ code: '23001' });
});

it('a published version does not end before an order that was paid while it was in force', async () => {
  const id = await insert(await makeRule(), 20_000);
  const end = (until: number): Promise<unknown> =>
    pool.query(
      'update rule_version set until_ms = $2::int8, ended_at_ms = $2::int8 - 10000, ended_by = made_by where id = $1',
      [id, until],
    );
  const paid = 2_000_000;
  await pool.query(
    `insert into orders (id, arrival, programme, point_type, merchant, member, order_no, paid_at_ms, earn_points, earn_per_fen,
       net_fen, points_earned, due_fen, points_due, request_key, fingerprint, recorded_at_ms)
     select $1, 1, p.id, 1, $1, $1, 'A-1', $2, 1, 100, 100, 1, 100, 1, 'key', sha256(''), 0 from programme p
     where p.code = 'default'`,
    [newId(1), paid],
  );
  await expect(end(paid - 300_001)).rejects.toMatchObject({ code: '23001' });
  await end(paid + 10_000);
  await pool.query('delete from orders');
});

it('a published version is not removed, one by one or all at once', async () => {
  const rule = await makeRule();
  const id = await insert(rule, 20_000);
  const removals = [
    ['delete from rule_version where id = $1', [id]],
    ['truncate rule_version', []],
    ['truncate rule cascade', []],
  ] as const;
  for (const [sql, values] of removals)
    await expect(pool.query(sql, [...values]), sql).rejects.toMatchObject({ code: '23001' });
  await expect(pool.query('delete from rule where id = $1', [rule])).rejects.toMatchObject({
    code: '23503',
  });
});

it('its end can be brought forward, never to before it begins or what was decided in time', async () => {
  const id = await insert(await makeRule(), 20_000);
  const end = (until: number, at: number) =>
    pool.query(
      'update rule_version set until_ms = $2, ended_at_ms = $3, ended_by = $4 where id = $1',
      [id, until, at, by],
    );
  await end(60_000, 50_000);
  await end(40_000, 30_000);
  await expect(end(19_999, 0)).rejects.toThrow(/range lower bound/);
  await expect(end(30_000, 20_001)).rejects.toMatchObject({ code: '23514' });
  await expect(end(60_000, 0)).rejects.toMatchObject({ code: '23001' });
});

it('none counts sooner than ten seconds after it is published', async () => {
  const rule = await makeRule();
  await expect(insert(rule, 9_999)).rejects.toMatchObject({ code: '23514' });
  await insert(rule, 10_000);
});

it('two versions of one rule are never in force at once, even of those written at the same moment', async () => {
  const rule = await makeRule();
  await insert(rule, 20_000, 60_000);
  for (const [from, until] of [
    [59_999, null],
    [10_000, 20_001],
    [10_000, null],
    [30_000, 40_000],
  ] as const)
    await expect(insert(rule, from, until)).rejects.toMatchObject({ code: '23P01' });
  await insert(rule, 10_000, 20_000);
  await insert(rule, 60_000, 60_000);
  const racing = await Promise.allSettled(Array.from({ length: 8 }, () => insert(rule, 60_000)));
  expect(racing.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const each of racing)
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: '23P01' });
  // Of another rule they may be.
  await insert(await makeRule(), 60_000);
});
