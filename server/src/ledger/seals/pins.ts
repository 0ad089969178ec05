import type { Instant } from '../../kernel/clock.ts';
import { showInstant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import type { Finding } from '../verify-finding.ts';

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
    const sealAt = (index: number): string =>
      `seal ${numbers[index]} of ${showInstant(times[index] as Instant)}`;
    const since = (): string =>
      agreed === null ? '' : `; seal ${agreed.number} still agrees with block ${agreed.block}`;

    function seals(block: PinnedBlock): Finding[] {
      const found: Finding[] = [];
      for (; (blocks[nextSeal] ?? Number.POSITIVE_INFINITY) <= block.number; nextSeal += 1) {
        const sealed = blocks[nextSeal] as number;
        const at = nextSeal * HASH_BYTES;
        if (sealed === block.number && block.hash.equals(hashes.subarray(at, at + HASH_BYTES))) {
          if (!isBroken) agreed = { number: numbers[nextSeal] as number, block: sealed };
        } else if (!isBroken) {
          // From the first disagreement on every later block differs as well: it is told once.
          isBroken = true;
          const from = (agreed?.block ?? 0) + 1;
          found.push({
            shard,
            block: from,
            about: `block ${from}`,
            message: `the chain was rewritten from here or later: ${sealAt(nextSeal)} has another block ${sealed}${since()}`,
          });
        }
      }
      return found;
    }

    function receiptsOf(block: PinnedBlock): Finding[] {
      const found: Finding[] = [];
      for (
        let receipt = receipts[nextReceipt];
        receipt !== undefined && receipt.block <= block.number;
        receipt = receipts[nextReceipt]
      ) {
        nextReceipt += 1;
        const isSame = receipt.block === block.number && block.hash.equals(receipt.hash);
        const there = block.transactionAt(receipt.position);
        if (!isSame) found.push(missed(receipt, 'its block is not in the chain'));
        else if (there === undefined || (receipt.transaction ?? there) !== there)
          found.push(missed(receipt, 'its block has another transaction at its place'));
      }
      return found;
    }

    function missed(receipt: ReceiptPin, message: string): Finding {
      const { block, position, transaction } = receipt;
      const whose =
        transaction === null ? '' : ` of transaction ${showId('transaction', transaction)}`;
      return { shard, block, about: `receipt ${shard}/${block}/${position}${whose}`, message };
    }

    return {
      see: (block) => [...seals(block), ...receiptsOf(block)],
      end(last) {
        const found: Finding[] = [];
        if (nextSeal < blocks.length && !isBroken) {
          const end = blocks.at(-1) as number;
          found.push({
            shard,
            block: last + 1,
            about: `block ${last + 1}`,
            message: `the chain was cut off: it ends with block ${last}, but ${sealAt(blocks.length - 1)} has block ${end}${since()}`,
          });
        }
        for (const receipt of receipts.slice(nextReceipt))
          found.push(
            missed(receipt, `its block is not in the chain, which ends with block ${last}`),
          );
        return found;
      },
    };
  }
}

/** Held along one shard's chain from its first block. */
export interface PinWalk {
  /** What the next block contradicts. */
  see(block: PinnedBlock): Finding[];
  /** What is missing when the chain ends with block `last`. */
  end(last: number): Finding[];
}
