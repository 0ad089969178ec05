import type { Pool } from '../platform/database.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import type { RuleBook } from '../rules/compile.ts';
import { readKnownLeft } from '../rules/known-left.ts';
import type { MemberFacts } from '../rules/rating.ts';
import type { Candidate } from './candidate.ts';
import { occasionOf } from './occasion.ts';

/** Facts of members, with what caps and budgets of rules in groups have left for them. */
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
    const occasion = () => occasionOf(order, { ...unrated, member }, order.lines, timeZone);
    return { candidate, facts: member, member: order.member, book, at: unrated.at, occasion };
  });
  const left = await readKnownLeft(pool, asked);
  const known = new Map(facts);
  for (const [place, { candidate, facts: own }] of asked.entries())
    known.set(candidate, { ...own, ...left[place] });
  return known;
}
