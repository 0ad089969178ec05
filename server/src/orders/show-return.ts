import type Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { takenBackBy } from '../ledger/claw-backs.ts';
import { showReceipt } from '../ledger/shown.ts';
import type { Answer } from '../ledger/transaction.ts';
import { problemOf } from '../platform/web/problem.ts';
import { type ClawedBack, type GoodsReturn, touchedEarns, withinGrant } from './goods-return.ts';
import type { ReturnShown } from './return-schema.ts';
import type { ClawBacks } from './settling.ts';
import type { CodeOf } from './show.ts';

export function showReturn(
  returned: GoodsReturn,
  clawBacks: ClawBacks,
  codeOf: CodeOf,
): Type.Static<typeof ReturnShown> {
  return {
    id: showId('return', returned.id),
    merchantId: showId('merchant', returned.merchant),
    memberId: showId('member', returned.member),
    ...(returned.order === null ? {} : { orderId: showId('order', returned.order) }),
    ...(returned.orderNo === null ? {} : { orderNo: returned.orderNo }),
    returnNo: returned.returnNo,
    returnedAt: showInstant(returned.returnedAt),
    ...(returned.source === null ? {} : { source: returned.source }),
    status: returned.state,
    ...showWaiting(returned),
    ...showEffect(returned, clawBacks, codeOf, false),
  };
}

/** One that waits, or came to nothing: it has done nothing in the ledger. */
export function showUnapplied(
  returned: GoodsReturn,
  codeOf: CodeOf,
): Type.Static<typeof ReturnShown> {
  return showReturn(returned, { answers: new Map(), granted: new Map() }, codeOf);
}

function showWaiting({ state, waited, refusal }: GoodsReturn) {
  if (state === 'applied' || waited === null) return {};
  const asked = waited.lines.map(({ lineNo, sku, quantity, amountFen }) => ({
    ...(lineNo === null ? {} : { lineNo }),
    ...(sku === null ? {} : { sku }),
    ...(quantity === null ? {} : { quantity }),
    ...(amountFen === null ? {} : { amountFen }),
  }));
  return {
    ...(state === 'waiting' ? { waitsUntil: showInstant(waited.until) } : {}),
    asked,
    ...(refusal === null ? {} : { problem: problemOf(refusal) }),
  };
}

type Effect = Pick<
  Type.Static<typeof ReturnShown>,
  'pointsClawedBack' | 'pointsRecovered' | 'debt' | 'lines' | 'orders'
>;

/** What became of one earn, as far as it was granted. */
interface Taken {
  readonly earn: ClawedBack;
  readonly before: number;
  readonly after: number;
  readonly answer: Answer | undefined;
  /** What was not there any more: somebody had returned it by hand. */
  readonly gone: number;
}

/** What a return did, or with `preview` would do: then there are no transactions to name. */
export function showEffect(
  returned: GoodsReturn,
  { answers, granted }: ClawBacks,
  codeOf: CodeOf,
  preview: boolean,
): Effect {
  const totals = { pointsClawedBack: 0, pointsRecovered: 0, debt: 0 };
  const all = touchedEarns(returned).map((earn): Taken => {
    const answer = answers.get(earn.earn);
    // The ledger knows nothing of an earn that it refused, or has nothing left of it: there was nothing to take back.
    const taken = answer?.status === 'refused' ? 0 : answer?.transaction.points;
    const { before, after } = withinGrant(earn, granted);
    if (taken === undefined || taken === before - after)
      return { earn, before, after, answer, gone: 0 };
    const isGone = answer?.status === 'applied' || answer?.refusal.code === 'return_exceeds_earn';
    return {
      ...{ earn, before: taken, after: 0, answer },
      gone: isGone ? before - after - taken : 0,
    };
  });
  const orders = returned.orders.map(({ order, awards }) => {
    const earns = all.filter(({ earn }) => earn.order === order);
    const own = earns.filter(({ earn }) => earn.pointType === returned.pointType);
    let gone = 0;
    for (const { before, after, answer, ...each } of own) {
      totals.pointsClawedBack += before - after;
      gone += each.gone;
      if (answer?.status !== 'applied') continue;
      const owed = debtOf(answer);
      totals.debt += owed;
      totals.pointsRecovered += takenBackBy(answer.transaction) - owed;
    }
    const first = own.find(({ answer }) => answer?.status === 'applied');
    return {
      orderId: showId('order', order),
      pointsBefore: own.reduce((sum, { before }) => sum + before, 0),
      pointsAfter: own.reduce((sum, { after }) => sum + after, 0),
      ...showGone(gone),
      ...showProof(first?.answer, preview),
      ...(awards.length === 0
        ? {}
        : { awards: earns.map((each) => showTaken(each, codeOf, preview)) }),
    };
  });
  return { ...totals, lines: linesOf(returned), orders };
}

function debtOf(answer: Extract<Answer, { status: 'applied' }>): number {
  const owed = answer.transaction.entries.filter(
    ({ kind }) => kind === 'owe' || kind === 'overdraw',
  );
  return takenBackBy({ entries: owed });
}

function showGone(points: number) {
  return points === 0 ? {} : { returnedBefore: points };
}

function showTaken({ earn, before, after, answer, gone }: Taken, codeOf: CodeOf, preview: boolean) {
  return {
    pointType: codeOf(earn.pointType),
    earnId: showId('transaction', earn.earn),
    pointsBefore: before,
    pointsAfter: after,
    ...showGone(gone),
    ...showProof(answer, preview),
  };
}

function showProof(answer: Answer | undefined, preview: boolean) {
  const receipt = preview ? null : (answer?.receipt ?? null);
  return {
    transactionId:
      preview || answer?.status !== 'applied' ? null : showId('transaction', answer.transaction.id),
    ...(receipt === null ? {} : { receipt: showReceipt(receipt) }),
  };
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
    const { quantity, amountFen, from } = part;
    const much = {
      quantity: quantity ?? 0,
      ...(amountFen === null ? {} : { amountFen }),
    };
    if (from === null) line.rejected = { ...much, reason: 'unmatched' };
    else line.matched.push({ orderId: showId('order', from.order), lineNo: from.lineNo, ...much });
  }
  return [...lines.values()];
}
