import { toSafe } from '../kernel/points.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { RuleBook } from './compile.ts';
import { type LiveRule, look } from './live-rule.ts';
import type { Award, Occasion, Rating } from './rating.ts';
import { type Match, type Reckoning, reckon } from './reckon.ts';
import { Scene } from './scene.ts';
import { awardOf, ownAwardOf } from './terms.ts';

/**
 * What an occasion is worth by the rules in force at its instant. Never throws; what no number can show is
 * refused as `points_out_of_range`. Nothing at all is an empty list, of which explain tells why.
 */
export function rate(book: RuleBook, occasion: Occasion): Rating {
  const scene = new Scene(occasion);
  return rateBy(scene, book.inForce(occasion.at).candidatesFor(scene));
}

/** The same by rules that could fire, by precedence: nothing else decides it. */
export function rateBy(scene: Scene, candidates: readonly LiveRule[]): Rating {
  if (!Number.isSafeInteger(scene.goods.fen)) return outOfRange();
  return awardsOf(reckon(scene, matchesOf(scene, candidates)), scene);
}

/** The rules whose conditions hold. */
export function matchesOf(scene: Scene, rules: readonly LiveRule[]): Match[] {
  const matches: Match[] = [];
  for (const rule of rules) {
    const { goods, failed } = look(rule, scene);
    if (failed === undefined) matches.push({ rule, goods });
  }
  return matches;
}

/** An award for each that gives something: the bases first, then what comes on top. */
function awardsOf({ bases, bonuses }: Reckoning, scene: Scene): Rating {
  const awards: Award[] = [];
  const totals = new Map<string, bigint>();
  for (const { rule, points } of [
    ...bases,
    ...bonuses.filter((bonus) => bonus.beatenBy === null),
  ]) {
    if (points === 0n) continue;
    const given = toSafe(points);
    if (given === undefined) return outOfRange();
    const award = rule === null ? ownAwardOf(given) : awardOf(rule.version, given, scene);
    const total = (totals.get(award.pointType) ?? 0n) + points;
    if (toSafe(total) === undefined) return outOfRange();
    totals.set(award.pointType, total);
    awards.push(award);
  }
  return { awards };
}

function outOfRange(): Refusal {
  return refusal('points_out_of_range', 'the order would earn more points than a number can show');
}
