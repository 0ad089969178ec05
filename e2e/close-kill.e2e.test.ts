import { PATIENCE_MS } from '@hongmi/server/kernel/testing/patience';
import {
  createTestDatabase,
  type TestDatabase,
} from '@hongmi/server/platform/postgres/test-database';
import { Pool } from 'pg';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createCaller } from './caller.ts';
import { openServer } from './own-server.ts';
import { ROOT_KEY } from './running-server.ts';

/** Enough that a close takes as long as the longest of the delays below. */
const ROWS = 150_000;
const MERCHANTS = 80;
/** From the request to the blow: into the markers, the sums, the rounding, the hash. */
const DELAYS_MS = [30, 250, 800];

let database: TestDatabase;
let pool: Pool;
beforeEach(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url, max: 2 });
});
afterEach(async () => {
  await pool?.end();
  await database?.drop();
});
const own = openServer('each', () => ({
  DATABASE_URL: database.url,
  HONGMI_MASTER_KEY: '33'.repeat(32),
}));

/** Accruals of the default programme, as if so many points had been used just now. The heads make room for their entries, while no server remembers them. */
async function fill(at: number): Promise<void> {
  await pool.query(
    `insert into ledger.accrual (shard, seq, place, kind, programme, point_type, effective_at_ms, payer, taker, points, owed, due, fee)
      select h.shard, h.entries + n / s.shards, 0, 1, p.id, t.id, $2, m.ids[1 + floor(random() * $3)::int], m.ids[1 + floor(random() * $3)::int],
        1 + n % 97, (1 + n % 97) * 7000001::int8, (1 + n % 97) * 5000003::int8, (1 + n % 97) * 100001::int8
      from (select array_agg(gen_random_uuid()) as ids from generate_series(1, $3)) m, (select count(*)::int as shards from ledger.head) s,
        programme p join point_type t on t.programme = p.id, generate_series(0, $1 - 1) n join ledger.head h on h.shard = n % (select count(*) from ledger.head)
      where p.code = 'default'`,
    [ROWS, at, MERCHANTS],
  );
  await pool.query('update ledger.head set entries = entries + $1, prices = prices + 1', [ROWS]);
}

interface PeriodTold {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly verified?: boolean;
}
async function read<T>(path: string): Promise<T> {
  const headers = { authorization: `Bearer ${ROOT_KEY}` };
  const answer = await fetch(`${own.url}/v1${path}`, { headers });
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}
const last = async (): Promise<PeriodTold | undefined> =>
  (await read<{ items: PeriodTold[] }>('/clearing/periods?limit=200')).items.at(-1);

it('closes every period once and whole, wherever the server that closes it is killed', async () => {
  await pool.query(
    `insert into ledger.price (programme, point_type, merchant, from_ms, issue_price, reimbursement, fee)
      select p.id, t.id, '00000000-0000-0000-0000-000000000000', 1, 7000001, 5000003, 100001
      from programme p join point_type t on t.programme = p.id where p.code = 'default'`,
  );
  for (const [index, delay] of DELAYS_MS.entries()) {
    await own.kill();
    const until = Date.now() - 1_000;
    await fill(until - 1);
    await own.start();
    const body = { until: new Date(until).toISOString() };
    const asked = createCaller(own.url)
      .once('POST', '/clearing/periods', body, `close-${index}`)
      .catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, delay));
    await own.kill();
    await asked;
    await own.start();
    // Begun or not when the blow came: the same request again has it closed, and no other beside it.
    const again = await createCaller(own.url).until(
      'POST',
      '/clearing/periods',
      body,
      `close-${index}`,
    );
    expect(again.status, again.text).toBe(201);
    await vi.waitFor(async () => expect(await last()).toMatchObject({ state: 'closed' }), {
      timeout: PATIENCE_MS,
      interval: 100,
    });
    const period = await last();
    expect(period?.number).toBe(index + 1);
    const { verified } = await read<PeriodTold>(`/clearing/periods/${period?.id}?verify=true`);
    expect(verified).toBe(true);
  }
  const { rows } = await pool.query<Record<'accrued' | 'paired' | 'net' | 'left', string>>(
    `select (select sum(owed) + sum(due) + sum(fee) from ledger.accrual) as accrued,
      (select sum(owed) + sum(due) + sum(fee) from clearing_pair) as paired,
      (select sum(net_fen) from clearing_position) as net,
      (select count(*) from clearing_period where state = 'closing') as left`,
  );
  expect(rows[0]?.paired).toBe(rows[0]?.accrued);
  expect(rows[0]).toMatchObject({ net: '0', left: '0' });
});
