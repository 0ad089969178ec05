import fc from 'fast-check';
import type { Occasion, RatedLine } from '../rating.ts';
import {
  ACTIVITY_KINDS,
  type Conditions,
  type Effect,
  type RuleBody,
  type RuleVersion,
} from '../rule.ts';
import { at, BANK, OTHER_SHOP, SHOP, version } from './told.ts';

// Few words, so that rules and occasions often speak of the same.
const SKUS = ['melon', 'bread', 'tea'];
const BRANDS = ['sun', 'moon'];
const CATEGORIES = ['fruit', 'food'];
const ZONES = ['a', 'b'];
const STORES = ['north', 'south'];
const CHANNELS = ['till', 'web'];
const TENDERS = ['cash', 'card'];
const TIERS = ['gold', 'silver'];
const BANDS = ['good', 'fair'];
const SEGMENTS = ['dress', 'jeans'];
const ZONES_OF_TIME = ['Asia/Shanghai', 'Europe/Berlin', 'America/Sao_Paulo'];

/** Expressions, and what they mean said again in another language. */
export const EXPRESSIONS: ReadonlyMap<string, (occasion: Occasion) => boolean> = new Map([
  ['order.netFen >= 1000', ({ lines }) => lines.reduce((sum, l) => sum + l.amountFen, 0) >= 1000],
  [
    "order.lines.exists(l, l.sku == 'melon' && l.quantity > 1)",
    ({ lines }) => lines.some((l) => l.sku === 'melon' && l.quantity > 1),
  ],
  ["'card' in order.tenders && order.store != ''", (o) => o.tenders.includes('card') && !!o.store],
  [
    'order.quantity / (order.quantity - 2) > 1',
    ({ lines }) => {
      const quantity = lines.reduce((sum, l) => sum + l.quantity, 0);
      return quantity !== 2 && Math.trunc(quantity / (quantity - 2)) > 1;
    },
  ],
  ['event.attributes.score > 3', ({ attributes }) => Number(attributes.score ?? 0) > 3],
]);
/** One that only a rule on top may have. */
const OF_MEMBER = "member.tier == 'gold' || member.segments.size() > 1";
export const ALL_EXPRESSIONS: typeof EXPRESSIONS = new Map([
  ...EXPRESSIONS,
  [OF_MEMBER, ({ member }: Occasion) => member.tier === 'gold' || member.segments.length > 1],
]);

