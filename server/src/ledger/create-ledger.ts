import type { Pool } from 'pg';
import type { Clock } from '../kernel/clock.ts';
import { newId, shardOfMember, type Uuid } from '../kernel/id.ts';
import { POINTS_MAX } from '../kernel/points.ts';
import type { Command } from './command.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Ledger, ProgrammeClock } from './ledger.ts';
import { createShardLane, previewBatch, type ShardLane, type Submitted } from './shard-lane.ts';
import { openLedger } from './open.ts';
import type { Answer } from './transaction.ts';

export interface LedgerOptions {
  /**
   * The ledger's own connections. Their number bounds how many shards write at once: with fewer
   * connections than busy shards, batches grow while they wait for one.
   */
  readonly pool: Pool;
  /** The machine's time, for recorded time. */
  readonly clock: Clock;
  readonly programmeClock: ProgrammeClock;
  /** Shards of a ledger made now; an existing one keeps its own. */
  readonly shards?: number;
  readonly maxBatch?: number;
  /** Commands that may wait in one shard before new ones are refused. */
  readonly maxQueue?: number;
  /** How long an unreachable database is tried before a command fails with `LedgerUnavailable`. */
  readonly patienceMs?: number;
}

/** Opens the ledger of a migrated database, making it when it is the first time. */
export async function createLedger(options: LedgerOptions): Promise<Ledger> {
  const { pool, clock, programmeClock, maxBatch = 512, maxQueue = 20_000, patienceMs = 10_000 } = options;
  const { shards } = await openLedger(pool, options.shards ?? 16, clock.now());
  const lanes: ShardLane[] = Array.from({ length: shards }, (_, shard) =>
    createShardLane({ pool, shard, clock, programmeClock, maxBatch, maxQueue, patienceMs }),
  );
  const shardOf = (member: Uuid): number => shardOfMember(member, shards);

  function submitted(command: Command): Submitted {
    assertCommand(command);
    return { command, fingerprint: fingerprintOf(command) };
  }
  function submit(command: Command): Promise<Answer> {
    return (lanes[shardOf(command.member)] as ShardLane).push(submitted(command));
  }

  return {
    submit,
    submitAll: (commands) => Promise.all(commands.map(submit)),
    async preview(commands) {
      const answers: Answer[] = [];
      for (const [shard, group] of groupByShard(commands, shardOf)) {
        const decided = await previewBatch({ pool, shard, clock, programmeClock }, group.map((each) => submitted(each.command)));
        for (const [index, each] of group.entries()) answers[each.index] = decided[index] as Answer;
      }
      return answers;
    },
    shardOf,
    newId: (member) => newId(clock.now(), shardOf(member)),
    async drain() {
      await Promise.all(lanes.map((lane) => lane.drain()));
    },
  };
}

function groupByShard(commands: readonly Command[], shardOf: (member: Uuid) => number): Map<number, { command: Command; index: number }[]> {
  const groups = new Map<number, { command: Command; index: number }[]>();
  for (const [index, command] of commands.entries()) {
    const shard = shardOf(command.member);
    const group = groups.get(shard);
    if (group === undefined) groups.set(shard, [{ command, index }]);
    else group.push({ command, index });
  }
  return groups;
}

/** The floors above check their input; what still arrives wrong is a bug there, and must not reach the chain. */
function assertCommand(command: Command): void {
  if (command.key.length === 0 || command.key.length > 256) throw new RangeError('a key has 1 to 256 characters');
  const points = 'points' in command ? command.points : undefined;
  if (points !== undefined) {
    const size = command.kind === 'adjust' ? Math.abs(points) : points;
    if (!Number.isSafeInteger(size) || size < 1 || size > POINTS_MAX) throw new RangeError('points must be a positive safe integer');
  }
}
