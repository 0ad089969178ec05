import type Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import type { Redemption } from '../redemption.ts';
import type { CodesOf } from '../show.ts';
import type { Case, CaseEntry, Payment } from './case.ts';
import type { CancellationShown, CaseShown } from './schema.ts';
import type { SupplierCancellation } from './supplier-store.ts';

export function showCase(
  each: Case,
  entries: readonly CaseEntry[],
  { terms }: Redemption,
  codesOf: CodesOf,
): Type.Static<typeof CaseShown> {
  const { programme, dueAt, back } = each;
  const paid = ({ pointType, points, transaction }: Payment) => ({
    pointType: codesOf(programme, pointType).pointType,
    points,
    transactionId: showId('transaction', transaction),
  });
  return {
    id: showId('afterSalesCase', each.id),
    redemptionId: showId('redemption', each.redemption),
    memberId: showId('member', each.member),
    merchantId: showId('merchant', each.merchant),
    name: terms.name,
    ...{ kind: each.kind, reason: each.reason, note: each.note, places: [...each.places] },
    ...{ state: each.state, remedy: each.remedy, onShelf: each.onShelf },
    openedAt: showInstant(each.openedAt),
    dueAt: dueAt === null ? null : showInstant(dueAt),
    back: back?.refunds.map(paid) ?? [],
    cashFen: back?.cashFen ?? 0,
    compensation: back?.compensation.map(paid) ?? [],
    history: entries.map(({ step, state, at, by, actor, reason, note }) => ({
      ...{ step, state, at: showInstant(at), byKey: by === null ? null : showId('apiKey', by) },
      ...{ actor, reason, note },
    })),
  };
}

export function showCancellation(
  each: SupplierCancellation,
): Type.Static<typeof CancellationShown> {
  return {
    id: showId('supplierCancellation', each.id),
    rewardId: showId('reward', each.reward),
    merchantId: showId('merchant', each.merchant),
    ...{ day: each.day, slot: each.slot },
    ...{ reason: each.reason, note: each.note, actor: each.actor, at: showInstant(each.at) },
    ...{ cancelled: each.cancelled, refunded: each.refunded },
    state: each.doneAt === null ? 'running' : 'done',
  };
}
