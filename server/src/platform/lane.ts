import { machineTurns, type Turns } from '../kernel/turns.ts';
import { stopwatch } from './telemetry/meter.ts';

/** Refused because {@link LaneOptions.maxQueue} items wait already: try again in a moment. */
export class LaneFull extends Error {
  constructor() {
    super('too many requests wait in this lane');
    this.name = 'LaneFull';
  }
}

export interface LaneOptions<I, O> {
  /**
   * Does one batch and answers every item, in order. A throw rejects every item of the batch;
   * answer an item with an Error instance inside the array to reject only that one.
   */
  readonly run: (batch: readonly I[]) => Promise<readonly (O | Error)[]>;
  readonly maxBatch: number;
  /** Told, as a batch leaves, how long some of its items waited. */
  readonly onLeave?: (waitedSeconds: number, items: number) => void;
  readonly maxQueue: number;
  /** Shared by lanes that compete for the same means; a batch is taken only once it may leave. */
  readonly gate?: Gate;
  readonly turns?: Turns;
}

/** Lets a number of batches through at a time, in the order they came. */
export interface Gate {
  enter(): Promise<void>;
  leave(): void;
}

/**
 * A gate for `permits` batches. Batches have a fixed cost, so when lanes outnumber what can usefully
 * run at once, it is better that each waits with an open batch than with a closed one.
 */
export function createGate(permits: number): Gate {
  let free = permits;
  const waiting: (() => void)[] = [];
  return {
    async enter() {
      if (free > 0) {
        free -= 1;
        return;
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave() {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}

/** A queue that sends what waits as one batch, with one batch in flight. */
export interface Lane<I, O> {
  push(item: I): Promise<O>;
  /**
   * Adds all of them or, when they do not fit, none; answers in their order, or fails as the first that
   * failed. Then what still waits of them is not done: whoever sends all of them again, until they are
   * answered, has each done after those before it.
   */
  pushAll(items: readonly I[]): Promise<O[]>;
  /** Items that wait or are in flight. */
  readonly depth: number;
  /** Resolves when nothing waits and nothing is in flight. */
  drain(): Promise<void>;
}

/** What came in together and is answered together. */
interface Group<O> {
  readonly answers: O[];
  left: number;
  failed: boolean;
  readonly resolve: (answers: O[]) => void;
  readonly reject: (reason: unknown) => void;
  /** The seconds since it came in. */
  readonly waited: () => number;
}

interface Waiting<I, O> {
  readonly item: I;
  readonly group: Group<O>;
  /** Its place in the group. */
  readonly place: number;
}

/**
 * Adaptive batching: a lone item leaves at once (with whatever else arrived in the same turn of the
 * event loop), and while a batch is in flight the next one gathers. Nobody waits for a timer, and the
 * busier the lane, the larger its batches.
 */
export function createLane<I, O>(options: LaneOptions<I, O>): Lane<I, O> {
  const { run, maxBatch, maxQueue, gate, onLeave, turns = machineTurns } = options;
  let waiting: Waiting<I, O>[] = [];
  let inFlight = 0;
  let idle: (() => void)[] = [];

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      await gate?.enter();
      const batch = waiting.length <= maxBatch ? waiting : waiting.slice(0, maxBatch);
      waiting = waiting.length <= maxBatch ? [] : waiting.slice(maxBatch);
      inFlight = batch.length;
      if (onLeave !== undefined) tellWaits(batch, onLeave);
      try {
        const answers = await run(batch.map((each) => each.item));
        if (answers.length !== batch.length) throw new Error('a batch must answer every item');
        for (let index = 0; index < batch.length; index += 1)
          answer(batch[index] as Waiting<I, O>, answers[index] as O | Error);
      } catch (error) {
        for (const { group } of batch) fail(group, error);
      }
      // Only its last group can have more waiting than what was in this batch.
      if (batch.at(-1)?.group.failed) waiting = waiting.filter(({ group }) => !group.failed);
      inFlight = 0;
      gate?.leave();
    }
    working = false;
    const resolves = idle;
    idle = [];
    for (const resolve of resolves) resolve();
  }

  function enqueue(
    items: readonly I[],
    resolve: Group<O>['resolve'],
    reject: Group<O>['reject'],
  ): void {
    if (waiting.length + items.length > maxQueue) {
      reject(new LaneFull());
      return;
    }
    const group: Group<O> = {
      answers: new Array(items.length),
      left: items.length,
      failed: false,
      resolve,
      reject,
      waited: stopwatch(),
    };
    for (let place = 0; place < items.length; place += 1)
      waiting.push({ item: items[place] as I, group, place });
    if (working) return;
    working = true;
    turns.next(() => void work());
  }

  let working = false;
  return {
    push: (item) =>
      new Promise((resolve, reject) =>
        enqueue([item], (answers) => resolve(answers[0] as O), reject),
      ),
    pushAll: (items) =>
      items.length === 0
        ? Promise.resolve([])
        : new Promise((resolve, reject) => enqueue(items, resolve, reject)),
    get depth() {
      return waiting.length + inFlight;
    },
    drain() {
      if (!working) return Promise.resolve();
      return new Promise((resolve) => idle.push(resolve));
    },
  };
}

/** Items of one group stand together: they are told at once. */
function tellWaits<I, O>(
  batch: readonly Waiting<I, O>[],
  onLeave: (waitedSeconds: number, items: number) => void,
): void {
  for (let first = 0; first < batch.length; ) {
    const { group } = batch[first] as Waiting<I, O>;
    let next = first + 1;
    while (batch[next]?.group === group) next += 1;
    onLeave(group.waited(), next - first);
    first = next;
  }
}

function answer<I, O>({ group, place }: Waiting<I, O>, given: O | Error): void {
  if (given instanceof Error) {
    fail(group, given);
    return;
  }
  group.answers[place] = given;
  group.left -= 1;
  if (group.left === 0) group.resolve(group.answers);
}

function fail<O>(group: Group<O>, reason: unknown): void {
  group.failed = true;
  group.reject(reason);
}
