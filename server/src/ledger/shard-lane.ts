import type { Clock, Instant } from '../kernel/clock.ts';
import { newId, type Random, type Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Turns } from '../kernel/turns.ts';
import { isConnectionError } from '../platform/connection-error.ts';
import { createLane, type Gate } from '../platform/lane.ts';
import { type Meter, stopwatch } from '../platform/telemetry/meter.ts';
import { blockAfter, type Head } from './append.ts';
import { type Book, BudgetsUnsurveyed, LotsMissing, type Written } from './book.ts';
import type { Command } from './command.ts';
import { countAnswers } from './count.ts';
import { decide } from './decide.ts';
import { LedgerUnavailable } from './ledger.ts';
import type { Survey } from './load.ts';
import type { RecordedTransaction } from './record.ts';
import type { Storage } from './storage.ts';
import type { Answer, Receipt } from './transaction.ts';

export interface Submitted {
  readonly command: Command;
  readonly fingerprint: Buffer;
  /** The programme's time when it was submitted. */
  readonly now: Instant;
  readonly refusal: Refusal | null;
}

export interface ShardLane {
  pushAll(items: readonly Submitted[]): Promise<Answer[]>;
  /** Commands that wait or are in flight. */
  readonly depth: number;
  drain(): Promise<void>;
}

interface ShardOptions {
  readonly storage: Storage;
  readonly shard: number;
  readonly clock: Clock;
  /** For ids and salts. */
  readonly random: Random;
}

/**
 * Of two processes that decide at once one does so in vain (measured: two of five batches), and the one
 * further from the database might lose for ever. Who lost a race, or noticed another at the shard, asks for
 * his turn before as many of his next batches.
 */
const WARY_BATCHES = 64;

/**
 * The single writer of one shard in this process. A batch is loaded, decided in memory and appended as
 * a block after the head it was decided on. When another process was faster, or the connection broke
 * before the answer came, the same batch is loaded and decided again: what was recorded is found by its
 * key and answered as recorded, so nothing is ever done twice.
 */
export function createShardLane(
  options: ShardOptions & {
    readonly maxBatch: number;
    readonly maxQueue: number;
    readonly patienceMs: number;
    readonly gate: Gate;
    readonly turns: Turns;
    readonly meter: Meter;
  },
): ShardLane {
  const { storage, shard, clock, random, patienceMs, turns, meter } = options;
  let head: Head | null = null;
  let wary = 0;

  /** A batch in its turn, while there are rivals; without a turn it is only more likely to be in vain. */
  function attemptInTurn(batch: readonly Submitted[]): Promise<Answer[] | null> {
    if (wary === 0 || storage.alone === undefined) return attempt(batch, false);
    wary -= 1;
    return storage.alone(shard, () => {
      head = null;
      return attempt(batch, true);
    });
  }

  async function attempt(batch: readonly Submitted[], inTurn: boolean): Promise<Answer[] | null> {
    head ??= await storage.readHead(shard);
    const decided = await decideBatch(options, batch, head.entries, meter);
    if (decided.written.length === 0) return decided.answer([]);
    const encoding = stopwatch();
    const block = blockAfter(head, shard, decided.book, decided.written, clock.now(), random);
    meter.observe('hongmi_ledger_batch_seconds', encoding(), 'encode');
    const { done, rivals } = await storage.append(block, decided.book);
    if (!done || (rivals && !inTurn)) wary = WARY_BATCHES;
    if (!done) return null;
    head = block.head;
    return decided.answer(block.receipts);
  }

  async function run(batch: readonly Submitted[]): Promise<readonly (Answer | Error)[]> {
    let waited = 0;
    for (let tries = 0; ; tries += 1) {
      const started = clock.now();
      try {
        const answers = await attemptInTurn(batch);
        if (answers !== null) return answers;
        head = null;
      } catch (error) {
        head = null;
        if (!isConnectionError(error)) return isolate(batch, error);
        const pauseMs = Math.min(500, 10 * 2 ** Math.min(tries, 6));
        // The machine's clock may be set back meanwhile: that must not make the wait endless.
        waited += Math.max(0, clock.now() - started) + pauseMs;
        if (waited > patienceMs) throw new LedgerUnavailable(error);
        meter.add('hongmi_ledger_retries_total', 1, 'connection');
        await pause(turns, pauseMs);
      }
    }
  }

  /** One command that the database cannot take must not fail the others: halves are tried apart. */
  async function isolate(
    batch: readonly Submitted[],
    error: unknown,
  ): Promise<readonly (Answer | Error)[]> {
    if (batch.length === 1) return [error instanceof Error ? error : new Error(String(error))];
    meter.add('hongmi_ledger_retries_total', 1, 'split');
    const half = batch.length >> 1;
    return [...(await run(batch.slice(0, half))), ...(await run(batch.slice(half)))];
  }

  return createLane<Submitted, Answer>({
    run: (batch) => countAnswers(meter, batch, run),
    onLeave: (waited, commands) =>
      meter.observeMany('hongmi_ledger_lane_wait_seconds', waited, commands),
    maxBatch: options.maxBatch,
    maxQueue: options.maxQueue,
    gate: options.gate,
    turns,
  });
}

