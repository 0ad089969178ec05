import { showId, type Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import { type Book, BudgetsUnsurveyed } from './book.ts';
import type { BudgetLimit, Counted, CounterLimit, Limit } from './command.ts';

/**
 * The points every limit leaves room for: `all` needs room for the whole, `trim` takes what there is.
 *
 * @throws {BudgetsUnsurveyed} when a budget's allotment of this shard is too small to tell
 */
export function grantWithin(
  book: Book,
  member: Uuid,
  points: number,
  limits: readonly Limit[],
): number | Refusal {
  let granted = points;
  for (const limit of limits) {
    const needed = limit.mode === 'all' ? points : granted;
    const left = 'budget' in limit ? leftOf(book, limit, needed) : roomOf(book, member, limit);
    if (typeof left !== 'number') return left;
    if (left === 0 || (limit.mode === 'all' && points > left)) return reached(limit, left);
    if (limit.mode === 'trim') granted = Math.min(granted, left);
  }
  return granted;
}

function roomOf(book: Book, member: Uuid, { counter, max }: CounterLimit): number {
  return Math.max(0, max - (book.counters.get(counterKey(member, counter)) ?? 0));
}

function leftOf(book: Book, { budget }: BudgetLimit, needed: number): number | Refusal {
  const allotment = book.allotments.get(budget);
  if (allotment === undefined) return noBudget();
  if (allotment.left < needed && !allotment.surveyed) throw new BudgetsUnsurveyed();
  return allotment.left;
}

function reached(limit: Limit, left: number): Refusal {
  if ('budget' in limit) {
    const facts = { budgetId: showId('budget', limit.budget), left };
    return refusal('budget_exhausted', `the budget has ${left} points left`, facts);
  }
  const { counter } = limit;
  const message = `the limit ${counter} leaves room for ${left} points`;
  return refusal('limit_reached', message, { counter, left });
}

function noBudget(): Refusal {
  return refusal('budget_not_found', 'there is no such budget');
}

/** Why points cannot be given back to everything these name; null when they can. */
export function findNoBudget(book: Book, limits: readonly Counted[]): Refusal | null {
  const isThere = (limit: Counted): boolean =>
    !('budget' in limit) || book.allotments.has(limit.budget);
  return limits.every(isThere) ? null : noBudget();
}

/**
 * Counts what was granted (below zero: given back, never below nothing) on everything the limits name, once
 * each, and marks the transaction with it.
 */
export function countGranted(
  book: Book,
  member: Uuid,
  granted: number,
  limits: readonly Counted[],
): void {
  const marks = new Set<string>();
  for (const limit of limits) {
    const mark = markOfLimit(limit);
    if (marks.has(mark)) continue;
    marks.add(mark);
    if ('budget' in limit) spend(book, limit.budget, granted);
    else {
      const key = counterKey(member, limit.counter);
      book.counters.set(key, Math.max(0, (book.counters.get(key) ?? 0) + granted));
      book.changedCounters.add(key);
    }
  }
  book.marks.push(...marks);
}

function spend(book: Book, budget: Uuid, points: number): void {
  const allotment = book.allotments.get(budget);
  if (allotment === undefined) throw new Error(`budget ${budget} was not loaded`);
  // Points may have been spent in another shard than the one they come back in.
  const moved = Math.max(points, -allotment.spent);
  allotment.left -= moved;
  allotment.spent += moved;
  allotment.spentMost = Math.max(allotment.spentMost, allotment.spent);
  book.changedAllotments.add(allotment);
}

export function markOfLimit(limit: Counted): string {
  return 'budget' in limit ? markOf('budget', limit.budget) : markOf('counter', limit.counter);
}

export function counterKey(member: Uuid, counter: string): string {
  return `${member}/${counter}`;
}

/**
 * What an applied transaction was counted on besides accounts and lots; part of its leaf, so that
 * counters and budgets can be computed again from the chain.
 */
export function markOf(kind: 'counter' | 'budget' | 'claim', name: string): string {
  return `${kind} ${name}`;
}
