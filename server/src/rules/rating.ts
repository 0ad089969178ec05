import type { Instant } from '../kernel/clock.ts';
import type { GreenStanding } from '../kernel/green-standing.ts';
import type { Uuid } from '../kernel/id.ts';
import type { EarnRatio } from '../kernel/points.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Limit } from '../ledger/command.ts';
import type { Trigger } from './rule.ts';

/** A line of an order, with what is left of it. */
export interface RatedLine {
  readonly lineNo: number;
  readonly sku: string;
  readonly brand: string | null;
  readonly category: string | null;
  readonly zone: string | null;
  /** The number of the green certificate that it names. */
  readonly greenCertificate: string | null;
  /** What stands behind that; null: it names none. Only `valid` makes goods green. */
  readonly green: GreenStanding | null;
  readonly quantity: number;
  readonly amountFen: number;
}

/** What is known of the member at that moment; kept with the order, so that it can be rated again alike. */
export interface MemberFacts {
  /** In the tiers of the programme. */
  readonly tier: string | null;
  /** In those of the merchant; absent: it has none of its own. */
  readonly merchantTier?: string | null;
  readonly creditBand: string | null;
  readonly segments: readonly string[];
  /** Orders at this merchant before this one. */
  readonly earlierOrders: number;
  readonly joinedAt: Instant;
  /** `MM-DD`, null when the member did not say. */
  readonly birthday: string | null;
  /** By rule: what caps and budgets are known to have left for the member, of rules of a group that have any. Absent: enough. */
  readonly left?: Readonly<Record<Uuid, number>>;
}

/** What rules look at: an order or an activity, and its circumstances. */
export interface Occasion {
  readonly on: Trigger;
  /** By the programme's clock. */
  readonly at: Instant;
  readonly timeZone: string;
  readonly merchant: Uuid;
  readonly merchantCategory: string;
  /** The merchant's own ratio, which holds where no `base` rule does. */
  readonly ratio: EarnRatio;
  readonly store: string | null;
  readonly channel: string | null;
  readonly tenders: readonly string[];
  /** None for an activity. */
  readonly lines: readonly RatedLine[];
  readonly member: MemberFacts;
  /** What else an activity says of itself, for expressions. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** Points that one rule gives: one lot of the ledger. */
export interface Award {
  /** The version that gave it; null: the merchant's own ratio. */
  readonly version: Uuid | null;
  /** Code of the point type. */
  readonly pointType: string;
  /** Above zero; what caps and budgets leave of it is decided in the ledger. */
  readonly points: number;
  /** Null: at once. */
  readonly availableAt: Instant | null;
  /** It is available before, as soon as the order is completed. */
  readonly onCompletion: boolean;
  /** Null: never; undefined: as is usual for the point type. */
  readonly expiresAt: Instant | null | undefined;
  /** Null: the seller alone. */
  readonly funders: readonly { readonly merchant: Uuid; readonly share: number }[] | null;
  readonly limits: readonly Limit[];
}

/** What an occasion is worth: the base first, then by priority. */
export type Rating = { readonly awards: readonly Award[] } | Refusal;

/** One step of the arithmetic, for people: code and figures, told in words where it is shown. */
export interface Step {
  readonly code: string;
  readonly facts: Readonly<Record<string, string | number>>;
}

/** What one rule made of an occasion. */
export type RuleOutcome =
  | {
      readonly version: Uuid | null;
      readonly fired: true;
      readonly points: number;
      readonly steps: readonly Step[];
    }
  | {
      /** Null: the merchant's own ratio. */
      readonly version: Uuid | null;
      readonly fired: false;
      /**
       * The first condition that failed, as it is named in the rule (`when.tenders`), `merchant` where a merchant's rule is
       * about that one only, `lines` where base rules before it took every line, `group` where another of its
       * group gave more, or `nothing` where the arithmetic gave less than a point.
       */
      readonly failed: string;
      readonly wanted: string;
      readonly found: string;
    };
