import Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { Code, InstantText, idOf, nullable, object, text } from '../platform/web/schema.ts';
import { COMMON } from './ladder.ts';
import type { ServiceUse } from './service.ts';
import { QuotaShown } from './tier-schema.ts';
import type { Quota, Used } from './use-service.ts';

export const NewServiceUse = object(
  {
    merchantId: Type.Unsafe<string>({
      ...idOf('merchant'),
      description: 'Where it is used; its tiers count, and those of its programme.',
    }),
    service: Code,
    useNo: Type.Unsafe<string>({
      ...text(64),
      description: 'The merchant’s own number of it: told again, it is the same use.',
    }),
  },
  { title: 'NewServiceUse' },
);

export const NewServiceUndo = object(
  { reason: text(500), actor: text(100) },
  { title: 'NewServiceUndo' },
);

const use = {
  id: idOf('serviceUse'),
  memberId: idOf('member'),
  merchantId: idOf('merchant'),
  service: Code,
  useNo: Type.String(),
  tier: Type.Unsafe<string>({ ...Code, description: 'What the member was in.' }),
  tiersOf: Type.Unsafe<'programme' | 'merchant'>({
    ...Type.Enum(['programme', 'merchant']),
    description: 'Whose tier brought it.',
  }),
  at: InstantText,
  undone: nullable(
    object(
      { at: InstantText, reason: Type.String(), actor: Type.String() },
      {
        title: 'ServiceUndone',
      },
    ),
  ),
};

export const ServiceUseShown = object(
  {
    ...use,
    quota: Type.Unsafe<Type.Static<typeof QuotaShown> | null>({
      ...nullable(QuotaShown),
      description: 'What is left now; null: the member’s tier brings the service no more.',
    }),
  },
  { title: 'ServiceUse' },
);

export const ServiceUses = object(
  {
    items: Type.Array(object(use, { title: 'ServiceUseListed' }), {
      description: 'The latest 100, the latest first; undone ones too.',
    }),
  },
  { title: 'ServiceUses' },
);

export function showQuota({ service, used, left, from, until }: Quota) {
  const { code, name, quota, per } = service;
  return { code, name, quota, per, used, left, from, until };
}

export function showUse(told: ServiceUse) {
  const { id, ladder, member, merchant, service, useNo, tier, at, undone } = told;
  const tiersOf = ladder === COMMON ? ('programme' as const) : ('merchant' as const);
  return {
    id: showId('serviceUse', id),
    memberId: showId('member', member),
    merchantId: showId('merchant', merchant),
    service,
    useNo,
    tier,
    tiersOf,
    at: showInstant(at),
    undone:
      undone === null
        ? null
        : { at: showInstant(undone.at), reason: undone.reason, actor: undone.actor },
  };
}

export function showUsed({ use: told, quota }: Used): Type.Static<typeof ServiceUseShown> {
  return { ...showUse(told), quota: quota === null ? null : showQuota(quota) };
}
