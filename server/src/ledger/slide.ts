import type { Instant } from '../kernel/clock.ts';
import { type Slides, slidesTo } from '../kernel/expiry-policy.ts';
import type { Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import { type Book, type Lot, LotsMissing, type MemberAccount, spendingOrder } from './book.ts';
import type { Command, IssueCommand, Sliding } from './command.ts';
import { isLapsed, NOWHERE } from './lots.ts';

/**
 * The most open lots of one account that slide. The first activity of a month extends all of them in one
 * transaction; nothing that is issued makes more. What is sent or converted into the account is not refused.
 */
export const SLIDING_LOTS_MAX = 10_000;

export function tooManyLots(): Refusal {
  const message = `this account has ${SLIDING_LOTS_MAX} open lots that slide, and can have no more`;
  return refusal('too_many_sliding_lots', message, { max: SLIDING_LOTS_MAX });
}

/** How a transaction that makes a lot says in the chain that it slides. */
export function markOfSlide(lot: Uuid, months: number): string {
  return `slides ${lot} ${months}`;
}

/** A command with the ends that count from when it was asked to take effect; the same one where nothing slides. */
export function withEnds(command: Command, slides: Slides | null, now: Instant): Command {
  if (slides === null || !isActivity(command)) return command;
  const at = command.effectiveAt ?? now;
  const ends = slides.months.map((months) => ({
    months,
    to: slidesTo(months, at, slides.timeZone),
  }));
  return { ...command, sliding: { timeZone: slides.timeZone, ends } };
}

type Activity = Extract<Command, { kind: 'issue' | 'burn' | 'capture' }>;

/** What a member does, which keeps points that slide: earning and spending. */
function isActivity(command: Command): command is Activity {
  return command.kind === 'issue' || command.kind === 'burn' || command.kind === 'capture';
}

/**
 * When the lot of an issue lapses. One that slides counts from when the issue takes effect, which may be later
 * than it was asked to: then its member did something since.
 */
export function lapseOf(command: IssueCommand, at: Instant): Instant | null {
  const { expiresAt = null, slideMonths, sliding } = command;
  if (expiresAt === null || slideMonths === undefined || sliding === undefined) return expiresAt;
  return Math.max(expiresAt, slidesTo(slideMonths, at, sliding.timeZone));
}

/**
 * Lets what slides in the account last to the end that counts from `at`: every open lot that has not lapsed,
 * after what the command did itself. Nothing is brought back, and nothing shortened.
 *
 * @throws {LotsMissing} when lots that were not loaded would be extended too.
 */
export function slide(
  book: Book,
  account: MemberAccount,
  command: Activity,
  { timeZone, ends }: Sliding,
  at: Instant,
): void {
  if (command.kind === 'issue' && command.unasked === true) return;
  if (account.frontier === null && account.sliding.size === 0) return;
  for (const { months } of ends) {
    const to = slidesTo(months, at, timeZone);
    if (account.frontier !== null && to > (account.slidingUntil.get(months) ?? 0))
      throw new LotsMissing(account);
    const due = [...account.sliding].filter((lot) => isDue(lot, months, at, to));
    for (const lot of due.sort(spendingOrder)) {
      book.post(account, {
        kind: 'extend',
        ...{ from: NOWHERE, to: NOWHERE, points: 0, lot: lot.id, ref: null, expiresAt: to },
      });
      lot.expiresAt = to;
      book.changedLots.add(lot);
    }
    if (due.length > 0) book.reorder(account);
  }
}

function isDue(lot: Lot, months: number, at: Instant, to: Instant): boolean {
  const { slideMonths, remaining, expiresAt } = lot;
  return slideMonths === months && remaining > 0 && !isLapsed(lot, at) && (expiresAt ?? to) < to;
}

/** What each kind of entry does to what is left of its lot. */
const CHANGES: Readonly<Record<string, number>> = {
  issue: 1,
  restore: 1,
  take: -1,
  capture: -1,
  expire: -1,
  recover: -1,
};

/** Keeps the counts of open lots that slide, where they are known, by the entries of the transaction in hand. */
export function recountSliding(book: Book, accounts: readonly MemberAccount[]): void {
  if (accounts.every((each) => each.openSliding === null || each.sliding.size === 0)) return;
  const changes = new Map<Lot, number>();
  for (const { kind, lot: id, points } of book.entries) {
    const lot = kind in CHANGES ? book.lots.get(id) : undefined;
    if (lot === undefined || lot.slideMonths === null) continue;
    changes.set(lot, (changes.get(lot) ?? 0) + (CHANGES[kind] ?? 0) * points);
  }
  for (const [lot, change] of changes) {
    const was = lot.remaining - change > 0;
    const is = lot.remaining > 0;
    if (was === is) continue;
    const account = accounts.find((each) => each.sliding.has(lot));
    if (account !== undefined && account.openSliding !== null) account.openSliding += is ? 1 : -1;
  }
}
