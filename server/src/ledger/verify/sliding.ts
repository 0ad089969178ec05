import { showId } from '../../kernel/id.ts';
import { type Problem, problem } from './finding.ts';
import type { EntryView, LeafView } from './leaf.ts';
import type { ReplayedLot, ReplayedLots } from './state.ts';

/** How marks begin that say that a lot slides: `slides <lot> <months>`. */
const SLIDES = 'slides ';

const DAY_MS = 24 * 60 * 60 * 1000;
/** The shortest and the longest that so many months can be. */
const MONTH_DAYS = { least: 28, most: 31 };

/**
 * The lots that slide, and what activities made of them: each extends all of an account that are open and have not
 * lapsed and slide by the same months, to one end that so many months can reach, or none of them. Nothing else
 * extends a lot but what gives points back to one that had lapsed.
 */
export class SlidingLots {
  /** By the number of the lot. */
  readonly months = new Map<number, number>();
  /** Numbers of lots, by the number of their account. */
  private readonly ofAccount = new Map<number, number[]>();
  /** By months: to when the transaction in hand extended what slides. */
  private readonly slid = new Map<number, number>();

  add({ number, account }: ReplayedLot, months: number): void {
    this.months.set(number, months);
    const own = this.ofAccount.get(account);
    if (own === undefined) this.ofAccount.set(account, [number]);
    else own.push(number);
  }

  /** Reads a mark of a transaction that made lots from number `first` on. */
  mark(mark: string, lots: ReplayedLots, first: number, wrong: Problem[]): void {
    if (!mark.startsWith(SLIDES)) return;
    const [id = '', months] = mark.slice(SLIDES.length).split(' ');
    const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
    const lot = bytes.length === 16 ? lots.find(bytes, 0) : undefined;
    const isMade = lot !== undefined && lot.number >= first && lot.expiresAt !== null;
    if (!isMade || !/^[1-9]\d{0,3}$/.test(months ?? ''))
      wrong.push(problem('slides_nothing', { mark }));
    else this.add(lot, Number(months));
  }

  /** What is wrong with an entry that extends this lot, if anything. */
  extend(
    lot: ReplayedLot,
    transaction: LeafView,
    { expiresAt }: EntryView,
  ): Problem['code'] | null {
    const { kind, effectiveAt } = transaction;
    const hasLapsed = lot.expiresAt !== null && lot.expiresAt <= effectiveAt;
    if (kind === 'refund' || kind === 'transfer_return')
      return hasLapsed ? null : 'extended_unasked';
    const months = this.months.get(lot.number);
    const isActivity = kind === 'issue' || kind === 'burn' || kind === 'capture';
    if (!isActivity || months === undefined || expiresAt === null) return 'extended_unasked';
    if (hasLapsed) return 'extended_late';
    if (lot.expiresAt !== null && expiresAt <= lot.expiresAt) return 'extended_back';
    const days = (expiresAt - effectiveAt) / DAY_MS;
    // The end of a month, so many after this one: a day more where clocks are put back.
    if (days < months * MONTH_DAYS.least - 1 || days > (months + 1) * MONTH_DAYS.most + 1)
      return 'extended_otherwise';
    const to = this.slid.get(months) ?? expiresAt;
    this.slid.set(months, to);
    return to === expiresAt ? null : 'extended_otherwise';
  }

  /** Whether all were extended that slide together; the transaction in hand is done. */
  finish({ effectiveAt }: LeafView, account: number, lots: ReplayedLots, wrong: Problem[]): void {
    if (this.slid.size === 0) return;
    for (const number of this.ofAccount.get(account) ?? []) {
      const to = this.slid.get(this.months.get(number) as number);
      const { remaining, expiresAt } = lots.at(number);
      if (to === undefined || remaining === 0 || expiresAt === null) continue;
      if (expiresAt > effectiveAt && expiresAt < to)
        wrong.push(problem('extended_in_part', { lot: showId('lot', lots.ids.uuidOf(number)) }));
    }
    this.slid.clear();
  }
}
