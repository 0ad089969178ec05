import type { EarnRatio } from '../kernel/points.ts';
import type { LiveRule } from './live-rule.ts';
import type { Effect } from './rule.ts';
import type { Goods, Scene } from './scene.ts';
import { orderCapOf, USUAL_POINT_TYPE } from './terms.ts';

/** A rule that gives points, and the lines it is about. */
export interface Match {
  readonly rule: LiveRule;
  readonly goods: Goods;
  /**
   * Its conditions held when the order was placed, and do not on what remains of it. A base rule then keeps its
   * lines, which earn by whatever would be next: goods that stay do not lose what they earn without the rule.
   * Others give nothing here.
   */
  readonly hasLapsed?: true;
}

/** A part of some lines that earns by one ratio. */
export interface Share {
  readonly ratio: EarnRatio;
  readonly goods: Goods;
}

/** What a base rule gives for the lines that are its; `rule` null: the merchant's own ratio. */
export interface Base {
  readonly rule: LiveRule | null;
  /** One, unless the rule has lapsed. */
  readonly shares: readonly Share[];
  /** ⌊Σ fen × points / perFen⌋, and what the cap of an order leaves of it. */
  readonly worth: bigint;
  readonly points: bigint;
}

/** What a rule gives on top. */
export interface Bonus {
  readonly rule: LiveRule;
  readonly goods: Goods;
  readonly worth: bigint;
  readonly points: bigint;
  /** What is known to be left of that by caps and budgets: by this the one of a group is chosen. */
  readonly payable: bigint;
  /** Who of its group gives more, so that this one gives nothing. */
  readonly beatenBy: Bonus | null;
}

/** What an order is worth before limits that span orders: all that rate and explain know. */
export interface Reckoning {
  readonly bases: readonly Base[];
  readonly bonuses: readonly Bonus[];
}

/** Rates a scene by rules that come by precedence. */
export function reckon(scene: Scene, matches: readonly Match[]): Reckoning {
  const bases = basesOf(scene, matches);
  const bonuses = matches
    .filter(({ rule, hasLapsed }) => ratioOf(rule) === undefined && hasLapsed !== true)
    .map((match) => bonusOf(scene, match, bases));
  return { bases, bonuses: bestOfGroups(bonuses) };
}

/** The ratio of a base rule. */
function ratioOf({ version }: LiveRule): EarnRatio | undefined {
  const { earn } = version.body;
  return earn.kind === 'base' ? earn : undefined;
}

/** Each line earns by the first base rule that is about it, else by the merchant's own ratio. */
function basesOf(scene: Scene, matches: readonly Match[]): Base[] {
  const { ratio: own } = scene.occasion;
  const claims = matches.flatMap(({ rule, goods, hasLapsed }) => {
    const ratio = ratioOf(rule);
    if (ratio === undefined) return [];
    return { rule, ratio, hasLapsed, about: new Set(goods.places) };
  });
  if (claims.length === 0) return [baseOf(null, [{ ratio: own, goods: scene.goods }])];

  const nextFor = (place: number, after: number) =>
    claims.find(
      ({ about, hasLapsed }, index) => index > after && hasLapsed !== true && about.has(place),
    );
  let left = scene.goods.places;
  const bases = claims.map(({ rule, ratio, hasLapsed, about }, index) => {
    const byRatio = new Map<EarnRatio, number[]>();
    const others: number[] = [];
    for (const place of left) {
      const next = hasLapsed === true && about.has(place) ? nextFor(place, index) : undefined;
      // Points of one type cannot stay as points of another.
      const isOurs =
        about.has(place) && (hasLapsed !== true || pointTypeOf(next?.rule) === pointTypeOf(rule));
      if (!isOurs) {
        others.push(place);
        continue;
      }
      const by = hasLapsed === true ? (next?.ratio ?? own) : ratio;
      const there = byRatio.get(by);
      if (there === undefined) byRatio.set(by, [place]);
      else there.push(place);
    }
    left = others;
    const shares = [...byRatio].map(([by, places]) => ({
      ratio: by,
      goods: scene.goodsOf(places),
    }));
    return baseOf(rule, shares);
  });
  return [baseOf(null, [{ ratio: own, goods: scene.goodsOf(left) }]), ...bases];
}

