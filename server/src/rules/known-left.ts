import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { readLeft } from '../ledger/read-left.ts';
import type { Sql } from '../platform/database.ts';
import type { RuleBook } from './compile.ts';
import { finiteOnly, groupLimitsOf, hasGroupLimits } from './group-limits.ts';
import type { MemberFacts, Occasion } from './rating.ts';
import { Scene } from './scene.ts';

/** An occasion that is about to be rated. */
export interface AboutToRate {
  /** Null: of nobody yet, who was given nothing so far. */
  readonly member: Uuid | null;
  readonly book: RuleBook;
  readonly at: Instant;
  /** Asked for only where it matters, which is seldom. */
  readonly occasion: () => Occasion;
}

/**
 * What caps and budgets of rules in groups have left for each, as the facts of its member keep it; answered in order, empty
 * where nothing limits them. Of a group nobody should get points by a rule that has none, while another has. Read
 * before the points are booked, so of two at once both can see the last of them.
 */
export async function readKnownLeft(
  sql: Sql,
  list: readonly AboutToRate[],
): Promise<Pick<MemberFacts, 'left'>[]> {
  const asked = list.flatMap(({ member, book, at, occasion }, place) => {
    const index = book.inForce(at);
    if (!hasGroupLimits(index)) return [];
    const scene = new Scene(occasion());
    const limited = groupLimitsOf(scene, index.candidatesFor(scene));
    return [...limited].map(([rule, limits]) => ({ place, member, rule, limits }));
  });
  if (asked.length === 0) return list.map(() => ({}));
  const left = await readLeft(sql, asked);
  const found = new Map<number, (readonly [rule: Uuid, points: number])[]>();
  for (const [index, { place, rule }] of asked.entries()) {
    const own = found.get(place) ?? [];
    own.push([rule, left[index] ?? 0]);
    found.set(place, own);
  }
  return list.map((_, place) => {
    const own = found.get(place);
    return own === undefined ? {} : { left: finiteOnly(own) };
  });
}
