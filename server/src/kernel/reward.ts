import type { Instant } from './clock.ts';
import type { Uuid } from './id.ts';

/** What points can be redeemed for. */
export const REWARD_KINDS = [
  'goods',
  'service',
  'voucher',
  'sample',
  'ticket',
  'upgrade',
  'insurance',
  'parking',
  'charging',
  'travel',
  'donation',
] as const;
export type RewardKind = (typeof REWARD_KINDS)[number];

/** What members read: in Chinese, and in English where somebody wrote it. */
export interface Words {
  readonly zh: string;
  readonly en?: string;
}

/** Points of one type, by its code. */
export interface PointsPart {
  readonly pointType: string;
  readonly points: number;
}

/** One way to pay for one unit of a reward; whoever redeems chooses among those open to them. */
export interface PriceOption {
  /** Up to three types, each once; none: a privilege of those who are eligible. */
  readonly points: readonly PointsPart[];
  /** Paid beside the points; 0: nothing. */
  readonly cashFen: number;
  /** Only for members in one of these bands: always beside an option for everybody that costs no less. */
  readonly creditBands?: readonly string[];
}

/** Who hands a reward out: a merchant, at all its stores or at those of these codes. */
export interface RedeemedAt {
  readonly merchant: Uuid;
  readonly stores?: readonly string[];
}

/** A stretch of the programme's calendar; `ever` has no end. */
export const REWARD_PERIODS = ['day', 'week', 'month', 'year', 'ever'] as const;
export type RewardPeriod = (typeof REWARD_PERIODS)[number];

/** How many units one redeeming merchant gives out within a period, so that a generous reward does not drain it. */
export interface RewardQuota {
  /** Absent: each of those that redeem, for itself. */
  readonly merchant?: Uuid;
  readonly per: RewardPeriod;
  readonly times: number;
}

/** How many units one member gets: of one redemption (`order`), or within a period. */
export interface RewardLimit {
  readonly per: 'order' | RewardPeriod;
  readonly times: number;
}

/** Who may redeem; what is absent asks nothing, of a list one entry must be met. */
export interface RewardEligibility {
  /** Of the programme; of a merchant's own reward, of the merchant where it has tiers. */
  readonly tiers?: readonly string[];
  readonly creditBands?: readonly string[];
  readonly segments?: readonly string[];
  /** Never before this reward, or anything of its owner. */
  readonly firstTime?: 'reward' | 'merchant';
  /** What the member must have to be let in, beside the price. */
  readonly balanceFloor?: PointsPart;
  /** Not for children: the only age of a member that the platform knows is whether they are under 14. */
  readonly age?: { readonly from: 14 };
}

export type VoucherForm =
  /** So much off a bill of at least `overFen`. */
  | { readonly form: 'full_reduction'; readonly offFen: number; readonly overFen: number }
  /** So much off any bill; in parts, if it says so. */
  | { readonly form: 'no_threshold'; readonly offFen: number; readonly partial: boolean }
  /** So much per cent off, and no more than `atMostFen`. */
  | { readonly form: 'percentage'; readonly percentOff: number; readonly atMostFen: number }
  /** It is exchanged for a thing or a service. */
  | { readonly form: 'exchange'; readonly what: Words };

/** Until when: so many days after the redemption, or the end of a day, `2027-06-30`. */
export type Lasts = { readonly days: number } | { readonly until: string };

/** A span of the days of a week, by the programme's time zone. */
export interface OpenHours {
  /** 1 Monday to 7 Sunday; absent: every day. */
  readonly weekdays?: readonly number[];
  /** `09:00`; `to` comes after it and is not included, and `24:00` is the end of the day. */
  readonly from: string;
  readonly to: string;
}

/** When something can be booked, and for how many at once. */
export interface BookingSlot extends OpenHours {
  readonly places: number;
}

/** What one unit takes off a bill, and how far all of them go. */
export interface BillOffset {
  readonly offFen: number;
  /** All units together take off no more than this of the bill. */
  readonly atMostPercent: number;
  /** Of a bill of at least so much. */
  readonly overFen: number;
}

