import { showId, type Uuid } from '../kernel/id.ts';
import { type Expression, readExpression } from './expression.ts';
import type { RatedLine } from './rating.ts';
import type { Conditions, RuleVersion } from './rule.ts';
import type { Goods, Scene } from './scene.ts';
import { outlives } from './terms.ts';
import { tierFor } from './tier-asked.ts';

/** What must hold for a rule to fire: one small thing, which can say what it wanted and what it found. */
interface Condition<Wanted> {
  /** As it is named in the rule. */
  readonly name: string;
  /** Undefined: the rule does not ask for it. */
  wantedOf(version: RuleVersion): Wanted | undefined;
  holds(wanted: Wanted, scene: Scene, goods: Goods): boolean;
  tell(wanted: Wanted): string;
  found(scene: Scene, goods: Goods, wanted: Wanted): string;
}

/** A condition of one version. */
export interface Check {
  readonly name: string;
  readonly wanted: string;
  holds(scene: Scene, goods: Goods): boolean;
  found(scene: Scene, goods: Goods): string;
}

const NONE = '-';
const told = (values: readonly string[]): string =>
  values.length === 0 ? NONE : values.join(', ');
const listed = (value: string | null): readonly string[] => (value === null ? [] : [value]);

/** One of the listed values must be among those of the scene. */
function oneOf(
  name: string,
  list: (when: Conditions, version: RuleVersion) => readonly (string | number)[] | undefined,
  keysIn: (scene: Scene) => readonly string[],
  show: (key: string) => string = (key) => key,
): Condition<ReadonlySet<string>> {
  return {
    name,
    wantedOf(version) {
      const values = list(version.body.when, version);
      return values === undefined ? undefined : new Set(values.map(String));
    },
    holds: (wanted, scene) => keysIn(scene).some((key) => wanted.has(key)),
    tell: (wanted) => told([...wanted].map(show)),
    found: (scene) => told(keysIn(scene).map(show)),
  };
}

const showMerchant = (id: string): string => showId('merchant', id as Uuid);

/** A flag of the rule that the scene must have. */
function flag(
  name: string,
  isWanted: (when: Conditions) => boolean,
  has: (scene: Scene) => boolean,
  found: (scene: Scene) => string,
): Condition<true> {
  return {
    name,
    wantedOf: ({ body }) => (isWanted(body.when) ? true : undefined),
    holds: (_, scene) => has(scene),
    tell: () => 'yes',
    found,
  };
}

/** An amount that must lie within bounds, both included. */
function between(
  name: string,
  bounds: (when: Conditions) => { readonly min?: number; readonly max?: number } | undefined,
  amount: (goods: Goods, scene: Scene) => number,
): Condition<{ readonly min?: number; readonly max?: number }> {
  return {
    name,
    wantedOf: ({ body }) => bounds(body.when),
    holds({ min = -Infinity, max = Infinity }, scene, goods) {
      const value = amount(goods, scene);
      return value >= min && value <= max;
    },
    tell({ min, max }) {
      if (max === undefined) return `>= ${min}`;
      return min === undefined ? `<= ${max}` : `${min}-${max}`;
    },
    found: (scene, goods) => String(amount(goods, scene)),
  };
}

const atLeast = (min: number | undefined) => (min === undefined ? undefined : { min });

const dates: Condition<NonNullable<Conditions['dates']>> = {
  name: 'when.dates',
  wantedOf: ({ body }) => body.when.dates,
  holds({ from, to }, { local }) {
    return (from === undefined || local.date >= from) && (to === undefined || local.date <= to);
  },
  tell: ({ from = '', to = '' }) => `${from}..${to}`,
  found: ({ local }) => local.date,
};

/** The minute of the day of `22:00`. */
function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

const hours: Condition<{ readonly text: string; readonly from: number; readonly to: number }> = {
  name: 'when.hours',
  wantedOf({ body }) {
    const { hours: span } = body.when;
    if (span === undefined) return undefined;
    const text = `${span.from}-${span.to}`;
    return { text, from: minuteOf(span.from), to: minuteOf(span.to) };
  },
  holds({ from, to }, { local }) {
    const minute = local.hour * 60 + local.minute;
    return from < to ? minute >= from && minute < to : minute >= from || minute < to;
  },
  tell: ({ text }) => text,
  found: ({ local }) =>
    `${String(local.hour).padStart(2, '0')}:${String(local.minute).padStart(2, '0')}`,
};

const birthday: Condition<'day' | 'month'> = {
  name: 'when.member.birthday',
  wantedOf: ({ body }) => body.when.member?.birthday,
  holds: (wanted, scene) => (wanted === 'day' ? scene.isBirthday : scene.isBirthMonth),
  tell: (wanted) => wanted,
  found: ({ occasion }) => occasion.member.birthday ?? NONE,
};

const joinedWithinDays: Condition<number> = {
  name: 'when.member.joinedWithinDays',
  wantedOf: ({ body }) => body.when.member?.joinedWithinDays,
  holds: (wanted, { joinedDays }) => joinedDays >= 0 && joinedDays <= wanted,
  tell: (wanted) => `<= ${wanted}`,
  found: ({ joinedDays }) => String(joinedDays),
};

/** `G-1 expired` of each line that names a certificate. */
const greenOf = (all: readonly RatedLine[]): readonly string[] =>
  all.flatMap(({ greenCertificate, green }) =>
    greenCertificate === null ? [] : `${greenCertificate} ${green}`,
  );

