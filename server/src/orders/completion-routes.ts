import type Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { type Refusal, RefusalError } from '../kernel/refusal.ts';
import { showReceipt } from '../ledger/shown.ts';
import { assertReaches, reaches } from '../platform/web/auth.ts';
import { askingOf, type Caller, callerOf } from '../platform/web/caller.ts';
import { problem, problemOf, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  BULK_BODY_BYTES,
  idOf,
  mustReadId,
  mustReadInstant,
  object,
} from '../platform/web/schema.ts';
import {
  type Completed,
  type CompletionDeps,
  type CompletionRequest,
  completeOrders,
  previewCompletions,
} from './complete-orders.ts';
import { waitingAwards } from './completion.ts';
import {
  CompletionPreview,
  CompletionResults,
  CompletionShown,
  NewCompletion,
  NewCompletions,
} from './completion-schema.ts';
import { readOrderIds } from './completion-store.ts';
import type { Order } from './order.ts';
import { type CodeOf, codesOf } from './show.ts';
import { readOrders } from './store.ts';

const tags = ['orders'];
const WHAT =
  'What rules gave `on_completion` can be spent from then on. An order is completed once; told again, it is answered as the first ' +
  'time. Without the scope points:backdate it must have been completed within the last 72 hours. An order that is cancelled is ' +
  'returned as a whole instead.';

export function completionRoutes(app: App, deps: CompletionDeps): void {
  const codeOf = codesOf(deps.programmes);

  app.post(
    '/orders/:id/completion',
    {
      config: { scopes: ['orders:write'], perProgramme: true },
      schema: {
        operationId: 'completeOrder',
        tags,
        summary: 'Note that an order is completed',
        description: WHAT,
        params: object({ id: idOf('order') }),
        body: NewCompletion,
        response: answers({ 200: CompletionPreview, 201: CompletionShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const { completedAt, dryRun } = request.body;
      const asked = {
        orderId: request.params.id,
        ...(completedAt === undefined ? {} : { completedAt }),
      };
      const [completed] = await complete(callerOf(request), [asked], dryRun === true);
      if (completed === undefined) throw new Error('every request has an answer');
      if ('refusal' in completed) return refuse(reply, completed.refusal);
      if (dryRun === true)
        return reply.code(200).send({ dryRun, ...showCompletion(completed, codeOf) });
      if (completed.replayed) reply.header('idempotency-replayed', 'true');
      return reply.code(201).send(showCompletion(completed, codeOf));
    },
  );

  app.post(
    '/orders/completions/bulk',
    {
      config: { scopes: ['orders:write'], perProgramme: true },
      bodyLimit: BULK_BODY_BYTES,
      schema: {
        operationId: 'completeOrders',
        tags,
        summary: 'Note that up to 500 orders are completed',
        description: `${WHAT} Independent of each other, answered in order. An item without a key of its own has the header’s and its place.`,
        body: NewCompletions,
        response: answers({ 200: CompletionResults }, 413, 422),
      },
    },
    async (request, reply) => {
      const { completions, dryRun } = request.body;
      const caller = callerOf(request);
      const completed = await complete(caller, completions, dryRun === true, true);
      return reply.code(200).send({
        ...(dryRun === true ? { dryRun } : {}),
        results: completed.map((each) => showResult(each, codeOf)),
      });
    },
  );

  /** Answers in order. Of several each has a key of its own. */
  async function complete(
    caller: Caller,
    asked: readonly Asked[],
    dryRun: boolean,
    isBulk = false,
  ): Promise<Completed[]> {
    const orders = await ordersOf(deps, caller, asked);
    const requests = asked.map((each, index): CompletionRequest | null => {
      const order = orders[index];
      if (order === undefined || order === null) return null;
      const key = isBulk ? (each.idempotencyKey ?? `${caller.key}/${index}`) : caller.key;
      const completedAt = each.completedAt === undefined ? null : mustReadInstant(each.completedAt);
      return { told: { order, completedAt }, ...askingOf({ ...caller, key }) };
    });
    const good = requests.filter((each) => each !== null);
    const done = (await (dryRun ? previewCompletions : completeOrders)(deps, good)).values();
    return requests.map((each) =>
      each === null ? { refusal: problem('order_not_found') } : (done.next().value as Completed),
    );
  }
}

interface Asked {
  readonly orderId?: string;
  readonly merchantId?: string;
  readonly orderNo?: string;
  readonly completedAt?: string;
  readonly idempotencyKey?: string;
}

/** The orders that are named, as far as the caller reaches them. */
async function ordersOf(
  { pool }: CompletionDeps,
  caller: Caller,
  asked: readonly Asked[],
): Promise<(Order | null)[]> {
  const names = asked.map(({ orderId, merchantId, orderNo }) => {
    if (orderId !== undefined && merchantId === undefined && orderNo === undefined)
      return { id: mustReadId('order', orderId) };
    if (orderId !== undefined || merchantId === undefined || orderNo === undefined)
      throw new RefusalError(unnamed());
    const merchant = mustReadId('merchant', merchantId);
    assertReaches(caller.principal, merchant);
    return { merchant, orderNo };
  });
  const numbered = await readOrderIds(
    pool,
    names.flatMap((name) => ('id' in name ? [] : [name])),
  );
  const ids = names.map((name) =>
    'id' in name
      ? name.id
      : numbered.find(
          ({ merchant, orderNo }) => merchant === name.merchant && orderNo === name.orderNo,
        )?.id,
  );
  const found = new Map(
    (
      await readOrders(
        pool,
        ids.flatMap((id) => id ?? []),
      )
    ).map((order) => [order.id, order]),
  );
  return ids.map((id) => {
    const order = id === undefined ? undefined : found.get(id);
    // What another merchant sold is not there for this one.
    return order !== undefined && reaches(caller.principal, order) ? order : null;
  });
}

function unnamed(): Refusal {
  return problem('invalid_request', 'an order is named by orderId, or by merchantId and orderNo');
}

type Done = Exclude<Completed, { refusal: unknown }>;

function showCompletion(
  { order, completion, releases }: Done,
  codeOf: CodeOf,
): Type.Static<typeof CompletionShown> {
  return {
    orderId: showId('order', order.id),
    completedAt: showInstant(completion.completedAt),
    awards: waitingAwards(order).map(({ earn, version, pointType }) => {
      const answer = releases.get(earn);
      const transaction = answer?.transaction ?? null;
      const receipt = answer?.receipt ?? null;
      return {
        ruleVersionId: showId('ruleVersion', version),
        pointType: codeOf(pointType),
        released: answer?.status === 'applied' ? answer.transaction.points : 0,
        ...(answer?.status === 'refused' ? { reason: answer.refusal.code } : {}),
        transactionId:
          transaction === null || receipt === null ? null : showId('transaction', transaction.id),
        ...(receipt === null ? {} : { receipt: showReceipt(receipt) }),
      };
    }),
  };
}

function showResult(each: Completed, codeOf: CodeOf) {
  if ('refusal' in each) return { status: 'refused' as const, problem: problemOf(each.refusal) };
  return {
    status: each.replayed ? ('replayed' as const) : ('applied' as const),
    completion: showCompletion(each, codeOf),
  };
}
