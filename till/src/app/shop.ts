import type { components } from '@hongmi/sdk';
import { hongmi } from './api.ts';
import { machineNow } from './clock.ts';

type Schemas = components['schemas'];

/** A reward that takes points off a bill, as far as a till works with it alone. Money in fen. */
export interface Offer {
  readonly rewardId: string;
  readonly name: Schemas['RewardTerms']['name'];
  readonly points: number;
  readonly pointType: string;
  readonly offFen: number;
  readonly atMostPercent: number;
  readonly overFen: number;
  /** Codes of stores; null: all. */
  readonly stores: readonly string[] | null;
}

/** `scale`: how many decimals are shown of what is kept in its smallest unit. */
interface PointType {
  readonly name: string;
  readonly scale: number;
}

/** All that a till has to know to go on while it is cut off. Kept on this machine, and asked for anew whenever somebody answers. */
export interface Shop {
  readonly staff: { readonly id: string; readonly name: string };
  readonly merchantId: string;
  readonly name: string;
  readonly programme: string;
  readonly timeZone: string;
  /** By how much the programme's clock is ahead of this machine's. */
  readonly offsetMs: number;
  /** Its point types, by their codes. */
  readonly pointTypes: Readonly<Record<string, PointType>>;
  readonly stores: readonly { readonly code: string; readonly name: string }[];
  readonly offers: readonly Offer[];
  /** Points of one member and day that are final while the till is cut off. */
  readonly offlineDayMax: number;
}

export type Session = Schemas['WhoAmI'];

/** Reads what there is to know of the merchant that somebody works at. Undefined: they work at none. */
export async function fetchShop({ staff }: Session): Promise<Shop | undefined> {
  if (staff === null || staff.merchantId === null) return undefined;
  const { merchantId } = staff;
  const asked = machineNow();
  const [programmes, merchant, stores, limit, rewards] = await Promise.all([
    hongmi.listProgrammes(),
    hongmi.getMerchant({ id: merchantId }),
    all(hongmi.pages('listStores', { id: merchantId })),
    hongmi.getOfflineLimit({ id: merchantId }),
    all(hongmi.pages('listRewards', { merchantId })),
  ]);
  const programme = programmes.items.find(({ code }) => code === merchant.programme);
  if (programme === undefined) throw new Error('a merchant is of a programme');
  return {
    staff: { id: staff.id, name: staff.name },
    merchantId,
    name: merchant.name,
    programme: programme.code,
    timeZone: programme.timeZone,
    // Half of the way there and back is the best guess of when the answer was made.
    offsetMs: Date.parse(programme.now) - (asked + machineNow()) / 2,
    pointTypes: Object.fromEntries(
      programme.pointTypes.map(({ code, name, scale }) => [code, { name, scale }]),
    ),
    stores: stores.flatMap(({ code, name, state }) => (state === 'open' ? [{ code, name }] : [])),
    offers: rewards.flatMap(({ id, current }) => offerOf(id, current?.body, merchantId)),
    offlineDayMax: limit.dayMax,
  };
}

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of pages) found.push(each);
  return found;
}

function offerOf(
  rewardId: string,
  body: Schemas['RewardTerms'] | undefined,
  merchantId: string,
): Offer[] {
  const place = body?.stores.find(({ merchant }) => merchant === merchantId);
  const [price] = body?.prices ?? [];
  const [part] = price?.points ?? [];
  // Of several types of points all are held or none: that takes the platform.
  if (body?.fulfilment.kind !== 'offset' || place === undefined || part === undefined) return [];
  if (price?.points.length !== 1) return [];
  const { offFen, atMostPercent, overFen } = body.fulfilment;
  const stores = place.stores ?? null;
  return [{ rewardId, name: body.name, ...part, offFen, atMostPercent, overFen, stores }];
}
