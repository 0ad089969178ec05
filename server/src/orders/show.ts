import type Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { showReceipt } from '../ledger/shown.ts';
import type { Answer } from '../ledger/transaction.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import type { AskedEarn } from './award.ts';
import { earnsOf } from './earns.ts';
import type { Order } from './order.ts';
import type { OrderPreviewed } from './place-orders.ts';
import type { AwardShown, OrderPreview, OrderShown, OrderWithLines } from './schema.ts';
import type { EarnAnswers } from './settling.ts';
import type { LineNow } from './store.ts';

/** Codes of point types by their numbers. */
export type CodeOf = (pointType: number) => string;

/** Their numbers are unique across programmes. */
export function codesOf(programmes: Pick<ProgrammeRegistry, 'all'>): CodeOf {
  return (pointType) => {
    for (const { pointTypes } of programmes.all()) {
      const found = pointTypes.find(({ id }) => id === pointType);
      if (found !== undefined) return found.code;
    }
    throw new Error(`there is no point type ${pointType}`);
  };
}

type AwardBody = Type.Static<typeof AwardShown>;

/** An order as its writer is answered: facts that never change, so that a replay answers the same. */
export function showOrder(
  order: Order,
  earns: EarnAnswers,
  codeOf: CodeOf,
): Type.Static<typeof OrderShown> {
  const { points, reason } = totalOf(order, earns);
  const first = earns.find((earn) => earn?.status === 'applied') ?? earns[0];
  const transaction = first?.transaction ?? null;
  const receipt = first?.receipt ?? null;
  return {
    id: showId('order', order.id),
    merchantId: showId('merchant', order.merchant),
    memberId: showId('member', order.member),
    orderNo: order.orderNo,
    paidAt: showInstant(order.paidAt),
    ...(order.source === null ? {} : { source: order.source }),
    ...(order.store === null && order.channel === null && order.tenders.length === 0
      ? {}
      : showCircumstances(order)),
    netFen: order.netFen,
    points,
    ...(reason === null ? {} : { noPointsReason: reason }),
    transactionId: transaction === null ? null : showId('transaction', transaction.id),
    ...(receipt === null ? {} : { receipt: showReceipt(receipt) }),
    ...(order.awards.length === 0
      ? {}
      : { awards: earnsOf(order).map((asked, index) => showAward(asked, earns[index], codeOf)) }),
  };
}

/** What an order earned of its own point type, and why that is nothing when it is. */
function totalOf(
  order: Order,
  earns: EarnAnswers,
): { readonly points: number; readonly reason: string | null } {
  // For nearly every order the merchant's ratio is all there is.
  const only = order.awards.length === 0 ? earns[0] : undefined;
  if (only?.status === 'applied') return { points: only.transaction.points, reason: null };
  let points = 0;
  let refused: string | null = null;
  let otherwise: string | null = null;
  for (const [index, { pointType }] of earnsOf(order).entries()) {
    const earn = earns[index] ?? null;
    const isOwn = pointType === order.pointType;
    if (earn?.status === 'applied') {
      if (isOwn) points += earn.transaction.points;
      else otherwise = 'other_point_type';
    } else if (isOwn) refused ??= earn?.refusal.code ?? 'not_booked_yet';
    else otherwise ??= earn?.refusal.code ?? 'not_booked_yet';
  }
  return { points, reason: points > 0 ? null : (order.noPointsReason ?? refused ?? otherwise) };
}

