import { Failure } from '../failure.ts';
import {
  type ImportApi,
  type OrderAnswer,
  type OrderBody,
  type Refused,
  type ReturnAnswer,
  type ReturnBody,
  sameOrder,
  sameReturn,
} from './api.ts';
import type { Item, ItemLine } from './assemble.ts';
import { keyOf } from './key.ts';
import type { Round } from './rounds.ts';
import type { Tally } from './tally.ts';

export interface Destination {
  readonly api: ImportApi;
  readonly merchantId: string;
  /** SHA-256 of the file: the place in which its line numbers mean something. */
  readonly source: string;
  readonly tally: Tally;
  /** The member of a customer, or undefined when there is none and none may be made (only sales make members). */
  memberOf(customer: string): Promise<string | undefined>;
}

/** Sends a round and adds up its answers: first its orders, then its returns. */
export async function sendRound(round: Round, to: Destination): Promise<void> {
  if (round.orders.length > 0) await sendOrders(round.orders, to);
  const corrections = round.returns.filter((item) => item.source !== null);
  const ordinary = round.returns.filter((item) => item.source === null);
  if (ordinary.length > 0) await sendReturns(ordinary, to);
  for (const item of corrections) {
    for (const line of item.lines) await sendCorrectedReturn(item, line, to);
  }
}

async function sendOrders(items: readonly Item[], to: Destination): Promise<void> {
  const bodies = await Promise.all(items.map((item) => orderBody(item, item.invoice, to)));
  const results = await to.api.sendOrders(bodies);
  const supplements: Item[] = [];
  for (const [index, item] of items.entries()) {
    const result = results[index];
    if (result === undefined) throw new Error('every order is answered');
    if ('answer' in result) to.tally.order(item.customer, result.answer.points);
    else if (await isThere(item, bodies[index], result.refused, to)) continue;
    else if (item.source !== null && result.refused.code === 'order_exists') supplements.push(item);
    else refuseAll(item, result.refused, to);
  }
  if (supplements.length > 0) await sendSupplements(supplements, to);
}

/**
 * Corrected lines of an order of which other lines were accepted earlier: an order is never changed,
 * so they become one of their own, numbered after their first line.
 */
async function sendSupplements(items: readonly Item[], to: Destination): Promise<void> {
  const bodies = await Promise.all(
    items.map((item) => orderBody(item, `${item.invoice}+${item.lines[0]?.lineNo}`, to)),
  );
  const results = await to.api.sendOrders(bodies);
  for (const [index, item] of items.entries()) {
    const result = results[index];
    if (result === undefined) throw new Error('every order is answered');
    if ('answer' in result) to.tally.order(item.customer, result.answer.points);
    else if (!(await isThere(item, bodies[index], result.refused, to)))
      refuseAll(item, result.refused, to);
  }
}

/** Counts an order that another file told of already. */
async function isThere(
  item: Item,
  body: OrderBody | undefined,
  refused: Refused,
  to: Destination,
): Promise<boolean> {
  if (refused.code !== 'order_exists' || refused.existingId === undefined || body === undefined)
    return false;
  const there: OrderAnswer = await to.api.readOrder(refused.existingId);
  if (!sameOrder(there, body.memberId, item.lines)) return false;
  to.tally.order(item.customer, there.points);
  return true;
}

async function sendReturns(items: readonly Item[], to: Destination): Promise<void> {
  const members = await Promise.all(items.map((item) => to.memberOf(item.customer)));
  const sent: { item: Item; body: ReturnBody }[] = [];
  for (const [index, item] of items.entries()) {
    const memberId = members[index];
    // Who never bought anything has nothing to bring back.
    if (memberId === undefined) for (const line of item.lines) unmatched(line, line.quantity, to);
    else sent.push({ item, body: returnBody(item, item.lines, returnNumber(item), memberId, to) });
  }
  if (sent.length === 0) return;
  const results = await to.api.sendReturns(sent.map(({ body }) => body));
  for (const [index, { item, body }] of sent.entries()) {
    const result = results[index];
    if (result === undefined) throw new Error('every return is answered');
    if ('answer' in result) book(item.lines, result.answer, to);
    else {
      const { code, existingId } = result.refused;
      const there =
        code === 'return_exists' && existingId !== undefined
          ? await to.api.readReturn(existingId)
          : undefined;
      if (there !== undefined && sameReturn(there, body.memberId, item.lines))
        book(item.lines, there, to);
      else refuseAll(item, result.refused, to);
    }
  }
}

/** How often a line that found nothing may be tried again, each time from a rejects file. */
const ATTEMPTS_MAX = 100;

