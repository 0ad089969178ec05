import type { FastifyReply } from 'fastify';
import { withClawBacks } from '../ledger/claw-backs.ts';
import { answerOf, readSourced } from '../ledger/read.ts';
import { principalOf, reaches } from '../platform/web/auth.ts';
import { callerOf } from '../platform/web/caller.ts';
import { problem, problemOf, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, BULK_BODY_BYTES, idOf, mustReadId, object } from '../platform/web/schema.ts';
import { type GoodsReturn, touchedEarns } from './goods-return.ts';
import type { OrderDeps } from './place-orders.ts';
import {
  createReturnGoods,
  previewReturns,
  type Returned,
  type ReturnRequest,
} from './return-goods.ts';
import {
  NewOrderReturn,
  NewReturn,
  NewReturns,
  ReturnPreview,
  ReturnResults,
  ReturnShown,
} from './return-schema.ts';
import { readReturns } from './return-store.ts';
import { type ClawBacks, readGranted } from './settling.ts';
import { type CodeOf, codesOf } from './show.ts';
import { showEffect, showReturn } from './show-return.ts';
import { findOrder } from './store.ts';
import { orderReturnRequest, returnRequest } from './told.ts';
import { waitingRoutes } from './waiting-routes.ts';

const tags = ['returns'];
const CLAW_BACK =
  'What remains of an order after a return is floor(amountFen × left / quantity) of each line; its points are recomputed on ' +
  "that, and the difference is clawed back from the order's earn by the programme's return policy.";
const EARLY =
  'With `orderNo` it is of that order alone, by lineNo or sku, and refused when a line is not there or has not enough left. An order ' +
  'that is not recorded yet is waited for, for 30 days (202, status `waiting`): with it the return is applied, or refused with the reason.';

