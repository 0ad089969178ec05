import type { Uuid } from '../kernel/id.ts';

/** What a rule may name. Of what it does not name nothing need be known. */
export interface Known {
  /** Whose rule it is; null: the operator's. */
  readonly merchant: Uuid | null;
  /** Codes of the programme's point types. */
  readonly pointTypes: ReadonlySet<string>;
  /** Codes of stores: of the merchant, or in an operator's rule of all merchants. */
  readonly stores: ReadonlySet<string>;
  /** Merchants of the programme. */
  readonly merchants: ReadonlySet<Uuid>;
  /** Budgets that the owner may spend, with the code of their point type. */
  readonly budgets: ReadonlyMap<Uuid, string>;
  /** Codes of all tiers that the programme and the merchant ever had; null: none, so that whatever is named may come. */
  readonly tiers: ReadonlySet<string> | null;
}
