import type { Uuid } from '../kernel/id.ts';
import { RefusalError } from '../kernel/refusal.ts';
import { assertReaches } from '../platform/web/auth.ts';
import { askingOf, type Caller } from '../platform/web/caller.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId, mustReadInstant } from '../platform/web/schema.ts';
import type { OrderRequest } from './place-orders.ts';
import type { ReturnRequest } from './return-goods.ts';
import type { ReturnBody } from './return-schema.ts';
import type { OrderBody } from './schema.ts';

const NO_TENDERS: readonly string[] = [];

/** Throws the refusal when the caller may not act for the order's merchant. */
export function orderRequest(body: OrderBody, caller: Caller): OrderRequest {
  const merchant = mustReadId('merchant', body.merchantId);
  assertReaches(caller.principal, merchant);
  return {
    told: {
      merchant,
      member: mustReadId('member', body.memberId),
      orderNo: body.orderNo,
      paidAt: mustReadInstant(body.paidAt),
      source: body.source ?? null,
      store: body.store ?? null,
      channel: body.channel ?? null,
      tenders: body.tenders ?? NO_TENDERS,
      lines: body.lines.map((line) => ({
        lineNo: line.lineNo,
        sku: line.sku,
        name: line.name ?? null,
        brand: line.brand ?? null,
        category: line.category ?? null,
        zone: line.zone ?? null,
        greenCertificate: line.greenCertificate ?? null,
        green: null,
        certificate: null,
        quantity: line.quantity,
        amountFen: line.amountFen,
      })),
    },
    ...askingOf(caller),
  };
}

/** Throws the refusal when the caller may not act for the return's merchant. */
export function returnRequest(body: ReturnBody, caller: Caller): ReturnRequest {
  const merchant = mustReadId('merchant', body.merchantId);
  assertReaches(caller.principal, merchant);
  const { orderNo = null, source = null } = body;
  if (orderNo !== null && source !== null)
    throw invalid('a return that names its order has no source: nothing is looked for');
  const lines = body.lines.map(({ lineNo, sku, ...much }) => {
    if (sku === undefined && (orderNo === null || lineNo === undefined))
      throw invalid('a line has a sku; in a return with an orderNo, a sku or a lineNo');
    return { lineNo: lineNo ?? null, sku: sku ?? null, ...muchOf(much) };
  });
  const member = mustReadId('member', body.memberId);
  return requestOf(caller, {
    merchant,
    member,
    order: null,
    orderNo,
    body,
    source,
    lines,
  });
}

/** A return of lines of one order, whose merchant the caller was found to reach. */
export function orderReturnRequest(
  order: { readonly id: Uuid; readonly merchant: Uuid; readonly member: Uuid },
  body: {
    readonly returnNo: string;
    readonly returnedAt?: string;
    readonly lines: readonly ({ lineNo: number } & AskedMuch)[];
  },
  caller: Caller,
): ReturnRequest {
  const { merchant, member, id } = order;
  const lines = body.lines.map(({ lineNo, ...much }) => ({ lineNo, sku: null, ...muchOf(much) }));
  const told = { merchant, member, order: id, orderNo: null, source: null, lines };
  return requestOf(caller, { ...told, body });
}

interface AskedMuch {
  readonly quantity?: number;
  readonly amountFen?: number;
}

/** Throws the refusal unless either goods or an amount is asked back. */
function muchOf({ quantity, amountFen }: AskedMuch) {
  if ((quantity === undefined) === (amountFen === undefined))
    throw invalid('a line of a return has either a quantity or an amountFen');
  return { quantity: quantity ?? null, amountFen: amountFen ?? null };
}

function invalid(detail: string): RefusalError {
  return new RefusalError(problem('invalid_request', detail));
}

function requestOf(
  caller: Caller,
  {
    body,
    ...told
  }: Omit<ReturnRequest['told'], 'returnNo' | 'returnedAt'> & {
    readonly body: { readonly returnNo: string; readonly returnedAt?: string };
  },
): ReturnRequest {
  return {
    told: {
      ...told,
      returnNo: body.returnNo,
      returnedAt: body.returnedAt === undefined ? null : mustReadInstant(body.returnedAt),
    },
    ...askingOf(caller),
  };
}
