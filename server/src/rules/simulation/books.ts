import type { Sql } from '../../platform/database.ts';
import { readVersionsAt, readVersionsSince } from '../../platform/publishing/book-store.ts';
import { compileRules } from '../compile.ts';
import { type RuleBody, type RuleVersion, ruleVersionOf } from '../rule.ts';
import type { Books } from './replay.ts';
import type { SimulationAsked } from './simulation.ts';

/**
 * The rules there were, and those with drafts in their place. Read again later, before or after whatever was published
 * meanwhile, they are the same: what was in force at an instant of the past never changes.
 */
export async function readBooks(sql: Sql, asked: SimulationAsked): Promise<Books> {
  const always = { from: -Infinity, until: null };
  const versions = await versionsOf(sql, asked, always);
  const drafts = asked.drafts.map((draft) => ({ ...draft, ...always }));
  const tried = new Set([...asked.without, ...drafts.map(({ rule }) => rule)]);
  const leftOut = new Set(asked.without);
  return {
    before: compileRules(versions),
    after: compileRules([
      ...versions.filter(({ rule }) => !tried.has(rule)),
      ...drafts.filter(({ rule }) => !leftOut.has(rule)),
    ]),
    drafts: new Set(drafts.map(({ id }) => id)),
  };
}

async function versionsOf(
  sql: Sql,
  { programme, from, rules, asOf }: SimulationAsked,
  always: Pick<RuleVersion, 'from' | 'until'>,
): Promise<RuleVersion[]> {
  if (rules === 'now') {
    const { versions } = await readVersionsAt<RuleBody>(sql, 'rule', programme, asOf);
    return versions.map((version) => ({ ...ruleVersionOf(version), ...always }));
  }
  const found = await readVersionsSince<RuleBody>(sql, 'rule', [{ programme, since: from }]);
  return (found.get(programme) ?? []).map(ruleVersionOf);
}
