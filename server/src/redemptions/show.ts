import type Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import type { Sealer } from '../platform/seal.ts';
import type { CashShown } from './cash/schema.ts';
import type { Delivery } from './deliveries/delivery.ts';
import { showProgress, showSentAgain } from './deliveries/delivery-schema.ts';
import { showParticulars } from './particulars-schema.ts';
import { feeOf, type Redemption } from './redemption.ts';
import type { RedemptionShown, StockShown, VoucherShown, VoucherUseShown } from './schema.ts';
import type { Stock } from './stock/shelves.ts';
import {
  type NewVoucher,
  qrOf,
  type ReadVoucher,
  showCode,
  type Voucher,
  type VoucherUse,
} from './vouchers/voucher.ts';

/** Codes of a programme and of one of its point types, by their numbers. */
export type CodesOf = (programme: number, pointType: number) => { readonly pointType: string };

type Shown = Type.Static<typeof RedemptionShown>;

/**
 * `isKept`: false of what a dry run made up, whose ids nobody will find. `sealer`: absent where nobody is to learn who receives
 * something.
 */
export function showRedemption(
  redemption: Redemption,
  vouchers: readonly Voucher[],
  codesOf: CodesOf,
  {
    isKept = true,
    sealer = null,
    cash = null,
    deliveries = [],
  }: {
    isKept?: boolean;
    sealer?: Sealer | null;
    cash?: Type.Static<typeof CashShown> | null;
    /** In order. */
    deliveries?: readonly Delivery[];
  } = {},
): Shown {
  const [first, ...again] = deliveries;
  const { id, programme, refusal, promotion, terms, parts, confirmedAt, cancelledAt } = redemption;
  return {
    ...(isKept ? { id: showId('redemption', id) } : {}),
    state: redemption.state,
    ...(refusal === null ? {} : { problem: refusal.code }),
    memberId: showId('member', redemption.member),
    rewardId: showId('reward', redemption.reward),
    rewardVersionId: showId('rewardVersion', redemption.version),
    promotionVersionId: promotion === null ? null : showId('promotionVersion', promotion),
    name: terms.name,
    kind: terms.kind,
    terms: {
      fulfilment: terms.fulfilment.kind,
      cancellation: terms.cancellation,
      afterSales: terms.afterSales,
    },
    option: redemption.option,
    quantity: redemption.quantity,
    merchantId: showId('merchant', redemption.merchant),
    store: redemption.store,
    price: parts.map((part) => {
      const feePoints = feeOf(redemption, part);
      return {
        pointType: codesOf(programme, part.pointType).pointType,
        points: part.points,
        ...(feePoints === 0 ? {} : { feePoints }),
        ...(confirmedAt === null ? {} : { transactionId: showId('transaction', part.taken) }),
      };
    }),
    ...(cash === null || cash.askedFen === 0 ? {} : { cash }),
    askedAt: showInstant(redemption.askedAt),
    ...(redemption.state === 'paying' ? { deadline: showInstant(redemption.deadline) } : {}),
    confirmedAt: confirmedAt === null ? null : showInstant(confirmedAt),
    ...(cancelledAt === null ? {} : { cancelledAt: showInstant(cancelledAt) }),
    vouchers: vouchers.map(showVoucher),
    particulars: showParticulars(redemption, sealer),
    ...(first === undefined ? {} : { delivery: showProgress(first) }),
    ...(again.length === 0
      ? {}
      : { sentAgain: again.map((each) => showSentAgain(redemption, each, sealer)) }),
    ...(isKept ? {} : { dryRun: true as const }),
  };
}

/** With its code, where it is given. */
export function showVoucher(
  voucher: Voucher | NewVoucher | ReadVoucher,
): Type.Static<typeof VoucherShown> {
  const { place, state, name, form, expiresAt, leftFen } = voucher;
  const usedAt = 'usedAt' in voucher ? voucher.usedAt : null;
  return {
    place,
    state,
    name,
    form,
    leftFen,
    expiresAt: expiresAt === null ? null : showInstant(expiresAt),
    ...(usedAt === null ? {} : { usedAt: showInstant(usedAt) }),
    ...('code' in voucher ? { code: showCode(voucher.code), qr: qrOf(voucher.code) } : {}),
  };
}

export function showUse(use: VoucherUse, voucher: Voucher): Type.Static<typeof VoucherUseShown> {
  const { undone } = use;
  return {
    id: showId('voucherUse', use.id),
    merchantId: showId('merchant', use.merchant),
    ...{ useNo: use.useNo, store: use.store, billFen: use.billFen, offFen: use.offFen },
    usedAt: showInstant(use.at),
    undone:
      undone === null
        ? null
        : { at: showInstant(undone.at), reason: undone.reason, actor: undone.actor },
    voucher: showVoucher(voucher),
  };
}

export function showStock({ total, reserved, sold }: Stock): Type.Static<typeof StockShown> {
  return { total, reserved, sold, left: total === null ? null : total - reserved - sold };
}
