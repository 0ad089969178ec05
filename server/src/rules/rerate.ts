import type { Uuid } from '../kernel/id.ts';
import type { RuleBook } from './compile.ts';
import { type LiveRule, look } from './live-rule.ts';
import type { Occasion } from './rating.ts';
import { type Bonus, groupOf, type Match, pointTypeOf, type Reckoning, reckon } from './reckon.ts';
import { Scene } from './scene.ts';

/** What a version (null: the merchant's ratio) gave, or what is left of that. */
export interface Given {
  readonly version: Uuid | null;
  readonly points: number;
}

/**
 * What awards are worth on what remains of their order, each never more than it was; answered in order. The
 * book must hold what was in force at the order's instant. On an order of which nothing is left, nothing.
 *
 * @throws when the book does not know a version that gave points
 */
export function rerate(
  book: RuleBook,
  remains: Occasion,
  awards: readonly Given[],
): readonly number[] {
  const scene = new Scene(remains);
  const gave = new Set(awards.map(({ version }) => version));
  const rules = new Set(book.inForce(remains.at).rules);
  for (const version of gave) if (version !== null) rules.add(ruleOf(book, version));
  const matches = [...rules]
    .filter(({ version }) => version.body.on === remains.on)
    .sort((a, b) => a.precedence - b.precedence)
    .flatMap((rule) => matchOf(rule, scene, gave.has(rule.version.id)));
  const { bases, bonuses } = reckonAsThen(scene, matches, gave);
  const now = new Map<Uuid | null, bigint>();
  for (const { rule, points } of bases) now.set(rule?.version.id ?? null, points);
  for (const { rule } of matches) {
    const { id, body } = rule.version;
    if (body.earn.kind !== 'base') now.set(id, worthOf(rule, bonuses));
  }
  return awards.map(({ version, points }) => {
    const worth = now.get(version) ?? 0n;
    return worth < BigInt(points) ? Number(worth) : points;
  });
}

/**
 * A base rule that may hold only on less, and gave nothing: did it hold then? If it did, it was worth less than a
 * point, and is so now, and still keeps its lines from others. If it is worth more by now, it did not.
 */
function reckonAsThen(
  scene: Scene,
  matches: readonly Match[],
  gave: ReadonlySet<Uuid | null>,
): Reckoning {
  let left = matches;
  for (;;) {
    const reckoning = reckon(scene, left);
    const began = reckoning.bases.find(
      ({ rule, worth }) =>
        rule !== null && worth > 0n && !gave.has(rule.version.id) && canBegin(rule),
    );
    if (began === undefined) return reckoning;
    left = left.filter(({ rule }) => rule !== began.rule);
  }
}

/** What a rule on top gives now. Another of its group that gives more, of the same points, stands in for it. */
function worthOf(rule: LiveRule, bonuses: readonly Bonus[]): bigint {
  const group = groupOf(rule);
  let most = 0n;
  for (const { rule: other, points, payable } of bonuses) {
    const mayStandIn =
      group !== undefined && groupOf(other) === group && pointTypeOf(other) === pointTypeOf(rule);
    if (other !== rule && !mayStandIn) continue;
    const worth = other === rule ? points : payable;
    if (worth > most) most = worth;
  }
  return most;
}

function ruleOf(book: RuleBook, version: Uuid): LiveRule {
  const rule = book.byVersion.get(version);
  if (rule === undefined) throw new Error(`the book lacks version ${version}`);
  return rule;
}

function matchOf(rule: LiveRule, scene: Scene, hasGiven: boolean): Match[] {
  // What gave nothing gives nothing now. But a base rule kept others from its lines, and of a group the next may stand in.
  const isBase = rule.version.body.earn.kind === 'base';
  const mayMatter = isBase || (groupOf(rule) !== undefined && !canBegin(rule));
  if (!hasGiven && !mayMatter) return [];
  const { goods, failed } = look(rule, scene);
  if (failed === undefined) return [{ rule, goods }];
  return hasGiven ? [{ rule, goods, hasLapsed: true }] : [];
}

/** Whether a rule that did not fire on an order can do so on less of it. */
function canBegin({ version }: LiveRule): boolean {
  const { orderFen, expression } = version.body.when;
  return orderFen?.max !== undefined || expression !== undefined;
}
