import type { Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Book } from './book.ts';
import type { Limit } from './command.ts';

/** The points every limit leaves room for: `all` needs room for the whole, `trim` takes what there is. */
export function grantWithin(
  book: Book,
  member: Uuid,
  points: number,
  limits: readonly Limit[],
): number | Refusal {
  let granted = points;
  for (const limit of limits) {
    const left = Math.max(
      0,
      limit.max - (book.counters.get(counterKey(member, limit.counter)) ?? 0),
    );
    if (left === 0 || (limit.mode === 'all' && points > left)) {
      return refusal('limit_reached', `the limit ${limit.counter} leaves room for ${left} points`, {
        counter: limit.counter,
        left,
      });
    }
    if (limit.mode === 'trim') granted = Math.min(granted, left);
  }
  return granted;
}

/** Counts what was granted on everything the limits name, once each, and marks the transaction with it. */
export function countGranted(
  book: Book,
  member: Uuid,
  granted: number,
  limits: readonly Limit[],
): void {
  for (const counter of new Set(limits.map((limit) => limit.counter))) {
    const key = counterKey(member, counter);
    book.counters.set(key, (book.counters.get(key) ?? 0) + granted);
    book.changedCounters.add(key);
    book.marks.push(markOf('counter', counter));
  }
}

export function counterKey(member: Uuid, counter: string): string {
  return `${member}/${counter}`;
}

/**
 * What an applied transaction was counted on besides accounts and lots; part of its leaf, so that
 * counters can be computed again from the chain.
 */
export type MarkKind = 'counter';

export function markOf(kind: MarkKind, name: string): string {
  return `${kind} ${name}`;
}
