import { createHash } from 'node:crypto';
import { newId, shardOfMember, type Uuid } from '../../kernel/id.ts';
import { type ModelPrice, NOBODY } from './reference-prices.ts';
import { type Asked, runClient } from './simulation-clients.ts';
import type { Cast, Patron } from './simulation-commands.ts';
import { createDice, type Dice } from './simulation-dice.ts';
import { judgeSimulation } from './simulation-judge.ts';
import { startProcess, type World } from './simulation-process.ts';
import { SimulatedDatabase } from './simulation-storage.ts';
import { createVirtualTime, hasten, START } from './simulation-time.ts';

const SHARDS = 3;
const PROCESSES = 3;
const CLIENTS = 32;
const PATRONS_PER_THOUSAND = 12;
const BUDGETS = 80;
const BUDGET_MAX = 700;
const POINT_TYPES = [1, 2];
/** Of each merchant and point type; micro-fen, so few that rounding shows; in how many milliseconds they begin. */
const PRICES = 12;
const PRICE_MAX = 40;
const PRICED_MS = 100_000;
const DATABASE_RESTART_EVERY_MS = 5_000;
const DATABASE_DOWN_MS = 1_500;
/** More faults are of no use to anyone who looks for the first. */
const FAULTS_SHOWN = 20;

export interface Simulated {
  readonly commands: number;
  readonly recorded: number;
  readonly repeats: number;
  /** Things that happened, in virtual time of so many milliseconds. */
  readonly events: number;
  readonly virtualMs: number;
  /** Recorded transactions by kind, and those refused by their code. */
  readonly applied: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, number>>;
  /** Rows of who owes whom, by kind. */
  readonly accrued: Readonly<Record<string, number>>;
  /** Lots that activities let last longer, as often as they did. */
  readonly extended: number;
  /** SHA-256 of everything that happened, in order: the same for the same seed and size. */
  readonly trace: string;
}

/**
 * Clients and server processes over a database that is slow, restarts and loses answers, all in virtual
 * time and from one seed, with the engine, its lanes and its decisions as they run in production. When
 * the clients have sent `commands`, the weather clears, everything must be answered, and the whole is
 * judged by the reference model.
 *
 * @throws when anything differs, with the seed.
 */
export async function simulate(seed: number, commands: number): Promise<Simulated> {
  const dice = createDice(seed);
  const trace = createHash('sha256');
  const time = createVirtualTime(START);
  const world: World = {
    time,
    database: new SimulatedDatabase(SHARDS),
    shards: SHARDS,
    weather: {
      lostBefore: 1,
      lostAfterSend: 1,
      lostAfterCommit: 2,
      clientLink: 1,
      isRough: true,
    },
    databaseUpAt: START,
    trace: (...what) => {
      trace.update(`${time.now()} ${what.join(' ')}\n`);
    },
  };
  const processes = Array.from({ length: PROCESSES }, (_, index) =>
    startProcess(world, `process ${index}`, dice.fork()),
  );
  restartDatabase(world, dice.fork());
  const cast: Cast = {
    patrons: patronsOf(Math.ceil((commands * PATRONS_PER_THOUSAND) / 1_000), dice.fork()),
    budgets: budgetsOf(world.database, dice.fork()),
  };
  const prices = pricesOf(world.database, cast, dice.fork());
  const asked: Asked = { requests: [], groups: [], sent: new Set(), repeats: 0 };
  let unfinished = CLIENTS;
  const clients = Array.from({ length: CLIENTS }, async (_, index) => {
    const options = {
      name: `c${index}`,
      commands: Math.ceil(commands / CLIENTS),
      dice: dice.fork(),
    };
    await runClient(world, processes, cast, asked, options);
    unfinished -= 1;
    if (unfinished === 0) clear(world);
  });
  const events = await time.run();
  const failed = (what: string): Error => new Error(`simulation, seed ${seed}: ${what}`);
  if (unfinished > 0) throw failed(`${unfinished} clients wait for ever`);
  await Promise.all(clients);
  const faults = judgeSimulation(asked, world.database, prices);
  if (faults.length > 0)
    throw failed(`${faults.length} faults\n${faults.slice(0, FAULTS_SHOWN).join('\n')}`);
  return {
    commands: asked.requests.length,
    recorded: world.database.shards.reduce((sum, rows) => sum + rows.recorded.length, 0),
    repeats: asked.repeats,
    events,
    virtualMs: Math.round(time.now() - START),
    ...outcomesOf(world.database),
    trace: trace.digest('hex'),
  };
}

