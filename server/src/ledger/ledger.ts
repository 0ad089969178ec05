import type { Instant } from '../kernel/clock.ts';
import type { Slides } from '../kernel/expiry-policy.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Command } from './command.ts';
import type { Answer } from './transaction.ts';

/**
 * The only writer of points. A command never joins a caller's transaction: what must be written with
 * it travels inside the command.
 */
export interface Ledger {
  /** Applies one command durably, or refuses it. Throws `LedgerUnavailable` when the database cannot be reached in time. */
  submit(command: Command): Promise<Answer>;
  /** Independent commands, answered in order; one member's commands execute in this order. */
  submitAll(commands: readonly Command[]): Promise<Answer[]>;
  /** What the commands would do if submitted now, in this order: nothing is written. */
  preview(commands: readonly Command[]): Promise<Answer[]>;
  /** Where a member lives. */
  shardOf(member: Uuid): number;
  /** A new id that carries the member's shard. */
  newId(member: Uuid): Uuid;
  /**
   * Finishes what a crash left between a claim and its command, open since before `before`, the machine's time.
   * Answers how many.
   */
  resumeClaims(before: Instant): Promise<number>;
  /** Waits until everything submitted was answered. */
  drain(): Promise<void>;
}

/** The programme's own time: sandbox programmes run on a clock that can be set. */
export type ProgrammeClock = (programme: number) => Instant;

/** By how many months points of a programme may slide with what their members do; null: none do. */
export type ProgrammeSlides = (programme: number) => Slides | null;

/** The database could not be reached in time. The command may or may not be recorded: repeat it with its key. */
export class LedgerUnavailable extends Error {
  readonly retryAfterSeconds = 1;
  constructor(cause?: unknown) {
    super('the ledger is not available at the moment', { cause });
    this.name = 'LedgerUnavailable';
  }
}
