import { type Check, checksOf } from './conditions.ts';
import type { RatedLine } from './rating.ts';
import type { RuleVersion } from './rule.ts';
import type { Goods, Scene } from './scene.ts';

/** A published version, ready to be asked. */
export interface LiveRule {
  readonly version: RuleVersion;
  /** Its place by priority, then code: the lower comes first. */
  readonly precedence: number;
  /** What must hold, in the order in which it is asked. */
  readonly checks: readonly Check[];
  readonly isAbout: ((line: RatedLine) => boolean) | undefined;
}

/** What came of looking at a rule: the lines it is about, and the first condition that failed. */
export interface Look {
  readonly goods: Goods;
  readonly failed: Check | undefined;
}

export function makeLive(version: RuleVersion, precedence: number): LiveRule {
  return { version, precedence, checks: checksOf(version), isAbout: lineFilterOf(version) };
}

export function look(rule: LiveRule, scene: Scene): Look {
  const goods = goodsOf(rule, scene);
  return { goods, failed: rule.checks.find((check) => !check.holds(scene, goods)) };
}

function goodsOf({ isAbout }: LiveRule, scene: Scene): Goods {
  if (isAbout === undefined) return scene.goods;
  const places = scene.goods.places.filter((place) => isAbout(scene.lines[place] as RatedLine));
  return scene.goodsOf(places);
}

/** Which lines a rule is about: each must have one of every list. Undefined: all lines. */
function lineFilterOf({ body }: RuleVersion): LiveRule['isAbout'] {
  const { skus, brands, categories, zones, green } = body.when.lines ?? {};
  const lists = (
    [
      ['sku', skus],
      ['brand', brands],
      ['category', categories],
      ['zone', zones],
    ] as const
  ).flatMap(([name, values]) =>
    values === undefined ? [] : { name, values: new Set<string | null>(values) },
  );
  if (lists.length === 0 && green !== true) return undefined;
  return (line) =>
    (green !== true || line.green === 'valid') &&
    lists.every(({ name, values }) => values.has(line[name]));
}
