import { newId } from '@hongmi/server/kernel/id';
import type { Block } from '@hongmi/server/ledger/append';
import type { Command } from '@hongmi/server/ledger/command';
import { createEngine, type Submission } from '@hongmi/server/ledger/engine';
import type { Answer } from '@hongmi/server/ledger/transaction';
import { rememberingStorage } from '../fill/remembering-storage.ts';
import { seededRandom, uniformPick } from '../load/random.ts';

/** Commands that were decided together, their answers, and the block they became. */
export interface Batch {
  readonly submissions: readonly Submission[];
  readonly answers: readonly Answer[];
  readonly block: Block;
}

const MEMBERS = 500;
const ISSUE_SHARE = 0.75;
const STARTING_POINTS = 1_000_000;

/** Batches of `size` issues and burns, by the ledger's own engine; appended to nothing. */
export async function makeBatches(count: number, size: number, seed: number): Promise<Batch[]> {
  const random = seededRandom(seed);
  const now = Date.now();
  const blocks: Block[] = [];
  const { storage } = rememberingStorage(
    {
      readHead: async () => ({ block: 0, entries: 0, hash: Buffer.alloc(32), recordedAt: 0 }),
      append: async (block) => {
        blocks.push(block);
        return { done: true, rivals: false };
      },
    },
    1,
  );
  const engine = createEngine({ storage, shards: 1, clock: { now: () => now }, maxBatch: size });
  const members = Array.from({ length: MEMBERS }, () => newId(now));
  const pick = uniformPick(MEMBERS, random);
  const merchant = newId(now);
  let keys = 0;
  const command = (member = members[pick()] ?? newId(now), first = false): Command => {
    const isIssue = first || random() < ISSUE_SHARE;
    keys += 1;
    return {
      kind: isIssue ? 'issue' : 'burn',
      key: `operator:run/${keys}`,
      programme: 1,
      pointType: 1,
      member,
      merchant,
      effectiveAt: null,
      points: first ? STARTING_POINTS : 1 + Math.floor(random() * 50),
      detail: { reason: isIssue ? 'purchase' : 'paid with points' },
    };
  };
  await engine.submit(members.map((member) => ({ command: command(member, true), now })));
  blocks.length = 0;
  const batches: Batch[] = [];
  for (let batch = 0; batch < count; batch += 1) {
    const submissions = Array.from({ length: size }, () => ({ command: command(), now }));
    const answers = await engine.submit(submissions);
    const [block, ...others] = blocks.splice(0);
    if (block === undefined || others.length > 0)
      throw new Error('what is submitted together is one block');
    batches.push({ submissions, answers, block });
  }
  return batches;
}
