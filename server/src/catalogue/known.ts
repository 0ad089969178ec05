import type { Uuid } from '../kernel/id.ts';

/** What a reward or a promotion may name. Of what it does not name nothing need be known. */
export interface Known {
  /** Whose it is; null: the operator's. */
  readonly merchant: Uuid | null;
  /** Codes of all tiers that the programme and the owner ever had; null: none, so that whatever is named may come. */
  readonly tiers: ReadonlySet<string> | null;
  /** Codes of the programme's point types. */
  readonly pointTypes: ReadonlySet<string>;
  /** Merchants of the programme, with the codes of their stores. */
  readonly stores: ReadonlyMap<Uuid, ReadonlySet<string>>;
  /** Codes of funds of the programme. */
  readonly funds: ReadonlySet<string>;
  /** Rewards of this owner. */
  readonly rewards: ReadonlySet<Uuid>;
}
