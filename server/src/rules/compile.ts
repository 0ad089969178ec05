import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { type LiveRule, makeLive } from './live-rule.ts';
import type { RuleVersion } from './rule.ts';
import { indexRules, type RuleIndex } from './rule-index.ts';

/** Published versions of a programme, of any time, ready to rate by. */
export interface RuleBook {
  readonly byVersion: ReadonlyMap<Uuid, LiveRule>;
  /** Those in force at an instant. */
  inForce(at: Instant): RuleIndex;
}

/** Sets in force that are kept ready: history is rated in the order in which it happened. */
const SETS_MAX = 16;

/** Makes a book of versions; which of them are in force is looked at for each occasion. */
export function compileRules(versions: readonly RuleVersion[]): RuleBook {
  const rules = [...versions]
    .sort(byPrecedence)
    .map((version, precedence) => makeLive(version, precedence));
  const ends = versions.flatMap(({ from, until }) => (until === null ? [from] : [from, until]));
  const changes = Float64Array.from(new Set(ends)).sort();
  const sets = new Map<number, RuleIndex>();
  return {
    byVersion: new Map(rules.map((rule) => [rule.version.id, rule])),
    inForce(at) {
      const era = changesUntil(changes, at);
      let set = sets.get(era);
      if (set === undefined) {
        set = indexRules(rules.filter(({ version }) => isInForce(version, at)));
        if (sets.size >= SETS_MAX) sets.clear();
        sets.set(era, set);
      }
      return set;
    },
  };
}

function isInForce({ from, until }: RuleVersion, at: Instant): boolean {
  return at >= from && (until === null || at < until);
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

/** How many of the changes had come by this instant. */
function changesUntil(changes: Float64Array, at: Instant): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
