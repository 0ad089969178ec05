import type { Instant } from '../../kernel/clock.ts';
import { showInstant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import { type CodedFinding, coded, type Facts, type Problem, problem } from '../verify/finding.ts';

const HASH_BYTES = 32;

/** What a receipt states: that a block of this hash has a transaction at this place. */
export interface ReceiptPin {
  readonly shard: number;
  readonly block: number;
  readonly position: number;
  readonly hash: Buffer;
  /** When it is known of which transaction. */
  readonly transaction: Uuid | null;
}

/** A block of a chain, as far as pins look at it. */
export interface PinnedBlock {
  readonly number: number;
  readonly hash: Buffer;
  /** Undefined when it has none at this place. */
  transactionAt(position: number): Uuid | undefined;
}

/**
 * What seals and receipts say of one shard's blocks, held against the blocks as they come, in order.
 * Seals lie in flat arrays, 56 bytes each, because a year has half a million of them.
 */
export class ShardPins {
  private readonly shard: number;
  private readonly blocks: number[] = [];
  private readonly numbers: number[] = [];
  private readonly times: Instant[] = [];
  private hashes = Buffer.alloc(64 * HASH_BYTES);
  private readonly receipts: ReceiptPin[] = [];

  constructor(shard: number) {
    this.shard = shard;
  }

  /** Pins as another thread sent them: what crosses over is their data. */
  static received(data: ShardPins): ShardPins {
    return Object.setPrototypeOf(data, ShardPins.prototype) as ShardPins;
  }

  /** Seals come in the order of their numbers. A head that did not move since is pinned already. */
  addSeal(number: number, sealedAt: Instant, block: number, hash: Buffer): void {
    const count = this.blocks.length;
    if (block === 0) return;
    const before = this.hashes.subarray((count - 1) * HASH_BYTES, count * HASH_BYTES);
    if (this.blocks[count - 1] === block && hash.equals(before)) return;
    if ((count + 1) * HASH_BYTES > this.hashes.length)
      this.hashes = Buffer.concat([this.hashes, Buffer.alloc(this.hashes.length)]);
    hash.copy(this.hashes, count * HASH_BYTES);
    this.blocks.push(block);
    this.numbers.push(number);
    this.times.push(sealedAt);
  }

  addReceipt(receipt: ReceiptPin): void {
    this.receipts.push(receipt);
    this.receipts.sort((a, b) => a.block - b.block || a.position - b.position);
  }

  /** Begins a walk over the chain. */
  walk(): PinWalk {
    const { blocks, numbers, times, hashes, receipts, shard } = this;
    let [nextSeal, nextReceipt] = [0, 0];
    /** The last seal that the chain still agrees with, and its block. */
    let agreed: { number: number; block: number } | null = null;
    let isBroken = false;

    /** That the chain and a seal part at block `from`. */
    function parted(
      code: 'chain_rewritten' | 'chain_cut',
      { from, seal, ...more }: Facts & { readonly from: number; readonly seal: number },
    ): CodedFinding {
      const facts = {
        ...more,
        seal: numbers[seal] as number,
        sealedAt: showInstant(times[seal] as Instant),
        sealed: blocks[seal] as number,
      };
      const what =
        agreed === null
          ? problem(code, facts)
          : problem(`${code}_since`, {
              ...facts,
              agreed: agreed.number,
              agreedBlock: agreed.block,
            });
      const subject = { code: 'block', facts: { number: from } } as const;
      return coded({ shard, block: from }, subject, what);
    }

    function seals(block: PinnedBlock): CodedFinding[] {
      const found: CodedFinding[] = [];
      for (; (blocks[nextSeal] ?? Number.POSITIVE_INFINITY) <= block.number; nextSeal += 1) {
        const sealed = blocks[nextSeal] as number;
        const at = nextSeal * HASH_BYTES;
        if (sealed === block.number && block.hash.equals(hashes.subarray(at, at + HASH_BYTES))) {
          if (!isBroken) agreed = { number: numbers[nextSeal] as number, block: sealed };
        } else if (!isBroken) {
          // From the first disagreement on every later block differs as well: it is told once.
          isBroken = true;
          const from = (agreed?.block ?? 0) + 1;
          found.push(parted('chain_rewritten', { from, seal: nextSeal }));
        }
      }
      return found;
    }

    function receiptsOf(block: PinnedBlock): CodedFinding[] {
      const found: CodedFinding[] = [];
      for (
        let receipt = receipts[nextReceipt];
        receipt !== undefined && receipt.block <= block.number;
        receipt = receipts[nextReceipt]
      ) {
        nextReceipt += 1;
        const isSame = receipt.block === block.number && block.hash.equals(receipt.hash);
        const there = block.transactionAt(receipt.position);
        if (!isSame) found.push(missed(receipt, problem('receipt_no_block')));
        else if (there === undefined || (receipt.transaction ?? there) !== there)
          found.push(missed(receipt, problem('receipt_of_other')));
      }
      return found;
    }

    function missed({ block, position, transaction }: ReceiptPin, what: Problem): CodedFinding {
      const facts = { shard, block, position };
      const subject =
        transaction === null
          ? ({ code: 'receipt', facts } as const)
          : ({
              code: 'transactionReceipt',
              facts: { ...facts, id: showId('transaction', transaction) },
            } as const);
      return coded({ shard, block }, subject, what);
    }

    return {
      see: (block) => [...seals(block), ...receiptsOf(block)],
      end(last) {
        const found: CodedFinding[] = [];
        if (nextSeal < blocks.length && !isBroken)
          found.push(parted('chain_cut', { from: last + 1, seal: blocks.length - 1, last }));
        for (const receipt of receipts.slice(nextReceipt))
          found.push(missed(receipt, problem('receipt_after_end', { last })));
        return found;
      },
    };
  }
}

/** Held along one shard's chain from its first block. */
export interface PinWalk {
  /** What the next block contradicts. */
  see(block: PinnedBlock): CodedFinding[];
  /** What is missing when the chain ends with block `last`. */
  end(last: number): CodedFinding[];
}
