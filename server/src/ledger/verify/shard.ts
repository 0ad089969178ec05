import type { PinnedBlock, PinWalk, ShardPins } from '../seals/pins.ts';
import { Accruals } from './accruals.ts';
import type { TransferEnds } from './between.ts';
import { beginning, Chain } from './chain.ts';
import { StateComparison } from './compare.ts';
import { compareAccruals } from './compare-accruals.ts';
import { about, type CodedFinding, coded, type Problem, problem, type Subject } from './finding.ts';
import { readUuid } from './leaf.ts';
import { PriceList } from './price-list.ts';
import { Replay } from './replay.ts';
import type { LedgerIdentity, ShardSource, StoredBlock } from './source.ts';

export interface ShardVerification {
  readonly shard: number;
  readonly blocks: number;
  readonly transactions: number;
  readonly entries: number;
  readonly lots: number;
  readonly accounts: number;
  readonly erased: number;
  readonly transfers: TransferEnds;
  readonly findings: readonly CodedFinding[];
}

/** Findings kept of a shard: what is broken early accuses much of what comes later. */
export const FINDINGS_MAX = 50;

/** Verifies one shard, wherever its rows come from. */
export function verifyShard(
  identity: LedgerIdentity,
  shard: number,
  source: ShardSource,
  pins: ShardPins,
): Promise<ShardVerification> {
  return new ShardVerifier(identity, shard, pins.walk()).run(source);
}

class ShardVerifier {
  private readonly findings: CodedFinding[] = [];
  private readonly replay = new Replay();
  private readonly accruals = new Accruals();
  private prices = new PriceList([]);
  private readonly shard: number;
  private readonly chain: Chain;
  /** What seals and receipts say of the chain. */
  private readonly pins: PinWalk;

  constructor(identity: LedgerIdentity, shard: number, pins: PinWalk) {
    this.shard = shard;
    this.pins = pins;
    this.chain = new Chain(shard, beginning(identity, shard), {
      report: this.report,
      play: (leaf, block, listedAt, accruals) => {
        const wrong = [...this.replay.play(leaf)];
        const { leaf: view } = this.replay;
        wrong.push(...compareAccruals(this.accruals.play(view), accruals));
        wrong.push(...this.prices.check(view));
        for (const each of wrong)
          this.report(about('transaction', readUuid(block.listed, listedAt)), each, block.number);
      },
    });
  }

  async run(source: ShardSource): Promise<ShardVerification> {
    const { shard, chain, findings } = this;
    this.prices = new PriceList(await source.prices());
    for (const { programme, pointType, from } of this.prices.cleared())
      this.accruals.clear(programme, pointType, from);
    for await (const block of source.blocks()) {
      chain.add(block);
      for (const found of this.pins.see(pinned(block))) this.keep(found);
    }
    for (const stray of await source.strays()) this.report(stray, problem('in_no_block'));
    const { tip, total } = chain;
    const head = await source.head();
    const isTip = Buffer.from(head.hash).equals(tip.hash) && head.entries === tip.entries;
    if (head.block !== tip.number || !isTip) {
      const facts = { stored: head.block, found: tip.number };
      this.report({ code: 'head', facts: {} }, problem('head', facts));
    }
    for (const found of this.pins.end(tip.number)) this.keep(found);
    const compared = new StateComparison(this.replay, this.accruals, this.report);
    await source.state(compared);
    compared.finish();
    for (const { subject, ...facts } of (await source.repeats?.(this.replay.programmes)) ?? [])
      this.report(subject, problem('state_differs', facts));
    const { lots, accounts } = compared;
    const { sent, arrived, returned, left, clawedBack } = this.replay.between;
    const transfers = { sent, arrived, returned, left, clawedBack };
    return { shard, ...total, lots, accounts, transfers, findings };
  }

  private readonly report = (subject: Subject, what: Problem, block?: number): void => {
    const place = block === undefined ? {} : { block };
    this.keep(coded({ shard: this.shard, ...place }, subject, what));
  };

  private keep(finding: CodedFinding): void {
    if (this.findings.length < FINDINGS_MAX) this.findings.push(finding);
  }
}

function pinned({ number, hash, listed }: StoredBlock): PinnedBlock {
  return {
    number,
    hash,
    transactionAt: (position) =>
      position * 16 < listed.length ? readUuid(listed, position * 16) : undefined,
  };
}
