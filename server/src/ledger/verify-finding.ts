/** Something that does not add up, and where. */
export interface Finding {
  /** Undefined for what is about no shard: a seal, a key. */
  readonly shard?: number;
  /** Undefined for a row that no block made or explains. */
  readonly block?: number;
  /** What it is about: `transaction txn_…`, `lot lot_…`, `block 7`. */
  readonly about: string;
  readonly message: string;
}
