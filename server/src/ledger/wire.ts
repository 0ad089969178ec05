import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Submission } from './engine.ts';
import { type EntryJson, readEntry } from './record.ts';
import {
  type Answer,
  ENTRY_KINDS,
  type Entry,
  type Receipt,
  ROLES,
  transactionOf,
} from './transaction.ts';

// Messages between threads are JSON text: copying the objects themselves (structured clone) took almost
// half of the main thread's time under load.

export type Verb = 'submit' | 'preview' | 'drain' | 'close';

/** Asked of an engine, under a number that its answer will carry. */
export type Asked = readonly [number: number, verb: Verb, submissions: readonly Submission[]];

export interface Failure {
  readonly name: string;
  readonly message: string;
}

export type Told = readonly [
  number: number,
  answers: readonly AnswerJson[] | null,
  failure: Failure | null,
];

/** An answer without what its command says as well. */
export type AnswerJson = readonly [
  replayed: boolean,
  refusal: Refusal | null,
  receipt: Receipt | null,
  recorded:
    | readonly [
        id: Uuid,
        points: number,
        effectiveAt: number,
        balanceAfter: number,
        entries: readonly EntryJson[],
      ]
    | null,
];

export function writeAnswer(answer: Answer): AnswerJson {
  const { replayed, transaction, receipt } = answer;
  const refusal = answer.status === 'refused' ? answer.refusal : null;
  if (transaction === null) return [replayed, refusal, receipt, null];
  const { id, points, effectiveAt, balanceAfter, entries } = transaction;
  return [
    replayed,
    refusal,
    receipt,
    [id, points, effectiveAt, balanceAfter, entries.map(writeEntry)],
  ];
}

function writeEntry({ kind, pointType, from, to, points, lot, ref, expiresAt }: Entry): EntryJson {
  return [
    ENTRY_KINDS[kind],
    pointType,
    ROLES[from.role],
    from.owner,
    ROLES[to.role],
    to.owner,
    points,
    lot,
    ref,
    expiresAt,
  ];
}

/** The answer to `command`. That of a repeated key too: the request it first came with was the same. */
export function readAnswer(
  [replayed, refusal, receipt, recorded]: AnswerJson,
  { command }: Submission,
): Answer {
  if (recorded === null) {
    if (refusal === null) throw new Error('what was applied has a transaction');
    return { status: 'refused', replayed, refusal, transaction: null, receipt };
  }
  const [id, points, effectiveAt, balanceAfter, moved] = recorded;
  const entries = moved.map(readEntry);
  const transaction = transactionOf(command, {
    id,
    points,
    effectiveAt,
    refusal,
    balanceAfter,
    entries,
  });
  return refusal === null
    ? { status: 'applied', replayed, transaction, receipt }
    : { status: 'refused', replayed, refusal, transaction, receipt };
}
