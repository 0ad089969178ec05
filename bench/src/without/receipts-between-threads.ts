import type { Submission } from '@hongmi/server/ledger/engine';
import type { Answer, Receipt } from '@hongmi/server/ledger/transaction';
import * as whole from '@hongmi/server/ledger/wire';

export * from '@hongmi/server/ledger/wire';

const NONE: Receipt = { shard: 0, block: 0, position: 0, hash: '', recordedAt: 0 };

/** An answer whose receipt stays behind. */
export function writeAnswer(answer: Answer): whole.AnswerJson {
  const [replayed, refusal, , recorded] = whole.writeAnswer(answer);
  return [replayed, refusal, null, recorded];
}

export function readAnswer(
  [replayed, refusal, , recorded]: whole.AnswerJson,
  submission: Submission,
): Answer {
  return whole.readAnswer([replayed, refusal, NONE, recorded], submission);
}