/**
 * A return line from a rejects file. It is asked again for whatever earlier attempts did not find,
 * because the order it belongs to may have been imported since; each attempt has its own number, so
 * that what an attempt found is never taken twice.
 */
async function sendCorrectedReturn(item: Item, line: ItemLine, to: Destination): Promise<void> {
  const memberId = await to.memberOf(item.customer);
  if (memberId === undefined) return unmatched(line, line.quantity, to);
  let left = line.quantity;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const number = `${item.invoice}+${line.lineNo}${attempt === 1 ? '' : `.${attempt}`}`;
    const asked = { ...line, quantity: left };
    const [result] = await to.api.sendReturns([returnBody(item, [asked], number, memberId, to)]);
    if (result === undefined) throw new Error('every return is answered');
    if ('answer' in result) {
      to.tally.pointsClawedBack(result.answer.pointsClawedBack);
      left = result.answer.lines[0]?.rejected?.quantity ?? 0;
      if (left === 0) return;
      if (!result.replayed) return unmatched(line, left, to);
      continue;
    }
    const { code, existingId } = result.refused;
    const there =
      code === 'return_exists' && existingId !== undefined
        ? await to.api.readReturn(existingId)
        : undefined;
    // An attempt that was told otherwise and found nothing has done nothing; one that found goods has.
    if (there?.lines.every((each) => each.matched.length === 0) !== true)
      return refuseLine(line, result.refused, to);
  }
  unmatched(line, left, to);
}

function book(lines: readonly ItemLine[], answer: ReturnAnswer, to: Destination): void {
  to.tally.pointsClawedBack(answer.pointsClawedBack);
  for (const [index, line] of lines.entries()) {
    const rejected = answer.lines[index]?.rejected;
    if (rejected !== undefined) unmatched(line, rejected.quantity, to);
  }
}

function unmatched(line: ItemLine, quantity: number, to: Destination): void {
  const detail = `${quantity}/${line.quantity}`;
  to.tally.refuse(line.place, {
    reason: 'unmatched',
    left: quantity < line.quantity ? quantity : null,
    detail,
  });
}

/** Refusals that would meet every order alike: the import must not go on turning each into rejects. */
const HOPELESS = new Set([
  'backdating_not_allowed',
  'merchant_not_found',
  'merchant_out_of_reach',
  'scope_missing',
  'point_type_not_found',
]);

function refuseAll(item: Item, refused: Refused, to: Destination): void {
  for (const line of item.lines) refuseLine(line, refused, to);
}

function refuseLine(line: ItemLine, refused: Refused, to: Destination): void {
  if (HOPELESS.has(refused.code))
    throw new Failure('import_refused', { code: refused.code, detail: refused.detail });
  to.tally.refuse(line.place, { reason: refused.code, left: null, detail: refused.detail });
}

async function orderBody(item: Item, orderNo: string, to: Destination): Promise<OrderBody> {
  const memberId = await to.memberOf(item.customer);
  if (memberId === undefined) throw new Error('a customer with an accepted sale has a member');
  const lines = item.lines.map(
    ({ lineNo, sku, name, category, brand, zone, greenCertificate, quantity, amountFen }) => ({
      lineNo,
      sku,
      ...(name === null ? {} : { name }),
      ...(category === null ? {} : { category }),
      ...(brand === null ? {} : { brand }),
      ...(zone === null ? {} : { zone }),
      ...(greenCertificate === null ? {} : { greenCertificate }),
      quantity,
      amountFen,
    }),
  );
  const { channel, tender } = item;
  const paidAt = new Date(item.at).toISOString();
  const body = {
    merchantId: to.merchantId,
    memberId,
    orderNo,
    paidAt,
    source: item.source ?? to.source,
    ...(channel === null ? {} : { channel }),
    ...(tender === null ? {} : { tenders: [tender] }),
    lines,
  };
  return { idempotencyKey: keyOf('order', body), ...body };
}

function returnBody(
  item: Item,
  asked: readonly ItemLine[],
  returnNo: string,
  memberId: string,
  to: Destination,
): ReturnBody {
  const lines = asked.map(({ lineNo, sku, quantity }) => ({ lineNo, sku, quantity }));
  const returnedAt = new Date(item.at).toISOString();
  const body = {
    merchantId: to.merchantId,
    memberId,
    returnNo,
    returnedAt,
    source: item.source ?? to.source,
    lines,
  };
  return { idempotencyKey: keyOf('return', body), ...body };
}

function returnNumber(item: Item): string {
  return item.part === 1 ? item.invoice : `${item.invoice}/${item.part}`;
}
