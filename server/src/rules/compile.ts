import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { createEras } from '../platform/publishing/eras.ts';
import { type LiveRule, makeLive } from './live-rule.ts';
import type { RuleVersion } from './rule.ts';
import { indexRules, type RuleIndex } from './rule-index.ts';

/** Published versions of a programme, of any time, ready to rate by. */
export interface RuleBook {
  readonly byVersion: ReadonlyMap<Uuid, LiveRule>;
  /** Those in force at an instant. */
  inForce(at: Instant): RuleIndex;
}

/** Makes a book of versions; which of them are in force is looked at for each occasion. */
export function compileRules(versions: readonly RuleVersion[]): RuleBook {
  const rules = [...versions]
    .sort(byPrecedence)
    .map((version, precedence) => makeLive(version, precedence));
  const byVersion = new Map(rules.map((rule) => [rule.version.id, rule]));
  const dated = rules.map((rule) => ({ rule, from: rule.version.from, until: rule.version.until }));
  const inForce = createEras(dated, (them) => indexRules(them.map(({ rule }) => rule)));
  return { byVersion, inForce };
}

/** By priority, then by code; the operator's before a merchant's of the same code. */
function byPrecedence(a: RuleVersion, b: RuleVersion): number {
  return (
    (b.body.priority ?? 0) - (a.body.priority ?? 0) ||
    compareText(a.code, b.code) ||
    compareText(a.merchant ?? '', b.merchant ?? '') ||
    compareText(a.id, b.id)
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
