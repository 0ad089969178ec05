import type { Instant } from '../../kernel/clock.ts';
import { createEngine, type Engine, type Submission } from '../engine.ts';
import type { Storage } from '../storage.ts';
import type { Answer } from '../transaction.ts';
import type { Dice } from './simulation-dice.ts';
import type { SimulatedDatabase } from './simulation-storage.ts';
import type { VirtualTime } from './simulation-time.ts';

/** How often things go wrong, in percent. Turned to nothing when a run comes to its end. */
export interface Weather {
  /** A statement never reaches the database; its process is told so. */
  lostBefore: number;
  /** A statement arrives and is done after its process was told that the connection broke. */
  lostAfterSend: number;
  /** A statement is done, and the connection breaks before the process hears of it. */
  lostAfterCommit: number;
  /** An answer, or a request, is lost between client and process. */
  clientLink: number;
  /** At some moment, a process crashes, the database restarts, or a clock jumps. */
  isRough: boolean;
}

export interface World {
  readonly time: VirtualTime;
  readonly database: SimulatedDatabase;
  readonly shards: number;
  readonly weather: Weather;
  /** The database takes no connection before this. */
  databaseUpAt: Instant;
  /** Notes what happened; two runs of one seed note the same. */
  readonly trace: (...what: readonly (string | number)[]) => void;
}

/** A server process with an engine of its own on the shared database: crashes, and is started again. */
export interface Process {
  /** Undefined when it is down. */
  readonly engine: Engine | undefined;
  /** This process's idea of the time, in whole milliseconds. */
  now(): Instant;
}

const SKEW_MS = 4_000;
const CRASH_EVERY_MS = 6_000;
const JUMP_EVERY_MS = 2_000;
const DOWN_MS = 1_000;
const PATIENCE_MS = 800;
const QUEUE_MAX = 64;
const MAX_BATCHES = [1, 2, 5, 16, 512];

export function startProcess(world: World, name: string, dice: Dice): Process {
  const { time, weather } = world;
  let skew = 0;
  const now = (): Instant => Math.floor(time.now() + skew);
  let life: { alive: boolean; readonly engine: Engine };
  const start = (): void => {
    const alive = { alive: true };
    life = Object.assign(alive, { engine: engineOf(world, name, dice, now, alive) });
    world.trace(name, 'starts');
  };
  const later = (everyMs: number, call: () => void): void =>
    time.after(dice.below(2 * everyMs), () => {
      if (!weather.isRough) return;
      call();
      later(everyMs, call);
    });
  start();
  later(JUMP_EVERY_MS, () => {
    skew = dice.below(2 * SKEW_MS) - SKEW_MS;
  });
  later(CRASH_EVERY_MS, () => {
    if (!life.alive) return;
    life.alive = false;
    world.trace(name, 'crashes');
    time.after(dice.below(DOWN_MS), start);
  });
  return {
    get engine() {
      return life.alive ? life.engine : undefined;
    },
    now,
  };
}

function engineOf(
  world: World,
  name: string,
  dice: Dice,
  now: () => Instant,
  life: { readonly alive: boolean },
): Engine {
  const { time } = world;
  const ifAlive = (call: () => void) => () => {
    if (life.alive) call();
  };
  return createEngine({
    storage: connect(world, name, dice, life),
    shards: world.shards,
    clock: { now },
    random: dice.bytes,
    turns: {
      next: (call) => time.next(ifAlive(call)),
      after: (ms, call) => time.after(ms, ifAlive(call)),
    },
    maxBatch: dice.pick(MAX_BATCHES) ?? 1,
    maxQueue: QUEUE_MAX,
    patienceMs: PATIENCE_MS,
  });
}

/** A cut connection, a restart, a full disk, a statement that took too long, a standby. */
const TROUBLES = ['ECONNRESET', '57P01', '53100', '57014', '25006'] as const;

class DatabaseTrouble extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`the database is in trouble: ${code}`);
    this.code = code;
  }
}

/** A connection on which statements and answers take their time, overtake each other and get lost. */
function connect(
  world: World,
  name: string,
  dice: Dice,
  life: { readonly alive: boolean },
): Storage {
  const { time, database, weather, trace } = world;
  const send = <T>(what: string, execute: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      const tell = (call: () => void): void =>
        time.after(delayMs(dice), () => {
          if (life.alive) call();
        });
      const trouble = dice.pick(TROUBLES) as string;
      const lost = (): void => tell(() => reject(new DatabaseTrouble(trouble)));
      if (time.now() < world.databaseUpAt || dice.chance(weather.lostBefore)) {
        trace(name, what, 'lost before');
        lost();
        return;
      }
      const isLate = dice.chance(weather.lostAfterSend);
      const isUnheard = dice.chance(weather.lostAfterCommit);
      if (isLate) lost();
      time.after(delayMs(dice) * (isLate ? 20 : 1), () => {
        // What was sent to a database that restarted meanwhile is not done.
        if (time.now() < world.databaseUpAt) {
          if (!isLate) lost();
          return;
        }
        try {
          const done = execute();
          trace(name, what, isLate ? 'late' : isUnheard ? 'unheard' : 'done', String(done));
          if (!isLate) (isUnheard ? lost : () => tell(() => resolve(done)))();
        } catch (error) {
          trace(name, what, String(error));
          if (!isLate) tell(() => reject(error as Error));
        }
      });
    });
  return {
    batchesMax: 2,
    readHead: (shard) => send(`head ${shard}`, () => database.readHead(shard)),
    // All prices are loaded, whenever the batch takes effect.
    async load(shard, commands, round, nextSeq, surveyed) {
      const loaded = await send(`load ${shard}`, () =>
        database.load(shard, commands, round, nextSeq, surveyed),
      );
      if (loaded.subjects.size > 0)
        await send(`subjects ${shard}`, () => database.loadSubjects(shard, loaded));
      if (commands.some((command) => command.kind === 'convert'))
        await send(`terms ${shard}`, () => database.loadTerms(shard, loaded.book));
      return loaded;
    },
    survey: (budgets) => send('survey', () => database.survey(budgets)),
    append: (block, book) =>
      send(`append ${block.shard} ${block.head.hash.toString('hex')}`, () =>
        database.append(block, book),
      ),
  };
}

/** Mostly quick, sometimes slow: in milliseconds. */
export function delayMs(dice: Dice): number {
  const usual = 0.2 + dice.below(2_000) / 1_000;
  return dice.chance(3) ? usual * 30 : usual;
}

/** A client's call to a process over a link that may lose it either way; undefined when no answer came in time. */
export function call(
  world: World,
  process: Process,
  submissions: readonly Submission[],
  dice: Dice,
  onAnswered: (answers: readonly Answer[]) => void,
): Promise<readonly Answer[] | Error | undefined> {
  const { time, weather } = world;
  return new Promise((resolve) => {
    time.after(CLIENT_TIMEOUT_MS, () => resolve(undefined));
    const isLost = dice.chance(weather.clientLink);
    const isUnheard = dice.chance(weather.clientLink);
    time.after(delayMs(dice), () => {
      const { engine } = process;
      if (isLost || engine === undefined) return;
      engine.submit(submissions).then(
        (answers) => {
          onAnswered(answers);
          if (!isUnheard) time.after(delayMs(dice), () => resolve(answers));
        },
        (error: unknown) => time.after(delayMs(dice), () => resolve(error as Error)),
      );
    });
  });
}

const CLIENT_TIMEOUT_MS = 1_200;
