import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Pool, Transaction } from '../platform/database.ts';
import { principalOf } from '../platform/web/auth.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import type { Consents } from './registry.ts';
import type { By, Forgets } from './speak-for.ts';

export interface ConsentDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly consents: Pick<Consents, 'forget'>;
  readonly hasMember: (member: Uuid) => boolean | Promise<boolean>;
  /** Whether a member takes part in a programme. */
  readonly takesPart: (member: Uuid, programme: number) => Promise<boolean>;
  readonly hasMerchant: (merchant: Uuid) => Promise<boolean>;
  /** Why nothing more is done in the name of a member who has become part of another one. */
  readonly refusalOf: (member: Uuid) => Promise<Refusal | undefined>;
  /** Deletes what others keep about a member by consent to a purpose. */
  readonly forgets: Forgets;
}

/** One write about a member; the next look at them sees it. */
export function speaker({
  pool,
  clock,
  consents,
  refusalOf,
  forgets,
}: ConsentDeps): <B>(
  request: FastifyRequest,
  reply: FastifyReply,
  member: Uuid,
  perform: (tx: Transaction, by: By) => Promise<Outcome<B>>,
) => Promise<FastifyReply> {
  return async (request, reply, member, perform) => {
    const by = { key: principalOf(request).keyId, clock, refusalOf, forgets };
    const answer = await writeOnce(pool, writeOf(request), (tx) => perform(tx, by));
    consents.forget(member);
    return sendStored(reply, answer);
  };
}
