import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { ActivityKind } from '../rules/rule.ts';
import type { ActivityRequest } from './candidates.ts';

/** An activity that the platform tells itself, once for each number whoever begins again. */
export function toldItself({
  at: occurredAt,
  referred = null,
  ...what
}: {
  readonly merchant: Uuid;
  readonly member: Uuid;
  readonly kind: ActivityKind;
  readonly activityNo: string;
  readonly at: Instant;
  /** Of a referral: who was referred. */
  readonly referred?: Uuid | null;
}): ActivityRequest {
  const nothing = { store: null, channel: null, attributes: {}, evidence: null };
  return {
    told: { ...what, occurredAt, ...nothing, referred },
    requestKey: `${what.merchant} ${what.activityNo}`,
    mayBackdate: true,
  };
}