export function returnRoutes(app: App, deps: OrderDeps): void {
  const returnGoods = createReturnGoods(deps);
  const codeOf = codesOf(deps.programmes);

  app.post(
    '/orders/:id/returns',
    {
      config: { scopes: ['orders:write'], perProgramme: true },
      schema: {
        operationId: 'returnOrder',
        tags,
        summary: 'Take back lines of an order',
        description: CLAW_BACK,
        params: object({ id: idOf('order') }),
        body: NewOrderReturn,
        // Here nothing waits: the order is there.
        response: answers({ 200: ReturnPreview, 201: ReturnShown }, 404, 409, 413, 422),
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const order = await findOrder(deps.pool, mustReadId('order', request.params.id));
      if (order === undefined || !reaches(caller.principal, order))
        return refuse(reply, problem('order_not_found'));
      return answer(
        reply,
        orderReturnRequest(order, request.body, caller),
        request.body.dryRun === true,
      );
    },
  );

  app.post(
    '/returns',
    {
      config: { scopes: ['orders:write'], perProgramme: true },
      schema: {
        operationId: 'createReturn',
        tags,
        summary: "Take back goods, matched to the member's earlier orders",
        description:
          "Each line takes from the member's earlier order lines of its sku at the merchant, the last one first; what finds " +
          `no goods is rejected as unmatched. ${EARLY} ${CLAW_BACK}`,
        body: NewReturn,
        response: answers(
          { 200: ReturnPreview, 201: ReturnShown, 202: ReturnShown },
          404,
          409,
          413,
          422,
        ),
      },
    },
    async (request, reply) => {
      return answer(
        reply,
        returnRequest(request.body, callerOf(request)),
        request.body.dryRun === true,
      );
    },
  );

  app.post(
    '/returns/bulk',
    {
      config: { scopes: ['orders:write'], perProgramme: true },
      bodyLimit: BULK_BODY_BYTES,
      schema: {
        operationId: 'createReturns',
        tags,
        summary: 'Take back goods of up to 500 returns',
        description:
          'One after another, in the order of the request. An item without a key of its own has the header’s and its place.',
        body: NewReturns,
        response: answers({ 200: ReturnResults }, 413, 422),
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const returns = request.body.returns.map(({ idempotencyKey, ...body }, index) =>
        returnRequest(body, { ...caller, key: idempotencyKey ?? `${caller.key}/${index}` }),
      );
      if (request.body.dryRun === true) {
        const previewed = await previewReturns(deps, returns);
        return reply
          .code(200)
          .send({ dryRun: true, results: previewed.map((each) => showPreviewed(each, codeOf)) });
      }
      return reply.code(200).send({
        results: (await returnGoods.many(returns)).map((each) => showResult(each, codeOf)),
      });
    },
  );

  app.get(
    '/returns/:id',
    {
      config: { scopes: ['orders:read'], perProgramme: true },
      schema: {
        operationId: 'getReturn',
        tags,
        summary: 'Read a return and what it did',
        params: object({ id: idOf('return') }),
        response: answers({ 200: ReturnShown }, 404),
      },
    },
    async (request, reply) => {
      const id = mustReadId('return', request.params.id);
      const [returned] = await readReturns(deps.pool, [id]);
      if (returned === undefined || !reaches(principalOf(request), returned))
        return refuse(reply, problem('return_not_found'));
      const clawBacks = await readClawBacks(deps, returned);
      return reply.code(200).send(showReturn(returned, clawBacks, codeOf));
    },
  );

  waitingRoutes(app, deps, codeOf);

  async function answer(
    reply: FastifyReply,
    request: ReturnRequest,
    dryRun: boolean,
  ): Promise<FastifyReply> {
    if (dryRun) {
      const [previewed] = await previewReturns(deps, [request]);
      if (previewed === undefined) throw new Error('every return has a preview');
      return 'refusal' in previewed
        ? refuse(reply, previewed.refusal)
        : reply.code(200).send(showPreview(previewed, codeOf));
    }
    const returned = await returnGoods.one(request);
    if ('refusal' in returned) return refuse(reply, returned.refusal);
    if (returned.replayed) reply.header('idempotency-replayed', 'true');
    const code = returned.returned.state === 'waiting' ? 202 : 201;
    return reply.code(code).send(showReturn(returned.returned, returned.clawBacks, codeOf));
  }
}

/** What the ledger recorded of a return, by earn: for orders of absorbed members also at those they became part of. */
async function readClawBacks(
  { pool, ledger, members }: OrderDeps,
  returned: GoodsReturn,
): Promise<ClawBacks> {
  const owners = [...new Set([returned.member, ...returned.orders.map((order) => order.member)])];
  const paths = await Promise.all(owners.map(async (owner) => members.survivors(owner)));
  const shards = new Set([...owners, ...paths.flat()].map((member) => ledger.shardOf(member)));
  const recorded = await Promise.all(
    [...shards].map((shard) => readSourced(pool, returned.id, shard)),
  );
  const all = recorded.flat();
  const answered = new Map(
    all.flatMap((each) => {
      const { kind, subject } = each.transaction;
      if (kind !== 'return' || subject === null) return [];
      const later = all.filter(
        ({ transaction }) => transaction.kind === 'claw_back' && transaction.subject === subject,
      );
      const taken = later.map(({ transaction }) => transaction);
      return [[subject, withClawBacks(answerOf(each), taken)] as const];
    }),
  );
  const limited = touchedEarns(returned).filter(({ limits }) => limits.length > 0);
  const granted = await readGranted(
    pool,
    limited.map(({ earn }) => earn),
  );
  return { answers: answered, granted };
}

function showResult(each: Returned, codeOf: CodeOf) {
  if ('refusal' in each) return { status: 'refused' as const, problem: problemOf(each.refusal) };
  return {
    status: statusOf(each),
    return: showReturn(each.returned, each.clawBacks, codeOf),
  };
}

function statusOf({ returned, replayed }: Exclude<Returned, { refusal: unknown }>) {
  if (returned.state === 'waiting') return 'waiting' as const;
  return replayed ? ('replayed' as const) : ('applied' as const);
}

function showPreview(
  { returned, clawBacks }: Exclude<Returned, { refusal: unknown }>,
  codeOf: CodeOf,
) {
  const status = returned.state === 'waiting' ? ('waiting' as const) : ('applied' as const);
  return { dryRun: true as const, status, ...showEffect(returned, clawBacks, codeOf, true) };
}

function showPreviewed(each: Returned, codeOf: CodeOf) {
  if ('refusal' in each) return { status: 'refused' as const, problem: problemOf(each.refusal) };
  return {
    status: statusOf(each),
    preview: showPreview(each, codeOf),
  };
}
