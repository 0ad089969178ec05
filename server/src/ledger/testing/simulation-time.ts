import type { Instant } from '../../kernel/clock.ts';
import type { Turns } from '../../kernel/turns.ts';

/** When a simulation begins, by everybody's clock. */
export const START: Instant = Date.UTC(2027, 0, 1);
/** How much faster the programme's time passes, so that a run of seconds has months. */
export const HASTE = 1_000_000;

/** What the programme's clock shows when another one shows this. */
export function hasten(at: Instant): Instant {
  return START + Math.floor((at - START) * HASTE);
}

/** Time that passes only because things are done: no timer of the machine is ever waited for. */
export interface VirtualTime extends Turns {
  /** Milliseconds, with fractions, so that almost nothing happens at the same instant. */
  now(): Instant;
  sleep(ms: number): Promise<void>;
  /** Does what is due, in order, until nothing is left to happen. Answers how much was done. */
  run(): Promise<number>;
}

interface Due {
  readonly at: Instant;
  /** Things due at the same instant happen in the order they were asked for. */
  readonly order: number;
  readonly call: () => void;
}

export function createVirtualTime(start: Instant): VirtualTime {
  const heap: Due[] = [];
  let now = start;
  let order = 0;
  const after = (ms: number, call: () => void): void => {
    order += 1;
    push(heap, { at: now + ms, order, call });
  };
  return {
    now: () => now,
    next: (call) => after(0, call),
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    async run() {
      let done = 0;
      for (let due = pop(heap); due !== undefined; due = pop(heap)) {
        now = due.at;
        due.call();
        done += 1;
        // Every promise that this settled runs to its next wait before anything else happens.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return done;
    },
  };
}

const isBefore = (a: Due, b: Due): boolean => (a.at === b.at ? a.order < b.order : a.at < b.at);

function push(heap: Due[], due: Due): void {
  let at = heap.push(due) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(due, heap[parent] as Due)) break;
    heap[at] = heap[parent] as Due;
    at = parent;
  }
  heap[at] = due;
}

function pop(heap: Due[]): Due | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Due, heap[child] as Due)) child += 1;
    if (!isBefore(heap[child] as Due, last)) break;
    heap[at] = heap[child] as Due;
    at = child;
  }
  heap[at] = last;
  return first;
}