/** Certificates must stand behind some of the goods. */
const green = flag(
  'when.lines.green',
  (when) => when.lines?.green === true,
  ({ lines: all }) => all.some((line) => line.green === 'valid'),
  ({ lines: all }) => told(greenOf(all)),
);

/** Some goods must be what the rule is about. */
const lines: Condition<string> = {
  name: 'when.lines',
  wantedOf: ({ body }) => (body.on === 'order' ? JSON.stringify(body.when.lines ?? {}) : undefined),
  holds: (_, __, goods) => goods.places.length > 0,
  tell: (wanted) => wanted,
  found: ({ lines: all }) =>
    told([
      ...all.map(({ sku, category, zone }) => [sku, category, zone].filter(Boolean).join('/')),
      ...greenOf(all),
    ]),
};

interface TiersWanted {
  readonly codes: ReadonlySet<string>;
  /** By a merchant's own rule. */
  readonly isMerchants: boolean;
}

const tiers: Condition<TiersWanted> = {
  name: 'when.member.tiers',
  wantedOf({ body, merchant }) {
    const codes = body.when.member?.tiers;
    return codes && { codes: new Set(codes), isMerchants: merchant !== null };
  },
  holds({ codes, isMerchants }, { occasion }) {
    const tier = tierFor(occasion.member, isMerchants);
    return tier !== null && codes.has(tier);
  },
  tell: ({ codes }) => told([...codes]),
  // Where there are two, it says in which.
  found({ occasion: { member } }, _, { isMerchants }) {
    const tier = tierFor(member, isMerchants) ?? NONE;
    if (member.merchantTier === undefined) return tier;
    return `${isMerchants ? 'merchant' : 'programme'}: ${tier}`;
  },
};

/** Points that would have lapsed before anybody could spend them are not given. */
const expiry: Condition<RuleVersion> = {
  name: 'terms.expiry',
  wantedOf: (version) => (version.body.terms?.expiry === undefined ? undefined : version),
  holds: ({ body }, { occasion }) => outlives(body.terms, occasion),
  tell: () => 'still to come when they can be spent',
  found: ({ local }) => local.date,
};

const expression: Condition<{ readonly text: string; readonly ask: Expression }> = {
  name: 'when.expression',
  wantedOf({ body, merchant }) {
    const { expression: text } = body.when;
    if (text === undefined) return undefined;
    return { text, ask: readExpression(text, merchant !== null) };
  },
  holds(wanted, scene) {
    const found = wanted.ask(scene);
    return 'value' in found && found.value;
  },
  tell: ({ text }) => text,
  found(scene, _, wanted) {
    const found = wanted.ask(scene);
    return 'value' in found ? String(found.value) : found.failure;
  },
};

type Any = Condition<never>;

/** From cheap to dear; the first that fails is the one that is told. */
const CONDITIONS = [
  oneOf(
    'merchant',
    (_, { merchant }) => (merchant === null ? undefined : [merchant]),
    ({ occasion }) => [occasion.merchant],
    showMerchant,
  ),
  oneOf(
    'when.merchants',
    (when) => when.merchants,
    ({ occasion }) => [occasion.merchant],
    showMerchant,
  ),
  oneOf(
    'when.merchantCategories',
    (when) => when.merchantCategories,
    ({ occasion }) => [occasion.merchantCategory],
  ),
  oneOf(
    'when.stores',
    (when) => when.stores,
    ({ occasion }) => listed(occasion.store),
  ),
  oneOf(
    'when.channels',
    (when) => when.channels,
    ({ occasion }) => listed(occasion.channel),
  ),
  oneOf(
    'when.tenders',
    (when) => when.tenders,
    ({ occasion }) => occasion.tenders,
  ),
  tiers,
  oneOf(
    'when.member.creditBands',
    (when) => when.member?.creditBands,
    ({ occasion }) => listed(occasion.member.creditBand),
  ),
  oneOf(
    'when.member.segments',
    (when) => when.member?.segments,
    ({ occasion }) => occasion.member.segments,
  ),
  flag(
    'when.member.firstOrder',
    (when) => when.member?.firstOrder === true,
    ({ occasion }) => occasion.member.earlierOrders === 0,
    ({ occasion }) => `${occasion.member.earlierOrders} earlier`,
  ),
  oneOf(
    'when.weekdays',
    (when) => when.weekdays,
    ({ local }) => [String(local.weekday)],
  ),
  oneOf(
    'when.monthDays',
    (when) => when.monthDays,
    ({ local }) => [String(local.day)],
  ),
  dates,
  hours,
  birthday,
  joinedWithinDays,
  between(
    'when.orderFen',
    (when) => when.orderFen,
    (_, { goods }) => goods.fen,
  ),
  green,
  lines,
  between(
    'when.lines.minFen',
    (when) => atLeast(when.lines?.minFen),
    (goods) => goods.fen,
  ),
  between(
    'when.lines.minQuantity',
    (when) => atLeast(when.lines?.minQuantity),
    (goods) => goods.quantity,
  ),
  expiry,
  expression,
] as unknown as readonly Any[];

/** The conditions of a version, in the order in which they are asked. */
export function checksOf(version: RuleVersion): readonly Check[] {
  return CONDITIONS.flatMap((condition) => {
    const wanted = condition.wantedOf(version);
    if (wanted === undefined) return [];
    return {
      name: condition.name,
      wanted: condition.tell(wanted),
      holds: (scene, goods) => condition.holds(wanted, scene, goods),
      found: (scene, goods) => condition.found(scene, goods, wanted),
    };
  });
}
