import Type from 'typebox';
import type { Uuid } from '../kernel/id.ts';
import { REWARD_KINDS, type RewardKind, type RewardVersion } from '../kernel/reward.ts';
import { readCursor, writeCursor } from '../platform/web/cursor.ts';
import { Code, idOf, Points, text } from '../platform/web/schema.ts';
import { isRedeemable } from './offer-schema.ts';
import type { Offer } from './offers.ts';

/** What somebody looks for among what a member can have; null: whatever it is. */
export interface Wanted {
  readonly merchant: Uuid | null;
  readonly kind: RewardKind | null;
  readonly named: string | null;
  readonly redeemable: boolean | null;
  readonly pointType: string | null;
  readonly pointsMax: number | null;
}

export const ORDERS = ['age', 'points'] as const;
export type Order = (typeof ORDERS)[number];

/** The same as requests say it. */
export const WantedQuery = {
  merchantId: Type.Optional({
    ...idOf('merchant'),
    description: 'What this merchant hands out.',
  }),
  kind: Type.Optional(Type.Enum([...REWARD_KINDS])),
  named: Type.Optional({
    ...text(50),
    description: 'What has this in its name, in either language.',
  }),
  redeemable: Type.Optional(
    Type.Boolean({ description: 'Only what the member can have now, or cannot.' }),
  ),
  pointType: Type.Optional({
    ...Code,
    description: 'What can be paid in points of this type, be it with others or cash.',
  }),
  pointsMax: Type.Optional({
    ...Points,
    description: 'What can be paid with at most so many points, of all types together.',
  }),
  order: Type.Optional(
    Type.Enum([...ORDERS], {
      default: 'age',
      description: '`points`: what takes fewest first, by the option that takes fewest.',
    }),
  ),
};

/** Whether a version is looked for, whatever it costs this member. */
export function isWanted({ body }: RewardVersion, { merchant, kind, named }: Wanted): boolean {
  return (
    (kind === null || body.kind === kind) &&
    (merchant === null || body.stores.some((each) => each.merchant === merchant)) &&
    (named === null || hasInName(body.name, named))
  );
}

function hasInName({ zh, en = '' }: RewardVersion['body']['name'], named: string): boolean {
  const looked = named.normalize('NFKC').toLowerCase();
  return [zh, en].some((each) => each.normalize('NFKC').toLowerCase().includes(looked));
}

/** The same of what it costs: with one option that is as asked for. */
function isAffordable(offer: Offer, { redeemable, pointType, pointsMax }: Wanted): boolean {
  if (redeemable !== null && isRedeemable(offer) !== redeemable) return false;
  if (pointType === null && pointsMax === null) return true;
  return offer.prices.some(
    ({ price: { points } }) =>
      (pointType === null || points.some((each) => each.pointType === pointType)) &&
      (pointsMax === null || sumOf(points) <= pointsMax),
  );
}

const sumOf = (parts: readonly { readonly points: number }[]): number =>
  parts.reduce((sum, { points }) => sum + points, 0);

/** Before all others in its order. */
type Place = readonly [points: number, reward: Uuid];

function placeOf({ version, prices }: Offer, order: Order): Place {
  const least = Math.min(...prices.map(({ price: { points } }) => sumOf(points)));
  // Ids are in the order of their age.
  return [order === 'points' ? least : 0, version.reward];
}

const isAfter = ([points, reward]: Place, [than, last]: Place): boolean =>
  points === than ? reward > last : points > than;

/** Where a page begins; undefined: the cursor is none of this list in this order. */
export function readPlace(order: Order, cursor: string | undefined): Place | null | undefined {
  if (cursor === undefined) return null;
  const [points, reward] = readCursor(listIn(order), cursor) ?? [];
  return typeof points === 'number' && typeof reward === 'string'
    ? [points, reward as Uuid]
    : undefined;
}

const listIn = (order: Order): string => `rewards of a member by ${order}`;

/** The page of what is wanted that begins after a place, and the cursor of the next. */
export function pageOfWanted(
  offers: readonly Offer[],
  wanted: Wanted,
  page: { readonly order: Order; readonly after: Place | null; readonly limit: number },
): { readonly offers: readonly Offer[]; readonly nextCursor: string | null } {
  const { order, after, limit } = page;
  const found = offers
    .filter((offer) => isAffordable(offer, wanted))
    .map((offer) => ({ offer, place: placeOf(offer, order) }))
    .filter(({ place }) => after === null || isAfter(place, after))
    .sort((a, b) => (isAfter(a.place, b.place) ? 1 : -1))
    .slice(0, limit + 1);
  const last = found.length > limit ? found[limit - 1] : undefined;
  return {
    offers: found.slice(0, limit).map(({ offer }) => offer),
    nextCursor: last === undefined ? null : writeCursor(listIn(order), last.place),
  };
}
