import { performance } from 'node:perf_hooks';
import { callApi, inParallel } from '../api.ts';
import { withClient } from '../naive/prepare.ts';
import { medianOf, type Outcome, type Settings } from '../outcome.ts';
import { watchCores } from '../processes/cpu.ts';
import { type Stage, withStage } from '../stage.ts';
import { show } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const LOTS = 1_000_000;
const LOTS_PER_REQUEST = 500;
const REQUESTS_AT_ONCE = 8;
const HOUR_MS = 3_600_000;
const COLUMNS = [
  'sweep s',
  'lots booked /s',
  'lots issued /s',
  'server cores',
  'database cores',
  'other cores',
];

/** A sandbox's clock jumps past the expiry of a million lots: until all of them are booked. */
export async function sweep(settings: Settings): Promise<Outcome> {
  const quietly = undisturbed(settings);
  const rounds: Record<string, number>[] = [];
  for (let round = 1; round <= (settings.rounds ?? 1); round += 1) {
    const { figures } = await quietly(() =>
      withStage({ ...settings, merchants: 1 }, (stage) => sweepMillion(stage)),
    );
    rounds.push(figures);
    settings.say(`round ${round}: ${show(figures, COLUMNS)}`);
  }
  return {
    benchmark: 'sweep',
    checks: [
      {
        what: 'sweep of 1,000,000 lapsed lots',
        measured: medianOf(rounds, 'sweep s'),
        unit: 's',
        atMost: 30,
      },
      {
        what: 'lots booked / lots issued in bulk',
        measured: medianOf(rounds, 'lots booked /s') / medianOf(rounds, 'lots issued /s'),
        unit: 'times',
      },
    ],
    columns: COLUMNS,
    rounds,
    notes: [
      `1,000,000 lots of ${settings.members.toLocaleString('en')} members, issued through the bulk route, lapse at once when their ` +
        "programme's clock is moved; from that request until its answer, which comes when all are booked.",
    ],
  };
}

async function sweepMillion({ ledger, members }: Stage) {
  const programme = {
    code: 'sweep',
    name: 'sweep',
    pointTypes: [{ code: 'points', name: 'points' }],
    sandbox: true,
  };
  const { now } = await callApi<{ now: string }>(ledger, '/v1/programmes', programme, 'programme');
  const at = (hours: number): string => new Date(Date.parse(now) + hours * HOUR_MS).toISOString();
  const shop = {
    name: 'shop',
    category: 'bench',
    programme: 'sweep',
    earnRatio: { points: 1, perFen: 100 },
  };
  const { id: merchantId } = await callApi<{ id: string }>(ledger, '/v1/merchants', shop, 'shop');
  const expiresAt = at(24);
  const issue = (lot: number): object => ({
    kind: 'issue',
    merchantId,
    memberId: members[lot % members.length],
    points: 10,
    expiresAt,
  });
  const requests = Array.from({ length: LOTS / LOTS_PER_REQUEST }, (_, request) => request);
  const issuing = performance.now();
  await inParallel(REQUESTS_AT_ONCE, requests, (request) => {
    const first = request * LOTS_PER_REQUEST;
    const transactions = Array.from({ length: LOTS_PER_REQUEST }, (_, index) =>
      issue(first + index),
    );
    return callApi(ledger, '/v1/transactions/bulk', { transactions }, `issue-${request}`);
  });
  const issued = (performance.now() - issuing) / 1000;
  await assertLots(ledger.databaseUrl, 'open', LOTS);

  await ledger.begin(false);
  const watch = watchCores(ledger.dataDir);
  const started = performance.now();
  await callApi(ledger, '/v1/programmes/sweep/clock', { now: at(48) }, 'clock', 'PUT');
  const seconds = (performance.now() - started) / 1000;
  const { machineCores, databaseCores } = watch();
  const { cpuSeconds } = await ledger.end();
  await assertLots(ledger.databaseUrl, 'not open and expired = issued', LOTS);
  const serverCores = cpuSeconds / seconds;
  const otherCores =
    machineCores === undefined || databaseCores === undefined
      ? undefined
      : machineCores - databaseCores - serverCores;
  return {
    otherCores,
    figures: {
      'sweep s': seconds,
      'lots booked /s': LOTS / seconds,
      'lots issued /s': LOTS / issued,
      'server cores': serverCores,
      ...(databaseCores === undefined ? {} : { 'database cores': databaseCores }),
      ...(otherCores === undefined ? {} : { 'other cores': otherCores }),
    },
  };
}

async function assertLots(url: string, what: string, expected: number): Promise<void> {
  const { rows } = await withClient(url, (client) =>
    client.query<{ lots: string }>(
      `select count(*) as lots from ledger.lot where expires_at_ms is not null and ${what}`,
    ),
  );
  if (Number(rows[0]?.lots) !== expected)
    throw new Error(`${rows[0]?.lots} lots are ${what}, not ${expected}`);
}