/** How a member comes by a reward. */
export type Fulfilment =
  /** A code, at once. */
  | { readonly kind: 'code' }
  | { readonly kind: 'voucher'; readonly voucher: VoucherForm; readonly lasts: Lasts }
  | {
      readonly kind: 'booking';
      /** What is booked: one of the slots, a whole day, a night. */
      readonly unit: 'slot' | 'day' | 'night';
      /** It is booked at least so long before. */
      readonly noticeHours: number;
      readonly slots: readonly BookingSlot[];
    }
  | {
      readonly kind: 'delivery';
      /** First two, four or six digits of GB/T 2260; absent: everywhere. */
      readonly regions?: readonly string[];
      readonly feeFen: number;
    }
  /** Off a bill, at the till, at once. */
  | ({ readonly kind: 'offset' } & BillOffset)
  /** To the fund of this code. */
  | { readonly kind: 'donation'; readonly fund: string };

/** Until when a member may change their mind. A fee is in the first type of the price, and never more than was paid in it. */
export type Cancellation =
  | { readonly until: 'hours_before'; readonly hours: number; readonly feePoints?: number }
  | { readonly until: 'before_use'; readonly feePoints?: number }
  | { readonly until: 'never' };

/** What holds once a reward was handed over. */
export interface AfterSales {
  /** Returned for no reason; at least 7 for what is delivered (消费者权益保护法 25). 0: not at all. */
  readonly returnDays: number;
  /** Returned, exchanged or mended for its quality. */
  readonly qualityDays: number;
  readonly exchange: boolean;
}

/** What a member gets on top of everything back when the supplier cancels. */
export type Compensation =
  | { readonly percentOfPoints: number }
  | { readonly pointType: string; readonly points: number };

/** What a ticket or service is like for who comes with it. */
export interface EntryTerms {
  /** Empty: whenever it is open. */
  readonly entryTimes: readonly OpenHours[];
  readonly queue: 'priority' | 'common' | 'standby';
  /** Until so many hours before (0: until it is used; null: not at all), at this fee. */
  readonly cancellation: { readonly hoursBefore: number | null; readonly feePercent: number };
  readonly transferable: boolean;
}

/** The same thing for cash and for points: never stricter for points. */
export interface Parity {
  readonly asSold: EntryTerms;
  readonly asRedeemed: EntryTerms;
}

/** The published terms of a reward: what a person writes, and the whole of a version. */
export interface RewardTerms {
  readonly kind: RewardKind;
  readonly name: Words;
  readonly description?: Words;
  readonly images?: readonly { readonly url: string; readonly alt: Words }[];
  /** What one unit costs for cash. */
  readonly cashValueFen: number;
  /** 1 to 8. A redemption names one by its place, from 0: a version never changes. */
  readonly prices: readonly PriceOption[];
  readonly stores: readonly RedeemedAt[];
  readonly quotas?: readonly RewardQuota[];
  /** Days on which it can be redeemed, `2027-06-01`, both included; either may be absent. */
  readonly offered?: { readonly from?: string; readonly to?: string };
  readonly eligibility?: RewardEligibility;
  readonly limits?: readonly RewardLimit[];
  readonly fulfilment: Fulfilment;
  readonly cancellation: Cancellation;
  readonly afterSales: AfterSales;
  /** Absent: points and cash back, and nothing more. */
  readonly compensation?: Compensation;
  /** Of tickets, services, travel and upgrades. */
  readonly parity?: Parity;
}

/** A version of a reward that was published: never changed again. */
export interface RewardVersion {
  /** Redemptions name it. */
  readonly id: Uuid;
  readonly reward: Uuid;
  readonly code: string;
  readonly number: number;
  /** Whose reward it is; null: the operator's. */
  readonly merchant: Uuid | null;
  readonly body: RewardTerms;
  /** In force from here, */
  readonly from: Instant;
  /** until here, not included; null: until further notice. */
  readonly until: Instant | null;
}
