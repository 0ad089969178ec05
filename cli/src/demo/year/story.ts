import { type Date10, momentOf } from './calendar.ts';
import type { Deed, Gift, GoodsReturn, Order, Promotion, Redeemed } from './event.ts';
import { NOBODY, type Person, phoneOf } from './person.ts';
import { firstDayOf, MEMBERS_MAX, type Plan } from './plan.ts';
import type { Good } from './trade.ts';
import { tradeOf } from './trades.ts';
import { lineOf } from './visit.ts';

/** What members with a story do on a day, besides what everybody does. */
export interface Telling {
  readonly orders: Order[];
  readonly returns: GoodsReturn[];
  readonly redeemed: Redeemed[];
  readonly deeds: Deed[];
  readonly gifts: Gift[];
  readonly promotions: Promotion[];
}

/** A member made by hand, whose year ends with figures that can be looked up. */
export interface Story {
  readonly person: (plan: Plan) => Person;
  readonly tell: (told: Teller) => void;
}

/** Writes down what a member does; a day is told by how far it is from the first one. */
interface Teller {
  readonly plan: Plan;
  /** The day so many days after the first; before the end, if negative. */
  day(offset: number): Date10;
  buy(pack: string, date: Date10, goods: readonly Bought[], how?: Partial<Order>): Order;
  bring(order: Order, date: Date10, sku: string, quantity: number): void;
  /** For so many points, and used at once. */
  redeem(pack: string, date: Date10, reward: string, points: number, pointType?: string): void;
  do(pack: string, date: Date10, kind: Deed['kind'], more?: Partial<Deed>): void;
  promote(at: string, date: Date10, tier: string, until: Date10, reason: string): void;
}

/** An article by its number, what a piece costs, and how many. */
type Bought = readonly [sku: string, fen: number, quantity?: number];

/** Noon, when all trades are open. */
const BOUGHT_AT = 12 * 60 + 10;
const DONE_AT = 15 * 60;
/** Of the till at which they use what they redeemed. */
const BILL_FEN = 10_000;

let places = MEMBERS_MAX;

/** Somebody who joins on the first day and does nothing but what is told. */
export function storyOf(
  key: string,
  home: string,
  tell: Story['tell'],
  more: Partial<Person> & { readonly joinsOn?: number } = {},
): Story {
  places += 1;
  const phone = phoneOf(places);
  const { joinsOn = 0, ...facts } = more;
  const person = (plan: Plan): Person => ({
    ...NOBODY,
    key,
    phone,
    home,
    joins: dayOf(plan, joinsOn),
    ...facts,
  });
  return { person, tell };
}

/** What members with these stories do, by day. */
export function tellAll(stories: readonly Story[], plan: Plan): ReadonlyMap<Date10, Telling> {
  const days = new Map<Date10, Telling>();
  const on = (date: Date10): Telling => {
    const telling = days.get(date) ?? {
      orders: [],
      returns: [],
      redeemed: [],
      deeds: [],
      gifts: [],
      promotions: [],
    };
    days.set(date, telling);
    return telling;
  };
  for (const { person, tell } of stories) tell(tellerOf(person(plan).key, plan, on));
  return days;
}

function tellerOf(member: string, plan: Plan, on: (date: Date10) => Telling): Teller {
  let told = 0;
  const number = (): string => {
    told += 1;
    return `${member}-${plan.until.replaceAll('-', '')}-${String(told).padStart(2, '0')}`;
  };
  return {
    plan,
    day: (offset) => dayOf(plan, offset),
    buy(pack, date, goods, how = {}) {
      const trade = tradeOf(pack);
      const lines = goods.map(([sku, fen, quantity = 1], index) =>
        lineOf(goodOf(pack, sku), index + 1, quantity, fen),
      );
      const [store] = trade.stores;
      const [channel] = trade.channels;
      const order: Order = {
        at: pack,
        member,
        orderNo: number(),
        paidAt: momentOf(date, BOUGHT_AT),
        store: store?.code ?? '',
        channel: channel?.code ?? '',
        tenders: ['wechat'],
        lines,
        ...how,
      };
      on(date).orders.push(order);
      return order;
    },
    bring(order, date, sku, quantity) {
      const returnedAt = momentOf(date, DONE_AT);
      const lines = [{ sku, quantity }];
      on(date).returns.push({
        at: order.at,
        member,
        returnNo: `R${order.orderNo}`,
        returnedAt,
        lines,
      });
    },
    redeem(at, date, reward, points, pointType = 'points') {
      const told = { at, member, key: number(), reward, option: 0, points, pointType };
      on(date).redeemed.push({ ...told, billFen: BILL_FEN });
    },
    do(at, date, kind, more = {}) {
      const occurredAt = momentOf(date, DONE_AT);
      on(date).deeds.push({ at, member, kind, activityNo: number(), occurredAt, ...more });
    },
    promote(at, date, tier, until, reason) {
      on(date).promotions.push({ at, member, tier, until, reason });
    },
  };
}

function dayOf(plan: Plan, offset: number): Date10 {
  const from = offset < 0 ? plan.until : firstDayOf(plan);
  return new Date(Date.parse(from) + offset * 86_400_000).toISOString().slice(0, 10);
}

function goodOf(pack: string, sku: string): Good {
  const good = tradeOf(pack).goods.find((each) => each.sku === sku);
  if (good === undefined) throw new Error(`${pack} does not sell ${sku}`);
  return good;
}
