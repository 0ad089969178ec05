import type { Uuid } from '../kernel/id.ts';
import { DIMENSIONS, merchantsOf } from './dimensions.ts';
import type { LiveRule } from './live-rule.ts';
import type { Scene } from './scene.ts';

/** Rules that are in force together, found by what an occasion has. */
export interface RuleIndex {
  /** All of them, by priority and code. */
  readonly rules: readonly LiveRule[];
  /** Those that could fire on a scene, by priority and code; every other one fails a condition. */
  candidatesFor(scene: Scene): readonly LiveRule[];
}

/** The rules that ask for something in one dimension, and those that do not, as bits by their places. */
interface Shelf {
  readonly dimension: (typeof DIMENSIONS)[number];
  readonly others: Uint32Array;
  readonly byKey: ReadonlyMap<string | number, readonly number[]>;
}

/**
 * Leaves of all rules about the merchant those that no condition of a list rules out, whichever it is: a bit for each rule, and
 * of each dimension those that fit. Two hundred rules are seven words, so that it takes less than to ask five of them.
 */
export function indexRules(rules: readonly LiveRule[]): RuleIndex {
  const triggers = new Set(rules.map(({ version }) => version.body.on));
  const finders = new Map(
    [...triggers].map((on) => [
      on,
      finderByMerchant(rules.filter(({ version }) => version.body.on === on)),
    ]),
  );
  return {
    rules,
    candidatesFor: (scene) => finders.get(scene.occasion.on)?.(scene) ?? NONE,
  };
}

type Finder = (scene: Scene) => readonly LiveRule[];

/** Merchants whose rules are kept ready. */
const MERCHANTS_MAX = 1_000;

/** A merchant's own rules are few, and so are the words that their bits take. */
function finderByMerchant(rules: readonly LiveRule[]): Finder {
  const everywhere: LiveRule[] = [];
  const named = new Map<Uuid, LiveRule[]>();
  for (const rule of rules) {
    const merchants = merchantsOf(rule.version);
    if (merchants === undefined) everywhere.push(rule);
    for (const merchant of new Set(merchants)) {
      const there = named.get(merchant);
      if (there === undefined) named.set(merchant, [rule]);
      else there.push(rule);
    }
  }
  const others = finderOf(everywhere);
  const known = new Map<Uuid, Finder>();
  return (scene) => {
    const { merchant } = scene.occasion;
    let finder = known.get(merchant);
    if (finder === undefined) {
      const own = named.get(merchant);
      if (own === undefined) return others(scene);
      finder = finderOf([...everywhere, ...own].sort((a, b) => a.precedence - b.precedence));
      if (known.size >= MERCHANTS_MAX) known.clear();
      known.set(merchant, finder);
    }
    return finder(scene);
  };
}

const NONE: readonly never[] = [];

function finderOf(rules: readonly LiveRule[]): Finder {
  const words = Math.ceil(rules.length / 32);
  const all = new Uint32Array(words);
  for (const place of rules.keys()) put(place, all);
  const shelves = DIMENSIONS.flatMap((dimension) => shelve(dimension, rules, words));
  const fitting = new Uint32Array(words);
  const left = new Uint32Array(words);
  return (scene) => {
    left.set(all);
    for (const { dimension, others, byKey } of shelves) {
      fitting.set(others);
      for (const key of dimension.keysIn(scene)) {
        for (const place of byKey.get(key) ?? NONE) put(place, fitting);
      }
      let some = 0;
      for (let word = 0; word < words; word += 1) {
        const both = (left[word] as number) & (fitting[word] as number);
        left[word] = both;
        some |= both;
      }
      // Most orders of a mall get no further than the first few.
      if (some === 0) return NONE;
    }
    return placesIn(left).map((place) => rules[place] as LiveRule);
  };
}

function shelve(dimension: Shelf['dimension'], rules: readonly LiveRule[], words: number): Shelf[] {
  const others = new Uint32Array(words);
  const byKey = new Map<string | number, number[]>();
  for (const [place, { version }] of rules.entries()) {
    const keys = dimension.keysOf(version);
    if (keys === undefined) put(place, others);
    else
      for (const key of keys) {
        const there = byKey.get(key);
        if (there === undefined) byKey.set(key, [place]);
        else there.push(place);
      }
  }
  return byKey.size === 0 ? [] : [{ dimension, others, byKey }];
}

function put(place: number, bits: Uint32Array): void {
  const word = place >>> 5;
  bits[word] = (bits[word] as number) | (1 << (place & 31));
}

function placesIn(bits: Uint32Array): number[] {
  const places: number[] = [];
  for (const [word, value] of bits.entries()) {
    for (let rest = value; rest !== 0; rest &= rest - 1)
      places.push(word * 32 + 31 - Math.clz32(rest & -rest));
  }
  return places;
}
