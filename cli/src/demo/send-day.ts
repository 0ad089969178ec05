import type { Hongmi } from '@hongmi/sdk';
import { type Coalition, PROGRAMME } from './set-up.ts';
import type { Tally } from './tally.ts';
import { demoKey, unlessDone } from './write-once.ts';
import type { Day, Deed, Gift, GoodsReturn, Order } from './year/event.ts';

/** What the days are sent with. */
export interface Sending extends Pick<Coalition, 'merchants'> {
  readonly hongmi: Hongmi;
  /** Of whoever has registered, by key. */
  readonly members: ReadonlyMap<string, string>;
  readonly tally: Tally;
}

const BULK_MAX = 250;
/** Requests under way at a time: as many as the server has threads to decide in, and one to wait. */
const LANES = 3;

/** Sends what happened on some days but the registrations. Sent again, it is answered as the first time. */
export async function sendDays(sending: Sending, days: readonly Day[]): Promise<void> {
  await sendReturns(
    sending,
    days.flatMap(({ early }) => early),
  );
  const orders = lanesOf(days.flatMap((day) => day.orders));
  const deeds = lanesOf(days.flatMap((day) => day.deeds));
  // A member's in one lane, one after the other: nobody waits for the lock of a member.
  const lane = async (place: number): Promise<void> => {
    for (const part of partsOf(orders[place] ?? [])) await sendOrders(sending, part);
    for (const part of partsOf(deeds[place] ?? [])) await sendDeeds(sending, part);
  };
  await Promise.all(Array.from({ length: LANES }, (_, place) => lane(place)));
  // What was bought and earned may be given away and brought back.
  await sendReturns(
    sending,
    days.flatMap(({ returns }) => returns),
  );
  await sendGifts(
    sending,
    days.flatMap(({ gifts }) => gifts),
  );
  for (const day of days) await promote(sending, day);
}

/** A member's are all in one lane, in their order. */
function lanesOf<T extends { readonly member: string }>(items: readonly T[]): readonly T[][] {
  const lanes: T[][] = Array.from({ length: LANES }, () => []);
  for (const item of items) lanes[laneOf(item.member, LANES)]?.push(item);
  return lanes;
}

function partsOf<T>(lane: readonly T[]): T[][] {
  const count = Math.ceil(lane.length / BULK_MAX);
  return Array.from({ length: count }, (_, n) => lane.slice(n * BULK_MAX, (n + 1) * BULK_MAX));
}

function laneOf(member: string, count: number): number {
  let sum = 0;
  for (const letter of member) sum += letter.charCodeAt(0);
  return sum % count;
}

function idOf(ids: ReadonlyMap<string, string>, key: string): string {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`${key} is not there yet`);
  return id;
}

/** Who it is about, as the API names them. */
export function whose(
  { merchants, members }: Sending,
  each: { readonly at: string; readonly member: string },
) {
  return { merchantId: idOf(merchants, each.at), memberId: idOf(members, each.member) };
}

async function sendOrders(sending: Sending, orders: readonly Order[]): Promise<void> {
  const { hongmi, tally } = sending;
  const { results } = await hongmi.createOrders(
    { orders: orders.map((order) => orderBody(sending, order)) },
    demoKey('orders', ...orders.map(({ orderNo }) => orderNo)),
  );
  for (const { status, problem } of results) tally.note('orders', status, problem);
}

/** An order as the API takes it, with a key of its own. */
export function orderBody(sending: Pick<Sending, 'merchants' | 'members'>, order: Order) {
  const { at, member, tenders, lines, ...told } = order;
  return {
    ...told,
    merchantId: idOf(sending.merchants, at),
    memberId: idOf(sending.members, member),
    tenders: [...tenders],
    lines: [...lines],
    idempotencyKey: `demo-${at}-${told.orderNo}`,
  };
}

async function sendReturns(sending: Sending, returns: readonly GoodsReturn[]): Promise<void> {
  if (returns.length === 0) return;
  const { hongmi, tally } = sending;
  const body = {
    returns: returns.map((each) => {
      const { returnNo, returnedAt, lines, at } = each;
      const idempotencyKey = `demo-${at}-${returnNo}`;
      return { ...whose(sending, each), returnNo, returnedAt, lines: [...lines], idempotencyKey };
    }),
  };
  const { results } = await hongmi.createReturns(
    body,
    demoKey('returns', ...returns.map(({ returnNo }) => returnNo)),
  );
  for (const { status, problem } of results) tally.note('returns', status, problem);
}

async function sendDeeds(sending: Sending, deeds: readonly Deed[]): Promise<void> {
  if (deeds.length === 0) return;
  const { hongmi, members, tally } = sending;
  const activities = deeds.map((deed) => {
    const { at, member: _, referred, ...told } = deed;
    const idempotencyKey = `demo-${at}-${told.activityNo}`;
    const who = referred === undefined ? {} : { referredMemberId: idOf(members, referred) };
    return { ...told, ...whose(sending, deed), ...who, idempotencyKey };
  });
  const { results } = await hongmi.createActivities(
    { activities },
    demoKey('deeds', ...deeds.map(({ activityNo }) => activityNo)),
  );
  for (const { status, problem } of results) tally.note('activities', status, problem);
}

async function sendGifts(
  { hongmi, members, tally }: Sending,
  gifts: readonly Gift[],
): Promise<void> {
  if (gifts.length === 0) return;
  const transfers = gifts.map(({ key, giver, receiver, points }) => ({
    giverId: idOf(members, giver),
    receiverId: idOf(members, receiver),
    programme: PROGRAMME,
    points,
    purpose: 'family_gift' as const,
    idempotencyKey: `demo-${key}`,
  }));
  const { results } = await hongmi.createTransfers(
    { transfers },
    demoKey('gifts', ...gifts.map(({ key }) => key)),
  );
  for (const { status, problem } of results) tally.note('gifts', status, problem);
}

async function promote(
  { hongmi, merchants, members, tally }: Sending,
  { promotions }: Day,
): Promise<void> {
  for (const { at, member, tier, until, reason } of promotions) {
    const merchantId = idOf(merchants, at);
    const call = hongmi.giveTier(
      { id: idOf(members, member), merchantId, tier, until, reason, actor: '演示' },
      demoKey('tier', member, until),
    );
    // They may have reached it by themselves, if the day is late.
    const given = await unlessDone(call, ['tier_not_higher']);
    tally.note('promotions', given === undefined ? 'refused' : 'applied', {
      code: 'tier_not_higher',
    });
  }
}
