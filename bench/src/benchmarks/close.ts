import { performance } from 'node:perf_hooks';
import { callApi } from '../api.ts';
import { withClient } from '../naive/prepare.ts';
import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { watchCores } from '../processes/cpu.ts';
import { watchPrivateMemory } from '../processes/private-memory.ts';
import { type Stage, withStage } from '../stage.ts';
import { show } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const MERCHANTS = 500;
/** Their starting points are the entries that the accruals stand at. */
const MEMBERS = 2_000;
/** As many accruals stand at one entry; a place is a smallint. */
const PLACES = 30_000;
const DAY_MS = 86_400_000;
const DAYS = 30;
const COLUMNS = [
  'close s',
  'group by s',
  'rows',
  'pairs',
  'server MB',
  'database MB',
  'verify s',
  'other cores',
];

/** A month of redemptions between 500 merchants is closed: until every position and the hash are there. */
export async function close(settings: Settings): Promise<Outcome> {
  const quietly = undisturbed(settings);
  const rounds: Record<string, number>[] = [];
  for (let round = 1; round <= (settings.rounds ?? 1); round += 1) {
    const { figures } = await quietly(() =>
      withStage({ ...settings, members: MEMBERS, merchants: 1 }, (stage) =>
        closeMonth(stage, settings.rows),
      ),
    );
    rounds.push(figures);
    settings.say(`round ${round}: ${show(figures, COLUMNS)}`);
  }
  return {
    benchmark: 'close',
    checks: [
      {
        what: `close of ${settings.rows.toLocaleString('en')} redemption entries`,
        measured: medianOf(rounds, 'close s'),
        unit: 's',
        atMost: 60,
      },
      {
        what: 'close / bare GROUP BY of the same rows',
        measured: medianRatio(rounds, 'close s', 'group by s'),
        unit: 'times',
        atMost: 4,
      },
      {
        what: 'memory of server and database together',
        measured: medianOf(rounds, 'server MB') + medianOf(rounds, 'database MB'),
        unit: 'MB',
        atMost: 1_000,
      },
    ],
    columns: COLUMNS,
    rounds,
    notes: [
      `${settings.rows.toLocaleString('en')} accruals of ${DAYS} days between ${MERCHANTS} merchants, payer and taker by chance, so that nearly every pair ` +
        'there can be is there; written past the ledger. From `POST /v1/clearing/periods` until its answer: the cut of all shards, the sums, rounding, positions, ' +
        'the CSV and its hash. What follows the ledger minute by minute (reconciliation, the guard) is done with the month before. The bare GROUP BY sums the same columns by payer, taker and point type in the same database, with its usual settings. ' +
        'Memory: the largest resident size of the server’s process since it began, and the largest sum of `RssAnon` of all of PostgreSQL’s processes while it closed, ' +
        'looked at every 50 ms: what they have beside the shared buffers.',
    ],
  };
}

async function closeMonth({ ledger }: Stage, rows: number) {
  const { databaseUrl, dataDir } = ledger;
  const until = Date.now() - 60_000;
  const from = until - DAYS * DAY_MS;
  await letFollow(databaseUrl);
  await fill(databaseUrl, rows, from, until);
  const grouping = performance.now();
  const pairs = await withClient(databaseUrl, async (client) => {
    const { rows: found } = await client.query<{ pairs: number }>(
      `select count(*) as pairs, sum(points), sum(owed), sum(due), sum(fee) from (
        select payer, taker, point_type, sum(points) as points, sum(owed) as owed, sum(due) as due, sum(fee) as fee
        from ledger.accrual group by payer, taker, point_type) g`,
    );
    return found[0]?.pairs ?? 0;
  });
  const grouped = (performance.now() - grouping) / 1000;

  await ledger.begin(false);
  const watch = watchCores(dataDir);
  const memory = watchPrivateMemory(dataDir);
  const started = performance.now();
  const body = { programme: 'default', until: new Date(until).toISOString() };
  const period = await callApi<{ id: string; state: string }>(
    ledger,
    '/v1/clearing/periods',
    body,
    'close',
  );
  const seconds = (performance.now() - started) / 1000;
  const databaseMegabytes = memory();
  const { machineCores, databaseCores } = watch();
  const { cpuSeconds, peakRssMegabytes } = await ledger.end();
  if (period.state !== 'closed') throw new Error(`the period is ${period.state}`);

  const verifying = performance.now();
  await assertVerified(ledger, period.id, until);
  const verified = (performance.now() - verifying) / 1000;
  const otherCores =
    databaseCores === undefined ? undefined : machineCores - databaseCores - cpuSeconds / seconds;
  return {
    otherCores,
    figures: {
      'close s': seconds,
      'group by s': grouped,
      rows,
      pairs,
      'server MB': peakRssMegabytes,
      ...(databaseMegabytes === undefined ? {} : { 'database MB': databaseMegabytes }),
      'verify s': verified,
      ...(otherCores === undefined ? {} : { 'other cores': otherCores }),
    },
  };
}

