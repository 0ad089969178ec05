import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sha256 } from '../../kernel/hash.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Pool, Transaction } from '../database.ts';
import { withTransaction } from '../database.ts';
import { principalOf } from './auth.ts';
import { PROBLEM_TYPE, problem, problemOf, refuse } from './problem.ts';
import { rehearse, withoutDryRun } from './rehearse.ts';

const KEY = /^[\x21-\x7e]{1,128}$/;
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Makes the Idempotency-Key header a duty of every write registered after it in this context. */
export function requireIdempotencyKeys(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if ([route.method].flat().every((method) => READS.has(method))) return;
    // Who has no key of ours has none of these either: what comes is a notice, or ends a session, and may come twice.
    if (typeof route.config?.scopes === 'string') return;
    const own = route.preParsing === undefined ? [] : [route.preParsing].flat();
    route.preParsing = [checkKey, ...own];
  });
}

// Before the body is read, after the caller is known: no key, no work.
function checkKey(
  request: FastifyRequest,
  reply: FastifyReply,
  _payload: unknown,
  done: (error?: Error) => void,
): void {
  const key = request.headers['idempotency-key'];
  if (key === undefined) refuse(reply, problem('idempotency_key_missing'));
  else if (typeof key !== 'string' || !KEY.test(key)) {
    refuse(
      reply,
      problem(
        'idempotency_key_invalid',
        'an Idempotency-Key has 1 to 128 visible ASCII characters',
      ),
    );
  } else done();
}

/** The request's Idempotency-Key, which {@link requireIdempotencyKeys} has checked. */
export function idempotencyKeyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string')
    throw new Error('the route is not registered under requireIdempotencyKeys');
  return key;
}

/** One write as its caller identifies it: the same key must always mean the same fingerprint. */
export interface Write {
  readonly tenant: string;
  readonly key: string;
  /** A hash of what was asked for, 32 bytes. */
  readonly fingerprint: Buffer;
  /** It is done and taken back; its fingerprint is that of doing it. */
  readonly isDryRun: boolean;
}

/**
 * The write a request asks for: its fingerprint covers method, path, query and body, whatever the order of fields.
 * Bodies with personal data give a keyed `digest`: a plain hash of a phone number is guessed in seconds.
 */
