import { DIMENSIONS } from './dimensions.ts';
import type { LiveRule } from './live-rule.ts';
import type { Scene } from './scene.ts';

/** Rules that are in force together, found by what an occasion has. */
export interface RuleIndex {
  /** All of them, by priority and code. */
  readonly rules: readonly LiveRule[];
  /** Those that could fire on a scene, by priority and code; every other one fails a condition. */
  candidatesFor(scene: Scene): readonly LiveRule[];
}

interface Shelf {
  readonly dimension: (typeof DIMENSIONS)[number];
  readonly rules: Map<string | number, LiveRule[]>;
}

/**
 * Puts every rule under the one of its conditions that fewest others share, so that 200 rules of a mall
 * of shops leave the few of this shop, and 200 of one shop those of what is in the basket.
 */
export function indexRules(rules: readonly LiveRule[]): RuleIndex {
  const triggers = new Set(rules.map(({ version }) => version.body.on));
  const shelves = new Map(
    [...triggers].map((on) => [on, shelve(rules.filter(({ version }) => version.body.on === on))]),
  );
  return {
    rules,
    candidatesFor(scene) {
      const here = shelves.get(scene.occasion.on);
      if (here === undefined) return [];
      const found = new Set(here.always);
      for (const { dimension, rules: shelf } of here.shelves) {
        for (const key of dimension.keysIn(scene)) {
          for (const rule of shelf.get(key) ?? []) found.add(rule);
        }
      }
      return [...found].sort((a, b) => a.precedence - b.precedence);
    },
  };
}

function shelve(rules: readonly LiveRule[]): {
  readonly always: readonly LiveRule[];
  readonly shelves: readonly Shelf[];
} {
  const wanted = DIMENSIONS.map((dimension) =>
    rules.map(({ version }) => dimension.keysOf(version)),
  );
  const shared = wanted.map((perRule) => {
    const counts = new Map<string | number, number>();
    for (const key of perRule.flatMap((keys) => keys ?? []))
      counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  });
  const shelves = DIMENSIONS.map((dimension): Shelf => ({ dimension, rules: new Map() }));
  const always: LiveRule[] = [];
  for (const [number, rule] of rules.entries()) {
    let best: number | undefined;
    let least = Infinity;
    for (const [place] of DIMENSIONS.entries()) {
      const keys = wanted[place]?.[number];
      if (keys === undefined) continue;
      const most = Math.max(0, ...keys.map((key) => shared[place]?.get(key) ?? 0));
      if (most < least) [best, least] = [place, most];
    }
    if (best === undefined) always.push(rule);
    else
      for (const key of new Set(wanted[best]?.[number])) {
        const shelf = shelves[best]?.rules;
        const there = shelf?.get(key);
        if (there === undefined) shelf?.set(key, [rule]);
        else there.push(rule);
      }
  }
  return { always, shelves: shelves.filter((shelf) => shelf.rules.size > 0) };
}
