import { showId, type Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import { type Book, BudgetsUnsurveyed } from './book.ts';
import type { Counted, Limit } from './command.ts';

/**
 * The points every limit leaves room for: `all` needs room for the whole, `trim` takes what there is. A limit
 * of times leaves room for all of them or none.
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
    const mode = 'mode' in limit ? limit.mode : null;
    const needed = mode === 'all' ? points : granted;
    const left =
      'budget' in limit ? leftOf(book, limit.budget, needed) : roomOf(book, member, limit);
    if (left === null) return noBudget();
    if (left === 0 || (mode === 'all' && points > left)) return reached(limit, left);
    if (mode === 'trim') granted = Math.min(granted, left);
  }
  return granted;
}

function roomOf(
  book: Book,
  member: Uuid,
  { counter, max }: { readonly counter: string; readonly max: number },
): number {
  return Math.max(0, max - (book.counters.get(counterKey(member, counter)) ?? 0));
}

/**
 * What is left of a budget, as far as this shard knows; null when there is no such budget.
 *
 * @throws {BudgetsUnsurveyed} when its allotment is smaller than what is needed, and others were not asked
 */
export function leftOf(book: Book, budget: Uuid, needed: number): number | null {
  const allotment = book.allotments.get(budget);
  if (allotment === undefined) return null;
  if (allotment.left < needed && !allotment.surveyed) throw new BudgetsUnsurveyed();
  return allotment.left;
}

function reached(limit: Limit, left: number): Refusal {
  if ('budget' in limit) {
    const facts = { budgetId: showId('budget', limit.budget), left };
    return refusal('budget_exhausted', `the budget has ${left} points left`, facts);
  }
  const { counter } = limit;
  const what = 'unit' in limit ? 'times' : 'points';
  const message = `the limit ${counter} leaves room for ${left} ${what}`;
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

/** Counts what was granted on everything the limits name, once each, and marks the transaction with it. */
export function countGranted(
  book: Book,
  member: Uuid,
  granted: number,
  limits: readonly Counted[],
): void {
  count(book, member, { points: granted, times: 1 }, limits);
}

/**
 * Gives points back to everything the limits name, never below nothing, and marks the transaction with it;
 * `isUndone`: a time as well.
 */
export function giveBack(
  book: Book,
  member: Uuid,
  { points, isUndone }: { readonly points: number; readonly isUndone: boolean },
  limits: readonly Counted[],
): void {
  count(book, member, { points: -points, times: isUndone ? -1 : 0 }, limits);
}

function count(
  book: Book,
  member: Uuid,
  { points, times }: { readonly points: number; readonly times: number },
  limits: readonly Counted[],
): void {
  const marks = new Set<string>();
  for (const limit of limits) {
    const mark = markOfLimit(limit);
    if (marks.has(mark)) continue;
    marks.add(mark);
    if ('budget' in limit) spendBudget(book, limit.budget, points);
    else {
      const key = counterKey(member, limit.counter);
      const by = 'unit' in limit ? times : points;
      book.counters.set(key, Math.max(0, (book.counters.get(key) ?? 0) + by));
      book.changedCounters.add(key);
    }
  }
  book.marks.push(...marks);
}

/** Draws on a budget, or gives back to it when `points` are below zero. */
export function spendBudget(book: Book, budget: Uuid, points: number): void {
  const allotment = book.allotments.get(budget);
  if (allotment === undefined) throw new Error(`budget ${budget} was not loaded`);
  // Points may have been spent in another shard than the one they come back in.
  const moved = Math.max(points, -allotment.spent);
  allotment.left -= moved;
  allotment.spent += moved;
  allotment.spentMost = Math.max(allotment.spentMost, allotment.spent);
  book.changedAllotments.add(allotment);
}

/** What a transaction with these marks was counted on, for a return that gives it all back. */
export function countedBy(marks: readonly string[]): Counted[] {
  return marks.flatMap((mark): Counted | [] => {
    const at = mark.indexOf(' ');
    const [kind, name] = [mark.slice(0, at), mark.slice(at + 1)];
    if (kind === 'budget') return { budget: name as Uuid };
    if (kind === 'times') return { counter: name, unit: kind };
    return kind === 'counter' ? { counter: name } : [];
  });
}

/** What a limit counts on, without what it allows. */
export function countedOn(limit: Limit): Counted {
  if ('budget' in limit) return { budget: limit.budget };
  const { counter } = limit;
  return 'unit' in limit ? { counter, unit: limit.unit } : { counter };
}

export function markOfLimit(limit: Counted): string {
  if ('budget' in limit) return markOf('budget', limit.budget);
  return markOf('unit' in limit ? 'times' : 'counter', limit.counter);
}

export function counterKey(member: Uuid, counter: string): string {
  return `${member}/${counter}`;
}

/**
 * What an applied transaction was counted on besides accounts and lots; part of its leaf, so that
 * counters and budgets can be computed again from the chain.
 */
export function markOf(kind: 'counter' | 'times' | 'budget' | 'claim', name: string): string {
  return `${kind} ${name}`;
}
