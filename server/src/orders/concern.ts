import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { isAbout } from '../rules/about.ts';
import type { RuleBook } from '../rules/compile.ts';
import { dependsOnMember } from '../rules/expression.ts';
import { isLimitedInGroup } from '../rules/group-limits.ts';
import type { RuleVersion } from '../rules/rule.ts';
import type { RuleIndex } from '../rules/rule-index.ts';

/** How rules bear on the orders of a merchant: not at all, by the goods and the hour, or also by who buys. */
export type Concern = 'none' | 'order' | 'member';

/** Looked up for every order; the rules of a moment stay the same for long. */
const known = new WeakMap<RuleIndex, Map<Uuid, Concern>>();

export function concernOf(book: RuleBook, at: Instant, merchant: Uuid): Concern {
  const index = book.inForce(at);
  let concerns = known.get(index);
  if (concerns === undefined) {
    concerns = new Map();
    known.set(index, concerns);
  }
  let concern = concerns.get(merchant);
  if (concern === undefined) {
    const about = index.rules.map(({ version }) => version).filter(isAbout('order', merchant));
    concern = about.length === 0 ? 'none' : about.some(asksWho) ? 'member' : 'order';
    concerns.set(merchant, concern);
  }
  return concern;
}

function asksWho(version: RuleVersion): boolean {
  const { when } = version.body;
  const { expression } = when;
  // What is left for the member decides who of a group gives points.
  if (isLimitedInGroup(version)) return true;
  return when.member !== undefined || (expression !== undefined && dependsOnMember(expression));
}
