import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../kernel/clock.ts';
import type { Pool, Transaction } from '../database.ts';
import { principalOf } from '../web/auth.ts';
import { type Outcome, type StoredAnswer, writeOf, writeOnce } from '../web/idempotency.ts';
import { type Announce, type Caller, viewOf } from './published.ts';

/** Performs a write once, as whoever asks for it. */
export function writeBy<B extends object>(
  {
    pool,
    clock,
    announce,
  }: { readonly pool: Pool; readonly clock: Clock; readonly announce: Announce },
  request: FastifyRequest,
  perform: (tx: Transaction, by: Caller) => Promise<Outcome<B>>,
): Promise<StoredAnswer> {
  const principal = principalOf(request);
  const by = { key: principal.keyId, view: viewOf(principal), clock, announce };
  return writeOnce(pool, writeOf(request), (tx) => perform(tx, by));
}
