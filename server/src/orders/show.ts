import type Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { showReceipt } from '../ledger/shown.ts';
import type { GoodsReturn } from './goods-return.ts';
import type { Order, OrderLine } from './order.ts';
import type { OrderPreviewed } from './place-orders.ts';
import type { OrderPreview, OrderShown, OrderWithLines, ReturnShown } from './schema.ts';
import type { ClawBacks, EarnAnswer } from './settling.ts';

/** An order as its writer is answered: facts that never change, so that a replay answers the same. */
export function showOrder(order: Order, earn: EarnAnswer): Type.Static<typeof OrderShown> {
  const points = earn === null || earn.status === 'refused' ? 0 : earn.transaction.points;
  const reason = earn?.status === 'refused' ? earn.refusal.code : order.noPointsReason;
  return {
    id: showId('order', order.id),
    merchantId: showId('merchant', order.merchant),
    memberId: showId('member', order.member),
    orderNo: order.orderNo,
    paidAt: showInstant(order.paidAt),
    ...(order.source === null ? {} : { source: order.source }),
    netFen: order.netFen,
    points,
    ...(reason === null ? {} : { noPointsReason: reason }),
    transactionId:
      earn?.transaction === undefined || earn.transaction === null
        ? null
        : showId('transaction', earn.transaction.id),
    ...(earn?.receipt === undefined || earn.receipt === null
      ? {}
      : { receipt: showReceipt(earn.receipt) }),
  };
}

export function showOrderWithLines(
  order: Order,
  earn: EarnAnswer,
  lines: readonly (OrderLine & { readonly returned: number })[],
): Type.Static<typeof OrderWithLines> {
  return {
    ...showOrder(order, earn),
    dueFen: order.dueFen,
    pointsDue: earn?.status === 'refused' ? 0 : order.pointsDue,
    lines: lines.map(({ name, category, ...line }) => ({
      ...line,
      ...(name === null ? {} : { name }),
      ...(category === null ? {} : { category }),
    })),
  };
}

export function showOrderPreview(preview: OrderPreviewed): Type.Static<typeof OrderPreview> {
  return {
    dryRun: true,
    netFen: preview.netFen,
    points: preview.points,
    ...(preview.noPointsReason === null ? {} : { noPointsReason: preview.noPointsReason }),
    ...(preview.balanceAfter === null ? {} : { balanceAfter: preview.balanceAfter }),
  };
}

export function showReturn(
  returned: GoodsReturn,
  clawBacks: ClawBacks,
): Type.Static<typeof ReturnShown> {
  return {
    id: showId('return', returned.id),
    merchantId: showId('merchant', returned.merchant),
    memberId: showId('member', returned.member),
    ...(returned.order === null ? {} : { orderId: showId('order', returned.order) }),
    returnNo: returned.returnNo,
    returnedAt: showInstant(returned.returnedAt),
    ...(returned.source === null ? {} : { source: returned.source }),
    ...showEffect(returned, clawBacks, false),
  };
}

type Effect = Pick<
  Type.Static<typeof ReturnShown>,
  'pointsClawedBack' | 'pointsRecovered' | 'debt' | 'lines' | 'orders'
>;

/** What a return did, or with `preview` would do: then there are no transactions to name. */
export function showEffect(returned: GoodsReturn, clawBacks: ClawBacks, preview: boolean): Effect {
  const totals = { pointsClawedBack: 0, pointsRecovered: 0, debt: 0 };
  const orders = returned.orders.map(({ order, pointsBefore, pointsAfter }) => {
    const answer = clawBacks.get(order);
    // The ledger knows nothing of an earn that it refused, so there was nothing to take back.
    if (answer?.status === 'refused')
      return {
        orderId: showId('order', order),
        pointsBefore: 0,
        pointsAfter: 0,
        transactionId: null,
      };
    totals.pointsClawedBack += pointsBefore - pointsAfter;
    for (const entry of answer?.transaction?.entries ?? []) {
      if (entry.kind === 'owe' || entry.kind === 'overdraw') totals.debt += entry.points;
      else totals.pointsRecovered += entry.points;
    }
    const transaction =
      preview || answer?.status !== 'applied' ? null : showId('transaction', answer.transaction.id);
    const receipt = preview ? null : (answer?.receipt ?? null);
    const shown = {
      orderId: showId('order', order),
      pointsBefore,
      pointsAfter,
      transactionId: transaction,
    };
    return receipt === null ? shown : { ...shown, receipt: showReceipt(receipt) };
  });
  return { ...totals, lines: linesOf(returned), orders };
}

function linesOf(returned: GoodsReturn): Effect['lines'] {
  const lines = new Map<number, Effect['lines'][number]>();
  for (const part of returned.parts) {
    let line = lines.get(part.place);
    if (line === undefined) {
      line = {
        ...(part.lineNo === null ? {} : { lineNo: part.lineNo }),
        sku: part.sku,
        matched: [],
      };
      lines.set(part.place, line);
    }
    if (part.from === null) line.rejected = { quantity: part.quantity, reason: 'unmatched' };
    else
      line.matched.push({
        orderId: showId('order', part.from.order),
        lineNo: part.from.lineNo,
        quantity: part.quantity,
      });
  }
  return [...lines.values()];
}
