import { type Meter, stopwatch } from '../platform/telemetry/meter.ts';
import type { Command } from './command.ts';
import type { Storage } from './storage.ts';
import type { Answer } from './transaction.ts';

/** The same storage, with how long it takes and how often the head had moved being counted. */
export function countStorage(storage: Storage, meter: Meter): Storage {
  return {
    batchesMax: storage.batchesMax,
    readHead: (shard) => storage.readHead(shard),
    async load(...batch) {
      const seconds = stopwatch();
      const loaded = await storage.load(...batch);
      meter.observe('hongmi_ledger_batch_seconds', seconds(), 'load');
      return loaded;
    },
    survey: (budgets) => storage.survey(budgets),
    async append(block, book) {
      const seconds = stopwatch();
      const appended = await storage.append(block, book);
      meter.observe('hongmi_ledger_batch_seconds', seconds(), 'append');
      if (appended.done) meter.add('hongmi_ledger_blocks_total', 1);
      else meter.add('hongmi_ledger_retries_total', 1, 'head_moved');
      return appended;
    },
    ...(storage.alone === undefined ? {} : { alone: storage.alone }),
  };
}

/** Runs a batch and counts it, with how each of its commands was answered. */
export async function countAnswers<Item extends { readonly command: Command }>(
  meter: Meter,
  batch: readonly Item[],
  run: (batch: readonly Item[]) => Promise<readonly (Answer | Error)[]>,
): Promise<readonly (Answer | Error)[]> {
  meter.observe('hongmi_ledger_batch_size', batch.length);
  let answers: readonly (Answer | Error)[] = [];
  try {
    answers = await run(batch);
    return answers;
  } finally {
    for (const [place, { command }] of batch.entries())
      countAnswer(meter, command.kind, answers[place]);
  }
}

function countAnswer(meter: Meter, kind: string, answer: Answer | Error | undefined): void {
  if (answer === undefined || answer instanceof Error) {
    meter.add('hongmi_ledger_commands_total', 1, kind, 'failed');
    return;
  }
  const { status, replayed } = answer;
  meter.add('hongmi_ledger_commands_total', 1, kind, replayed ? 'replayed' : status);
  if (status === 'refused' && !replayed)
    meter.add('hongmi_ledger_refusals_total', 1, answer.refusal.code);
}
