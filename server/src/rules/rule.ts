import type { Instant } from '../kernel/clock.ts';
import type { DatedExpiry } from '../kernel/expiry-policy.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Version } from '../platform/publishing/published.ts';

/** What a rule listens to: an order, or an activity of this kind. */
export type Trigger = 'order' | ActivityKind;

/** What else than buying can be worth points. */
export const ACTIVITY_KINDS = [
  'registration',
  'birthday',
  'check_in',
  'share',
  'review',
  'survey',
  'training',
  'referral',
  'green',
] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/**
 * What must hold, all of it, for a rule to fire. An absent condition holds always; of a list one entry must be
 * met. Days and hours are of the programme's time zone.
 */
export interface Conditions {
  /** Only of an operator's rule; a merchant's own rule is about that merchant. */
  readonly merchants?: readonly Uuid[];
  readonly merchantCategories?: readonly string[];
  /** Codes of stores. */
  readonly stores?: readonly string[];
  readonly channels?: readonly string[];
  readonly tenders?: readonly string[];
  /** `2027-06-01`, both included; either may be absent. */
  readonly dates?: { readonly from?: string; readonly to?: string };
  /** 1 Monday to 7 Sunday. */
  readonly weekdays?: readonly number[];
  /** Days of the month, 1 to 31. */
  readonly monthDays?: readonly number[];
  /** `22:00` to `02:00` passes midnight; `to` is not included. */
  readonly hours?: { readonly from: string; readonly to: string };
  /** What the whole order comes to. */
  readonly orderFen?: { readonly min?: number; readonly max?: number };
  /** Which lines the rule is about, and what they must come to together; absent: all of them. */
  readonly lines?: {
    readonly skus?: readonly string[];
    readonly brands?: readonly string[];
    readonly categories?: readonly string[];
    readonly zones?: readonly string[];
    /** Only goods that a green certificate stands behind. */
    readonly green?: true;
    readonly minFen?: number;
    readonly minQuantity?: number;
  };
  readonly member?: {
    /** Of the programme; in a merchant's own rule, of the merchant where it has tiers. */
    readonly tiers?: readonly string[];
    readonly creditBands?: readonly string[];
    readonly segments?: readonly string[];
    /** The member's first order at the merchant. */
    readonly firstOrder?: true;
    readonly birthday?: 'day' | 'month';
    readonly joinedWithinDays?: number;
  };
  /** What forms cannot say: CEL over the documented context, true or false. */
  readonly expression?: string;
}

/**
 * What a rule gives. `base` replaces the merchant's own ratio for the lines it is about (the first that
 * matches, by priority); everything else comes on top of it, so that no rule but `base` can make anybody earn less.
 */
export type Effect =
  /** `points` for every `perFen` of the lines, instead of the merchant's ratio. */
  | { readonly kind: 'base'; readonly points: number; readonly perFen: number }
  /** The same, on top. */
  | { readonly kind: 'extra'; readonly points: number; readonly perFen: number }
  /** The base of the lines, `num / den` times in all: (num − den) / den of it on top. At least 1. */
  | { readonly kind: 'times'; readonly num: number; readonly den: number }
  /** So many points for the order or activity, or for each item of the lines. */
  | { readonly kind: 'fixed'; readonly points: number; readonly per: 'order' | 'item' };

/** How much one rule may give: of an order, or to one member within a window of the programme's time. */
export interface Cap {
  readonly per: 'order' | 'day' | 'week' | 'month' | 'year' | 'ever';
  readonly points: number;
  /** It counts what all rules that draw on the same budget give: a campaign is what they are together. */
  readonly campaign?: true;
}

/** Who pays, by integer shares; `seller` is the merchant of the order or activity. */
export interface FunderShare {
  readonly merchant: Uuid | 'seller';
  readonly share: number;
}

/** What the points of a rule are like; what is absent is as usual for the point type. */
export interface Terms {
  /** Code of a point type of the programme; absent: `points`. */
  readonly pointType?: string;
  readonly expiry?: DatedExpiry;
  /** Days until they can be spent. */
  readonly pendingDays?: number;
  /** They can be spent as soon as the order is completed, if that is before the `pendingDays` are over. */
  readonly available?: 'on_completion';
  /** Absent: the seller alone. */
  readonly funders?: readonly FunderShare[];
  readonly caps?: readonly Cap[];
  /** A budget of the programme, given out of as long as it lasts. */
  readonly budget?: Uuid;
}

/** What a person writes: the whole of a version. */
export interface RuleBody {
  readonly name: string;
  /** What members are told; absent: the name. */
  readonly description?: string;
  readonly on: Trigger;
  readonly when: Conditions;
  readonly earn: Effect;
  readonly terms?: Terms;
  /** 0 to 1000; higher comes first. Absent: 0. */
  readonly priority?: number;
  /** Of all that fire in one group only the one that gives most counts; absent: it counts beside all others. */
  readonly group?: string;
}

/** A version that was published: never changed again. */
export interface RuleVersion {
  /** Lots name it. */
  readonly id: Uuid;
  readonly rule: Uuid;
  readonly code: string;
  readonly number: number;
  /** Whose rule it is; null: the operator's. */
  readonly merchant: Uuid | null;
  readonly body: RuleBody;
  /** In force from here, */
  readonly from: Instant;
  /** until here, not included; null: until further notice. */
  readonly until: Instant | null;
}

/** A version as a rule names itself. */
export function ruleVersionOf({ of: rule, ...version }: Version<RuleBody>): RuleVersion {
  return { rule, ...version };
}
