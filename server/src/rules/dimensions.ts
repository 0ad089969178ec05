import type { Uuid } from '../kernel/id.ts';
import type { RuleVersion } from './rule.ts';
import type { Scene } from './scene.ts';

/**
 * Something by which rules are looked up: a rule that wants one of its keys can only fire on a scene that
 * has one of them. What conditions.ts says decides; here it is said again, and no narrower, so that most rules need
 * not be asked.
 */
interface Dimension {
  readonly name: string;
  /** Undefined: the rule fires whatever the scene has. */
  keysOf(version: RuleVersion): readonly (string | number)[] | undefined;
  keysIn(scene: Scene): readonly (string | number)[];
}

const MONTHS_MAX = 36;

/** The months that dates lie in, `2027-06`; undefined when they are too many to list. */
function monthsOf({ body }: RuleVersion): readonly string[] | undefined {
  const { from, to } = body.when.dates ?? {};
  if (from === undefined || to === undefined) return undefined;
  const [first, last] = [from, to].map(
    (date) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1,
  ) as [number, number];
  if (last - first >= MONTHS_MAX) return undefined;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const month = first + index;
    const year = String(Math.floor(month / 12)).padStart(4, '0');
    return `${year}-${String((month % 12) + 1).padStart(2, '0')}`;
  });
}

/** The hours of the day that a rule's hours touch. */
function hoursOf({ body }: RuleVersion): readonly number[] | undefined {
  const { hours } = body.when;
  if (hours === undefined) return undefined;
  const [first, last] = [Number(hours.from.slice(0, 2)), Number(hours.to.slice(0, 2))];
  // Up to the hour that it ends in; when that is the one it begins in, all of them if it passes midnight.
  const count = hours.from < hours.to ? last - first + 1 : last - first + 25;
  return Array.from({ length: Math.min(24, count) }, (_, index) => (first + index) % 24);
}

const listed = (value: string | null): readonly string[] => (value === null ? [] : [value]);
const yes = (is: boolean | undefined): readonly string[] => (is === true ? ['yes'] : []);
const ifYes = (is: boolean): readonly string[] | undefined => (is ? ['yes'] : undefined);

/** The merchants that a rule is about; undefined: all of them. It is what tells most rules of a mall apart. */
export function merchantsOf({ merchant, body }: RuleVersion): readonly Uuid[] | undefined {
  return merchant === null ? body.when.merchants : [merchant];
}

/** All others. */
export const DIMENSIONS: readonly Dimension[] = [
  {
    name: 'sku',
    keysOf: ({ body }) => body.when.lines?.skus,
    keysIn: (scene) => scene.valuesOf('sku'),
  },
  {
    name: 'store',
    keysOf: ({ body }) => body.when.stores,
    keysIn: ({ occasion }) => listed(occasion.store),
  },
  {
    name: 'brand',
    keysOf: ({ body }) => body.when.lines?.brands,
    keysIn: (scene) => scene.valuesOf('brand'),
  },
  {
    name: 'category',
    keysOf: ({ body }) => body.when.lines?.categories,
    keysIn: (scene) => scene.valuesOf('category'),
  },
  {
    name: 'zone',
    keysOf: ({ body }) => body.when.lines?.zones,
    keysIn: (scene) => scene.valuesOf('zone'),
  },
  {
    name: 'segment',
    keysOf: ({ body }) => body.when.member?.segments,
    keysIn: ({ occasion }) => occasion.member.segments,
  },
  {
    name: 'birth month',
    keysOf: ({ body }) => ifYes(body.when.member?.birthday !== undefined),
    keysIn: (scene) => yes(scene.isBirthMonth),
  },
  {
    name: 'first order',
    keysOf: ({ body }) => ifYes(body.when.member?.firstOrder === true),
    keysIn: ({ occasion }) => yes(occasion.member.earlierOrders === 0),
  },
  {
    name: 'month day',
    keysOf: ({ body }) => body.when.monthDays,
    keysIn: ({ local }) => [local.day],
  },
  {
    name: 'month',
    keysOf: monthsOf,
    keysIn: ({ local }) => [local.date.slice(0, 7)],
  },
  {
    name: 'weekday',
    keysOf: ({ body }) => body.when.weekdays,
    keysIn: ({ local }) => [local.weekday],
  },
  {
    name: 'hour',
    keysOf: hoursOf,
    keysIn: ({ local }) => [local.hour],
  },
  {
    name: 'tender',
    keysOf: ({ body }) => body.when.tenders,
    keysIn: ({ occasion }) => occasion.tenders,
  },
  {
    name: 'credit band',
    keysOf: ({ body }) => body.when.member?.creditBands,
    keysIn: ({ occasion }) => listed(occasion.member.creditBand),
  },
  {
    name: 'tier',
    keysOf: ({ body }) => body.when.member?.tiers,
    keysIn: ({ occasion: { member } }) => [
      ...listed(member.tier),
      ...listed(member.merchantTier ?? null),
    ],
  },
  {
    name: 'channel',
    keysOf: ({ body }) => body.when.channels,
    keysIn: ({ occasion }) => listed(occasion.channel),
  },
  {
    name: 'merchant category',
    keysOf: ({ body }) => body.when.merchantCategories,
    keysIn: ({ occasion }) => [occasion.merchantCategory],
  },
  {
    name: 'green',
    keysOf: ({ body }) => ifYes(body.when.lines?.green === true),
    keysIn: ({ lines }) => yes(lines.some((line) => line.green === 'valid')),
  },
];