/** What a batch would be answered, without writing it. */
export async function previewBatch(
  options: ShardOptions,
  batch: readonly Submitted[],
): Promise<Answer[]> {
  const head = await options.storage.readHead(options.shard);
  const decided = await decideBatch(options, batch, head.entries);
  return decided.answer([]);
}

interface Decided {
  readonly book: Book;
  readonly written: Written[];
  /** The answers in the batch's order; `receipts` belong to `written`. */
  readonly answer: (receipts: readonly Receipt[]) => Answer[];
}

async function decideBatch(
  options: ShardOptions,
  batch: readonly Submitted[],
  nextSeq: number,
  meter?: Meter,
): Promise<Decided> {
  const { storage, shard, clock, random } = options;
  const commands = batch.map((each) => each.command);
  const since = Math.min(...batch.map(({ command, now }) => command.effectiveAt ?? now));
  let surveyed: Survey = new Map();
  for (let round = 0; ; ) {
    const { book, replays } = await storage.load(
      ...([shard, commands, round, nextSeq, surveyed, since] as const),
    );
    const machineNow = clock.now();
    const deciding = stopwatch();
    try {
      return decideAll(book, batch, replays, () => newId(machineNow, shard, random));
    } catch (error) {
      if (error instanceof LotsMissing) round += 1;
      else if (error instanceof BudgetsUnsurveyed)
        surveyed = await storage.survey([...book.allotments.keys()]);
      else throw error;
    } finally {
      meter?.observe('hongmi_ledger_batch_seconds', deciding(), 'decide');
    }
  }
}

function decideAll(
  book: Book,
  batch: readonly Submitted[],
  replays: ReadonlyMap<string, RecordedTransaction>,
  freshId: () => Uuid,
): Decided {
  const written: Written[] = [];
  const decidedHere = new Map<string, { fingerprint: Buffer; index: number }>();
  const answers = batch.map(
    ({ command, fingerprint, now, refusal: found }): ((receipts: readonly Receipt[]) => Answer) => {
      const recorded = replays.get(command.key);
      if (recorded !== undefined) {
        const same = recorded.fingerprint === fingerprint.toString('hex');
        return () => (same ? answerOf(recorded.transaction, recorded.receipt, true) : keyReused());
      }
      const earlier = decidedHere.get(command.key);
      if (earlier !== undefined) {
        const same = earlier.fingerprint.equals(fingerprint);
        return (receipts) =>
          same
            ? answerOf(
                (written[earlier.index] as Written).transaction,
                receipts[earlier.index] ?? null,
                true,
              )
            : keyReused();
      }
      const index = written.length;
      written.push(decide(book, command, fingerprint, { now, newId: freshId, refusal: found }));
      decidedHere.set(command.key, { fingerprint, index });
      return (receipts) =>
        answerOf((written[index] as Written).transaction, receipts[index] ?? null, false);
    },
  );
  return { book, written, answer: (receipts) => answers.map((answer) => answer(receipts)) };
}

function answerOf(
  transaction: Written['transaction'],
  receipt: Receipt | null,
  replayed: boolean,
): Answer {
  return transaction.refusal === null
    ? { status: 'applied', replayed, transaction, receipt }
    : { status: 'refused', replayed, refusal: transaction.refusal, transaction, receipt };
}

function keyReused(): Answer {
  const reason = refusal('idempotency_key_reused', 'this key was used before with another request');
  return { status: 'refused', replayed: false, refusal: reason, transaction: null, receipt: null };
}

function pause(turns: Turns, ms: number): Promise<void> {
  return new Promise((resolve) => turns.after(ms, resolve));
}
