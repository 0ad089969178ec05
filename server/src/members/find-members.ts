import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Sql } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { problem } from '../platform/web/problem.ts';
import type { Member } from './member.ts';
import { lastFourIndex, phoneIndex } from './member.ts';
import { normalisePhone } from './phone.ts';
import { readMembersByExternalId, readMembersByLastFour, readMembersByPhone } from './store.ts';

export interface MemberCriteria {
  readonly externalSystem?: string;
  readonly externalId?: string;
  readonly phone?: string;
  readonly phoneLastFour?: string;
}

/** Finds by exactly one criterion; four digits find strangers too, so only the operator may ask by them. */
export async function findMembers(
  sql: Sql,
  sealer: Sealer,
  criteria: MemberCriteria,
  page: {
    readonly isOperator: boolean;
    /** The number of the only programme whose members are found; null: of all. */
    readonly programme: number | null;
    readonly after: Uuid | null;
    readonly limit: number;
  },
): Promise<{ readonly members: Member[] } | { readonly refusal: Refusal }> {
  const { programme, after, limit } = page;
  const { externalSystem, externalId, phone, phoneLastFour } = criteria;
  const isByExternalId = externalSystem !== undefined && externalId !== undefined;
  const isHalf = !isByExternalId && (externalSystem !== undefined || externalId !== undefined);
  const asked = [isByExternalId, phone !== undefined, phoneLastFour !== undefined].filter(
    Boolean,
  ).length;
  if (asked !== 1 || isHalf) {
    return {
      refusal: problem(
        'invalid_request',
        'ask by externalSystem and externalId, by phone, or by phoneLastFour',
      ),
    };
  }
  if (isByExternalId)
    return { members: await readMembersByExternalId(sql, externalSystem, externalId, programme) };
  if (phone !== undefined) {
    const normal = normalisePhone(phone);
    if (normal === undefined) return { refusal: problem('phone_invalid') };
    return { members: await readMembersByPhone(sql, phoneIndex(sealer, normal), programme) };
  }
  if (!page.isOperator) return { refusal: problem('operator_only') };
  const index = lastFourIndex(sealer, phoneLastFour ?? '');
  return { members: await readMembersByLastFour(sql, index, programme, after, limit) };
}
