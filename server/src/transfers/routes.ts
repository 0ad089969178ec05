import Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { type Principal, principalOf } from '../platform/web/auth.ts';
import { idempotencyKeyOf } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  Code,
  InstantText,
  idOf,
  mustReadId,
  object,
  Points,
  PointsShown,
} from '../platform/web/schema.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { type Gift, type GiveDeps, givePoints, previewGift } from './give-points.ts';
import { findTransfer } from './store.ts';
import { PURPOSES, type Purpose, type Transfer, type TransferStatus } from './transfer.ts';

const tags = ['transfers'];

const PurposeName = Type.Unsafe<Purpose>({ type: 'string', enum: [...PURPOSES] });
const NewTransfer = object(
  {
    giverId: idOf('member'),
    receiverId: idOf('member'),
    programme: Type.Optional(Code),
    pointType: Type.Optional(Code),
    points: Points,
    purpose: PurposeName,
    dryRun: Type.Optional(
      Type.Boolean({ description: 'Answer what would happen; change nothing.' }),
    ),
  },
  { title: 'NewTransfer', description: 'A gift between members: free of charge, and capped.' },
);
const TransferShown = object(
  {
    id: idOf('transfer'),
    status: Type.Unsafe<TransferStatus>({
      type: 'string',
      enum: ['open', 'arrived', 'returned', 'refused'],
      description: '`open` while it is on its way; it goes on by itself and never ends by time.',
    }),
    problem: Type.Optional(
      Type.String({ description: 'The code why it was refused or came back.' }),
    ),
    giverId: idOf('member'),
    receiverId: idOf('member'),
    programme: Code,
    pointType: Code,
    points: PointsShown,
    purpose: PurposeName,
    transactionId: idOf('transaction'),
    recordedAt: InstantText,
  },
  { title: 'Transfer' },
);
const TransferPreviewed = object({ dryRun: Type.Literal(true) }, { title: 'PreviewedTransfer' });

/** Gifts between members. Only the operator's keys reach them: no merchant acts for a member. */
export function transferRoutes(app: App, deps: GiveDeps): void {
  app.post(
    '/transfers',
    {
      config: { scopes: ['points:write'] },
      schema: {
        operationId: 'createTransfer',
        tags,
        summary: 'Give points to another member',
        description:
          "Within the programme's caps, in lots that keep issuer, funders and expiry. When the receiver's account cannot take them, " +
          'they come back: `status` tells.',
        body: NewTransfer,
        response: answers({ 200: TransferPreviewed, 201: TransferShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      if (principal.merchant !== null) return refuse(reply, problem('operator_only'));
      const gift = giftOf(request.body, principal, idempotencyKeyOf(request));
      if (request.body.dryRun === true) {
        const refusal = await previewGift(deps, gift);
        return refusal === null
          ? reply.code(200).send({ dryRun: true as const })
          : refuse(reply, refusal);
      }
      const given = await givePoints(deps, gift);
      if ('code' in given) return refuse(reply, given);
      if (given.replayed) reply.header('idempotency-replayed', 'true');
      const { transfer } = given;
      if (transfer.status === 'refused' && transfer.refusal !== null)
        return refuse(reply, transfer.refusal);
      return reply.code(201).send(show(deps.programmes, transfer));
    },
  );

  app.get(
    '/transfers/:id',
    {
      config: { scopes: ['points:read'] },
      schema: {
        operationId: 'getTransfer',
        tags,
        summary: 'Read a transfer',
        params: object({ id: idOf('transfer') }),
        response: answers({ 200: TransferShown }, 404),
      },
    },
    async (request, reply) => {
      if (principalOf(request).merchant !== null) return refuse(reply, problem('operator_only'));
      const transfer = await findTransfer(deps.pool, mustReadId('transfer', request.params.id));
      if (transfer === undefined) return refuse(reply, problem('transfer_not_found'));
      return reply.code(200).send(show(deps.programmes, transfer));
    },
  );
}

function giftOf(body: Type.Static<typeof NewTransfer>, { tenant }: Principal, key: string): Gift {
  return {
    giver: mustReadId('member', body.giverId),
    receiver: mustReadId('member', body.receiverId),
    programme: body.programme,
    pointType: body.pointType,
    points: body.points,
    purpose: body.purpose,
    requestKey: `${tenant}:${key}`,
  };
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
