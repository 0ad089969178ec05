import type { Uuid } from '../kernel/id.ts';
import type { AskedLot } from '../ledger/asked-lot.ts';

/** Everything an order asks for, by place: one command of the ledger each. */
export interface AskedEarn extends Omit<AskedLot, 'funders'> {
  readonly place: number;
  /** The id of its earn in the ledger; carries the member's shard. */
  readonly earn: Uuid;
  /** Null: the merchant's own ratio. */
  readonly version: Uuid | null;
  /** What returns have left of the points. */
  readonly due: number;
  /** It is available before, as soon as the order is completed. */
  readonly onCompletion: boolean;
}

/** Points that one rule gave for an order, from place 1; what the merchant's ratio gave is the order itself, place 0. */
export interface OrderAward extends AskedEarn, AskedLot {
  readonly version: Uuid;
}
