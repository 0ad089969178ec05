import type Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { LotShown } from '../ledger/read-account.ts';
import type { TrailStep, TrailSummary } from '../ledger/read-trail.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import type { TrailShown } from './read-schema.ts';
import type { Display } from './show.ts';

export interface LotDisplay {
  readonly display: Display;
  readonly programmes: ProgrammeRegistry;
}

export function showLot(
  { display, programmes }: LotDisplay,
  lot: LotShown,
): Type.Static<typeof TrailShown>['lot'] {
  const now = Math.max(programmes.programmeClock(lot.programme), lot.notBefore);
  const isLapsed = lot.expiresAt !== null && lot.expiresAt <= now && lot.remaining > lot.held;
  const left = lot.pending && lot.availableAt > now ? ('pending' as const) : ('available' as const);
  return {
    id: showId('lot', lot.id),
    ...display.codes(lot.programme, lot.pointType),
    memberId: showId('member', lot.member),
    issuerId: showId('merchant', lot.issuer),
    ...(lot.funders === null ? {} : { funders: showFunders(lot.funders, lot.shares) }),
    ...(lot.ruleVersion === null ? {} : { ruleVersionId: showId('ruleVersion', lot.ruleVersion) }),
    transactionId: showId('transaction', lot.transaction),
    state:
      lot.remaining === 0 ? (lot.expired > 0 ? 'expired' : 'spent') : isLapsed ? 'expired' : left,
    issued: lot.issued,
    amount: lot.amount,
    remaining: lot.remaining,
    held: lot.held,
    expired: lot.expired,
    returned: lot.returned,
    availableAt: showInstant(lot.availableAt),
    ...(lot.expiresAt === null ? {} : { expiresAt: showInstant(lot.expiresAt) }),
    ...(lot.slideMonths === null ? {} : { slideMonths: lot.slideMonths }),
  };
}

function showFunders(funders: readonly Uuid[], shares: LotShown['shares']) {
  return funders.map((merchant, place) => ({
    merchantId: showId('merchant', merchant),
    share: shares?.[place] ?? 0,
  }));
}

export function showSummary({ redeemed, ...sums }: TrailSummary) {
  return {
    ...sums,
    redeemed: redeemed.map(({ merchant, points }) => ({
      merchantId: showId('merchant', merchant),
      points,
    })),
  };
}

export function showStep(
  step: TrailStep,
  orderNumbers: ReadonlyMap<Uuid, string>,
): Type.Static<typeof TrailShown>['steps'][number] {
  const { source, ref, entry } = step;
  const orderNo = source?.kind === 'order' ? orderNumbers.get(source.id) : undefined;
  const isHold = entry === 'pin' || entry === 'unpin' || entry === 'capture';
  return {
    transactionId: showId('transaction', step.transaction),
    kind: step.kind,
    entry,
    points: step.points,
    remaining: step.remaining,
    at: showInstant(step.at),
    recordedAt: showInstant(step.recordedAt),
    ...(step.merchant === null ? {} : { merchantId: showId('merchant', step.merchant) }),
    ...(source?.kind === 'order' ? { orderId: showId('order', source.id) } : {}),
    ...(orderNo === undefined ? {} : { orderNo }),
    ...(source?.kind === 'transfer' ? { transferId: showId('transfer', source.id) } : {}),
    ...(source?.kind === 'move' ? { moveId: showId('move', source.id) } : {}),
    ...(source?.kind === 'activity' ? { activityId: showId('activity', source.id) } : {}),
    ...(source?.kind === 'redemption' ? { redemptionId: showId('redemption', source.id) } : {}),
    ...(source?.kind === 'return' ? { returnId: showId('return', source.id) } : {}),
    ...(ref === null
      ? {}
      : isHold
        ? { holdId: showId('hold', ref) }
        : entry === 'take'
          ? { receiverId: showId('member', ref) }
          : { otherLotId: showId('lot', ref) }),
    ...(step.expiresAt === null ? {} : { expiresAt: showInstant(step.expiresAt) }),
  };
}
