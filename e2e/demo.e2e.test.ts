import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PATIENCE_MS } from '@hongmi/server/kernel/testing/patience';
import { findRunning } from '@hongmi/server/platform/postgres/embedded';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { monthsOf } from '../cli/src/demo/settle.ts';
import { type DemoState, readState } from '../cli/src/demo/state-file.ts';
import { STORIES } from '../cli/src/demo/year/stories.ts';
import { everybodyOf, yearOf } from '../cli/src/demo/year/year.ts';
import { readPack } from '../cli/src/packs/pack.ts';
import { auditDatabase } from './audit.ts';
import {
  freePort,
  interrupt,
  killServer,
  makeScene,
  ROOT_KEY,
  type ServerProcess,
  spawnServer,
  startServer,
} from './running-server.ts';

/** As few as there may be: their year is played week by week. */
const MEMBERS = 50;
const KILLS_AFTER = [70, 210];
const LOOK_MS = 20;
const env = { HONGMI_DEMO: 'still', HONGMI_DEMO_MEMBERS: String(MEMBERS) };

let scene: ReturnType<typeof makeScene>;
let dataDir: string;
let port: number;
let server: ServerProcess;
beforeAll(async () => {
  scene = makeScene();
  dataDir = scene.dir('data');
  port = await freePort();
  for (const days of KILLS_AFTER) await killAfter(days);
  server = await startServer({ dataDir, port, env });
});
afterAll(async () => {
  await interrupt(server);
  await scene.clear();
});

test('a load that was killed twice went on: every day is there once, and nothing was refused', async () => {
  const state = await loaded();
  expect(state).toMatchObject({ isLoaded: true, loaded: { refused: {} } });
  const { plan } = state;
  const expected = new Map<string, number>();
  let redeemed = 0;
  for (const day of yearOf(plan, everybodyOf(plan))) {
    redeemed += day.redeemed.length;
    for (const { at } of day.orders) expected.set(at, (expected.get(at) ?? 0) + 1);
  }
  const { rows } = await sql<{ category: string; count: number }>(
    `select m.name as category, count(*)::int4 as count from orders o join merchant m on m.id = o.merchant group by 1`,
  );
  const counts = (found: Iterable<number>): number[] => [...found].sort((a, b) => a - b);
  expect(rows).toHaveLength(13);
  expect(counts(rows.map(({ count }) => count))).toEqual(counts(expected.values()));
  const { rows: redemptions } = await sql<{ state: string; count: number }>(
    `select state, count(*)::int4 as count from redemption group by 1`,
  );
  expect(redemptions).toEqual([{ state: 'fulfilled', count: redeemed }]);
  expect(redeemed).toBeGreaterThan(20);
  const { rows: members } = await sql<{ count: number }>(
    `select count(*)::int4 as count from membership s join programme p on p.id = s.programme where p.code = 'demo'`,
  );
  expect(members[0]?.count).toBe(MEMBERS + STORIES.length);
});

test('every month was closed once, sums to zero, is paid but for the last, and is in the books', async () => {
  const { plan } = await loaded();
  const { rows } = await sql<{ until: string; sum: number; runs: number; unpaid: number }>(
    `select to_char(to_timestamp(until_ms / 1000) at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as until,
       (select coalesce(sum(net_fen), 0)::int4 from clearing_position where period = p.id) as sum,
       (select count(*)::int4 from payment_run where period = p.id) as runs,
       (select count(*)::int4 from payment_run r join payment_instruction i on i.run = r.id
         where r.period = p.id and not exists (
           select from payment_confirmation c where c.run = i.run and c.place = i.place)) as unpaid
     from clearing_period p where state = 'closed' order by number`,
  );
  expect(rows.map(({ until }) => until)).toEqual(monthsOf(plan));
  expect(rows.map(({ sum }) => sum)).toEqual(rows.map(() => 0));
  expect(rows.map(({ runs }) => runs > 1)).toEqual(rows.map(() => false));
  expect(rows.slice(0, -1).map(({ unpaid }) => unpaid)).toEqual(rows.slice(1).map(() => 0));
  expect(rows.at(-1)).toMatchObject({ runs: 1, unpaid: expect.toSatisfy((left) => left > 3) });
  const disputes = await sql(`select count(*)::int4 as raised,
     (count(*) filter (where state = 'open'))::int4 as open,
     (select count(*)::int4 from clearing_adjusted) as adjusted from dispute`);
  expect(disputes.rows).toEqual([{ raised: 2, open: 1, adjusted: 1 }]);
  // Where fees sum to nothing there is no invoice; and those of the last month are still to be made.
  const invoices = await sql<{ months: number; open: number; last: number }>(
    `select count(distinct i.period)::int4 as months, max(p.number)::int4 as last,
       (count(*) filter (where not exists (
         select from invoice_number where invoice = i.id and kind = 'issued')))::int4 as open
     from invoice i join clearing_period p on p.id = i.period`,
  );
  expect(invoices.rows).toEqual([
    { months: expect.toSatisfy((count) => count > 3), last: rows.length - 1, open: 0 },
  ]);
  const account = await sql(`select count(*)::int4 as accounts from funding_account`);
  expect(account.rows).toEqual([{ accounts: 1 }]);
  const refused = await sql(`select distinct refusal from ledger.transaction
    where refusal ~ '^(funding|dossier|merchant_left|acceptance)'`);
  expect(refused.rows).toEqual([]);
  // A job closes them, once a minute.
  const books = async () =>
    (await sql<{ count: number }>('select count(*)::int4 as count from book_period')).rows[0]
      ?.count;
  await expect.poll(books, { timeout: PATIENCE_MS }).toBe(rows.length);
});

