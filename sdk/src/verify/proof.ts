import { sha256 } from '@noble/hashes/sha2.js';
import { hex, Unencodable, unhex } from './bytes.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { Leaf } from './leaf.ts';
import { rootOfPath } from './merkle.ts';
import { breaths, type Pause } from './pause.ts';
import { readLeaf } from './read-leaf.ts';
import { hashHead, type SealStatement, type TrustedKeys, verifyStatement } from './seal.ts';

/** An answer of `GET /v1/ledger/proofs/{transaction}`; bytes in hex. */
export interface Proof {
  readonly ledgerId: string;
  readonly format: number;
  readonly leaf: string;
  readonly position: number;
  readonly path: readonly string[];
  readonly blocks: readonly string[];
  readonly seal: SealStatement | null;
  readonly shards: number;
  readonly headPath: readonly string[];
}

export interface ProofVerdict {
  readonly ok: boolean;
  /** The first thing that is wrong; later steps stand on it. */
  readonly findings: readonly Finding[];
  /** What was proven: the transaction, and where it stands. Null when not even that can be read. */
  readonly stands: {
    readonly leaf: Leaf;
    readonly shard: number;
    readonly block: number;
    readonly position: number;
  } | null;
}

const HEADER_BYTES = 100;
/** Where fields stand in a header. */
const AT = { shard: 2, number: 4, previous: 12, root: 52, transactions: 84 } as const;
const FORMAT = 1;

/** Leads a transaction up to its block, the block to a sealed head, the head to the seal, and that to a key. */
export async function verifyProof(
  proof: Proof,
  trust: TrustedKeys,
  options: { readonly pause?: Pause } = {},
): Promise<ProofVerdict> {
  let stands: ProofVerdict['stands'] = null;
  const fail = (code: FindingCode, more: object = {}): ProofVerdict => {
    const { shard, block, position } = stands ?? {};
    const where = stands === null ? {} : { shard, block, position };
    return { ok: false, findings: [{ code, ...where, ...more } as Finding], stands };
  };
  try {
    const leafBytes = unhex(proof.leaf);
    const leaf = readLeaf(leafBytes);
    const [first, ...later] = proof.blocks.map((header) => new Header(header));
    if (first === undefined || proof.format !== FORMAT) return fail('proof_unreadable');
    if (proof.ledgerId !== trust.ledgerId) return fail('proof_unreadable');
    const { shard } = first;
    stands = { leaf, shard, block: first.number, position: proof.position };
    const path = proof.path.map((hash) => unhex(hash, 32));
    const root = rootOfPath(sha256(leafBytes), proof.position, first.transactions, path);
    if (root === null || hex(root) !== first.root) return fail('proof_path');
    let last = first;
    const breathe = breaths(options.pause);
    for (const header of later) {
      const follows = header.shard === shard && header.number === last.number + 1;
      if (!follows || header.previous !== hex(last.hash))
        return fail('proof_blocks', { block: header.number });
      last = header;
      await breathe();
    }
    const { seal, shards } = proof;
    if (seal === null) return fail('proof_unsealed');
    const head = hashHead({ shard, block: last.number, hash: hex(last.hash) });
    const headPath = proof.headPath.map((hash) => unhex(hash, 32));
    const sealed = rootOfPath(head, shard, shards, headPath);
    if (sealed === null || hex(sealed) !== seal.root)
      return fail('proof_head', { seal: seal.number });
    const findings = verifyStatement(seal, shards, trust);
    return { ok: findings.length === 0, findings, stands };
  } catch (error) {
    if (!(error instanceof Unencodable)) throw error;
    return fail('proof_unreadable', { found: error.message });
  }
}

/** A block's header as its bytes say it. */
class Header {
  readonly shard: number;
  readonly number: number;
  readonly transactions: number;
  readonly previous: string;
  readonly root: string;
  readonly hash: Uint8Array;

  constructor(text: string) {
    const bytes = unhex(text, HEADER_BYTES);
    if (bytes[0] !== 2 || bytes[1] !== FORMAT) throw new Unencodable('no header of a block');
    const view = new DataView(bytes.buffer);
    this.shard = view.getUint16(AT.shard);
    this.number = Number(view.getBigInt64(AT.number));
    this.transactions = view.getUint32(AT.transactions);
    this.previous = hex(bytes.subarray(AT.previous, AT.previous + 32));
    this.root = hex(bytes.subarray(AT.root, AT.root + 32));
    this.hash = sha256(bytes);
  }
}
