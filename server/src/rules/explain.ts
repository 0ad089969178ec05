import { toSafe } from '../kernel/points.ts';
import type { RuleBook } from './compile.ts';
import { type LiveRule, look } from './live-rule.ts';
import { matchesOf, rate } from './rate.ts';
import type { Occasion, RuleOutcome, Step } from './rating.ts';
import { type Base, type Bonus, reckon, type Share, sharesOf } from './reckon.ts';
import { Scene } from './scene.ts';

/**
 * What every rule in force made of an occasion: first the merchant's own ratio, then base rules, then what
 * comes on top, each by precedence. Rules for other triggers and of other merchants are not told. The same
 * arithmetic as rate, without its index; empty for what rate refuses.
 */
export function explain(book: RuleBook, occasion: Occasion): readonly RuleOutcome[] {
  if ('code' in rate(book, occasion)) return [];
  const scene = new Scene(occasion);
  const rules = book
    .inForce(occasion.at)
    .rules.filter(
      ({ version: { merchant, body } }) =>
        body.on === occasion.on && (merchant === null || merchant === occasion.merchant),
    );
  const { bases, bonuses } = reckon(scene, matchesOf(scene, rules));
  const known = new Map<LiveRule | null, RuleOutcome>();
  for (const base of bases) known.set(base.rule, outcomeOfBase(base, bases));
  for (const bonus of bonuses) known.set(bonus.rule, outcomeOfBonus(bonus, scene, bases));
  const isBase = ({ version }: LiveRule): boolean => version.body.earn.kind === 'base';
  const inOrder = [...rules.filter(isBase), ...rules.filter((rule) => !isBase(rule))];
  const own = occasion.on === 'order' ? known.get(null) : undefined;
  return [
    ...(own === undefined ? [] : [own]),
    ...inOrder.map((rule) => known.get(rule) ?? failureOf(rule, scene)),
  ];
}

function failureOf(rule: LiveRule, scene: Scene): RuleOutcome {
  const { goods, failed } = look(rule, scene);
  if (failed === undefined) throw new Error('a rule whose conditions hold was left out');
  const { name, wanted } = failed;
  return {
    version: rule.version.id,
    fired: false,
    failed: name,
    wanted,
    found: failed.found(scene, goods),
  };
}

function outcomeOfBase({ rule, shares, worth, points }: Base, bases: readonly Base[]): RuleOutcome {
  const version = rule?.version.id ?? null;
  const isIdle = shares.every(({ goods }) => goods.places.length === 0);
  if (isIdle) {
    const own = rule === null ? bases.length : bases.findIndex((base) => base.rule === rule);
    const others = bases.slice(1, own);
    return {
      version,
      fired: false,
      failed: 'lines',
      wanted: 'lines that no base rule before it took',
      found: others.map((base) => base.rule?.version.code).join(', ') || '-',
    };
  }
  const steps = shares.map((share) => shareStep('base', share));
  return given(rule, points, [...steps, roundedStep(worth), ...capSteps(rule, worth, points)]);
}

function outcomeOfBonus(bonus: Bonus, scene: Scene, bases: readonly Base[]): RuleOutcome {
  const { rule, worth, points, payable, beatenBy } = bonus;
  const { id, body } = rule.version;
  if (beatenBy !== null && points > 0n) {
    const { code } = beatenBy.rule.version;
    return {
      version: id,
      fired: false,
      failed: 'group',
      wanted: `the most points of ${body.group}`,
      found: `${payable < points ? `${points} (${payable} left)` : points}, ${code} gives ${beatenBy.points}`,
    };
  }
  const group: Step[] =
    body.group === undefined ? [] : [{ code: 'best_of_group', facts: { group: body.group } }];
  return given(rule, points, [
    ...effectSteps(bonus, scene, bases),
    roundedStep(worth),
    ...capSteps(rule, worth, points),
    ...group,
  ]);
}

function effectSteps({ rule, goods }: Bonus, scene: Scene, bases: readonly Base[]): Step[] {
  const { earn } = rule.version.body;
  switch (earn.kind) {
    case 'base':
    case 'extra':
      return [shareStep(earn.kind, { ratio: earn, goods })];
    case 'times': {
      const shares = sharesOf(scene, goods, bases).filter((share) => share.goods.fen > 0);
      const { num, den } = earn;
      return [
        ...shares.map((share) => shareStep('base_of_lines', share)),
        { code: 'times', facts: { num, den } },
      ];
    }
    case 'fixed': {
      const { points, per } = earn;
      return [{ code: 'fixed', facts: { points, times: per === 'item' ? goods.quantity : 1 } }];
    }
  }
}

function shareStep(code: string, { ratio: { points, perFen }, goods: { fen } }: Share): Step {
  return { code, facts: { fen, points, perFen } };
}

function roundedStep(worth: bigint): Step {
  return { code: 'rounded_down', facts: { points: toSafe(worth) ?? String(worth) } };
}

/** What cuts the points: here the cap of an order; in the ledger whatever spans more than one. */
function capSteps(rule: LiveRule | null, worth: bigint, points: bigint): Step[] {
  const { caps = [], budget } = rule?.version.body.terms ?? {};
  const cut: Step[] = points < worth ? [{ code: 'capped', facts: { points: Number(points) } }] : [];
  const spanning = caps
    .filter(({ per }) => per !== 'order')
    .map(({ per, points: max, campaign }): Step => {
      return { code: campaign === true ? 'campaign_cap' : 'cap', facts: { per, points: max } };
    });
  const limited: Step[] = budget === undefined ? [] : [{ code: 'budget', facts: {} }];
  return [...cut, ...spanning, ...limited];
}

/** Fired, unless less than a point came of it. */
function given(rule: LiveRule | null, points: bigint, steps: readonly Step[]): RuleOutcome {
  const version = rule?.version.id ?? null;
  if (points > 0n) return { version, fired: true, points: Number(points), steps };
  const arithmetic = steps.map(({ code, facts }) => `${code} ${Object.values(facts).join(' ')}`);
  return {
    version,
    fired: false,
    failed: 'nothing',
    wanted: '>= 1',
    found: arithmetic.join(', '),
  };
}
