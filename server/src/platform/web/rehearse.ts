import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { type Pool, type Transaction, withTransaction } from '../database.ts';
import { type Outcome, type StoredAnswer, writeOf, writeOnce } from './idempotency.ts';
import { problemOf } from './problem.ts';

/** Of a request. */
export const DryRun = Type.Optional(
  Type.Boolean({ description: 'Answer what would happen; change nothing.' }),
);
/** Of its answer. */
export const WasDryRun = Type.Optional(
  Type.Literal(true, { description: 'It was asked for with `dryRun`: nothing of it was kept.' }),
);

/** Ends the transaction with all that was done in it. */
class Rehearsed extends Error {
  readonly answer: StoredAnswer;
  constructor(answer: StoredAnswer) {
    super('nothing of a dry run is kept');
    this.answer = answer;
  }
}

/**
 * Performs a write once, or with `dryRun` in its body does all of it and takes it back: the answer is the one that it would
 * get, and its key stays free for doing it.
 */
export async function writeOrRehearse<B extends object>(
  pool: Pool,
  request: FastifyRequest,
  perform: (tx: Transaction) => Promise<Outcome<B>>,
): Promise<StoredAnswer> {
  const { dryRun } = (request.body ?? {}) as { readonly dryRun?: boolean };
  if (dryRun !== true) return await writeOnce(pool, writeOf(request), perform);
  try {
    return await withTransaction(pool, async (tx) => {
      throw new Rehearsed(rehearsedAnswer(await perform(tx)));
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.answer;
    throw error;
  }
}

function rehearsedAnswer(outcome: Outcome<object>): StoredAnswer {
  if ('refusal' in outcome) {
    const told = problemOf(outcome.refusal);
    return { status: told.status, body: JSON.stringify(told), replayed: false };
  }
  const body = JSON.stringify({ ...outcome.body, dryRun: true });
  return { status: 200, body, replayed: false };
}