/** As long as the minute's jobs may need for the starting points. */
const FOLLOWED_WITHIN_MS = 180_000;

/**
 * What follows the ledger minute by minute has followed a month by the time that it is closed. So it is waited for with what
 * there is, and what is filled in at once is behind it: else its jobs would work off the month beside the close.
 */
async function letFollow(url: string): Promise<void> {
  const deadline = Date.now() + FOLLOWED_WITHIN_MS;
  await withClient(url, async (client) => {
    for (;;) {
      const { rows } = await client.query<{ followed: boolean }>(
        `select coalesce(bool_and(coalesce(r.block, 0) >= h.block), false) as followed
          from ledger.head h left join ledger.replayed r using (shard)`,
      );
      if (rows[0]?.followed === true) break;
      if (Date.now() > deadline) throw new Error('the ledger was not followed in time');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await client.query(
      `insert into guard_walk (shard, seq) select shard, $1 from ledger.head
        on conflict (shard) do update set seq = excluded.seq`,
      [Number.MAX_SAFE_INTEGER],
    );
  });
}

/**
 * Accruals as a month of redemptions leaves them: shards interleaved, times rising, some of them after the period's end. They
 * stand at entries that are there, of which nothing here reads more than the place.
 */
async function fill(url: string, rows: number, from: number, until: number): Promise<void> {
  await withClient(url, async (client) => {
    const { rows: found } = await client.query<{ shards: number; programme: number; type: number }>(
      `select (select count(*) from ledger.head) as shards, p.id as programme, t.id as type
        from programme p join point_type t on t.programme = p.id where p.code = 'default' order by t.id limit 1`,
    );
    const [at] = found;
    if (at === undefined) throw new Error('there is a default programme');
    await client.query(
      `insert into ledger.price (programme, point_type, merchant, from_ms, issue_price, reimbursement, fee)
        values ($1, $2, '00000000-0000-0000-0000-000000000000', $3, 10000000, 9000000, 100000)`,
      [at.programme, at.type, from],
    );
    await client.query('select setseed(0.5)');
    await client.query(
      `insert into ledger.accrual (shard, seq, place, kind, programme, point_type, effective_at_ms, payer, taker, points, owed, due, fee)
        select n % $2, n / $2 / $8, n / $2 % $8, 1, $3, $4, $5 + n * $6::int8 / $1, m.ids[1 + floor(random() * $7)::int], m.ids[1 + floor(random() * $7)::int],
          p.points, p.points * 10000000, p.points * 9000000, p.points * 100000
        from (select array_agg(gen_random_uuid()) as ids from generate_series(1, $7)) m, generate_series(0, $1 - 1) n
          cross join lateral (select (1 + n % 997)::int8 as points) p`,
      // Some minutes more than the period.
      [rows, at.shards, at.programme, at.type, from, until - from + 45_000, MERCHANTS, PLACES],
    );
    await client.query('vacuum analyze ledger.accrual');
  });
}

/** That nothing was left out, and that the ledger gives the same figures again. */
async function assertVerified(ledger: Stage['ledger'], id: string, until: number): Promise<void> {
  const { rows } = await withClient(ledger.databaseUrl, (client) =>
    client.query<{ accrued: number; paired: number }>(
      `select (select sum(points)::int8 from ledger.accrual where effective_at_ms < $1) as accrued,
        (select sum(points)::int8 from clearing_pair) as paired`,
      [until],
    ),
  );
  if (rows[0]?.accrued !== rows[0]?.paired) throw new Error('points were left out');
  const { host, port } = ledger.address;
  const answer = await fetch(`http://${host}:${port}/v1/clearing/periods/${id}?verify=true`, {
    headers: { authorization: `Bearer ${ledger.key}` },
  });
  const { verified } = (await answer.json()) as { verified?: boolean };
  if (verified !== true) throw new Error('the figures are not what the ledger says');
}
