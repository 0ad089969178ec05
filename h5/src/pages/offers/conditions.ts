import type { Output } from '@hongmi/sdk';
import type { Format } from '@hongmi/ui/format.ts';
import type { Plain } from '@hongmi/ui/gives-in-words.ts';
import type { words } from './words.ts';

export type Offer = Output<'listMemberOffers'>['items'][number];
type Rule = NonNullable<Offer['rule']>;
type Promotion = NonNullable<Offer['promotion']>;

/** With what an offer is said: words, numbers, and names. */
export interface OfferTongue {
  readonly t: Plain<typeof words>;
  readonly f: Format;
  /** From the smallest unit of a type. */
  readonly points: (value: number, type: string | undefined) => string;
  readonly merchant: (id: string) => string;
  readonly weekday: (day: number) => string;
  readonly month: (month: number) => string;
}

type Said = string | false | undefined;
const kept = (list: readonly Said[]): string[] =>
  list.filter((each): each is string => typeof each === 'string');

/** What must hold for an offer, a line each. What days it is of stands beside it. */
export function conditionsOf(
  { rule, promotion, asksMore, limited }: Offer,
  tongue: OfferTongue,
): string[] {
  const { t } = tongue;
  return [
    ...(rule === null ? [] : ofRule(rule, tongue)),
    ...(promotion === null ? [] : ofPromotion(promotion, tongue)),
    ...(asksMore ? [t.asksMore] : []),
    ...(limited ? [t.limited] : []),
  ];
}

function ofRule({ when, terms = {}, description }: Rule, tongue: OfferTongue): string[] {
  const { t, f, points: shown, merchant, weekday } = tongue;
  const { orderFen, member, hours, merchants, monthDays, weekdays } = when;
  return kept([
    weekdays && t.days(f.list(weekdays.map(weekday))),
    monthDays && t.monthDays(f.list(monthDays.map(String))),
    hours && t.hours(hours.from, hours.to),
    merchants && t.at(f.list(merchants.map(merchant))),
    // Codes of goods, shops and ways to pay are the merchant's; where it tells them in its own words, those are enough.
    ...(description === undefined ? ofGoods(when, tongue) : []),
    orderFen?.min !== undefined && t.least(f.money(orderFen.min)),
    orderFen?.max !== undefined && t.most(f.money(orderFen.max)),
    member?.firstOrder && t.firstOrder,
    member?.birthday && (member.birthday === 'day' ? t.birthDay : t.birthMonth),
    ...(terms.caps ?? []).map(({ per, points }) => t.caps[per](shown(points, terms.pointType))),
    terms.pendingDays !== undefined && t.pending(f.number(terms.pendingDays)),
  ]);
}

function ofGoods(
  { lines = {}, stores, channels, tenders }: Rule['when'],
  { t, f }: OfferTongue,
): Said[] {
  const { skus = [], brands = [], categories = [], zones = [], green, minFen, minQuantity } = lines;
  const goods = [...categories, ...brands, ...zones, ...skus];
  return [
    goods.length > 0 && t.goods(f.list(goods)),
    green && t.green,
    minFen !== undefined && t.goodsLeast(f.money(minFen)),
    minQuantity !== undefined && t.pieces(f.number(minQuantity)),
    stores && t.stores(f.list(stores)),
    channels && t.channels(f.list(channels)),
    tenders && t.tenders(f.list(tenders)),
  ];
}

function ofPromotion(
  { when, rewards, kinds }: Promotion,
  { t, f, weekday, month }: OfferTongue,
): string[] {
  const { months, monthDays, weekdays, memberMonth } = when;
  return kept([
    rewards === undefined && kinds === undefined ? t.allRewards : t.someRewards,
    months && t.months(f.list(months.map(month))),
    monthDays && t.monthDays(f.list(monthDays.map(String))),
    weekdays && t.days(f.list(weekdays.map(weekday))),
    memberMonth && (memberMonth === 'birthday' ? t.birthMonth : t.joinMonth),
  ]);
}
