import type { Uuid } from '../../kernel/id.ts';
import type { Limit } from '../../ledger/command.ts';
import type { RuleBook } from '../compile.ts';
import { finiteOnly, groupLimitsOf } from '../group-limits.ts';
import type { LiveRule } from '../live-rule.ts';
import { rateBy } from '../rate.ts';
import type { Occasion, Rating } from '../rating.ts';
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
    // What was left when it was placed is not what would be left here.
    const scene = occasion.member.left === undefined ? new Scene(occasion) : withLeft(occasion, {});
    let rated:
      | {
          readonly by: readonly LiveRule[];
          readonly rating: Rating;
          readonly isOneSided: boolean;
        }
      | undefined;
    const [before = null, after = null] = this.#sides.map(({ book, limits, tally }) => {
      const by = book.inForce(occasion.at).candidatesFor(scene);
      const left = leftIn(groupLimitsOf(scene, by), member, limits);
      // Most orders have nothing to do with what is tried: then both sides rate alike.
      if (rated === undefined || left !== undefined || rated.isOneSided || !areSame(rated.by, by))
        rated = {
          by,
          rating: rateBy(left === undefined ? scene : withLeft(occasion, left), by),
          isOneSided: left !== undefined,
        };
      const { rating } = rated;
      if ('code' in rating) {
        tally.refused += 1;
        return null;
      }
      return rating.awards.map((award): Granted => {
        const points = limits.grant(member, award.points, award.limits);
        tally.count(member, scene, award, points);
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

/** What is left for a member of what limits rules of groups; undefined: nothing limits them. */
function leftIn(
  limited: ReadonlyMap<Uuid, readonly Limit[]>,
  member: number,
  limits: LimitsInMemory,
): Readonly<Record<Uuid, number>> | undefined {
  if (limited.size === 0) return undefined;
  return finiteOnly([...limited].map(([rule, own]) => [rule, limits.left(member, own)]));
}

function withLeft(occasion: Occasion, left: Readonly<Record<Uuid, number>>): Scene {
  return new Scene({ ...occasion, member: { ...occasion.member, left } });
}

function areSame(one: readonly LiveRule[], other: readonly LiveRule[]): boolean {
  return (
    one.length === other.length &&
    one.every((rule, place) => rule.version.id === other[place]?.version.id)
  );
}
