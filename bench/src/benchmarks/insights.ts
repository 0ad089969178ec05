import { performance } from 'node:perf_hooks';
import { followInsights } from '@hongmi/server/insights/follow';
import { LOCK } from '@hongmi/server/jobs/rounds';
import { createPool, type Pool } from '@hongmi/server/platform/database';
import { median, medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { watchCores } from '../processes/cpu.ts';
import { type Stage, withStage } from '../stage.ts';
import { show } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const ROUNDS = 3;
const MERCHANTS = 200;
const MEMBERS = 200_000;
const ASKED = 200;
const DAY_MS = 86_400_000;
const COLUMNS = [
  'follow s a million',
  'overview ms',
  'series ms',
  'breakdown ms',
  'count ms',
  'entries',
  'rows',
  'other cores',
];

/** What it costs to follow years of a ledger from its first entry, and how fast the sums of it are read. */
export async function insights(settings: Settings): Promise<Outcome> {
  const stage = { ...settings, members: MEMBERS, entries: settings.rows, merchants: MERCHANTS };
  return withStage(stage, async ({ ledger }) => {
    const quietly = undisturbed(settings);
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const { figures } = await quietly(() => followAndAsk(ledger));
      rounds.push(figures);
      settings.say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'insights',
      checks: [
        {
          what: 'following a million entries',
          measured: medianOf(rounds, 'follow s a million'),
          unit: 's',
        },
        {
          what: `overview of ${settings.rows.toLocaleString('en')} entries`,
          measured: medianOf(rounds, 'overview ms'),
          unit: 'ms',
          atMost: 50,
        },
        {
          what: 'overview / count(*) of the same entries',
          measured: medianRatio(rounds, 'overview ms', 'count ms'),
          unit: 'times',
          atMost: 0.1,
        },
      ],
      columns: COLUMNS,
      rounds,
      notes: [
        `${settings.rows.toLocaleString('en')} entries of two years, ${MERCHANTS} merchants and ${MEMBERS.toLocaleString('en')} members, filled past the API by the ledger’s own code. ` +
          'Each round forgets all sums and follows the ledger from its first entry, in one process, with every distinct member of every day and month. Then ' +
          `${ASKED} overviews of 30 days, one after the other, each of other days; as many series of a year by week, and breakdowns of 30 days by merchant; ` +
          'over HTTP, the median of each. The count is `select count(*) from ledger.entry` in the same database, with its usual settings.',
      ],
    };
  });
}

async function followAndAsk(ledger: Stage['ledger']) {
  const { databaseUrl, dataDir } = ledger;
  const pool = createPool({ url: databaseUrl, name: 'bench-insights', connectionsMax: 2 });
  const turn = await pool.connect();
  try {
    // The server's own job waits for its turn meanwhile, and this for the job's, which has all of the ledger to follow.
    await turn.query('set statement_timeout = 0');
    await turn.query("select pg_advisory_lock($1, hashtext('insights'))", [LOCK]);
    await turn.query('truncate insight_walk, insight_day, insight_active, insight_active_count');
    const watch = watchCores(dataDir);
    const before = process.cpuUsage();
    const started = performance.now();
    const entries = await followInsights({ pool });
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);
    const { machineCores, databaseCores } = watch();
    await turn.query('vacuum analyze insight_day');
    const counting = performance.now();
    const counted = await readNumber(pool, 'select count(*) as number from ledger.entry');
    const countMs = performance.now() - counting;
    if (entries !== counted) throw new Error('entries were left out');
    const rows = await readNumber(pool, 'select count(*) as number from insight_day');
    const until = Date.now();
    const overview = await askMedian(
      ledger,
      until,
      (from, to) => `overview?from=${from}&until=${to}`,
    );
    const series = await askMedian(
      ledger,
      until,
      (_, to, yearBefore) => `series?by=week&from=${yearBefore}&until=${to}`,
    );
    const breakdown = await askMedian(
      ledger,
      until,
      (from, to) => `breakdown?by=merchant&from=${from}&until=${to}`,
    );
    await turn.query("select pg_advisory_unlock($1, hashtext('insights'))", [LOCK]);
    const otherCores =
      machineCores === undefined || databaseCores === undefined
        ? undefined
        : machineCores - databaseCores - (user + system) / 1e6 / seconds;
    return {
      otherCores,
      figures: {
        'follow s a million': (seconds / entries) * 1e6,
        'overview ms': overview,
        'series ms': series,
        'breakdown ms': breakdown,
        'count ms': countMs,
        entries,
        rows,
        ...(otherCores === undefined ? {} : { 'other cores': otherCores }),
      },
    };
  } finally {
    // Closed, because its settings are its own.
    turn.release(true);
    await pool.end();
  }
}

async function readNumber(pool: Pool, text: string): Promise<number> {
  const { rows } = await pool.query<{ number: number }>(text);
  return rows[0]?.number ?? 0;
}

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The middle one of the milliseconds that reads took, each of days that end somewhere else in the last year. */
async function askMedian(
  { address, key }: Stage['ledger'],
  until: number,
  pathOf: (from: string, until: string, yearBefore: string) => string,
): Promise<number> {
  const taken: number[] = [];
  for (let turn = 0; turn < ASKED; turn += 1) {
    const end = until - ((turn * 7) % 365) * DAY_MS;
    const path = pathOf(dateOf(end - 30 * DAY_MS), dateOf(end), dateOf(end - 365 * DAY_MS));
    const started = performance.now();
    const answer = await fetch(`http://${address.host}:${address.port}/v1/insights/${path}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    taken.push(performance.now() - started);
  }
  return median(taken);
}
