import { assertWhole, readRedeemed } from '../fill/redeemed.ts';
import { codeFor, fillRewards, type MadeReward, type NewReward, stockTo } from '../fill/rewards.ts';
import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { type Stage, withStage } from '../stage.ts';
import { CONNECTIONS } from './interactive.ts';
import { COST_NOTE, type Measured, profileLedger, runLedger, show, usage } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const ROUNDS = 3;
const MERCHANTS = 40;
const REWARDS_PER_MERCHANT = 5;
/** More than all runs redeem, so that nothing is refused. */
const PLENTY = 1_000_000_000;
const RUNS = ['commands', 'redemptions'];
const COLUMNS = RUNS.flatMap((name) => [
  `${name} /s`,
  `${name} p50 ms`,
  `${name} p99 ms`,
  `${name} server µs`,
  `${name} database µs`,
  `${name} main thread busy`,
  `${name} batch`,
  `${name} other cores`,
]);

/** Redemptions one per request, beside plain commands. */
export async function redemptions(settings: Settings): Promise<Outcome> {
  const { seconds, say } = settings;
  return withStage({ ...settings, merchants: MERCHANTS }, async (stage) => {
    const rewards = await fill(stage, say);
    const quietly = undisturbed(settings);
    const job = (kind: 'single' | 'redemption') => ({
      workload: stage.workload({ kind, rewards }),
      connections: CONNECTIONS,
      seconds,
    });
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const figures = {
        ...figuresOf('commands', await quietly(() => runLedger(stage, job('single')))),
        ...figuresOf('redemptions', await quietly(() => redeem(stage, job('redemption')))),
      };
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'redemptions',
      checks: [
        {
          what: 'redemptions / plain commands, one per request',
          measured: medianRatio(rounds, 'redemptions /s', 'commands /s'),
          unit: 'share',
          atLeast: 0.4,
        },
        { what: 'redemptions', measured: medianOf(rounds, 'redemptions /s'), unit: 'per second' },
        {
          what: 'p50 of a redemption',
          measured: medianOf(rounds, 'redemptions p50 ms'),
          unit: 'ms',
        },
        {
          what: 'p99 of a redemption',
          measured: medianOf(rounds, 'redemptions p99 ms'),
          unit: 'ms',
        },
      ],
      columns: COLUMNS,
      rounds,
      ...(settings.profile ? { profile: await profileLedger(stage, job('redemption')) } : {}),
      notes: [
        `${rewards.length} rewards of ${MERCHANTS} merchants, of which every second has a stock, every third a limit per member and every fifth a quota, a code or a voucher each, some of them at a promotion's price; ` +
          `redeemed by ${stage.members.length.toLocaleString('en')} members at random, one per request over ${CONNECTIONS} connections, beside the plain commands of the interactive benchmark, in turns on the same server. ` +
          'After each run what was sold, what was handed out, what was taken and what was answered are the same count.',
        COST_NOTE,
      ],
    };
  });
}

/** A run, after which every answer is a redemption that is whole. */
async function redeem(stage: Stage, job: Parameters<typeof runLedger>[1]): Promise<Measured> {
  const before = await readRedeemed(stage.ledger);
  const measured = await runLedger(stage, job);
  const now = await readRedeemed(stage.ledger);
  assertWhole(now);
  if (now.fulfilled - before.fulfilled !== measured.acknowledged)
    throw new Error(
      `${measured.acknowledged} were answered, and there are ${now.fulfilled - before.fulfilled} more`,
    );
  return measured;
}

function figuresOf(name: string, measured: Measured): Record<string, number> {
  return {
    [`${name} /s`]: measured.commandsPerSecond,
    [`${name} p50 ms`]: measured.latencyMs.p50,
    [`${name} p99 ms`]: measured.latencyMs.p99,
    [`${name} p999 ms`]: measured.latencyMs.p999,
    ...usage(name, measured),
  };
}

async function fill(
  { ledger, merchants }: Stage,
  say: Settings['say'],
): Promise<readonly MadeReward[]> {
  const rewards = merchants.flatMap((merchantId, shop) =>
    Array.from({ length: REWARDS_PER_MERCHANT }, (_, place) =>
      rewardOf(merchantId, shop * REWARDS_PER_MERCHANT + place),
    ),
  );
  const promotions = merchants
    .filter((_, shop) => shop % 4 === 0)
    .map((merchantId, shop) => ({
      code: `sale-${shop}`,
      merchantId,
      body: {
        name: { zh: '兑换季' },
        when: { weekdays: [1, 2, 3, 4, 5, 6, 7] },
        price: { kind: 'ratio', num: 4, den: 5 },
      },
    }));
  say(`publishing ${rewards.length} rewards`);
  const made = await fillRewards(ledger, rewards, promotions);
  for (const [place, reward] of made.entries())
    if (place % 2 === 0) await stockTo(ledger, reward, PLENTY, `stock-${place}`);
  return made;
}

function rewardOf(merchantId: string, number: number): NewReward {
  const voucher = { form: 'no_threshold', offFen: 500, partial: false };
  const body = codeFor(merchantId, 1 + (number % 20), {
    ...(number % 3 === 0 ? { limits: [{ per: 'month', times: PLENTY }] } : {}),
    ...(number % 5 === 0 ? { quotas: [{ per: 'day', times: PLENTY }] } : {}),
    ...(number % 4 === 0
      ? { kind: 'voucher', fulfilment: { kind: 'voucher', voucher, lasts: { days: 90 } } }
      : {}),
  });
  return { code: `reward-${number}`, merchantId, body };
}
