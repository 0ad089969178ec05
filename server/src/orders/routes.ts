import { showInstant } from '../kernel/clock.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { assertReaches, isWithin, principalOf, reaches } from '../platform/web/auth.ts';
import { callerOf } from '../platform/web/caller.ts';
import { problem, problemOf, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  BULK_BODY_BYTES,
  idOf,
  mustReadId,
  object,
  text,
} from '../platform/web/schema.ts';
import { findCompletion } from './complete-orders.ts';
import { completionRoutes } from './completion-routes.ts';
import { explainOrder } from './explain-order.ts';
import { orderListRoutes } from './list-routes.ts';
import type { Order } from './order.ts';
import {
  createPlaceOrders,
  type OrderDeps,
  type OrderPreviewed,
  type Placed,
  readEarns,
} from './place-orders.ts';
import { returnRoutes } from './return-routes.ts';
import {
  NewOrder,
  NewOrders,
  OrderExplanation,
  OrderPreview,
  OrderResults,
  OrderShown,
  OrderWithLines,
} from './schema.ts';
import { type CodeOf, codesOf, showOrder, showOrderPreview, showOrderWithLines } from './show.ts';
import { findOrder, findOrderByNumber, readLines } from './store.ts';
import { orderRequest } from './told.ts';

const tags = ['orders'];

/** Orders and returns of goods. */
export function orderRoutes(app: App, deps: OrderDeps): void {
  const placeOrders = createPlaceOrders(deps);
  const codeOf = codesOf(deps.programmes);

  app.post(
    '/orders',
    {
      config: { scopes: ['orders:write'], perProgramme: true },
      schema: {
        operationId: 'createOrder',
        tags,
        summary: 'Record an order and issue what it earns',
        description:
          "Earns floor(net × the merchant's ratio), and what the rules in force give. Without the scope points:backdate an order must have been paid within " +
          'the last 72 hours, and its points count from now; with it they count from paidAt. The same order told again is ' +
          'answered as the first time, whatever its key.',
        body: NewOrder,
        response: answers({ 200: OrderPreview, 201: OrderShown }, 404, 409, 413, 422),
      },
    },
    async (request, reply) => {
      const order = orderRequest(request.body, callerOf(request));
      if (request.body.dryRun === true) {
        const [preview] = await placeOrders.preview([order]);
        if (preview === undefined) throw new Error('every order has a preview');
        return 'refusal' in preview
          ? refuse(reply, preview.refusal)
          : reply.code(200).send(showOrderPreview(preview, codeOf));
      }
      const placed = await placeOrders.one(order);
      if ('refusal' in placed) return refuse(reply, placed.refusal);
      if (placed.replayed) reply.header('idempotency-replayed', 'true');
      return reply.code(201).send(showOrder(placed.order, placed.earns, codeOf));
    },
  );

  app.post(
    '/orders/bulk',
    {
      config: { scopes: ['orders:write'], perProgramme: true },
      bodyLimit: BULK_BODY_BYTES,
      schema: {
        operationId: 'createOrders',
        tags,
        summary: 'Record up to 500 orders',
        description:
          'Independent of each other, answered in order. An item without a key of its own has the header’s and its place.',
        body: NewOrders,
        response: answers({ 200: OrderResults }, 413, 422),
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const orders = request.body.orders.map(({ idempotencyKey, ...body }, index) =>
        orderRequest(body, { ...caller, key: idempotencyKey ?? `${caller.key}/${index}` }),
      );
      if (request.body.dryRun === true) {
        const previewed = await placeOrders.preview(orders);
        return reply.code(200).send({
          dryRun: true,
          results: previewed.map((each) => showPreviewed(each, codeOf)),
        });
      }
      const placed = await placeOrders.many(orders);
      return reply.code(200).send({ results: placed.map((each) => showResult(each, codeOf)) });
    },
  );

  app.get(
    '/orders/:id',
    {
      config: { scopes: ['orders:read'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'getOrder',
        tags,
        summary: 'Read an order with its lines and what returns have left of it',
        params: object({ id: idOf('order') }),
        response: answers({ 200: OrderWithLines }, 404),
      },
    },
    async (request, reply) => {
      const order = await findOrder(deps.pool, mustReadId('order', request.params.id));
      // What another merchant sold is not there for this one.
      if (order === undefined || !reaches(principalOf(request), order))
        return refuse(reply, problem('order_not_found'));
      return reply.code(200).send(await withLines(deps, order));
    },
  );

  app.get(
    '/orders/:id/explanation',
    {
      config: { scopes: ['orders:read'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'explainOrder',
        tags,
        summary: 'Read which rules gave an order its points, and why the others did not',
        description: 'Worked out again from the order and the rules of its day.',
        params: object({ id: idOf('order') }),
        response: answers({ 200: OrderExplanation }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const order = await findOrder(deps.pool, mustReadId('order', request.params.id));
      if (order === undefined || !reaches(principal, order))
        return refuse(reply, problem('order_not_found'));
      const hidesMember = principal.merchant !== null;
      return reply.code(200).send(await explainOrder(deps, order, { hidesMember }));
    },
  );

  app.get(
    '/orders',
    {
      config: { scopes: ['orders:read'], perProgramme: true },
      schema: {
        operationId: 'findOrder',
        tags,
        summary: "Find an order by its merchant's number",
        querystring: object({ merchantId: idOf('merchant'), orderNo: text(64) }),
        response: answers({ 200: OrderWithLines }, 404),
      },
    },
    async (request, reply) => {
      const merchant = mustReadId('merchant', request.query.merchantId);
      assertReaches(principalOf(request), merchant);
      const order = await findOrderByNumber(deps.pool, merchant, request.query.orderNo);
      if (order === undefined || !isWithin(principalOf(request), order.programme))
        return refuse(reply, problem('order_not_found'));
      return reply.code(200).send(await withLines(deps, order));
    },
  );

  orderListRoutes(app, deps);
  returnRoutes(app, deps);
  completionRoutes(app, deps);
}

async function withLines(deps: OrderDeps, order: Order) {
  const [lines, earns, completion] = await Promise.all([
    readLines(deps.pool, order.id),
    readEarns(deps.pool, order),
    findCompletion(deps.pool, order.id),
  ]);
  const shown = showOrderWithLines(order, earns, lines, codesOf(deps.programmes));
  return completion === null
    ? shown
    : { ...shown, completedAt: showInstant(completion.completedAt) };
}

function showResult(placed: Placed, codeOf: CodeOf) {
  if ('refusal' in placed)
    return { status: 'refused' as const, problem: problemOf(placed.refusal) };
  return {
    status: placed.replayed ? ('replayed' as const) : ('applied' as const),
    order: showOrder(placed.order, placed.earns, codeOf),
  };
}

function showPreviewed(each: OrderPreviewed | { readonly refusal: Refusal }, codeOf: CodeOf) {
  if ('refusal' in each) return { status: 'refused' as const, problem: problemOf(each.refusal) };
  return {
    status: each.replayed ? ('replayed' as const) : ('applied' as const),
    preview: showOrderPreview(each, codeOf),
  };
}
