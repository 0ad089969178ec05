import { callApi, inParallel } from '../api.ts';
import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { type Stage, withStage } from '../stage.ts';
import { COMMANDS, REQUESTS_IN_FLIGHT } from './bulk.ts';
import { openProgramme } from './open-programme.ts';
import { COST_NOTE, runLedger, show, usage } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const ROUNDS = 6;
const REQUESTS_AT_ONCE = 6;
const COLUMNS = ['plain', 'cleared', 'prepaid'].flatMap((name) => [
  `${name} /s`,
  `${name} server µs`,
  `${name} database µs`,
  `${name} batch`,
]);
const NEVER = { kind: 'none' };
const DEPOSIT_FEN = 100_000_000_000;
const TERMS = {
  points: [
    {
      ...{ pointType: 'points', issuePriceMicroFen: 10_000_000 },
      ...{ reimbursementMicroFen: 9_000_000, feeBasisPoints: 500 },
    },
  ],
  ...{ cycle: 'month', paymentTermDays: 10, actor: 'bench' },
};

/**
 * The same commands where points are worth nothing between merchants, where each use accrues what they owe each other, and
 * where issuing draws on what was paid in as well. Every merchant has terms of its own.
 */
export async function accrual(settings: Settings): Promise<Outcome> {
  const { seconds, say } = settings;
  return withStage({ ...settings, merchants: 1 }, async (stage) => {
    const quietly = undisturbed(settings);
    const open = async (name: string, ready?: (merchants: readonly string[]) => Promise<void>) => ({
      ...{ name, merchants: await openProgramme(stage, name, { points: NEVER }, ready) },
    });
    const programmes = [
      await open('plain'),
      await open('cleared', (merchants) => agree(stage, 'cleared', 'postpaid', merchants)),
      await open('prepaid', async (merchants) => {
        await agree(stage, 'prepaid', 'prefund', merchants);
        await payIn(stage, 'prepaid', merchants);
      }),
    ];
    const run = (merchants: readonly string[]) =>
      quietly(() =>
        runLedger(stage, {
          workload: stage.workload({
            ...{ kind: 'bulk', commands: COMMANDS, merchants, pointType: 'points' },
          }),
          connections: REQUESTS_IN_FLIGHT,
          seconds,
        }),
      );
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const figures: Record<string, number> = {};
      // Each comes first in its turn: what the server does afterwards with the writes of one falls to the next.
      const turn = programmes.map((_, place) => programmes[(place + round) % programmes.length]);
      for (const { name, merchants } of turn as typeof programmes) {
        const measured = await run(merchants);
        figures[`${name} /s`] = measured.commandsPerSecond;
        Object.assign(figures, usage(name, measured));
        const [server, database = 0] = ['server', 'database'].map(
          (what) => figures[`${name} ${what} µs`],
        );
        figures[`${name} µs`] = (server ?? 0) + database;
      }
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'accrual',
      checks: [
        {
          what: 'cleared / plain',
          measured: medianRatio(rounds, 'cleared /s', 'plain /s'),
          unit: 'share',
          atLeast: 0.85,
        },
        {
          what: 'cleared, and drawn from what was paid in / plain',
          measured: medianRatio(rounds, 'prepaid /s', 'plain /s'),
          unit: 'share',
        },
        {
          what: 'processor time of a command, cleared / plain',
          measured: medianRatio(rounds, 'cleared µs', 'plain µs'),
          unit: 'share',
          atMost: 1.15,
        },
        { what: 'cleared', measured: medianOf(rounds, 'cleared /s'), unit: 'per second' },
      ],
      columns: COLUMNS,
      rounds,
      notes: [
        'As the bulk benchmark, by turns in three programmes: of one nobody owes anybody anything; in one every use of points writes who owes whom, by terms that each merchant has of its own; in one issuing draws on what each merchant has paid in as well.',
        COST_NOTE,
      ],
    };
  });
}

/** The standard terms, and the same for each merchant by itself. */
async function agree(
  { ledger }: Stage,
  programme: string,
  settlement: string,
  merchants: readonly string[],
): Promise<void> {
  const terms = { ...TERMS, programme, settlement };
  await callApi(ledger, '/v1/clearing/terms', terms, `terms-${programme}`);
  for (const merchantId of merchants)
    await callApi(ledger, '/v1/clearing/terms', { ...terms, merchantId }, `terms-${merchantId}`);
}

async function payIn(
  { ledger }: Stage,
  programme: string,
  merchants: readonly string[],
): Promise<void> {
  const path = '/v1/clearing/funding/accounts';
  await inParallel(REQUESTS_AT_ONCE, merchants, async (merchantId) => {
    const account = { programme, merchantId, alertFen: 0, actor: 'bench' };
    const { id } = await callApi<{ id: string }>(ledger, path, account, `account-${merchantId}`);
    const deposit = {
      ...{ kind: 'deposit', fen: DEPOSIT_FEN, reference: merchantId },
      ...{ paidOn: '2026-01-01', actor: 'bench' },
    };
    await callApi(ledger, `${path}/${id}/entries`, deposit, `deposit-${merchantId}`);
  });
}
