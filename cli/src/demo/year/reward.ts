import type { Date10 } from './calendar.ts';
import type { Dice } from './dice.ts';
import type { Order, Redeemed } from './event.ts';
import type { Person } from './person.ts';
import type { Purses } from './purse.ts';

/** What somebody may redeem by chance: a reward of the packs, in the usual points. */
interface Wish {
  readonly at: string;
  readonly reward: string;
  /** Of its first price. */
  readonly points: number;
  readonly weight: number;
  /** Of a voucher that takes something off: the bill it is used for. */
  readonly billFen?: number;
}

/** Rewards that anybody may have who has the points. */
export const WISHES: readonly Wish[] = [
  { at: 'convenience-store', reward: 'coffee', points: 150, weight: 6 },
  { at: 'convenience-store', reward: 'breakfast', points: 200, weight: 3 },
  { at: 'convenience-store', reward: 'voucher-3', points: 60, weight: 2, billFen: 1_850 },
  { at: 'supermarket', reward: 'rice', points: 900, weight: 6 },
  { at: 'supermarket', reward: 'voucher-5', points: 100, weight: 3, billFen: 8_640 },
  { at: 'fruit-shop', reward: 'gift-box', points: 500, weight: 6 },
  { at: 'fruit-shop', reward: 'voucher-50', points: 1_000, weight: 2, billFen: 6_230 },
  { at: 'beauty-shop', reward: 'lipstick-sample', points: 100, weight: 3 },
  { at: 'beauty-shop', reward: 'cotton-pads', points: 80, weight: 2 },
  { at: 'fashion-chain', reward: 'jeans-voucher', points: 600, weight: 4, billFen: 39_900 },
  { at: 'fashion-chain', reward: 'alteration', points: 400, weight: 2 },
  { at: 'optician', reward: 'eye-check', points: 1_000, weight: 2 },
  { at: 'optician', reward: 'lenses', points: 2_000, weight: 3 },
  { at: 'car-shop', reward: 'maintenance', points: 5_000, weight: 4 },
  { at: 'hotel', reward: 'breakfast', points: 1_500, weight: 2 },
  { at: 'scenic-spot', reward: 'ticket', points: 800, weight: 2 },
];

/** A donation, at the supermarket. */
export const TREE: Wish = { at: 'supermarket', reward: 'plant-a-tree', points: 200, weight: 1 };

/** The supermarket's for the festival, with a second price for who opted in with one of these bands. */
export const HAMPER = {
  reward: 'festival-hamper',
  points: 250,
  pointsWithBand: 200,
  bands: ['good', 'excellent'],
};

/** How many of those who buy also redeem something; and on a redemption day, or while there are hampers. */
const REDEEMS = 0.05;
const REDEEMS_THEN = 0.5;
/** Days of the month on which merchants ask for fewer points, as their packs say. */
const REDEMPTION_DAYS = new Map([
  ['supermarket', '08'],
  ['convenience-store', '15'],
]);
/** Whether some merchant asks for fewer points on that day of the month. */
export function isRedemptionDay(date: Date10): boolean {
  return [...REDEMPTION_DAYS.values()].includes(date.slice(8));
}

/** How much rather where somebody is than elsewhere. */
const HERE = 4;
/** How many use at once what they were handed out. */
const USES = 0.4;
/** Nobody redeems more often: of some rewards a member gets two in a month. */
const DAYS_BETWEEN = 16;
const DAY_MS = 86_400_000;

/** What is known on a day of who has how many points, and who redeemed something when. */
export interface Redeeming {
  readonly purses: Purses;
  readonly last: Map<string, Date10>;
  /** The days on which there are hampers. */
  readonly hampers: { readonly from: Date10; readonly to: Date10 };
}

/** What somebody who buys redeems that evening; null: mostly nothing. */
export function redeemedAfter(
  order: Order,
  person: Person,
  date: Date10,
  { purses, last, hampers }: Redeeming,
  dice: Dice,
): Redeemed | null {
  const hasHampers = order.at === 'supermarket' && date >= hampers.from && date <= hampers.to;
  const isDay = REDEMPTION_DAYS.get(order.at) === date.slice(8);
  if (!dice.chance(isDay || hasHampers ? REDEEMS_THEN : REDEEMS)) return null;
  const before = last.get(person.key);
  if (before !== undefined && Date.parse(date) - Date.parse(before) < DAYS_BETWEEN * DAY_MS)
    return null;
  // Half of what they are known to have: goods may still come back.
  const half = purses.of(person.key) / 2;
  const wish = hasHampers
    ? { ...HAMPER, at: order.at, billFen: 0 }
    : wishOf(order, person, half, isDay, dice);
  if (wish === null || wish.points > half) return null;
  const { at, reward, points, billFen = 0 } = wish;
  const isBand = hasHampers && HAMPER.bands.includes(person.creditBand ?? '');
  purses.spent(person.key, points);
  last.set(person.key, date);
  return {
    ...{ at, member: person.key, key: `${order.at}-${order.orderNo}-reward`, reward },
    ...{ option: isBand ? 1 : 0, points, pointType: 'points' },
    billFen: dice.chance(USES) ? billFen : null,
  };
}

/** Where they are, or where else they go; on a redemption day what is there. */
function wishOf(
  { at }: Order,
  { goes }: Person,
  most: number,
  isDay: boolean,
  dice: Dice,
): Wish | null {
  const open = [...WISHES, TREE]
    .filter(({ points }) => points <= most)
    .filter((wish) => wish.at === at || (!isDay && goes.some(({ pack }) => pack === wish.at)))
    .map((wish) => ({ ...wish, weight: wish.weight * (wish.at === at ? HERE : 1) }));
  return open.length === 0 ? null : dice.weigh(open);
}
