import type { FastifyReply } from 'fastify';
import type { Refusal } from '../kernel/refusal.ts';
import { findTransaction } from '../ledger/read.ts';
import type { Answer } from '../ledger/transaction.ts';
import { type Principal, principalOf } from '../platform/web/auth.ts';
import { idempotencyKeyOf } from '../platform/web/idempotency.ts';
import { problem, problemOf, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, BULK_BODY_BYTES, idOf, mustReadId, object } from '../platform/web/schema.ts';
import { Applied, Previewed, TransactionResults, TransactionWithEntries } from './answer-schema.ts';
import { tellOwner } from './claimed.ts';
import { type PerformDeps, perform, performAll, preview } from './perform.ts';
import { NewTransaction, NewTransactions, type TransactionBody } from './schema.ts';
import type { Display } from './show.ts';
import { isReached, seenBy } from './subjects.ts';

const tags = ['transactions'];

type Refused = Extract<Answer, { status: 'refused' }>;

/** Commands to the ledger, one by one and in bulk. */
export function transactionRoutes(
  app: App,
  deps: PerformDeps & { readonly display: Display },
): void {
  const { display } = deps;
  const told = async <A extends Refusal | Refused>(answer: A, principal: Principal): Promise<A> =>
    'code' in answer
      ? answer
      : { ...answer, refusal: await tellOwner(deps, answer.refusal, principal) };

  app.post(
    '/transactions',
    {
      config: { scopes: ['points:write'], perProgramme: true },
      schema: {
        operationId: 'createTransaction',
        tags,
        summary: 'Issue, burn, hold, capture, release, return, refund, adjust or expire points',
        description:
          'The kind decides which fields there are. A refusal by the ledger is recorded like any answer: the same key gets it again. ' +
          '`dryRun` answers 200 and changes nothing.',
        body: NewTransaction,
        response: answers({ 200: Previewed, 201: Applied }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const asked = { body: request.body, key: idempotencyKeyOf(request) };
      if (request.body.dryRun === true) {
        const answer = await preview(deps, asked, principal);
        if ('code' in answer || answer.status === 'refused')
          return refuseAnswer(reply, await told(answer, principal));
        return reply
          .code(200)
          .send({ dryRun: true, transaction: display.preview(answer.transaction) });
      }
      const answer = await perform(deps, asked, principal);
      if ('code' in answer || answer.status === 'refused')
        return refuseAnswer(reply, await told(answer, principal));
      if (answer.replayed) reply.header('idempotency-replayed', 'true');
      return reply.code(201).send(showApplied(display, answer));
    },
  );

  app.post(
    '/transactions/bulk',
    {
      config: { scopes: ['points:write'], perProgramme: true },
      bodyLimit: BULK_BODY_BYTES,
      schema: {
        operationId: 'createTransactions',
        tags,
        summary: 'Up to 1,000 transactions in one request',
        description:
          'Independent of each other, answered in order; those of one member happen in this order. Without an `idempotencyKey` of ' +
          'its own, item n has `<Idempotency-Key>/n`, counted from 0.',
        body: NewTransactions,
        response: answers({ 200: TransactionResults }, 413),
      },
    },
    async (request, reply) => {
      const header = idempotencyKeyOf(request);
      const dryRun = request.body.dryRun === true;
      const asked = request.body.transactions.map(({ idempotencyKey, ...body }, index) => ({
        body: body as TransactionBody,
        key: idempotencyKey ?? `${header}/${index}`,
      }));
      const principal = principalOf(request);
      const done = await performAll(deps, asked, principal, dryRun);
      const results: ReturnType<typeof showResult>[] = [];
      for (const answer of done) {
        const shown =
          'code' in answer || answer.status === 'applied' ? answer : await told(answer, principal);
        results.push(showResult(display, shown, dryRun));
      }
      return reply.code(200).send(dryRun ? { dryRun: true as const, results } : { results });
    },
  );

  app.get(
    '/transactions/:id',
    {
      config: { scopes: ['points:read'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'getTransaction',
        tags,
        summary: 'Read a recorded transaction with its entries',
        params: object({ id: idOf('transaction') }),
        response: answers({ 200: TransactionWithEntries }, 404),
      },
    },
    async (request, reply) => {
      const id = mustReadId('transaction', request.params.id);
      const recorded = await findTransaction(deps.pool, id);
      // What happened at another merchant, or in another programme, is not there for this caller.
      const principal = principalOf(request);
      const isSeen = await isReached(deps.subjects, principal, id);
      // The marker of a cut is no member's transaction; the cut itself shows it.
      const isMarker = recorded?.transaction.kind === 'cut';
      if (recorded === undefined || isMarker || !isSeen)
        return refuse(reply, problem('transaction_not_found'));
      const { transaction, receipt } = display.withEntries(recorded);
      return reply.code(200).send({ transaction: seenBy(principal, transaction), receipt });
    },
  );
}

function refuseAnswer(reply: FastifyReply, answer: Refusal | Refused): FastifyReply {
  if ('code' in answer) return refuse(reply, answer);
  if (answer.replayed) reply.header('idempotency-replayed', 'true');
  return refuse(reply, answer.refusal);
}

function showApplied(
  display: Display,
  { transaction, receipt }: Extract<Answer, { status: 'applied' }>,
) {
  if (receipt === null) throw new Error('what was applied has a receipt');
  return display.applied(transaction, receipt);
}

function showResult(display: Display, answer: Answer | Refusal, dryRun: boolean) {
  if ('code' in answer) return { status: 'refused' as const, problem: problemOf(answer) };
  if (answer.status === 'refused')
    return { status: answer.status, problem: problemOf(answer.refusal) };
  const status = answer.replayed ? ('replayed' as const) : ('applied' as const);
  return dryRun
    ? { status, transaction: display.preview(answer.transaction) }
    : { status, ...showApplied(display, answer) };
}
