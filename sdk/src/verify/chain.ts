import { type Block, type BlockVerdict, type Tip, verifyBlock } from './block.ts';
import type { Finding } from './finding.ts';
import { breaths, type Pause } from './pause.ts';

/** What is known of a shard's blocks from elsewhere: their hashes by number, as seals that were verified have them. */
export type Pins = ReadonlyMap<number, string>;

export interface ChainOptions {
  /** Where to begin: {@link genesis}, or a block that a seal covers ({@link tipAt}). */
  readonly from: Tip;
  readonly pins?: Pins;
  /** Told after each block. */
  readonly onBlock?: (verdict: BlockVerdict, block: Block) => void;
  /** Ends the work; what was looked at until then is answered. */
  readonly signal?: AbortSignal;
  /** Lets others work in between; tests and workers may have their own. */
  readonly pause?: Pause;
}

export interface ChainVerdict {
  /** Everything was looked at, and nothing is wrong. */
  readonly ok: boolean;
  /** Causes before consequences; no more than {@link FINDINGS_MAX}. */
  readonly findings: readonly Finding[];
  readonly blocks: number;
  readonly transactions: number;
  readonly entries: number;
  readonly tip: Tip;
  /** The last block whose hash a pin confirms; null when none does. What comes after it only follows from itself. */
  readonly pinned: number | null;
  readonly isStopped: boolean;
}

/** What is broken early accuses much of what comes later. */
export const FINDINGS_MAX = 200;

/**
 * Computes a chain again, block after block, and compares it with the pins. The work is done in short pieces, so
 * that a page stays responsive.
 */
export async function verifyChain(
  blocks: AsyncIterable<Block> | Iterable<Block>,
  { from, pins, onBlock, signal, pause }: ChainOptions,
): Promise<ChainVerdict> {
  const breathe = breaths(pause);
  const findings: Finding[] = [];
  const count = { blocks: 0, transactions: 0, entries: 0 };
  let tip = from;
  let pinned: number | null = null;
  for await (const block of blocks) {
    if (signal?.aborted === true) break;
    const verdict = withPin(verifyBlock(block, tip), pins);
    if (pins?.get(block.number) === block.hash) pinned = block.number;
    tip = verdict.tip;
    findings.push(...verdict.findings.slice(0, FINDINGS_MAX - findings.length));
    count.blocks += 1;
    count.transactions += block.leaves.length;
    for (const leaf of block.leaves) count.entries += leaf?.entries.length ?? 0;
    onBlock?.(verdict, block);
    await breathe();
  }
  const isStopped = signal?.aborted === true;
  return { ok: findings.length === 0 && !isStopped, findings, ...count, tip, pinned, isStopped };
}

function withPin(verdict: BlockVerdict, pins: Pins | undefined): BlockVerdict {
  const { number, tip, findings } = verdict;
  const pin = pins?.get(number);
  if (pin === undefined || pin === tip.hash) return verdict;
  const where = { shard: tip.shard, block: number };
  const found = { code: 'sealed_otherwise' as const, ...where, expected: pin, found: tip.hash };
  return { ...verdict, findings: [...findings, found] };
}

/** That a chain which ended here reaches what seals cover of it: a tail that was cut off is found so. */
export function verifyReach(tip: Tip, pins: Pins): Finding[] {
  const { shard } = tip;
  return [...pins.keys()]
    .filter((number) => number > tip.number)
    .sort((a, b) => a - b)
    .slice(0, 1)
    .map((block) => ({ code: 'sealed_missing', shard, block, found: String(tip.number) }));
}

/** What an answer of the API says of where its transaction stands. */
export interface Receipt {
  readonly shard: number;
  readonly block: number;
  readonly position: number;
  readonly hash: string;
}

/** That a receipt which somebody kept names this block, and the transaction at its place. */
export function verifyReceipt(
  receipt: Receipt,
  block: Block,
  shard: number,
  transaction?: string,
): Finding[] {
  const { position } = receipt;
  const where = { shard, block: block.number, position };
  const leaf = block.leaves[position];
  const [said, is] = [
    [receipt.shard, receipt.block, receipt.hash, transaction ?? leaf?.id].join(' '),
    [shard, block.number, block.hash, leaf?.id].join(' '),
  ];
  if (said === is && leaf !== undefined) return [];
  return [{ code: 'receipt_otherwise', ...where, expected: said, found: is }];
}

/** What `GET /v1/ledger/shards/{shard}/chain` answers. */
export interface ChainPage {
  readonly blocks: readonly Block[];
  readonly more: boolean;
}

/**
 * The blocks of a chain after a number, page by page; the next page is asked for while the blocks of one are
 * looked at. An answer without blocks ends it.
 */
export async function* followChain(
  ask: (after: number) => Promise<ChainPage>,
  after = 0,
): AsyncGenerator<Block> {
  let coming: Promise<ChainPage> | undefined = ask(after);
  while (coming !== undefined) {
    const page: ChainPage = await coming;
    const last = page.blocks.at(-1);
    coming = page.more && last !== undefined ? ask(last.number) : undefined;
    // Whoever stops early leaves the page that is coming to itself.
    coming?.catch(() => {});
    yield* page.blocks;
  }
}
