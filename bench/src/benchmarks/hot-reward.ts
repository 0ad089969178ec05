import { readId } from '@hongmi/server/kernel/id';
import { assertWhole, readRedeemed } from '../fill/redeemed.ts';
import { codeFor, fillRewards, type MadeReward, stockTo } from '../fill/rewards.ts';
import { medianOf, type Outcome, type Settings } from '../outcome.ts';
import { measure } from '../processes/load.ts';
import { type Stage, withStage } from '../stage.ts';
import { CONNECTIONS } from './interactive.ts';
import { COST_NOTE, type Measured, show, usage, WARMUP_SECONDS } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const ROUNDS = 3;
/** What a server must decide, which is also how many pieces there are of each measured second. */
const DECIDED_PER_SECOND = 1_500;
const PLENTY = 100_000_000;
const RUNS = ['enough', 'too few'];
const COLUMNS = RUNS.flatMap((name) => [
  `${name} /s`,
  `${name} p50 ms`,
  `${name} p99 ms`,
  `${name} sold`,
  `${name} refused`,
  `${name} server µs`,
  `${name} database µs`,
  `${name} main thread busy`,
  `${name} other cores`,
]);

/** One reward that everybody wants at once: while there is enough of it, and where there is not. */
export async function hotReward(settings: Settings): Promise<Outcome> {
  const { seconds, say } = settings;
  return withStage({ ...settings, merchants: 1 }, async (stage) => {
    const [merchantId = ''] = stage.merchants;
    const limits = [{ per: 'day', times: PLENTY }];
    const wanted = { code: 'wanted', merchantId, body: codeFor(merchantId, 1, { limits }) };
    const [reward] = await fillRewards(stage.ledger, [wanted]);
    if (reward === undefined) throw new Error('there is one');
    const few = Math.round((DECIDED_PER_SECOND * (seconds + WARMUP_SECONDS)) / 2);
    const quietly = undisturbed(settings);
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const figures = {
        ...figuresOf('enough', await quietly(() => crowd(stage, reward, PLENTY, settings))),
        ...figuresOf('too few', await quietly(() => crowd(stage, reward, few, settings))),
      };
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    const profile = async () => (await crowd(stage, reward, PLENTY, settings, true)).server.threads;
    return {
      benchmark: 'hot-reward',
      checks: [
        {
          what: 'decided while there is enough',
          measured: medianOf(rounds, 'enough /s'),
          unit: 'per second',
          atLeast: DECIDED_PER_SECOND,
        },
        {
          what: 'decided while it runs out',
          measured: medianOf(rounds, 'too few /s'),
          unit: 'per second',
          atLeast: DECIDED_PER_SECOND,
        },
        {
          what: 'p99 while there is enough',
          measured: medianOf(rounds, 'enough p99 ms'),
          unit: 'ms',
        },
        { what: 'p99 while it runs out', measured: medianOf(rounds, 'too few p99 ms'), unit: 'ms' },
      ],
      columns: COLUMNS,
      rounds,
      ...(settings.profile ? { profile: await profile() } : {}),
      notes: [
        `One reward with a limit per member, asked for by members at random, one redemption per request over ${CONNECTIONS} connections: first with a stock for all, then with pieces for half of ${DECIDED_PER_SECOND.toLocaleString('en')} requests a second, so that it runs out on the way. ` +
          'After each run no more is sold than there is, each piece is one voucher and one answer, and all others were told that none are left; while one was, nobody was.',
        COST_NOTE,
      ],
    };
  });
}

type Crowd = Measured & { readonly sold: number; readonly none: number };

/** A run with so many pieces more than are sold; fails unless what was answered is what the database holds. */
async function crowd(
  stage: Stage,
  reward: MadeReward,
  pieces: number,
  { seconds }: Settings,
  profile = false,
): Promise<Crowd> {
  const { ledger, load } = stage;
  const id = readId('reward', reward.id) ?? '';
  const before = await readRedeemed(ledger, id);
  const workload = stage.workload({ kind: 'redemption', rewards: [reward] });
  await stockTo(ledger, reward, before.sold + pieces, `stock-${workload.run}`);
  const job = { workload, connections: CONNECTIONS, seconds, warmupSeconds: WARMUP_SECONDS };
  const measured = await measure(load, ledger, ledger.dataDir, job, profile);
  const { 201: sold = 0, 409: none = 0, ...others } = measured.statuses;
  if (Object.keys(others).length > 0 || measured.lost > 0)
    throw new Error(`not everything was decided: ${JSON.stringify(measured.statuses)}`);
  const now = await readRedeemed(ledger, id);
  assertWhole(now);
  const counted = { sold: now.fulfilled - before.fulfilled, none: now.refused - before.refused };
  if (counted.sold !== sold || counted.none !== none || (none > 0 && sold !== pieces))
    throw new Error(`answered ${JSON.stringify({ sold, none })}, held ${JSON.stringify(counted)}`);
  return { ...measured, sold, none };
}

function figuresOf(name: string, measured: Crowd): Record<string, number> {
  return {
    [`${name} /s`]: measured.requestsPerSecond,
    [`${name} p50 ms`]: measured.latencyMs.p50,
    [`${name} p99 ms`]: measured.latencyMs.p99,
    [`${name} sold`]: measured.sold,
    [`${name} refused`]: measured.none,
    ...usage(name, measured),
  };
}