/** Of no rule: that of the merchant's own ratio. */
export function pointTypeOf(rule: LiveRule | undefined): string {
  return rule?.version.body.terms?.pointType ?? USUAL_POINT_TYPE;
}

function baseOf(rule: LiveRule | null, shares: readonly Share[]): Base {
  const { num, den } = worthExactly(shares);
  const worth = num / den;
  return { rule, shares, worth, points: rule === null ? worth : capped(rule, worth) };
}

function capped({ version }: LiveRule, worth: bigint): bigint {
  const cap = orderCapOf(version);
  return cap !== undefined && worth > BigInt(cap) ? BigInt(cap) : worth;
}

function bonusOf(scene: Scene, { rule, goods }: Match, bases: readonly Base[]): Bonus {
  const worth = worthOf(scene, rule.version.body.earn, goods, bases);
  const points = capped(rule, worth);
  return { rule, goods, worth, points, payable: payableOf(scene, rule, points), beatenBy: null };
}

function payableOf({ occasion }: Scene, { version }: LiveRule, points: bigint): bigint {
  const left = occasion.member.left?.[version.rule];
  return left !== undefined && points > BigInt(left) ? BigInt(left) : points;
}

function worthOf(scene: Scene, effect: Effect, goods: Goods, bases: readonly Base[]): bigint {
  switch (effect.kind) {
    case 'base':
      throw new Error('a base rule gives nothing on top');
    case 'extra':
      return (BigInt(goods.fen) * BigInt(effect.points)) / BigInt(effect.perFen);
    case 'times': {
      const { num, den } = worthExactly(sharesOf(scene, goods, bases));
      return (num * BigInt(effect.num - effect.den)) / (den * BigInt(effect.den));
    }
    case 'fixed':
      return BigInt(effect.points) * (effect.per === 'item' ? BigInt(goods.quantity) : 1n);
  }
}

/** Σ fen × points / perFen: a fraction, so that it is rounded down once and not for each share. */
function worthExactly(shares: readonly Share[]): { num: bigint; den: bigint } {
  let num = 0n;
  let den = 1n;
  for (const { ratio, goods } of shares) {
    if (goods.fen === 0) continue;
    const per = BigInt(ratio.perFen);
    const part = BigInt(goods.fen) * BigInt(ratio.points);
    if (per === den) num += part;
    else {
      num = num * per + part * den;
      den *= per;
    }
  }
  return { num, den };
}

/** By which ratios some lines earn. */
export function sharesOf(scene: Scene, goods: Goods, bases: readonly Base[]): Share[] {
  if (goods === scene.goods) return bases.flatMap(({ shares }) => shares);
  const about = new Set(goods.places);
  return bases.flatMap(({ shares }) =>
    shares.map((share) => ({
      ratio: share.ratio,
      goods: scene.goodsOf(share.goods.places.filter((place) => about.has(place))),
    })),
  );
}

/** Of those in one group of one owner only the one that can pay most counts; of equals the first by precedence. */
function bestOfGroups(bonuses: readonly Bonus[]): Bonus[] {
  const best = new Map<string, Bonus>();
  for (const bonus of bonuses) {
    const group = groupOf(bonus.rule);
    if (group === undefined) continue;
    const before = best.get(group);
    if (before === undefined || bonus.payable > before.payable) best.set(group, bonus);
  }
  return bonuses.map((bonus) => {
    const group = groupOf(bonus.rule);
    const winner = group === undefined ? bonus : best.get(group);
    return winner === undefined || winner === bonus ? bonus : { ...bonus, beatenBy: winner };
  });
}

/** Groups of different owners have nothing to do with each other. */
export function groupOf({ version: { merchant, body } }: LiveRule): string | undefined {
  return body.group === undefined ? undefined : `${merchant ?? ''} ${body.group}`;
}
