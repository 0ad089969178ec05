import type { Uuid } from '../kernel/id.ts';
import { readLeft } from '../ledger/read-left.ts';
import type { Pool } from '../platform/database.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import type { RuleBook } from '../rules/compile.ts';
import { finiteOnly, groupLimitsOf, hasGroupLimits } from '../rules/group-limits.ts';
import type { MemberFacts } from '../rules/rating.ts';
import { Scene } from '../rules/scene.ts';
import type { Candidate } from './candidate.ts';
import { occasionOf } from './occasion.ts';

/**
 * Facts of members, with what caps and budgets of rules in groups have left for them: of a group nobody should get points
 * by a rule that has none, while another has. Read before the order is booked, so of two at once both can see the last points.
 */
export async function withKnownLeft(
  { pool, programmes }: { readonly pool: Pool; readonly programmes: ProgrammeRegistry },
  facts: ReadonlyMap<Candidate, MemberFacts>,
  bookOf: (candidate: Candidate) => RuleBook | undefined,
): Promise<ReadonlyMap<Candidate, MemberFacts>> {
  const asked = [...facts].flatMap(([candidate, member]) => {
    const { order, unrated } = candidate;
    const timeZone = programmes.byId(order.programme)?.timeZone;
    const book = bookOf(candidate);
    if (unrated === null || timeZone === undefined || book === undefined) return [];
    const index = book.inForce(unrated.at);
    if (!hasGroupLimits(index)) return [];
    const scene = new Scene(occasionOf(order, { ...unrated, member }, order.lines, timeZone));
    const limited = groupLimitsOf(scene, index.candidatesFor(scene));
    return [...limited].map(([rule, limits]) => ({ candidate, rule, limits }));
  });
  if (asked.length === 0) return facts;
  const left = await readLeft(
    pool,
    asked.map(({ candidate, limits }) => ({ member: candidate.order.member, limits })),
  );
  const found = new Map<Candidate, (readonly [rule: Uuid, points: number])[]>();
  for (const [index, { candidate, rule }] of asked.entries()) {
    const own = found.get(candidate) ?? [];
    own.push([rule, left[index] ?? 0]);
    found.set(candidate, own);
  }
  return new Map(
    [...facts].map(([candidate, member]) => {
      const own = found.get(candidate);
      return [candidate, own === undefined ? member : { ...member, left: finiteOnly(own) }];
    }),
  );
}
