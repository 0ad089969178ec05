/**
 * Computes the ledger again, in a browser or in Node: leaves, Merkle trees, blocks, chains, seals and proofs.
 * Written from docs/ledger.md, it shares no code with the server, and needs no `crypto.subtle`.
 */
export {
  type Block,
  type BlockHeader,
  type BlockVerdict,
  genesis,
  hashBlock,
  headerBytes,
  type LedgerIdentity,
  type StoredLeaf,
  type Tip,
  tipAt,
  verifyBlock,
} from './block.ts';
export { Unencodable } from './bytes.ts';
export {
  type ChainOptions,
  type ChainPage,
  type ChainVerdict,
  FINDINGS_MAX,
  followChain,
  type Pins,
  type Receipt,
  verifyChain,
  verifyReach,
  verifyReceipt,
} from './chain.ts';
export type { Finding, FindingCode } from './finding.ts';
export {
  hashCommitment,
  hashLeaf,
  type Leaf,
  type LeafEntry,
  type LeafLot,
  leafBytes,
  type Opening,
} from './leaf.ts';
export { merkleRoot, rootOfPath } from './merkle.ts';
export type { Pause } from './pause.ts';
export { type Proof, type ProofVerdict, verifyProof } from './proof.ts';
export { readLeaf } from './read-leaf.ts';
export {
  hashHead,
  keyBytes,
  keyIdOf,
  type Seal,
  type SealedHead,
  type SealKey,
  type SealStatement,
  sealBytes,
  type TrustedKeys,
  trustKeys,
  verifySeal,
  verifyStatement,
} from './seal.ts';
export { typeId } from './type-id.ts';
