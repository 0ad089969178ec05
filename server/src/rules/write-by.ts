import type { FastifyRequest } from 'fastify';
import type { Transaction } from '../platform/database.ts';
import { principalOf } from '../platform/web/auth.ts';
import {
  type Outcome,
  type StoredAnswer,
  writeOf,
  writeOnce,
} from '../platform/web/idempotency.ts';
import type { Caller } from './caller.ts';
import { type RuleDeps, viewOf } from './rule-deps.ts';

/** Performs a write once, as whoever asks for it. */
export function writeBy<B extends object>(
  { pool, clock, announce }: RuleDeps,
  request: FastifyRequest,
  perform: (tx: Transaction, by: Caller) => Promise<Outcome<B>>,
): Promise<StoredAnswer> {
  const principal = principalOf(request);
  const by = { key: principal.keyId, view: viewOf(principal), clock, announce };
  return writeOnce(pool, writeOf(request), (tx) => perform(tx, by));
}
