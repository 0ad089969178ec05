import type Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { isWithin, type Principal, principalOf } from '../platform/web/auth.ts';
import { idempotencyKeyOf } from '../platform/web/idempotency.ts';
import { problem, problemOf, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, BULK_BODY_BYTES, idOf, mustReadId, object } from '../platform/web/schema.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import type { Gift } from './gift.ts';
import { createGivePoints, type GiveDeps, type Given } from './give-points.ts';
import {
  type GiftBody,
  NewTransfer,
  NewTransfers,
  TransferPreviewed,
  TransferResults,
  TransferShown,
} from './schema.ts';
import { findTransfer } from './store.ts';
import type { Transfer } from './transfer.ts';

const tags = ['transfers'];

/** Gifts between members. Only the operator's keys reach them: no merchant acts for a member. */
export function transferRoutes(app: App, deps: GiveDeps): void {
  const { programmes } = deps;
  const { give, preview } = createGivePoints(deps);

  app.post(
    '/transfers',
    {
      config: { scopes: ['points:write'], perProgramme: true },
      schema: {
        operationId: 'createTransfer',
        tags,
        summary: 'Give points to another member',
        description:
          "Within the programme's caps, in lots that keep issuer, funders and expiry. When the receiver's account cannot take them, " +
          'they come back: `status` tells.',
        body: NewTransfer,
        response: answers({ 200: TransferPreviewed, 201: TransferShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      if (principal.merchant !== null) return refuse(reply, problem('operator_only'));
      const gift = giftOf(request.body, principal, idempotencyKeyOf(request));
      if (request.body.dryRun === true) {
        const [answer] = await preview([gift]);
        return answer !== undefined && 'code' in answer
          ? refuse(reply, answer)
          : reply.code(200).send({ dryRun: true as const });
      }
      const [given] = await give([gift]);
      if (given === undefined) throw new Error('every gift is answered');
      if ('code' in given) return refuse(reply, given);
      if (given.replayed) reply.header('idempotency-replayed', 'true');
      const { transfer } = given;
      if (transfer.status === 'refused' && transfer.refusal !== null)
        return refuse(reply, transfer.refusal);
      return reply.code(201).send(show(programmes, transfer));
    },
  );

  app.post(
    '/transfers/bulk',
    {
      config: { scopes: ['points:write'], perProgramme: true },
      bodyLimit: BULK_BODY_BYTES,
      schema: {
        operationId: 'createTransfers',
        tags,
        summary: 'Up to 1,000 gifts in one request',
        description:
          'Independent of each other, answered in order; those of one giver leave in this order, before any of them arrives. Without an ' +
          '`idempotencyKey` of its own, item n has `<Idempotency-Key>/n`, counted from 0.',
        body: NewTransfers,
        response: answers({ 200: TransferResults }, 413),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      if (principal.merchant !== null) return refuse(reply, problem('operator_only'));
      const header = idempotencyKeyOf(request);
      const gifts = request.body.transfers.map(({ idempotencyKey, ...gift }, index) =>
        giftOf(gift, principal, idempotencyKey ?? `${header}/${index}`),
      );
      if (request.body.dryRun === true) {
        const previewed = await preview(gifts);
        const results = previewed.map((each) => ('code' in each ? refused(each) : statusOf(each)));
        return reply.code(200).send({ dryRun: true as const, results });
      }
      const given = await give(gifts);
      return reply.code(200).send({ results: given.map((each) => showResult(programmes, each)) });
    },
  );

  app.get(
    '/transfers/:id',
    {
      config: { scopes: ['points:read'], perProgramme: true },
      schema: {
        operationId: 'getTransfer',
        tags,
        summary: 'Read a transfer',
        params: object({ id: idOf('transfer') }),
        response: answers({ 200: TransferShown }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      if (principal.merchant !== null) return refuse(reply, problem('operator_only'));
      const transfer = await findTransfer(deps.pool, mustReadId('transfer', request.params.id));
      if (transfer === undefined || !isWithin(principal, transfer.programme))
        return refuse(reply, problem('transfer_not_found'));
      return reply.code(200).send(show(programmes, transfer));
    },
  );
}

function giftOf(body: GiftBody, { tenant, programme }: Principal, key: string): Gift {
  return {
    giver: mustReadId('member', body.giverId),
    receiver: mustReadId('member', body.receiverId),
    programme: body.programme ?? programme?.code,
    within: programme?.id ?? null,
    pointType: body.pointType,
    points: body.points,
    purpose: body.purpose,
    requestKey: `${tenant}:${key}`,
  };
}

const statusOf = ({ replayed }: { readonly replayed: boolean }) => ({
  status: replayed ? ('replayed' as const) : ('applied' as const),
});
const refused = (refusal: Parameters<typeof problemOf>[0]) => ({
  status: 'refused' as const,
  problem: problemOf(refusal),
});

function showResult(programmes: ProgrammeRegistry, given: Given) {
  if ('code' in given) return refused(given);
  const { transfer } = given;
  if (transfer.status === 'refused' && transfer.refusal !== null) return refused(transfer.refusal);
  return { ...statusOf(given), transfer: show(programmes, transfer) };
}

function show(
  programmes: ProgrammeRegistry,
  transfer: Transfer,
): Type.Static<typeof TransferShown> {
  const programme = programmes.byId(transfer.programme);
  const pointType = programme?.pointTypes.find((each) => each.id === transfer.pointType);
  if (programme === undefined || pointType === undefined)
    throw new Error(`transfer ${transfer.id} names an unknown point type`);
  return {
    id: showId('transfer', transfer.id),
    status: transfer.status,
    ...(transfer.refusal === null ? {} : { problem: transfer.refusal.code }),
    giverId: showId('member', transfer.giver),
    receiverId: showId('member', transfer.receiver),
    programme: programme.code,
    pointType: pointType.code,
    points: transfer.points,
    purpose: transfer.purpose,
    transactionId: showId('transaction', transfer.id),
    recordedAt: showInstant(transfer.recordedAt),
  };
}
