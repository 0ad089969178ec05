import type { Clock } from '../kernel/clock.ts';
import { newId, shardOfMember, type Uuid } from '../kernel/id.ts';
import { POINTS_MAX } from '../kernel/points.ts';
import type { Pool } from '../platform/database.ts';
import { claimFirst } from './claim-first.ts';
import type { Command } from './command.ts';
import { createEngine, type Engine, type EngineOptions } from './engine.ts';
import type { Ledger, ProgrammeClock, ProgrammeSlides } from './ledger.ts';
import { openLedger } from './open.ts';
import { withEnds } from './slide.ts';
import { postgresStorage } from './storage.ts';
import type { Answer } from './transaction.ts';

export interface LedgerOptions extends Omit<EngineOptions, 'shards' | 'storage'> {
  /** The ledger's own connections. */
  readonly pool: Pool;
  readonly programmeClock: ProgrammeClock;
  /** Absent: no points slide. */
  readonly slidesOf?: ProgrammeSlides;
  /** Shards of a ledger made now; an existing one keeps its own. */
  readonly shards?: number;
}

/** Opens the ledger of a migrated database, making it when it is the first time, and writes in this thread. */
export async function createLedger(options: LedgerOptions): Promise<Ledger> {
  const { pool, clock, programmeClock, slidesOf = noSlides } = options;
  const { shards } = await openLedger(pool, options.shards ?? 8, clock.now());
  return ledgerOver(createEngine({ ...options, storage: postgresStorage(pool), shards }), {
    pool,
    shards,
    clock,
    programmeClock,
    slidesOf,
  });
}

/** The ledger as the floors above use it, over an engine in this thread or in others. */
export function ledgerOver(
  inner: Engine,
  options: {
    pool: Pool;
    shards: number;
    clock: Clock;
    programmeClock: ProgrammeClock;
    slidesOf: ProgrammeSlides;
  },
): Ledger {
  const { shards, clock, programmeClock, slidesOf } = options;
  const engine = claimFirst(inner, options);
  const shardOf = (member: Uuid): number => shardOfMember(member, shards);
  const submission = (command: Command) => {
    assertCommand(command);
    const now = programmeClock(command.programme);
    return { command: withEnds(command, slidesOf(command.programme), now), now };
  };
  return {
    async submit(command) {
      const [answer] = await engine.submit([submission(command)]);
      return answer as Answer;
    },
    // All are checked before the first is sent.
    submitAll: async (commands) => engine.submit(commands.map(submission)),
    preview: async (commands) => engine.preview(commands.map(submission)),
    shardOf,
    newId: (member) => newId(clock.now(), shardOf(member)),
    resumeClaims: engine.resumeClaims,
    drain: engine.drain,
  };
}

const noSlides = () => null;

/** The floors above check their input; what still arrives wrong is a bug there, and must not reach the chain. */
function assertCommand(command: Command): void {
  if (command.key.length === 0 || command.key.length > 256)
    throw new RangeError('a key has 1 to 256 characters');
  const points = 'points' in command ? command.points : undefined;
  if (points !== undefined) {
    const size = command.kind === 'adjust' ? Math.abs(points) : points;
    assertPositive('points', size);
  }
  if (command.kind === 'convert') {
    assertPositive('rate.num', command.rate.num);
    assertPositive('rate.den', command.rate.den);
    if (command.to === command.pointType)
      throw new RangeError('it converts into another point type');
  }
  if (command.kind === 'transfer_in') {
    for (const { points: part } of command.lots) assertPositive('the points of a lot', part);
    if (command.debt !== 0) assertPositive('debt', command.debt);
  }
  if (command.kind === 'transfer_out' && command.to === command.member)
    throw new RangeError('it goes to another member');
  if (command.kind === 'burn' && command.overdraftMax !== undefined)
    assertPositive('overdraftMax', command.overdraftMax);
}

function assertPositive(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > POINTS_MAX)
    throw new RangeError(`${name} must be a positive safe integer`);
}
