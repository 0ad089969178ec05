import type { components } from '@hongmi/sdk';
import type { Act, Entry, Whom } from '../queue/entry.ts';

/** Something that goods may come back of. Money in fen. */
export interface Sale {
  readonly kind: 'order' | 'bill';
  readonly number: string;
  readonly at: string;
  readonly leftFen: number;
  readonly whom: Whom | null;
  readonly lane: string;
  readonly shown: string | null;
  /** Whether a part of its price may come back. */
  readonly isDivisible: boolean;
  /** What is told when all that is left of it comes back, or so much of the price. */
  back(returnNo: string, partFen: number | null): Act;
}

/** What this till rang up that goods may come back of, the latest first; of one member where `lane` says whose. */
export function salesOf(entries: readonly Entry[], lane: string | undefined): Sale[] {
  return entries.flatMap((entry) => {
    if (lane !== undefined && entry.lane !== lane) return [];
    const sale = saleOf(entry, entries);
    return sale === undefined || sale.leftFen <= 0 ? [] : [sale];
  });
}

/** Whether something that came back already stands in the way: all of a sale, or any goods of a bill that points were taken off. */
export function isPastUndoing(entry: Entry, entries: readonly Entry[]): boolean {
  const sale = saleOf(entry, entries);
  if (sale === undefined) return false;
  const { act } = entry;
  return act.kind === 'offset' ? sale.leftFen < act.billFen : sale.leftFen <= 0;
}

function saleOf(entry: Entry, entries: readonly Entry[]): Sale | undefined {
  const { act, key, at, whom, lane, shown } = entry;
  if (entry.state === 'refused' || isUndone(key, entries)) return undefined;
  if (act.kind === 'earn') {
    const { orderNo, amountFen } = act;
    const leftFen =
      amountFen -
      returned(entries, (other) => other.kind === 'return' && other.orderNo === orderNo);
    return {
      ...{ kind: 'order', number: orderNo, at, whom, lane, shown, leftFen, isDivisible: true },
      back(returnNo, partFen) {
        const whole = partFen === null && leftFen === amountFen;
        const fen = partFen ?? leftFen;
        const line = whole ? { lineNo: 1, quantity: 1 } : { lineNo: 1, amountFen: fen };
        return { kind: 'return', returnNo, orderNo, lines: [line], amountFen: fen };
      },
    };
  }
  // What was taken off a bill goes back by the redemption that it became.
  if (act.kind !== 'offset' || entry.state !== 'booked' || entry.booked.id === null)
    return undefined;
  const redemptionId = entry.booked.id;
  const isSame = (other: Act): boolean =>
    other.kind === 'return_bill' && other.redemptionId === redemptionId;
  const leftFen = act.billFen - returned(entries, isSame);
  return {
    ...{ kind: 'bill', number: act.billNo, at, whom, lane, shown, leftFen, isDivisible: true },
    back: (returnNo, partFen) => ({
      ...{ kind: 'return_bill', returnNo, redemptionId },
      amountFen: partFen ?? leftFen,
      unitPoints: { [act.pointType]: act.points / act.units },
    }),
  };
}

function returned(entries: readonly Entry[], isOfIt: (act: Act) => boolean): number {
  return entries.reduce(
    (sum, { act, state }) =>
      state !== 'refused' && 'amountFen' in act && isOfIt(act) ? sum + act.amountFen : sum,
    0,
  );
}

/** Whether something was taken back at this till, or is about to be. */
export function isUndone(key: string, entries: readonly Entry[]): boolean {
  return entries.some(
    ({ act, state }) => act.kind === 'undo' && act.of === key && state !== 'refused',
  );
}

type Order = components['schemas']['OrderWithLines'];

/** An order that the platform knows, whoever told it. Of several lines all goods come back: who wants some of them has a register. */
export function saleOfOrder(order: Order): Sale {
  const left = order.lines.flatMap(
    ({ lineNo, quantity, returned: gone, amountFen, refundedFen = 0 }) =>
      quantity > gone
        ? [
            {
              lineNo,
              quantity: quantity - gone,
              fen: lineLeft(amountFen, quantity, gone, refundedFen),
            },
          ]
        : [],
  );
  const [first] = left;
  const { orderNo, memberId } = order;
  const leftFen = left.reduce((sum, { fen }) => sum + fen, 0);
  return {
    ...{ kind: 'order', number: orderNo, at: order.paidAt, whom: { memberId }, lane: memberId },
    shown: null,
    leftFen,
    isDivisible: left.length === 1,
    back(returnNo, partFen) {
      const lines =
        partFen === null || first === undefined
          ? left.map(({ lineNo, quantity }) => ({ lineNo, quantity }))
          : [{ lineNo: first.lineNo, amountFen: partFen }];
      return { kind: 'return', returnNo, orderNo, lines, amountFen: partFen ?? leftFen };
    },
  };
}

/** As the platform reckons what is left of a line: floor(amount × left / quantity), less what was paid back of it. */
function lineLeft(amountFen: number, quantity: number, gone: number, refundedFen: number): number {
  const goods = Number((BigInt(amountFen) * BigInt(quantity - gone)) / BigInt(quantity));
  return Math.max(0, goods - refundedFen);
}