function outcomesOf({
  recorded,
  shards,
}: SimulatedDatabase): Pick<Simulated, 'applied' | 'refused' | 'accrued' | 'extended'> {
  const accrued: Record<string, number> = {};
  for (const { kind } of shards.flatMap((rows) => [...rows.accruals.values()].flat()))
    accrued[kind] = (accrued[kind] ?? 0) + 1;
  const applied: Record<string, number> = {};
  const refused: Record<string, number> = {};
  let extended = 0;
  for (const { transaction } of recorded) {
    const { kind, refusal, entries } = transaction;
    if (['issue', 'burn', 'capture'].includes(kind))
      extended += entries.filter((entry) => entry.kind === 'extend').length;
    if (refusal === null) applied[kind] = (applied[kind] ?? 0) + 1;
    else refused[refusal.code] = (refused[refusal.code] ?? 0) + 1;
  }
  return { applied, refused, accrued, extended };
}

function restartDatabase(world: World, dice: Dice): void {
  world.time.after(dice.below(2 * DATABASE_RESTART_EVERY_MS), () => {
    if (!world.weather.isRough) return;
    world.databaseUpAt = world.time.now() + dice.below(DATABASE_DOWN_MS);
    world.trace('the database restarts');
    restartDatabase(world, dice);
  });
}

function clear({ weather }: World): void {
  Object.assign(weather, { lostBefore: 0, lostAfterSend: 0, lostAfterCommit: 0, clientLink: 0 });
  weather.isRough = false;
}

function patronsOf(count: number, dice: Dice): Patron[] {
  const merchants = [0, 1].map(() => newId(START, undefined, dice.bytes));
  return Array.from({ length: count }, (_, index) => {
    const member = newId(START, undefined, dice.bytes);
    const known = {
      earns: [],
      burns: [],
      holds: [],
      answered: [],
      arriving: [],
      returning: [],
      arrived: [],
    };
    const isCollector = index % 20 === 0;
    return { member, shard: shardOfMember(member, SHARDS), isCollector, merchants, ...known };
  });
}

/** Prices that change all the time, and merchants that close for a while. */
function pricesOf(database: SimulatedDatabase, { patrons }: Cast, dice: Dice): ModelPrice[] {
  const prices: ModelPrice[] = [];
  for (const merchant of [NOBODY, ...(patrons[0]?.merchants ?? [])])
    for (const pointType of POINT_TYPES) {
      const rows = Array.from({ length: PRICES }, () => {
        const reimbursement = dice.below(PRICE_MAX);
        const closed = dice.pick(['issuing', 'accepting', ...Array(8).fill('nothing')]);
        return {
          ...{ merchant, pointType, from: hasten(START + dice.below(PRICED_MS)), reimbursement },
          ...{ issuePrice: dice.below(PRICE_MAX), fee: dice.below(reimbursement + 1) },
          issuing: closed === 'issuing' ? 'issuing_closed' : null,
          accepting: closed === 'accepting' ? 'accepting_closed' : null,
          ...{ funding: null, quota: null },
        };
      }).sort((a, b) => a.from - b.from);
      for (const row of rows) database.addPrice(merchant, row);
      prices.push(...rows);
    }
  return prices;
}

/** Most of them are too small for what will be asked of them. */
function budgetsOf({ budgets }: SimulatedDatabase, dice: Dice): Uuid[] {
  const ids = Array.from({ length: BUDGETS }, () => newId(START, undefined, dice.bytes));
  for (const id of ids) budgets.make(id, dice.below(BUDGET_MAX));
  return ids;
}
