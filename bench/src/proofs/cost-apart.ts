import { hashLeaf, merkleRoot } from '@hongmi/server/ledger/encode';
import { showReceipt } from '@hongmi/server/ledger/shown';
import type { Receipt } from '@hongmi/server/ledger/transaction';
import { readAnswer, writeAnswer } from '@hongmi/server/ledger/wire';
import { median } from '../outcome.ts';
import * as noReceipts from '../without/receipts-between-threads.ts';
import { type Batch, makeBatches } from './real-batches.ts';

/** Microseconds of processor time for one command. */
export interface ProofCost {
  readonly receipt: number;
  readonly leaf: number;
}

const BATCHES = 20;
const BATCH = 250;
const TURNS = 25;
const WARM_UP_TURNS = 5;

/**
 * What the receipt in an answer and the leaf in a block take, apart from everything else: the same code on
 * the same batches in short turns, so that whatever disturbs one turn disturbs those beside it as well.
 */
export async function costApart(seed: number, turnsMeasured = TURNS): Promise<ProofCost> {
  const batches = await makeBatches(BATCHES, BATCH, seed);
  const turns: { withIt: number; without: number; leaf: number }[] = [];
  for (let turn = -WARM_UP_TURNS; turn < turnsMeasured; turn += 1) {
    const measured = {
      withIt: micros(() => answerAll(batches, { writeAnswer, readAnswer }, showReceipt)),
      without: micros(() => answerAll(batches, noReceipts, () => ({}))),
      leaf: micros(() => chainAll(batches)),
    };
    if (turn >= 0) turns.push(measured);
  }
  const commands = BATCHES * BATCH;
  return {
    receipt: median(turns.map(({ withIt, without }) => withIt - without)) / commands,
    leaf: median(turns.map(({ leaf }) => leaf)) / commands,
  };
}

/** A receipt's way: from the ledger's thread to the main one, and as text to the client. */
function answerAll(
  batches: readonly Batch[],
  wire: Pick<typeof noReceipts, 'writeAnswer' | 'readAnswer'>,
  show: (receipt: Receipt) => object,
): void {
  for (const { answers, submissions } of batches) {
    const text = JSON.stringify(answers.map(wire.writeAnswer));
    const told = JSON.parse(text) as ReturnType<typeof writeAnswer>[];
    const results = told.map((each, place) => {
      const submission = submissions[place];
      const { receipt } = submission === undefined ? {} : wire.readAnswer(each, submission);
      if (receipt === undefined || receipt === null) throw new Error('an answer has a receipt');
      return { receipt: show(receipt) };
    });
    Buffer.from(JSON.stringify({ results }));
  }
}

function chainAll(batches: readonly Batch[]): void {
  for (const { block } of batches) {
    const leaves = block.transactions.map(({ written, refusal, commitment }) =>
      hashLeaf({ ...written, refusalFacts: refusal, commitment }),
    );
    if (!merkleRoot(leaves).equals(block.merkleRoot))
      throw new Error('these are not the leaves of the block');
  }
}

function micros(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
