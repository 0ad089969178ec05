import type { Uuid } from '../../kernel/id.ts';
import type { RuleBook } from '../compile.ts';
import type { LiveRule } from '../live-rule.ts';
import { rateBy } from '../rate.ts';
import type { Rating } from '../rating.ts';
import { Scene } from '../scene.ts';
import { Evidence, type Granted } from './evidence.ts';
import { LimitsInMemory } from './limits-in-memory.ts';
import type { PastOrder } from './simulation.ts';
import { type ReplayTerms, Tally } from './tally.ts';

/** The rules that were in force, and those that are tried. */
export interface Books {
  readonly before: RuleBook;
  readonly after: RuleBook;
  /** The versions that the drafts are to be. */
  readonly drafts: ReadonlySet<Uuid>;
}

/** Orders rated by two books side by side, each with caps and budgets of its own; orders come in order of time. */
export class Replay {
  readonly before: Tally;
  readonly after: Tally;
  readonly evidence: Evidence;
  readonly #members: Uuid[] = [];
  readonly #numbers = new Map<Uuid, number>();
  readonly #sides: readonly {
    readonly book: RuleBook;
    readonly limits: LimitsInMemory;
    readonly tally: Tally;
  }[];
  #orders = 0;

  constructor(books: Books, terms: ReplayTerms) {
    this.before = new Tally(terms);
    this.after = new Tally(terms);
    this.evidence = new Evidence(books.drafts);
    this.#sides = [
      { book: books.before, limits: new LimitsInMemory(terms.budgets), tally: this.before },
      { book: books.after, limits: new LimitsInMemory(terms.budgets), tally: this.after },
    ];
  }

  get orders(): number {
    return this.#orders;
  }

  /** Everybody who bought something, by number. */
  get members(): readonly Uuid[] {
    return this.#members;
  }

  add({ member: id, occasion }: PastOrder): void {
    this.#orders += 1;
    const member = this.#numberOf(id);
    const scene = new Scene(occasion);
    let rated: { readonly by: readonly LiveRule[]; readonly rating: Rating } | undefined;
    const [before = null, after = null] = this.#sides.map(({ book, limits, tally }) => {
      const by = book.inForce(occasion.at).candidatesFor(scene);
      // Most orders have nothing to do with what is tried: then both sides rate alike.
      if (rated === undefined || !areSame(rated.by, by)) rated = { by, rating: rateBy(scene, by) };
      const { rating } = rated;
      if ('code' in rating) {
        tally.refused += 1;
        return null;
      }
      return rating.awards.map((award): Granted => {
        const points = limits.grant(member, award.points, award.limits);
        tally.count(member, occasion, award, points);
        return { award, points };
      });
    });
    this.evidence.add(occasion, before, after);
  }

  #numberOf(id: Uuid): number {
    let number = this.#numbers.get(id);
    if (number === undefined) {
      number = this.#members.length;
      this.#members.push(id);
      this.#numbers.set(id, number);
    }
    return number;
  }
}

function areSame(one: readonly LiveRule[], other: readonly LiveRule[]): boolean {
  return (
    one.length === other.length &&
    one.every((rule, place) => rule.version.id === other[place]?.version.id)
  );
}