test('members with a story end as docs/demo.md says', async () => {
  const points = async (key: string, type = 'points'): Promise<unknown[]> => {
    const { balances } = await balanceOf(key);
    const found = balances.find(({ pointType }) => pointType === type);
    return [found?.available, found?.debt];
  };
  expect(await points('S1')).toEqual([2_000, 0]);
  expect(await points('S2')).toEqual([100, 0]);
  expect(await points('S3')).toEqual([8_000, 0]);
  expect(await points('S4')).toEqual([800, 0]);
  expect(await points('S5')).toEqual([399, 0]);
  expect(await points('S6')).toEqual([100, 0]);
  expect(await points('S9', 'miles')).toEqual([100, 0]);
  expect(await points('S10', 'green')).toEqual([190, 0]);
  expect(await points('S12')).toEqual([600, 0]);
  expect(await points('S12-other')).toEqual([300, 0]);
  expect(await points('S14')).toEqual([0, 200]);
  const tier = async (key: string): Promise<unknown> =>
    (await get(`/members/${await idOf(key)}/tier?programme=demo`)).tier;
  expect([await tier('S7'), await tier('S7-high')]).toEqual(['daily', 'select']);
  const { merchant } = await readPack('fashion-chain');
  const shops = await get(`/merchants?programme=demo&name=${encodeURIComponent(merchant.name)}`);
  const [shop] = shops.items as { id: string }[];
  const own = await get(`/members/${await idOf('S8')}/tier?merchantId=${shop?.id}`);
  expect([own.merchantId, own.tier]).toEqual([shop?.id, 'gold']);
});

test('the ledger verifies, and a second start adds nothing', async () => {
  const count = async (): Promise<unknown> =>
    (await sql('select (select count(*) from orders), (select count(*) from ledger.transaction)'))
      .rows;
  const before = await count();
  await interrupt(server);
  server = await startServer({ dataDir, port, env });
  expect(await count()).toEqual(before);
  await auditDatabase(dataDir);
});

/** Starts a server and kills it once so many days were sent. */
async function killAfter(days: number): Promise<void> {
  const process = spawnServer({ dataDir, port, env });
  const until = Date.now() + PATIENCE_MS;
  while (((await readState(dataDir).catch(() => null))?.sent ?? 0) < days) {
    if (Date.now() > until) throw new Error(`the demo is not loaded: ${process.lastWords()}`);
    await delay(LOOK_MS);
  }
  await killServer(process);
}

async function loaded(): Promise<DemoState> {
  return JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as DemoState;
}

async function sql<T extends object>(text: string): Promise<{ rows: T[] }> {
  const url = await findRunning(dataDir);
  if (url === undefined) throw new Error('the database does not run');
  const pool = new Pool({ connectionString: url });
  try {
    return await pool.query<T>(text);
  } finally {
    await pool.end();
  }
}

interface Balance {
  readonly pointType: string;
  readonly available: number;
  readonly debt: number;
}

async function idOf(key: string): Promise<string> {
  const found = await get(`/members?externalSystem=demo&externalId=${key}`);
  return (found.items as { id: string }[])[0]?.id ?? '';
}

async function balanceOf(key: string): Promise<{ balances: Balance[] }> {
  return (await get(`/members/${await idOf(key)}/balance`)) as unknown as { balances: Balance[] };
}

async function get(path: string): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${ROOT_KEY}` };
  const response = await fetch(`http://127.0.0.1:${port}/v1${path}`, { headers });
  const told = (await response.json()) as Record<string, unknown>;
  expect(response.ok, JSON.stringify(told)).toBe(true);
  return told;
}
