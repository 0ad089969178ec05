import { setTimeout } from 'node:timers/promises';
import { callApi } from '../api.ts';
import { fillProgramme, type MadeRule, publish, RULES } from '../fill/programme.ts';
import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import type { LedgerServer } from '../processes/server.ts';
import { type Stage, withStage } from '../stage.ts';
import { COMMANDS, REQUESTS_IN_FLIGHT } from './bulk.ts';
import { CONNECTIONS } from './interactive.ts';
import { COST_NOTE, type Measured, profileLedger, runLedger, show, usage } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const ROUNDS = 3;
const MERCHANTS = 40;
const PUBLISH_EVERY_MS = 1_000;
/** What is published counts no sooner (server/src/platform/publishing/lead.ts). */
const LEAD_MS = 12_000;
const RUNS = ['commands', 'orders', 'orders, publishing', 'commands in bulk', 'orders in bulk'];
const COLUMNS = RUNS.flatMap((name) => [
  `${name} /s`,
  `${name} p99 ms`,
  `${name} max ms`,
  `${name} server µs`,
  `${name} database µs`,
  `${name} main thread busy`,
  `${name} batch`,
  `${name} awards`,
  `${name} other cores`,
]);

/** Orders rated by two hundred rules beside plain commands, one per request and in bulk; and while rules are published. */
export async function orders(settings: Settings): Promise<Outcome> {
  const { seconds, say } = settings;
  return withStage({ ...settings, merchants: MERCHANTS }, async (stage) => {
    say(`publishing ${RULES} rules`);
    const rules = await fillProgramme(stage.ledger, stage.merchants, settings.seed);
    const quietly = undisturbed(settings);
    const single = (kind: 'single' | 'order') => jobOf(stage, kind, CONNECTIONS, seconds);
    const many = (kind: 'bulk' | 'orders') => jobOf(stage, kind, REQUESTS_IN_FLIGHT, seconds);
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const figures: Record<string, number> = {
        ...figuresOf('commands', await quietly(() => runLedger(stage, single('single')))),
        ...figuresOf('orders', await quietly(() => runLedger(stage, single('order')))),
        ...figuresOf(
          'orders, publishing',
          await quietly(() =>
            whilePublishing(stage.ledger, rules, () => runLedger(stage, single('order'))),
          ),
        ),
        ...figuresOf('commands in bulk', await quietly(() => runLedger(stage, many('bulk')))),
        ...figuresOf('orders in bulk', await quietly(() => runLedger(stage, many('orders')))),
      };
      for (const name of RUNS)
        figures[`${name} µs`] =
          (figures[`${name} server µs`] ?? 0) + (figures[`${name} database µs`] ?? 0);
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'orders',
      checks: [
        {
          what: 'orders / plain commands, one per request',
          measured: medianRatio(rounds, 'orders /s', 'commands /s'),
          unit: 'share',
          atLeast: 0.6,
        },
        {
          what: 'processor time, an order / a command',
          measured: medianRatio(rounds, 'orders µs', 'commands µs'),
          unit: 'times',
        },
        { what: 'orders', measured: medianOf(rounds, 'orders /s'), unit: 'per second' },
        { what: 'p99 of an order', measured: medianOf(rounds, 'orders p99 ms'), unit: 'ms' },
        {
          what: 'while rules are published / orders',
          measured: medianRatio(rounds, 'orders, publishing /s', 'orders /s'),
          unit: 'share',
          atLeast: 0.9,
        },
        {
          what: 'p99 while rules are published / p99',
          measured: medianRatio(rounds, 'orders, publishing p99 ms', 'orders p99 ms'),
          unit: 'times',
          atMost: 1.5,
        },
        {
          what: 'orders / plain commands, in bulk',
          measured: medianRatio(rounds, 'orders in bulk /s', 'commands in bulk /s'),
          unit: 'share',
        },
        {
          what: 'orders in bulk',
          measured: medianOf(rounds, 'orders in bulk /s'),
          unit: 'per second',
        },
      ],
      columns: COLUMNS,
      rounds,
      ...(settings.profile ? { profile: await profileLedger(stage, single('order')) } : {}),
      notes: [
        `Orders of one to four lines at ${MERCHANTS} shops, of ${stage.members.length.toLocaleString('en')} members who have a birthday, a segment and, from what they buy, a tier, ` +
          `rated by ${RULES} rules of the mall and its shops, some with caps, a budget, an expression or points of another type; beside the plain commands of the interactive and of ` +
          'the bulk benchmark, in turns on the same server. The awards are the commands of the ledger that an order came to. While rules are published, a version is published every second, and ' +
          'one that was published before begins to count.',
        COST_NOTE,
      ],
    };
  });
}

function jobOf(
  stage: Stage,
  kind: 'single' | 'order' | 'bulk' | 'orders',
  connections: number,
  seconds: number,
) {
  return { workload: stage.workload({ kind, commands: COMMANDS }), connections, seconds };
}

function figuresOf(name: string, measured: Measured): Record<string, number> {
  return {
    [`${name} /s`]: measured.commandsPerSecond,
    [`${name} p50 ms`]: measured.latencyMs.p50,
    [`${name} p99 ms`]: measured.latencyMs.p99,
    [`${name} p999 ms`]: measured.latencyMs.p999,
    [`${name} max ms`]: measured.latencyMs.max,
    ...usage(name, measured),
  };
}

let publications = 0;

/** Publishes a version every second before and during `work`, from when the first of them counts. */
async function whilePublishing<T>(
  ledger: LedgerServer,
  rules: readonly MadeRule[],
  work: () => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const publishing = publishOn(ledger, rules, ending.signal);
  try {
    await Promise.race([setTimeout(LEAD_MS), publishing]);
    const [done] = await Promise.all([work().finally(() => ending.abort()), publishing]);
    return done;
  } finally {
    ending.abort();
    await publishing.catch(() => undefined);
  }
}

async function publishOn(
  ledger: LedgerServer,
  rules: readonly MadeRule[],
  until: AbortSignal,
): Promise<void> {
  while (!until.aborted) {
    const nextAt = Date.now() + PUBLISH_EVERY_MS;
    const number = publications;
    publications += 1;
    const { id, body } = rules[number % rules.length] as MadeRule;
    const draft = { body: { ...body, name: `version ${number}` } };
    await callApi(ledger, `/v1/rules/${id}/draft`, draft, `draft-${number}`, 'PUT');
    await publish(ledger, id, `publication-${number}`);
    await setTimeout(Math.max(0, nextAt - Date.now()));
  }
}