const some = <T>(values: readonly T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
const NINE_IN_TEN = { weight: 9, arbitrary: fc.constant(undefined) };
/** Most conditions are absent: rules that ask for everything never fire. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof(NINE_IN_TEN, { weight: 1, arbitrary }) as fc.Arbitrary<T | undefined>;
/** Absent keys are absent, not undefined. */
const given = <T extends object>(parts: { [K in keyof T]?: fc.Arbitrary<T[K] | undefined> }) =>
  fc
    .record(parts as Record<string, fc.Arbitrary<unknown>>)
    .map(
      (value) =>
        Object.fromEntries(
          Object.entries(value).filter(([, each]) => each !== undefined),
        ) as Partial<T>,
    );
const orNothing = <T extends object>(arbitrary: fc.Arbitrary<T>) =>
  fc
    .option(arbitrary, { nil: undefined, freq: 2 })
    .map((value) => (value === undefined || Object.keys(value).length === 0 ? undefined : value));

const DATE = fc.constantFrom('2027-12-30', '2028-01-01', '2028-02-28', '2028-02-29', '2028-03-31');
const HOUR = fc.constantFrom('00:00', '02:30', '09:00', '22:15');
const fen = fc.integer({ min: 0, max: 5000 });
const ratio = {
  points: fc.integer({ min: 1, max: 30 }),
  perFen: fc.oneof(fc.constantFrom(1, 100), fc.integer({ min: 1, max: 700 })),
};

const bounds = given<{ min: number; max: number }>({ min: seldom(fen), max: seldom(fen) });
const linesAsked = given<NonNullable<Conditions['lines']>>({
  skus: seldom(some(SKUS)),
  brands: seldom(some(BRANDS)),
  categories: seldom(some(CATEGORIES)),
  zones: seldom(some(ZONES)),
  green: seldom(fc.constant(true as const)),
  minFen: seldom(fen),
  minQuantity: seldom(fc.integer({ min: 1, max: 4 })),
});
const memberAsked = given<NonNullable<Conditions['member']>>({
  tiers: seldom(some(TIERS)),
  creditBands: seldom(some(BANDS)),
  segments: seldom(some(SEGMENTS)),
  firstOrder: seldom(fc.constant(true as const)),
  birthday: seldom(fc.constantFrom('day' as const, 'month' as const)),
  joinedWithinDays: seldom(fc.integer({ min: 0, max: 40 })),
});

const circumstances = {
  merchants: seldom(some([SHOP, OTHER_SHOP])),
  merchantCategories: seldom(some(['fruit', 'books'])),
  stores: seldom(some(STORES)),
  channels: seldom(some(CHANNELS)),
  dates: orNothing(given<{ from: string; to: string }>({ from: seldom(DATE), to: seldom(DATE) })),
  weekdays: seldom(some([1, 2, 3, 4, 5, 6, 7])),
  monthDays: seldom(some([1, 28, 29, 30, 31])),
  hours: seldom(fc.record({ from: HOUR, to: HOUR }).filter(({ from, to }) => from !== to)),
};
const ofOrders = {
  tenders: seldom(some(TENDERS)),
  orderFen: orNothing(bounds),
  lines: orNothing(linesAsked),
};

const earnRatio = (kind: 'base' | 'extra') => fc.record({ kind: fc.constant(kind), ...ratio });
const onTop: fc.Arbitrary<Effect> = fc.oneof(
  earnRatio('extra') as fc.Arbitrary<Effect>,
  fc
    .record({ num: fc.integer({ min: 1, max: 9 }), den: fc.integer({ min: 1, max: 9 }) })
    .map(({ num, den }) => ({
      kind: 'times' as const,
      num: Math.max(num, den),
      den: Math.min(num, den),
    })),
  fc.record({
    kind: fc.constant('fixed' as const),
    points: fc.integer({ min: 1, max: 50 }),
    per: fc.constantFrom('order' as const, 'item' as const),
  }),
);

const terms = given<NonNullable<RuleBody['terms']>>({
  pointType: seldom(fc.constantFrom('points', 'green')),
  expiry: seldom(
    fc.constantFrom(
      { kind: 'none' as const },
      { kind: 'rolling' as const, months: 1 },
      { kind: 'rolling' as const, days: 3 },
      { kind: 'fixed' as const, date: '2028-01-15' },
      { kind: 'end_of' as const, period: 'month' as const, after: 0 },
    ),
  ),
  pendingDays: seldom(fc.integer({ min: 0, max: 5 })),
  available: seldom(fc.constant('on_completion' as const)),
  funders: seldom(
    fc.constantFrom([{ merchant: 'seller' as const, share: 1 }], [{ merchant: BANK, share: 2 }]),
  ),
  caps: seldom(
    fc.uniqueArray(
      fc.record({
        per: fc.constantFrom('order' as const, 'day' as const, 'week' as const, 'ever' as const),
        points: fc.integer({ min: 1, max: 60 }),
      }),
      { minLength: 1, selector: ({ per }) => per },
    ),
  ),
});

const common = {
  name: fc.constant('a rule'),
  terms: orNothing(terms),
  priority: seldom(fc.integer({ min: 0, max: 3 })),
};

/** A rule that decides what the lines of an order earn in the first place. */
export const aBase: fc.Arbitrary<RuleBody> = given<RuleBody>({
  ...common,
  on: fc.constant('order' as const),
  when: given<Conditions>({
    ...circumstances,
    ...ofOrders,
    expression: seldom(fc.constantFrom(...EXPRESSIONS.keys())),
  }),
  earn: earnRatio('base') as fc.Arbitrary<Effect>,
}) as never;

/** A rule whose points come on top. */
export const aBonus: fc.Arbitrary<RuleBody> = given<RuleBody>({
  ...common,
  on: fc.constant('order' as const),
  when: given<Conditions>({
    ...circumstances,
    ...ofOrders,
    member: orNothing(memberAsked),
    expression: seldom(fc.constantFrom(...ALL_EXPRESSIONS.keys())),
  }),
  earn: onTop,
  group: seldom(fc.constantFrom('g', 'h')),
}) as never;

/** A rule about something else than buying. */
export const aReward: fc.Arbitrary<RuleBody> = given<RuleBody>({
  ...common,
  on: fc.constantFrom(...ACTIVITY_KINDS),
  when: given<Conditions>({ ...circumstances, member: orNothing(memberAsked) }),
  earn: fc.record({
    kind: fc.constant('fixed' as const),
    points: fc.integer({ min: 1, max: 50 }),
    per: fc.constant('order' as const),
  }) as fc.Arbitrary<Effect>,
  group: seldom(fc.constantFrom('g', 'h')),
}) as never;

export const aBody = fc.oneof(aBase, aBonus, aBonus, aReward);

const START = at('2027-12-28T00:00:00Z');
const DAY_MS = 86_400_000;
/** Around the turn of a leap year, its leap day, and changes of the clocks. */
export const anInstant = fc.oneof(
  fc.integer({ min: START, max: START + 100 * DAY_MS }),
  fc.integer({ min: at('2028-02-28T00:00:00Z'), max: at('2028-03-02T00:00:00Z') }),
);

export const published = (body: fc.Arbitrary<RuleBody>): fc.Arbitrary<RuleVersion> =>
  fc
    .record({
      body,
      code: fc.constantFrom('a', 'b', 'c', 'd'),
      merchant: fc.constantFrom(null, null, SHOP, OTHER_SHOP),
      from: fc.constantFrom(0, START + 20 * DAY_MS),
      until: fc.constantFrom(null, null, START + 60 * DAY_MS),
    })
    .map(({ body: told, ...more }) => version(told, more));

export const someVersions = fc.array(published(aBody), { maxLength: 12 });

export const aLine: fc.Arbitrary<RatedLine> = fc.record({
  lineNo: fc.constant(1),
  sku: fc.constantFrom(...SKUS),
  brand: fc.constantFrom(null, ...BRANDS),
  category: fc.constantFrom(null, ...CATEGORIES),
  zone: fc.constantFrom(null, ...ZONES),
  greenCertificate: fc.constantFrom(null, 'G1'),
  green: fc.constantFrom(null, 'valid' as const, 'expired' as const),
  quantity: fc.integer({ min: 1, max: 4 }),
  amountFen: fc.integer({ min: 0, max: 3000 }),
});

const facts = fc.record({
  tier: fc.constantFrom(null, ...TIERS),
  creditBand: fc.constantFrom(null, ...BANDS),
  segments: fc.subarray(SEGMENTS),
  earlierOrders: fc.integer({ min: 0, max: 4 }),
  joinedAt: anInstant,
  birthday: fc.constantFrom(null, '02-28', '02-29', '03-01', '12-31', '01-01'),
});
/** Half of the merchants have tiers of their own. */
const member = fc.oneof(
  facts,
  fc
    .tuple(facts, fc.constantFrom(null, ...TIERS))
    .map(([each, merchantTier]) => ({ ...each, merchantTier })),
);

const circumstancesFound = {
  at: anInstant,
  timeZone: fc.constantFrom(...ZONES_OF_TIME),
  merchant: fc.constantFrom(SHOP, OTHER_SHOP),
  merchantCategory: fc.constantFrom('fruit', 'books'),
  ratio: fc.record(ratio),
  store: fc.constantFrom(null, ...STORES),
  channel: fc.constantFrom(null, ...CHANNELS),
  member,
  attributes: fc.constantFrom({}, { score: 2 }, { score: 5 }, { score: 4.5 }),
};

export const anOrder: fc.Arbitrary<Occasion> = fc.record({
  ...circumstancesFound,
  on: fc.constant('order' as const),
  tenders: fc.subarray(TENDERS),
  lines: fc.array(aLine, { minLength: 1, maxLength: 6 }),
});

export const anActivity: fc.Arbitrary<Occasion> = fc.record({
  ...circumstancesFound,
  on: fc.constantFrom(...ACTIVITY_KINDS),
  tenders: fc.constant([]),
  lines: fc.constant([]),
});

export const anOccasion = fc.oneof({ weight: 4, arbitrary: anOrder }, anActivity);
