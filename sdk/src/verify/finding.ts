/** What can be wrong. The words of each in the languages of people are up to whoever shows them. */
export type FindingCode =
  // A block and what it holds
  | 'block_unreadable'
  | 'block_missing'
  | 'block_link'
  | 'block_hash'
  | 'block_time'
  | 'merkle_root'
  | 'leaf_count'
  | 'leaf_missing'
  | 'leaf_unreadable'
  | 'leaf_hash'
  | 'entry_numbers'
  // A chain against what seals or a receipt say of it
  | 'sealed_otherwise'
  | 'sealed_missing'
  | 'receipt_otherwise'
  // Seals and their keys
  | 'seal_unreadable'
  | 'seal_root'
  | 'seal_hash'
  | 'seal_signature'
  | 'seal_key'
  | 'seal_link'
  | 'key_unreadable'
  | 'key_introduction'
  | 'key_order'
  // A proof
  | 'proof_unreadable'
  | 'proof_path'
  | 'proof_blocks'
  | 'proof_head'
  | 'proof_unsealed';

/** Something that is not as it must be, and where. */
export interface Finding {
  readonly code: FindingCode;
  readonly shard?: number;
  /** The number of a block. */
  readonly block?: number;
  /** The place of a transaction in its block, from 0. */
  readonly position?: number;
  /** A transaction's UUID. */
  readonly transaction?: string;
  /** The number of a seal, or of a key. */
  readonly seal?: number;
  readonly key?: number;
  /** What must stand there, as far as that can be computed, and what stands there. */
  readonly expected?: string;
  readonly found?: string;
}
