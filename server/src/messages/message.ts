import type { AfterSalesNews } from '../kernel/after-sales-news.ts';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { TermsPart } from '../kernel/terms-change.ts';

/** A reward, and who hands it out. */
type OfReward = {
  readonly merchant: string;
  readonly reward: string;
  readonly rewardEn: string;
};

type Booked = OfReward & {
  /** `2027-06-01 09:00`, or the day `2027-06-01`, in the programme's time zone. */
  readonly from: string;
  /** Of a slot the hour at which it ends, of nights the day of departure; null: it is a day. */
  readonly until: string | null;
};

/** What messages are about, and what their texts are made of. Figures are shown as they stand in the text. */
export interface FactsOf {
  /** Points expire at the end of `lastDay`. */
  readonly expiry_notice: {
    readonly points: string;
    readonly pointType: string;
    /** `2027-12-31` */
    readonly lastDay: string;
    readonly daysLeft: number;
  };
  readonly tier_change: {
    /** Whose tiers, by name; absent: the programme's. */
    readonly merchant?: string;
    /** Null: none. */
    readonly from: string | null;
    readonly to: string | null;
    readonly isUpgrade: boolean;
    /** Until when it is kept as things are, `2027-12-31`; null: until further notice. */
    readonly until: string | null;
  };
  /** A tier will be lost. */
  readonly tier_notice: {
    readonly merchant?: string;
    readonly from: string;
    /** Null: none. */
    readonly to: string | null;
    /** On which `from` can still be used, `2027-12-31`. */
    readonly lastDay: string;
  };
  /** Another version of a programme's tiers that is not proven to be as good. */
  readonly tier_rules: {
    readonly merchant?: string;
    /** `2027-06-01 00:00`, in the programme's time zone. */
    readonly from: string;
    readonly number: number;
  };
  readonly rule_change: {
    /** Whose rule it is, by name; absent: the programme's. */
    readonly merchant?: string;
    /** How members know the rule. */
    readonly rule: string;
    /** What it is to be, in the words of its owner. */
    readonly description?: string;
    readonly change: 'begins' | 'changes' | 'ends';
    /** `2027-06-01 00:00`, in the programme's time zone. */
    readonly from: string;
    readonly ruleVersionId: string;
  };
  /** Another version of a reward, or of a promotion, that is not as good in everything. */
  readonly reward_change: {
    /** Whose it is, by name; absent: the programme's. */
    readonly merchant?: string;
    /** How members know it. */
    readonly reward: string;
    readonly change: 'begins' | 'changes' | 'ends';
    /** `2027-06-01 00:00`, in the programme's time zone. */
    readonly from: string;
    readonly versionId: string;
  };
  /** What of the deal becomes worse, beside rules and tiers. */
  readonly terms_change: {
    /** Whose terms they are, by name; absent: the programme's. */
    readonly merchant?: string;
    readonly what: TermsPart['what'];
    /** How members know the points that it is about; absent: all. */
    readonly pointType?: string;
    /** `2027-06-01 00:00`, in the programme's time zone. */
    readonly from: string;
  };
  /** Something that was redeemed is booked, or its booking is at another time now. */
  readonly booking: Booked & { readonly change: 'booked' | 'moved' };
  /** The same will be soon. */
  readonly booking_reminder: Booked;
  /** What was redeemed is on its way, or has come, or did not. */
  readonly delivery: OfReward & {
    readonly state: 'sent' | 'delivered' | 'undeliverable';
    /** Of what was sent. */
    readonly carrier?: string;
    readonly trackingNo?: string;
    /** Why it did not come, in the words of who delivers. */
    readonly reason?: string;
  };
  /** What became of something redeemed that was returned, exchanged or bad, or that its supplier cancelled. */
  readonly after_sales: {
    readonly merchant: string;
    readonly rewardZh: string;
    readonly rewardEn: string;
    readonly what: AfterSalesNews['what'];
    /** Why not, of `refused` and `dismissed`. */
    readonly reason: string | null;
    /** Of `refunded` and `cancelled`, what came back and what on top; null: nothing. */
    readonly back: string | null;
    readonly compensation: string | null;
    /** `12.50`, in yuan. */
    readonly cash: string | null;
  };
  readonly receipt: {
    readonly merchant: string;
    readonly orderNo: string;
    readonly points: string;
    readonly pointType: string;
  };
  readonly offer: {
    readonly merchant: string;
    readonly zh: string;
    readonly en: string;
  };
}
export type MessageKind = keyof FactsOf;

/**
 * How each kind is sent. `isLegal`: members must be told, so no cap holds it back and no consent is asked for.
 * `canWait`: through the quiet hours. A change of rules cannot: its days of notice have begun.
 */
export const KINDS = {
  expiry_notice: { isLegal: true, canWait: true },
  tier_change: { isLegal: true, canWait: true },
  tier_notice: { isLegal: true, canWait: true },
  tier_rules: { isLegal: true, canWait: false },
  rule_change: { isLegal: true, canWait: false },
  reward_change: { isLegal: true, canWait: false },
  terms_change: { isLegal: true, canWait: false },
  // What was agreed with one member: they must learn of it as of what the law demands.
  booking: { isLegal: true, canWait: false },
  booking_reminder: { isLegal: true, canWait: true },
  delivery: { isLegal: true, canWait: false },
  after_sales: { isLegal: true, canWait: true },
  receipt: { isLegal: false, canWait: false },
  offer: { isLegal: false, canWait: true },
} as const satisfies Readonly<
  Record<MessageKind, { readonly isLegal: boolean; readonly canWait: boolean }>
>;
export const MESSAGE_KINDS = Object.keys(KINDS) as MessageKind[];

/** Advertising: only to members who consent to messages by the channel, when it is written and when it is shown. */
export const ADVERTISING: MessageKind = 'offer';

/** The only channel so far. */
export type MessageChannel = 'in_app';

/** A text in the two languages. */
export interface Words {
  readonly zh: { readonly title: string; readonly text: string };
  readonly en: { readonly title: string; readonly text: string };
}

/** A message of the outbox: never changed. Times are by the programme's clock. */
export interface Message extends Words {
  readonly id: Uuid;
  readonly programme: number;
  /** Null: everybody in the programme. */
  readonly member: Uuid | null;
  readonly kind: MessageKind;
  readonly channel: MessageChannel;
  readonly dedupeKey: string;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
  readonly dueAt: Instant;
  /** Not shown from here on; null: shown for ever. */
  readonly expiresAt: Instant | null;
  readonly madeAt: Instant;
}

export type EvidenceKind = 'fetched' | 'read';

/** That something came to a member, or that the member saw it. */
export interface Evidence {
  readonly message: Uuid;
  readonly member: Uuid;
  readonly what: EvidenceKind;
  readonly at: Instant;
  /** The API key of the member's side. */
  readonly byKey: Uuid;
}
