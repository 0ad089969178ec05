import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sha256 } from '../../kernel/hash.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Pool, Transaction } from '../database.ts';
import { withTransaction } from '../database.ts';
import { principalOf } from './auth.ts';
import { PROBLEM_TYPE, problem, problemOf, refuse } from './problem.ts';

const KEY = /^[\x21-\x7e]{1,128}$/;
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Makes the Idempotency-Key header a duty of every write registered after it in this context. */
export function requireIdempotencyKeys(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if ([route.method].flat().every((method) => READS.has(method))) return;
    const own = route.preParsing === undefined ? [] : [route.preParsing].flat();
    route.preParsing = [checkKey, ...own];
  });
}

// Before the body is read, after the caller is known: no key, no work.
function checkKey(request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: (error?: Error) => void): void {
  const key = request.headers['idempotency-key'];
  if (key === undefined) refuse(reply, problem('idempotency_key_missing'));
  else if (typeof key !== 'string' || !KEY.test(key)) {
    refuse(reply, problem('idempotency_key_invalid', 'an Idempotency-Key has 1 to 128 visible ASCII characters'));
  } else done();
}

/** The request's Idempotency-Key, which {@link requireIdempotencyKeys} has checked. */
export function idempotencyKeyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string') throw new Error('the route is not registered under requireIdempotencyKeys');
  return key;
}

/** One write as its caller identifies it: the same key must always mean the same fingerprint. */
export interface Write {
  readonly tenant: string;
  readonly key: string;
  /** SHA-256 of what was asked for. */
  readonly fingerprint: Buffer;
}

/** The write a request asks for: its fingerprint covers method, path and body, whatever the order of fields. */
export function writeOf(request: FastifyRequest): Write {
  const { tenant } = principalOf(request);
  const path = request.url.split('?', 1)[0] ?? '';
  const fingerprint = fingerprintOf(`${request.method} ${path}`, request.body);
  return { tenant, key: idempotencyKeyOf(request), fingerprint };
}

/** SHA-256 over an operation and its canonical body. */
export function fingerprintOf(operation: string, body: unknown): Buffer {
  return sha256(`${operation}\n${canonicalJson(body)}`);
}

/** JSON with the fields of every object in one order; absent and undefined are the same. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
    fields.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** What a write came to: an answer, or a refusal (then nothing it did is kept). */
export type Outcome<B> = { readonly status: 200 | 201; readonly body: B } | { readonly refusal: Refusal };

/** The stored answer: sent byte for byte the first time and every later time. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
  readonly replayed: boolean;
}

// A domain refusal is an answer and is kept; what says "not yet" or "not like this" is not, so that the
// same key works once its cause is gone.
const KEPT_REFUSALS = new Set([409, 422]);

/**
 * Performs an ordinary write at most once per key, in one transaction with its stored answer. Of two
 * concurrent requests with one key the second waits for the first and gets the same answer.
 */
export async function writeOnce<B>(
  pool: Pool,
  write: Write,
  perform: (tx: Transaction) => Promise<Outcome<B>>,
): Promise<StoredAnswer> {
  const dropped: { answer?: StoredAnswer } = {};
  try {
    return await withTransaction(pool, async (tx) => {
      if (!(await claim(tx, write))) return replay(tx, write);
      await tx.query('savepoint performed');
      const outcome = await perform(tx);
      const answer = answerOf(outcome);
      if ('refusal' in outcome) {
        if (!KEPT_REFUSALS.has(answer.status)) {
          dropped.answer = answer;
          throw new Dropped();
        }
        await tx.query('rollback to savepoint performed');
      }
      await tx.query('update idempotent_answer set status = $3, body = $4 where tenant = $1 and key = $2', [
        write.tenant,
        write.key,
        answer.status,
        answer.body,
      ]);
      return answer;
    });
  } catch (error) {
    if (error instanceof Dropped && dropped.answer !== undefined) return dropped.answer;
    throw error;
  }
}

/** Ends a transaction whose refusal is not kept. */
class Dropped extends Error {}

// The unique index makes a second insert of the key wait until the first transaction ends.
async function claim(tx: Transaction, write: Write): Promise<boolean> {
  const claimed = await tx.query(
    `insert into idempotent_answer (tenant, key, fingerprint, status, body) values ($1, $2, $3, 0, '')
     on conflict do nothing`,
    [write.tenant, write.key, write.fingerprint],
  );
  return claimed.rowCount === 1;
}

async function replay(tx: Transaction, write: Write): Promise<StoredAnswer> {
  const { rows } = await tx.query<{ fingerprint: Buffer; status: number; body: string }>(
    'select fingerprint, status, body from idempotent_answer where tenant = $1 and key = $2',
    [write.tenant, write.key],
  );
  const found = rows[0];
  if (found === undefined) throw new Error('an answer that was there a moment ago is gone');
  if (!found.fingerprint.equals(write.fingerprint)) return answerOf({ refusal: keyReused });
  return { status: found.status, body: found.body, replayed: true };
}

export const keyReused: Refusal = problem('idempotency_key_reused');

function answerOf(outcome: Outcome<unknown>): StoredAnswer {
  if (!('refusal' in outcome)) {
    return { status: outcome.status, body: JSON.stringify(outcome.body), replayed: false };
  }
  const body = problemOf(outcome.refusal);
  return { status: body.status, body: JSON.stringify(body), replayed: false };
}

/** Sends what {@link writeOnce} answered. */
export function sendStored(reply: FastifyReply, answer: StoredAnswer): FastifyReply {
  if (answer.replayed) reply.header('idempotency-replayed', 'true');
  const type = answer.status < 400 ? 'application/json; charset=utf-8' : PROBLEM_TYPE;
  return reply.code(answer.status).type(type).send(answer.body);
}
