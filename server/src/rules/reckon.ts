import type { EarnRatio } from '../kernel/points.ts';
import type { LiveRule } from './live-rule.ts';
import type { Effect } from './rule.ts';
import type { Goods, Scene } from './scene.ts';
import { orderCapOf } from './terms.ts';

/** A rule whose conditions hold, and the lines it is about. */
export interface Match {
  readonly rule: LiveRule;
  readonly goods: Goods;
}

/** Lines that earn by one ratio; `rule` null: the merchant's own. */
export interface Base {
  readonly rule: LiveRule | null;
  readonly ratio: EarnRatio;
  readonly goods: Goods;
  /** ⌊fen × points / perFen⌋, and what the cap of an order leaves of it. */
  readonly worth: bigint;
  readonly points: bigint;
}

/** What a rule gives on top. */
export interface Bonus {
  readonly rule: LiveRule;
  readonly goods: Goods;
  readonly worth: bigint;
  readonly points: bigint;
  /** Who of its group gives more, so that this one gives nothing. */
  readonly beatenBy: Bonus | null;
}

/** What an order is worth before limits that span orders: all that rate and explain know. */
export interface Reckoning {
  readonly bases: readonly Base[];
  readonly bonuses: readonly Bonus[];
}

type BaseEffect = Extract<Effect, { kind: 'base' }>;

/** Rates a scene by the rules whose conditions hold, which come by precedence. */
export function reckon(scene: Scene, matches: readonly Match[]): Reckoning {
  const bases = basesOf(scene, matches);
  const bonuses = matches
    .filter(({ rule }) => rule.version.body.earn.kind !== 'base')
    .map((match) => bonusOf(scene, match, bases));
  return { bases, bonuses: bestOfGroups(bonuses) };
}

/** Each line earns by the first base rule that is about it, else by the merchant's own ratio. */
function basesOf(scene: Scene, matches: readonly Match[]): Base[] {
  let left = scene.goods.places;
  const bases: Base[] = [];
  for (const { rule, goods } of matches) {
    const { earn } = rule.version.body;
    if (earn.kind !== 'base') continue;
    const about = new Set(goods.places);
    const taken = left.filter((place) => about.has(place));
    left = left.filter((place) => !about.has(place));
    bases.push(baseOf(rule, earn, scene.goodsOf(taken)));
  }
  const own = left === scene.goods.places ? scene.goods : scene.goodsOf(left);
  return [baseOf(null, scene.occasion.ratio, own), ...bases];
}

function baseOf(
  rule: LiveRule | null,
  { points, perFen }: EarnRatio | BaseEffect,
  goods: Goods,
): Base {
  const ratio = { points, perFen };
  const worth = (BigInt(goods.fen) * BigInt(points)) / BigInt(perFen);
  return { rule, ratio, goods, worth, points: rule === null ? worth : capped(rule, worth) };
}

function capped({ version }: LiveRule, worth: bigint): bigint {
  const cap = orderCapOf(version);
  return cap !== undefined && worth > BigInt(cap) ? BigInt(cap) : worth;
}

function bonusOf(scene: Scene, { rule, goods }: Match, bases: readonly Base[]): Bonus {
  const worth = worthOf(scene, rule.version.body.earn, goods, bases);
  return { rule, goods, worth, points: capped(rule, worth), beatenBy: null };
}

function worthOf(scene: Scene, effect: Effect, goods: Goods, bases: readonly Base[]): bigint {
  switch (effect.kind) {
    case 'base':
      throw new Error('a base rule gives nothing on top');
    case 'extra':
      return (BigInt(goods.fen) * BigInt(effect.points)) / BigInt(effect.perFen);
    case 'times': {
      const { num, den } = baseWorthOf(sharesOf(scene, goods, bases));
      return (num * BigInt(effect.num - effect.den)) / (den * BigInt(effect.den));
    }
    case 'fixed':
      return BigInt(effect.points) * (effect.per === 'item' ? BigInt(goods.quantity) : 1n);
  }
}

/** What lines earn by their bases, exactly: a fraction, so that it is rounded down once and not for each base. */
function baseWorthOf(shares: readonly Share[]): { num: bigint; den: bigint } {
  let num = 0n;
  let den = 1n;
  for (const { ratio, fen } of shares) {
    const per = BigInt(ratio.perFen);
    const part = BigInt(fen) * BigInt(ratio.points);
    if (per === den) num += part;
    else {
      num = num * per + part * den;
      den *= per;
    }
  }
  return { num, den };
}

/** A part of some lines that earns by one base. */
export interface Share {
  readonly ratio: EarnRatio;
  readonly fen: number;
}

/** How much of the lines earns by each base. */
export function sharesOf(scene: Scene, goods: Goods, bases: readonly Base[]): Share[] {
  const about = new Set(goods.places);
  return bases.flatMap(({ ratio, goods: own }) => {
    const { fen } = scene.goodsOf(own.places.filter((place) => about.has(place)));
    return fen === 0 ? [] : { ratio, fen };
  });
}

/** Of those in one group of one owner only the one that gives most counts; of equals the first by precedence. */
function bestOfGroups(bonuses: readonly Bonus[]): Bonus[] {
  const best = new Map<string, Bonus>();
  for (const bonus of bonuses) {
    const group = groupOf(bonus);
    if (group === undefined) continue;
    const before = best.get(group);
    if (before === undefined || bonus.points > before.points) best.set(group, bonus);
  }
  return bonuses.map((bonus) => {
    const group = groupOf(bonus);
    const winner = group === undefined ? bonus : best.get(group);
    return winner === undefined || winner === bonus ? bonus : { ...bonus, beatenBy: winner };
  });
}

function groupOf({ rule }: Bonus): string | undefined {
  const { merchant, body } = rule.version;
  return body.group === undefined ? undefined : `${merchant ?? ''} ${body.group}`;
}
