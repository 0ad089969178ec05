import type { Clock, Instant } from '../kernel/clock.ts';
import { type Random, randomSlice, shardOfMember } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { machineTurns, type Turns } from '../kernel/turns.ts';
import { createGate } from '../platform/lane.ts';
import { Meter } from '../platform/telemetry/meter.ts';
import type { Command } from './command.ts';
import { countStorage } from './count.ts';
import { fingerprintOf } from './fingerprint.ts';
import { scatter } from './scatter.ts';
import { createShardLane, previewBatch, type ShardLane, type Submitted } from './shard-lane.ts';
import type { Storage } from './storage.ts';
import type { Answer } from './transaction.ts';

/** A command with the programme's time at which it was submitted. */
export interface Submission {
  readonly command: Command;
  readonly now: Instant;
  /** Why it must not be applied, found out before; recorded like every refusal, unless its key was answered already. */
  readonly refusal?: Refusal;
}

/** What decides and writes: in this thread, or in threads of its own (threads.ts). */
export interface Engine {
  /** Answered in order; those of one shard are decided in this order. */
  submit(submissions: readonly Submission[]): Promise<Answer[]>;
  /** Decided like that without being written. */
  preview(submissions: readonly Submission[]): Promise<Answer[]>;
  drain(): Promise<void>;
}

export interface EngineOptions {
  /** It bounds how many batches are under way at once; the lanes of the other shards gather larger ones meanwhile. */
  readonly storage: Storage;
  readonly shards: number;
  /** The machine's time, for recorded time. */
  readonly clock: Clock;
  readonly maxBatch?: number;
  /** Commands that may wait in one shard before new ones are refused. */
  readonly maxQueue?: number;
  /** How long an unreachable database is tried before a command fails with `LedgerUnavailable`. */
  readonly patienceMs?: number;
  /** Where batches and answers are counted. */
  readonly meter?: Meter;
  /** Other than the machine's own only in a simulation. */
  readonly random?: Random;
  readonly turns?: Turns;
}

export function createEngine(options: EngineOptions): Engine {
  const { shards, clock, random = randomSlice, turns = machineTurns } = options;
  const { maxBatch = 512, maxQueue = 20_000, patienceMs = 10_000, meter = new Meter() } = options;
  const storage = countStorage(options.storage, meter);
  const gate = createGate(storage.batchesMax);
  const lanes: ShardLane[] = Array.from({ length: shards }, (_, shard) =>
    createShardLane({
      storage,
      shard,
      clock,
      random,
      turns,
      maxBatch,
      maxQueue,
      patienceMs,
      gate,
      meter,
    }),
  );
  meter.onRead(() => {
    for (const [shard, lane] of lanes.entries())
      meter.set('hongmi_ledger_queue_depth', lane.depth, String(shard));
  });
  const shardOf = ({ command }: Submission): number => shardOfMember(command.member, shards);
  const submitted = ({ command, now, refusal }: Submission): Submitted => ({
    command,
    now,
    refusal: refusal ?? null,
    fingerprint: fingerprintOf(command),
  });
  return {
    submit: (submissions) =>
      scatter(submissions, shardOf, (shard, those) =>
        (lanes[shard] as ShardLane).pushAll(those.map(submitted)),
      ),
    preview: (submissions) =>
      scatter(submissions, shardOf, (shard, those) =>
        previewBatch({ storage: options.storage, shard, clock, random }, those.map(submitted)),
      ),
    async drain() {
      await Promise.all(lanes.map((lane) => lane.drain()));
    },
  };
}
