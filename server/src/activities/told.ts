import type { FastifyRequest } from 'fastify';
import { RefusalError, refusal } from '../kernel/refusal.ts';
import { assertReaches, type Principal, principalOf } from '../platform/web/auth.ts';
import { idempotencyKeyOf } from '../platform/web/idempotency.ts';
import { mustReadId, mustReadInstant } from '../platform/web/schema.ts';
import type { ActivityRequest } from './candidates.ts';
import { OWN_ATTRIBUTES } from './rate-activity.ts';
import type { ActivityBody } from './schema.ts';

/** What the caller of a request may do, and the key its answers are kept under. */
interface Caller {
  readonly principal: Principal;
  readonly key: string;
}

export function callerOf(request: FastifyRequest): Caller {
  return { principal: principalOf(request), key: idempotencyKeyOf(request) };
}

/** Throws the refusal when the caller may not act for the activity's merchant, or says what only the platform says. */
export function activityRequest(body: ActivityBody, { principal, key }: Caller): ActivityRequest {
  const merchant = mustReadId('merchant', body.merchantId);
  assertReaches(principal, merchant);
  if (body.kind === 'birthday')
    throw new RefusalError(
      refusal(
        'birthday_automatic',
        'birthdays are kept by the platform: PUT /members/{id}/birthday',
      ),
    );
  const attributes = body.attributes ?? {};
  const own = OWN_ATTRIBUTES.find((name) => name in attributes);
  if (own !== undefined)
    throw new RefusalError(
      refusal('attribute_reserved', `the attribute ${own} says what stands behind an activity`),
    );
  return {
    told: {
      merchant,
      member: mustReadId('member', body.memberId),
      kind: body.kind,
      activityNo: body.activityNo,
      occurredAt: mustReadInstant(body.occurredAt),
      store: body.store ?? null,
      channel: body.channel ?? null,
      attributes,
      evidence: body.evidence ?? null,
      referred:
        body.referredMemberId === undefined ? null : mustReadId('member', body.referredMemberId),
    },
    requestKey: `${principal.tenant}:${key}`,
    mayBackdate: principal.scopes.has('points:backdate'),
  };
}