function showAward(asked: AskedEarn, earn: Answer | null | undefined, codeOf: CodeOf): AwardBody {
  const granted = earn?.status === 'applied' ? earn.transaction.points : 0;
  const reason = granted < asked.points ? reasonOf(asked, earn) : null;
  const receipt = earn?.receipt ?? null;
  const transaction = earn?.transaction ?? null;
  return {
    ruleVersionId: asked.version === null ? null : showId('ruleVersion', asked.version),
    pointType: codeOf(asked.pointType),
    asked: asked.points,
    granted,
    ...(reason === null ? {} : { reason }),
    ...(asked.availableAt === null ? {} : { availableAt: showInstant(asked.availableAt) }),
    ...(asked.onCompletion ? { onCompletion: true as const } : {}),
    ...(asked.expiresAt === null ? {} : { expiresAt: showInstant(asked.expiresAt) }),
    transactionId: transaction === null ? null : showId('transaction', transaction.id),
    ...(receipt === null ? {} : { receipt: showReceipt(receipt) }),
  };
}

/** Why the ledger granted less than was asked for. */
function reasonOf({ limits }: AskedEarn, earn: Answer | null | undefined): string {
  if (earn === undefined || earn === null) return 'not_booked_yet';
  if (earn.status === 'refused') return earn.refusal.code;
  const kinds = new Set(limits.map((limit) => 'budget' in limit));
  if (kinds.size === 2) return 'limit_reached_or_budget_exhausted';
  return kinds.has(true) ? 'budget_exhausted' : 'limit_reached';
}

function showCircumstances({ store, channel, tenders }: Order) {
  return {
    ...(store === null ? {} : { store }),
    ...(channel === null ? {} : { channel }),
    ...(tenders.length === 0 ? {} : { tenders: [...tenders] }),
  };
}

export function showOrderWithLines(
  order: Order,
  earns: EarnAnswers,
  lines: readonly LineNow[],
  codeOf: CodeOf,
): Type.Static<typeof OrderWithLines> {
  const { awards, ...shown } = showOrder(order, earns, codeOf);
  const due = earnsOf(order).map((asked, index) => dueOf(asked, earns[index]));
  const own = earnsOf(order).map(({ pointType }) => pointType === order.pointType);
  return {
    ...shown,
    ...(awards === undefined
      ? {}
      : { awards: awards.map((award, index) => ({ ...award, due: due[index] ?? 0 })) }),
    dueFen: order.dueFen,
    pointsDue: due.reduce((sum, points, index) => sum + (own[index] === true ? points : 0), 0),
    lines: lines.map(
      ({
        name,
        category,
        brand,
        zone,
        greenCertificate,
        green,
        certificate,
        refundedFen,
        ...line
      }) => ({
        ...line,
        ...(name === null ? {} : { name }),
        ...(category === null ? {} : { category }),
        ...(brand === null ? {} : { brand }),
        ...(zone === null ? {} : { zone }),
        ...(greenCertificate === null ? {} : { greenCertificate }),
        ...(green === null ? {} : { green }),
        ...(certificate === null ? {} : { certificateId: showId('certificate', certificate) }),
        ...(refundedFen === 0 ? {} : { refundedFen }),
      }),
    ),
  };
}

/** What an earn is worth on what remains, as far as it was granted. */
function dueOf({ due }: AskedEarn, earn: Answer | null | undefined): number {
  if (earn === undefined || earn === null) return due;
  return earn.status === 'refused' ? 0 : Math.min(due, earn.transaction.points);
}

export function showOrderPreview(
  { order, earns, replayed }: OrderPreviewed,
  codeOf: CodeOf,
): Type.Static<typeof OrderPreview> {
  const { netFen, points, noPointsReason, awards } = showOrder(order, earns, codeOf);
  const own = earns.filter(
    (earn) => earn?.status === 'applied' && earn.transaction.pointType === order.pointType,
  );
  const balanceAfter = replayed ? undefined : own.at(-1)?.transaction?.balanceAfter;
  return {
    dryRun: true,
    netFen,
    points,
    ...(noPointsReason === undefined ? {} : { noPointsReason }),
    ...(balanceAfter === undefined ? {} : { balanceAfter }),
    ...(awards === undefined
      ? {}
      : {
          awards: awards.map(({ receipt: _, ...award }) => ({ ...award, transactionId: null })),
        }),
  };
}
