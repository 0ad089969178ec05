import type { Date10 } from './calendar.ts';
import type { Person } from './person.ts';

/** A line of an order, as `POST /v1/orders` takes it. */
export interface Line {
  readonly lineNo: number;
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly quantity: number;
  readonly amountFen: number;
  readonly brand?: string;
  readonly zone?: string;
  readonly greenCertificate?: string;
}

export interface Order {
  /** The pack of the merchant. */
  readonly at: string;
  readonly member: string;
  readonly orderNo: string;
  readonly paidAt: string;
  readonly store: string;
  readonly channel: string;
  readonly tenders: readonly string[];
  readonly lines: readonly Line[];
}

export interface GoodsReturn {
  readonly at: string;
  readonly member: string;
  readonly returnNo: string;
  readonly returnedAt: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

type DeedKind = 'check_in' | 'review' | 'survey' | 'training' | 'green' | 'referral';

export interface Deed {
  readonly at: string;
  readonly member: string;
  readonly kind: DeedKind;
  readonly activityNo: string;
  readonly occurredAt: string;
  readonly store?: string;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  readonly evidence?: { readonly behaviour: string; readonly number: string };
  readonly referred?: string;
}

/** A reward redeemed at a merchant, of those of its pack. */
export interface Redeemed {
  readonly at: string;
  readonly member: string;
  readonly key: string;
  readonly reward: string;
  /** The place of the price that is paid. */
  readonly option: number;
  /** What it costs at the most. */
  readonly points: number;
  readonly pointType: string;
  /** The bill at the till at which what was handed out is used at once; null: it is kept. */
  readonly billFen: number | null;
}

export interface Gift {
  readonly key: string;
  readonly giver: string;
  readonly receiver: string;
  readonly points: number;
}

/** A tier of a merchant's own, given by hand. */
export interface Promotion {
  /** The merchant's pack. */
  readonly at: string;
  readonly member: string;
  readonly tier: string;
  readonly until: Date10;
  readonly reason: string;
}

/** What happened on one day, each list in the order of the clock. */
export interface Day {
  readonly date: Date10;
  /** Told before the orders: their goods are not known yet. */
  readonly early: readonly GoodsReturn[];
  readonly orders: readonly Order[];
  readonly returns: readonly GoodsReturn[];
  /** In the evening, at the price of the day. */
  readonly redeemed: readonly Redeemed[];
  readonly deeds: readonly Deed[];
  readonly gifts: readonly Gift[];
  /** Who registers this evening. */
  readonly joins: readonly Person[];
  readonly promotions: readonly Promotion[];
}
