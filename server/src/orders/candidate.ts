import type { Instant } from '../kernel/clock.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { RuleBook } from '../rules/compile.ts';
import type { Order, OrderLine } from './order.ts';

/** An order that rules may give points for; `at` is the instant whose rules count. */
export interface Unrated {
  readonly book: RuleBook | Promise<RuleBook>;
  readonly merchantCategory: string;
  readonly at: Instant;
}

/** An order ready to be recorded. `refusal` tells why it may not be, unless it was recorded before. */
export interface Candidate {
  readonly order: Order & { readonly lines: readonly OrderLine[] };
  readonly refusal: Refusal | null;
  /** The rules that may give points for it; null: it is rated by the merchant's ratio alone, and is. */
  readonly unrated: Unrated | null;
}
