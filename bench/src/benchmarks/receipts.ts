import { callApi } from '../api.ts';
import { withClient } from '../naive/prepare.ts';
import { median, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import type { Part } from '../processes/server.ts';
import { costApart } from '../proofs/cost-apart.ts';
import { type Stage, withStage } from '../stage.ts';
import { COMMANDS, REQUESTS_IN_FLIGHT } from './bulk.ts';
import { CONNECTIONS } from './interactive.ts';
import { COST_NOTE, runLedger, show, usage } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const ROUNDS = 5;
const MERCHANTS = 200;
const WORKLOADS = { bulk: 'in bulk', single: 'one per request' } as const;
type Workload = keyof typeof WORKLOADS;
/** What each server does without; that of all of them would be counted as a command's. */
const SERVERS = {
  whole: ['jobs'],
  'no receipts': ['jobs', 'receipts'],
  'no leaves': ['jobs', 'leaves'],
} satisfies Record<string, readonly Part[]>;
type Server = keyof typeof SERVERS;
const NAMES = Object.keys(SERVERS) as Server[];
const COLUMNS = [
  'receipt µs',
  'leaf µs',
  ...(Object.keys(WORKLOADS) as Workload[]).flatMap((workload) =>
    NAMES.flatMap((name) => [`${workload} ${name} /s`, `${workload} ${name} µs`]),
  ),
];

/** The same commands with and without receipts in the answers, and with and without leaves in the chain. */
export async function receipts(settings: Settings): Promise<Outcome> {
  return withServers(settings, NAMES, {}, async (stages) => {
    for (const server of NAMES) await assertWithout(server, stages[server] as Stage);
    const quietly = undisturbed(settings);
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const { receipt, leaf } = await costApart(settings.seed + round);
      const figures: Record<string, number> = { 'receipt µs': receipt, 'leaf µs': leaf };
      // There and back, so that none of them is always the one after the others.
      const order = round % 2 === 1 ? NAMES : [...NAMES].reverse();
      for (const workload of Object.keys(WORKLOADS) as Workload[]) {
        for (const server of order) {
          const name = `${workload} ${server}`;
          const measured = await quietly(() => {
            const stage = stages[server] as Stage;
            return runLedger(stage, jobOf(stage, workload, settings.seconds));
          });
          const used = usage(name, measured);
          Object.assign(figures, used, {
            [`${name} /s`]: measured.commandsPerSecond,
            [`${name} µs`]: (used[`${name} server µs`] ?? 0) + (used[`${name} database µs`] ?? 0),
          });
        }
      }
      rounds.push(figures);
      settings.say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'receipts',
      checks: (Object.keys(WORKLOADS) as Workload[]).flatMap((workload) => [
        {
          what: `receipts, ${WORKLOADS[workload]}`,
          measured: shareOf(rounds, 'receipt µs', workload),
          unit: 'share' as const,
          atMost: 0.05,
        },
        {
          what: `leaves and Merkle roots, ${WORKLOADS[workload]}`,
          measured: shareOf(rounds, 'leaf µs', workload),
          unit: 'share' as const,
        },
        ...(['no receipts', 'no leaves'] as const).map((without) => ({
          what: `as it is / with ${without}, ${WORKLOADS[workload]}`,
          measured: medianRatio(rounds, `${workload} whole /s`, `${workload} ${without} /s`),
          unit: 'share' as const,
        })),
      ]),
      columns: COLUMNS,
      rounds,
      notes: [
        'What a receipt takes on its way (from the ledger’s thread to the main one, shown, written as text), and what encoding and ' +
          'hashing a leaf and computing the Merkle root take, is measured apart, in short turns with and without it over the same batches; its ' +
          'share is that of the processor time of a command, in the server and in PostgreSQL, in the same round.',
        'Beside it three servers in turn, each with a database of its own: one as it is, one whose answers carry no receipts, and one that neither ' +
          'encodes and hashes leaves nor computes Merkle roots. Their throughput differs by more than this from round to round, so it is no more than a ' +
          'check of the order of size. None of them runs the jobs, which would be counted as commands.',
        COST_NOTE,
      ],
    };
  });
}

/** What something takes of a command, against a command without it. */
function shareOf(rounds: Outcome['rounds'], what: string, workload: Workload): number {
  return median(
    rounds.map((round) => {
      const cost = round[what] ?? 0;
      return cost / ((round[`${workload} whole µs`] ?? 0) - cost);
    }),
  );
}

/** A stage for each of the servers, all at once. */
function withServers<T>(
  settings: Settings,
  [name, ...others]: readonly Server[],
  stages: Partial<Record<Server, Stage>>,
  play: (stages: Partial<Record<Server, Stage>>) => Promise<T>,
): Promise<T> {
  if (name === undefined) return play(stages);
  return withStage({ ...settings, merchants: MERCHANTS, without: SERVERS[name] }, (stage) =>
    withServers(settings, others, { ...stages, [name]: stage }, play),
  );
}

/** A module that is no longer found where it was would be measured with everything. */
async function assertWithout(server: Server, { ledger, members, merchants }: Stage): Promise<void> {
  const { receipt } = await callApi<{ receipt: { hash?: string } }>(
    ledger,
    '/v1/transactions',
    { kind: 'issue', memberId: members[0], merchantId: merchants[0], points: 1 },
    'without',
  );
  const { rows } = await withClient(ledger.databaseUrl, (sql) =>
    sql.query<{ leaves: number }>(
      `select count(*) as leaves from ledger.transaction where leaf <> decode(repeat('00', 32), 'hex')`,
    ),
  );
  const hasReceipts = receipt.hash !== undefined;
  const hasLeaves = rows[0]?.leaves !== 0;
  if (hasReceipts !== (server !== 'no receipts') || hasLeaves !== (server !== 'no leaves'))
    throw new Error(`the server with ${server} has ${JSON.stringify({ hasReceipts, hasLeaves })}`);
}

function jobOf(stage: Stage, kind: Workload, seconds: number) {
  return {
    workload: stage.workload({ kind, commands: COMMANDS }),
    connections: kind === 'bulk' ? REQUESTS_IN_FLIGHT : CONNECTIONS,
    seconds,
  };
}
