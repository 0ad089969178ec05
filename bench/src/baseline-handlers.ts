import { newId, showId } from '@hongmi/server/kernel/id';
import { idempotencyKeyOf } from '@hongmi/server/platform/web/idempotency';
import { refuse } from '@hongmi/server/platform/web/problem';
import { mustReadId } from '@hongmi/server/platform/web/schema';
import type { Handlers } from './baseline-routes.ts';
import type { NaiveAnswer, NaiveLedger } from './naive/naive-ledger.ts';

interface Body {
  readonly kind: 'issue' | 'burn';
  readonly memberId: string;
  readonly merchantId: string;
  readonly points: number;
  readonly reason?: string;
}

const RECEIPT = {
  shard: 0,
  block: 1,
  position: 0,
  hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  recordedAt: '2026-01-01T00:00:00.000Z',
};

/** An answer like the ledger's, which `applied` fills with what it did. */
function answerFor(body: Body, applied: Pick<NaiveAnswer, 'id' | 'lot' | 'balanceAfter'>) {
  const lotId = showId('lot', applied.lot);
  const transaction = {
    id: showId('transaction', applied.id),
    kind: body.kind,
    memberId: body.memberId,
    merchantId: body.merchantId,
    programme: 'default',
    pointType: 'points',
    points: body.points,
    status: 'applied',
    effectiveAt: '2026-01-01T00:00:00.000Z',
    balanceAfter: applied.balanceAfter,
    ...(body.kind === 'issue' ? { lotId } : { takes: [{ lotId, points: body.points }] }),
  };
  return { transaction, receipt: RECEIPT };
}

/** The echo route: everything the HTTP path does, and nothing else. */
export function echoHandlers(): Handlers {
  const id = newId(0);
  const issued = answerFor(
    {
      kind: 'issue',
      memberId: showId('member', id),
      merchantId: showId('merchant', id),
      points: 10,
    },
    { id, lot: id, balanceAfter: 100 },
  );
  return {
    'POST /transactions': (_request, reply) => void reply.code(201).send(issued),
  };
}

export function naiveHandlers(ledger: NaiveLedger): Handlers {
  return {
    'POST /transactions': async (request, reply) => {
      const body = request.body as Body;
      const applied = await ledger.apply({
        key: idempotencyKeyOf(request),
        kind: body.kind,
        member: mustReadId('member', body.memberId),
        merchant: mustReadId('merchant', body.merchantId),
        points: body.points,
        detail: body.reason ?? null,
      });
      if (applied === 'not_enough')
        return refuse(reply, { code: 'not_enough_points', message: 'not enough points' });
      return reply.code(201).send(answerFor(body, applied));
    },
  };
}
