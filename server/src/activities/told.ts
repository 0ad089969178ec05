import { RefusalError, refusal } from '../kernel/refusal.ts';
import { assertReaches } from '../platform/web/auth.ts';
import { askingOf, type Caller } from '../platform/web/caller.ts';
import { mustReadId, mustReadInstant } from '../platform/web/schema.ts';
import type { ActivityRequest } from './candidates.ts';
import { OWN_ATTRIBUTES } from './rate-activity.ts';
import type { ActivityBody } from './schema.ts';

/** Throws the refusal when the caller may not act for the activity's merchant, or says what only the platform says. */
export function activityRequest(body: ActivityBody, caller: Caller): ActivityRequest {
  const merchant = mustReadId('merchant', body.merchantId);
  assertReaches(caller.principal, merchant);
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
    ...askingOf(caller),
  };
}