export function writeOf(request: FastifyRequest, digest: (text: string) => Buffer = sha256): Write {
  const { tenant } = principalOf(request);
  const { method, isDryRun } = request;
  const asked = `${method} ${withoutDryRun(request.url)}\n${canonicalJson(request.body)}`;
  return { tenant, key: idempotencyKeyOf(request), fingerprint: digest(asked), isDryRun };
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

/**
 * What a write came to: an answer, or a refusal (then nothing it did is kept). `stored` is what a repeated
 * request gets where that must be less: an answer with a secret is shown once.
 */
export type Outcome<B> =
  | { readonly status: 200 | 201; readonly body: B; readonly stored?: B }
  | { readonly refusal: Refusal };

/** The answer as stored: sent byte for byte the first time and every later time. */
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
 * concurrent requests with one key the second waits for the first and gets the same answer. Of a dry run
 * nothing is kept, neither what was done nor the key: it answers what the write would with this key.
 */
export async function writeOnce<B>(
  pool: Pool,
  write: Write,
  perform: (tx: Transaction) => Promise<Outcome<B>>,
): Promise<StoredAnswer> {
  const run = write.isDryRun ? rehearse : withTransaction;
  try {
    const told = await run(pool, async (tx) => {
      const { earlier } = await claim(tx, write.tenant, [write]);
      const known = earlier.get(write.key);
      if (known !== undefined) return replayOf(known, write);
      await tx.query('savepoint performed');
      const outcome = await perform(tx);
      const answer = answerOf(outcome);
      if ('refusal' in outcome) {
        // Ends the transaction, the claim of the key with it.
        if (!KEPT_REFUSALS.has(answer.status)) throw new Dropped(answer);
        await tx.query('rollback to savepoint performed');
      }
      await store(tx, write.tenant, [
        { key: write.key, status: answer.status, body: storedBodyOf(outcome, answer) },
      ]);
      return answer;
    });
    return write.isDryRun ? rehearsed(told) : told;
  } catch (error) {
    if (error instanceof Dropped) return error.answer;
    throw error;
  }
}

/** A refusal is the one there would be; what would be made is told as 200. */
function rehearsed({ status, body, replayed }: StoredAnswer): StoredAnswer {
  if (status >= 400) return { status, body, replayed };
  return { status: 200, body: JSON.stringify({ ...JSON.parse(body), dryRun: true }), replayed };
}

class Dropped extends Error {
  readonly answer: StoredAnswer;
  constructor(answer: StoredAnswer) {
    super('a refusal that is not kept');
    this.answer = answer;
  }
}

/**
 * Many independent writes of one tenant in one transaction, each at most once under its own key.
 * `perform` gets the positions still to be done, in order, and answers each; a refusal must have done
 * nothing. The same key twice in one call is done once. Dry runs are taken back, and answered as if they were not.
 */
export async function writeEachOnce<B>(
  pool: Pool,
  writes: readonly Write[],
  perform: (tx: Transaction, positions: readonly number[]) => Promise<readonly Outcome<B>[]>,
): Promise<StoredAnswer[]> {
  const tenant = writes[0]?.tenant;
  if (tenant === undefined) return [];
  const run = writes.some(({ isDryRun }) => isDryRun) ? rehearse : withTransaction;
  return await run(pool, async (tx) => {
    const { claimed, earlier } = await claim(tx, tenant, writes);
    const firstAt = new Map<string, number>();
    for (const [position, { key }] of writes.entries())
      if (!firstAt.has(key)) firstAt.set(key, position);
    const todo = [...firstAt].filter(([key]) => claimed.has(key)).map(([, position]) => position);
    const outcomes = todo.length === 0 ? [] : await perform(tx, todo);
    const done = new Map<string, { position: number; answer: StoredAnswer }>();
    const kept: Stored[] = [];
    const dropped: string[] = [];
    for (const [index, position] of todo.entries()) {
      const key = writes[position]?.key as string;
      const outcome = outcomes[index];
      if (outcome === undefined) throw new Error('perform must answer every position');
      const answer = answerOf(outcome);
      done.set(key, { position, answer });
      if (answer.status < 400 || KEPT_REFUSALS.has(answer.status)) {
        kept.push({ key, status: answer.status, body: storedBodyOf(outcome, answer) });
      } else dropped.push(key);
    }
    await store(tx, tenant, kept);
    if (dropped.length > 0) {
      await tx.query('delete from idempotent_answer where tenant = $1 and key = any ($2)', [
        tenant,
        dropped,
      ]);
    }
    return writes.map((write, position) => {
      const known = earlier.get(write.key);
      if (known !== undefined) return replayOf(known, write);
      const own = done.get(write.key);
      const first = own === undefined ? undefined : writes[own.position];
      if (own === undefined || first === undefined) throw new Error('every write is known or done');
      if (own.position === position) return own.answer;
      return replayOf({ fingerprint: first.fingerprint, ...own.answer }, write);
    });
  });
}

interface Stored {
  readonly key: string;
  readonly status: number;
  readonly body: string;
}
type Known = { readonly fingerprint: Buffer; readonly status: number; readonly body: string };

/**
 * Takes the keys that are new and looks the others up. The unique index makes the insert of a key that
 * another transaction is using wait until that one ends; the order avoids deadlocks between two bulks.
 */
async function claim(
  tx: Transaction,
  tenant: string,
  writes: readonly Write[],
): Promise<{ claimed: Set<string>; earlier: Map<string, Known> }> {
  const first = new Map<string, Write>();
  for (const write of writes) if (!first.has(write.key)) first.set(write.key, write);
  const ordered = [...first.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const keys = ordered.map((write) => write.key);
  const taken = await tx.query<{ key: string }>({
    name: 'claim-idempotency-keys',
    text: `insert into idempotent_answer (tenant, key, fingerprint, status, body)
      select $1, k, f, 0, '' from unnest($2::text[], $3::bytea[]) as given (k, f)
      on conflict do nothing returning key`,
    values: [tenant, keys, ordered.map((write) => write.fingerprint)],
  });
  const claimed = new Set(taken.rows.map((row) => row.key));
  const earlier = new Map<string, Known>();
  if (claimed.size < keys.length) {
    const { rows } = await tx.query<Known & { key: string }>(
      'select key, fingerprint, status, body from idempotent_answer where tenant = $1 and key = any ($2)',
      [tenant, keys.filter((key) => !claimed.has(key))],
    );
    for (const row of rows) earlier.set(row.key, row);
  }
  return { claimed, earlier };
}

async function store(tx: Transaction, tenant: string, answers: readonly Stored[]): Promise<void> {
  if (answers.length === 0) return;
  await tx.query({
    name: 'store-idempotent-answers',
    text: `update idempotent_answer a set status = n.status, body = n.body
      from unnest($2::text[], $3::int2[], $4::text[]) as n (key, status, body)
      where a.tenant = $1 and a.key = n.key`,
    values: [
      tenant,
      answers.map((each) => each.key),
      answers.map((each) => each.status),
      answers.map((each) => each.body),
    ],
  });
}

function replayOf(known: Known, write: Write): StoredAnswer {
  if (!known.fingerprint.equals(write.fingerprint)) return answerOf({ refusal: KEY_REUSED });
  return { status: known.status, body: known.body, replayed: true };
}

/** The refusal of a key that was used with another request. */
export const KEY_REUSED: Refusal = problem('idempotency_key_reused');

function answerOf(outcome: Outcome<unknown>): StoredAnswer {
  if ('refusal' in outcome) {
    const body = problemOf(outcome.refusal);
    return { status: body.status, body: JSON.stringify(body), replayed: false };
  }
  return { status: outcome.status, body: JSON.stringify(outcome.body), replayed: false };
}

function storedBodyOf(outcome: Outcome<unknown>, answer: StoredAnswer): string {
  return 'stored' in outcome ? JSON.stringify(outcome.stored) : answer.body;
}

/** Sends what {@link writeOnce} answered. */
export function sendStored(reply: FastifyReply, answer: StoredAnswer): FastifyReply {
  if (answer.replayed) reply.header('idempotency-replayed', 'true');
  const type = answer.status < 400 ? 'application/json; charset=utf-8' : PROBLEM_TYPE;
  return reply.code(answer.status).type(type).send(answer.body);
}
