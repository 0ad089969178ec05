import type { FastifyRequest } from 'fastify';
import type { Uuid } from '../kernel/id.ts';
import { assertReaches, type Principal, principalOf } from '../platform/web/auth.ts';
import { idempotencyKeyOf } from '../platform/web/idempotency.ts';
import { mustReadId, mustReadInstant } from '../platform/web/schema.ts';
import type { OrderRequest } from './place-orders.ts';
import type { ReturnRequest } from './return-goods.ts';
import type { OrderBody, ReturnBody } from './schema.ts';

/** What the caller of a request may do, and the key its answers are kept under. */
interface Caller {
  readonly principal: Principal;
  readonly key: string;
}

export function callerOf(request: FastifyRequest): Caller {
  return { principal: principalOf(request), key: idempotencyKeyOf(request) };
}

/** Throws the refusal when the caller may not act for the order's merchant. */
export function orderRequest(body: OrderBody, { principal, key }: Caller): OrderRequest {
  const merchant = mustReadId('merchant', body.merchantId);
  assertReaches(principal, merchant);
  return {
    told: {
      merchant,
      member: mustReadId('member', body.memberId),
      orderNo: body.orderNo,
      paidAt: mustReadInstant(body.paidAt),
      source: body.source ?? null,
      lines: body.lines.map(({ lineNo, sku, name, category, quantity, amountFen }) => ({
        lineNo,
        sku,
        name: name ?? null,
        category: category ?? null,
        quantity,
        amountFen,
      })),
    },
    requestKey: `${principal.tenant}:${key}`,
    mayBackdate: principal.scopes.has('points:backdate'),
  };
}

/** Throws the refusal when the caller may not act for the return's merchant. */
export function returnRequest(body: ReturnBody, { principal, key }: Caller): ReturnRequest {
  const merchant = mustReadId('merchant', body.merchantId);
  assertReaches(principal, merchant);
  const lines = body.lines.map(({ lineNo, sku, quantity }) => ({
    lineNo: lineNo ?? null,
    sku,
    quantity,
  }));
  const member = mustReadId('member', body.memberId);
  return requestOf(
    { principal, key },
    { merchant, member, order: null, body, source: body.source ?? null, lines },
  );
}

/** A return of lines of one order, whose merchant the caller was found to reach. */
export function orderReturnRequest(
  order: { readonly id: Uuid; readonly merchant: Uuid; readonly member: Uuid },
  body: {
    readonly returnNo: string;
    readonly returnedAt?: string;
    readonly lines: readonly { lineNo: number; quantity: number }[];
  },
  caller: Caller,
): ReturnRequest {
  const { merchant, member, id } = order;
  const lines = body.lines.map(({ lineNo, quantity }) => ({ lineNo, sku: null, quantity }));
  return requestOf(caller, { merchant, member, order: id, body, source: null, lines });
}

function requestOf(
  { principal, key }: Caller,
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
    requestKey: `${principal.tenant}:${key}`,
    mayBackdate: principal.scopes.has('points:backdate'),
  };
}
