import { localDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { splitByLargestRemainder } from '../../kernel/points.ts';
import type { Award } from '../rating.ts';
import type { Scene } from '../scene.ts';

/** What a simulation goes by of its programme. */
export interface ReplayTerms {
  readonly timeZone: string;
  /** When points of a type lapse if nothing else is said; null: never. */
  usualExpiry(pointType: string, at: Instant): Instant | null;
  /** What so many points of a type are worth for guidance; null: nobody said. */
  guidanceOf(pointType: string): { readonly points: number; readonly fen: number } | null;
  /** What budgets have in all. */
  readonly budgets: ReadonlyMap<Uuid, number>;
}

/** Points that were asked for, and what caps and budgets left of them. */
export interface Counted {
  awards: number;
  asked: number;
  points: number;
}

const NEVER = 'never';

/** What one set of rules gives in all, under keys that name what is counted. */
export class Tally {
  refused = 0;
  /** By version (empty: the merchants' own ratios) and point type. */
  readonly byVersion = new Map<string, Counted>();
  /** By merchant and point type. */
  readonly byFunder = new Map<string, number>();
  /** By point type and month of expiry. */
  readonly byMonth = new Map<string, number>();
  /** By point type, then by the member's number. */
  readonly byMember = new Map<string, number[]>();
  readonly #terms: ReplayTerms;
  readonly #months = new Map<Instant, string>();
  readonly #usualMonths = new Map<string, string>();
  readonly #keys = new Map<string, Map<string, string>>();

  constructor(terms: ReplayTerms) {
    this.#terms = terms;
  }

  /** Counts an award for a scene, of which limits left so many points. */
  count(member: number, scene: Scene, award: Award, points: number): void {
    const { pointType } = award;
    const key = this.#keyOf(award.version ?? '', pointType);
    let counted = this.byVersion.get(key);
    if (counted === undefined) {
      counted = { awards: 0, asked: 0, points: 0 };
      this.byVersion.set(key, counted);
    }
    counted.awards += 1;
    counted.asked += award.points;
    counted.points += points;
    if (points === 0) return;
    this.#countFunders(scene.occasion.merchant, award, points);
    add(this.byMonth, this.#keyOf(pointType, this.#monthOf(award, scene)), points);
    let members = this.byMember.get(pointType);
    if (members === undefined) {
      members = [];
      this.byMember.set(pointType, members);
    }
    // Never a hole: an array with holes is slow and large.
    while (members.length <= member) members.push(0);
    members[member] = (members[member] as number) + points;
  }

  #countFunders(seller: Uuid, { funders, pointType }: Award, points: number): void {
    if (funders === null) {
      add(this.byFunder, this.#keyOf(seller, pointType), points);
      return;
    }
    const shares = splitByLargestRemainder(
      points,
      funders.map(({ share }) => share),
    );
    for (const [place, { merchant }] of funders.entries())
      add(this.byFunder, this.#keyOf(merchant, pointType), shares[place] ?? 0);
  }

  /** The last month in which they can be spent. */
  #monthOf({ pointType, expiresAt }: Award, scene: Scene): string {
    if (expiresAt !== undefined) return expiresAt === null ? NEVER : this.#monthUntil(expiresAt);
    const { at } = scene.occasion;
    const key = this.#keyOf(pointType, scene.local.date);
    let month = this.#usualMonths.get(key);
    if (month === undefined) {
      const lapses = this.#terms.usualExpiry(pointType, at);
      month = lapses === null ? NEVER : this.#monthUntil(lapses);
      this.#usualMonths.set(key, month);
    }
    return month;
  }

  /** Two words as one, always the same string: making one anew for every award was a tenth of simulating an order. */
  #keyOf(one: string, other: string): string {
    let known = this.#keys.get(one);
    if (known === undefined) {
      known = new Map();
      this.#keys.set(one, known);
    }
    let key = known.get(other);
    if (key === undefined) {
      key = `${one} ${other}`;
      known.set(other, key);
    }
    return key;
  }

  #monthUntil(lapses: Instant): string {
    let month = this.#months.get(lapses);
    if (month === undefined) {
      month = localDate(lapses - 1, this.#terms.timeZone).slice(0, 7);
      this.#months.set(lapses, month);
    }
    return month;
  }
}

function add(sums: Map<string, number>, key: string, points: number): void {
  sums.set(key, (sums.get(key) ?? 0) + points);
}
