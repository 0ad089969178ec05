import Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { ReceiptShown, showReceipt } from '../ledger/shown.ts';
import { askingOf, callerOf } from '../platform/web/caller.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  Code,
  InstantText,
  idOf,
  mustReadId,
  object,
  PointsShown,
  text,
} from '../platform/web/schema.ts';
import type { Awarded } from './activity.ts';
import { type ForgeryTold, type Noted, noteForgery, previewForgery } from './note-forgery.ts';
import { readAnswers } from './read-answers.ts';
import type { PointTypeCode } from './show.ts';
import { findActivity } from './store.ts';
import type { ActivityDeps } from './tell-activities.ts';

const NewForgery = object(
  {
    reason: text(500),
    actor: text(100),
    dryRun: Type.Optional(
      Type.Boolean({ description: 'Answer what would happen; change nothing.' }),
    ),
  },
  { title: 'NewForgery' },
);
const takenBack = Type.Array(
  object({
    pointType: Code,
    points: PointsShown,
    reason: Type.Optional(Type.String({ description: 'Why nothing was; only then.' })),
    transactionId: Type.Optional(idOf('transaction')),
    receipt: Type.Optional(ReceiptShown),
  }),
);
const ForgeryShown = object(
  {
    activityId: idOf('activity'),
    reason: Type.String(),
    actor: Type.String(),
    at: InstantText,
    takenBack,
  },
  { title: 'Forgery' },
);
const ForgeryPreview = object(
  { dryRun: Type.Literal(true), takenBack },
  { title: 'ForgeryPreview' },
);

/** The only way in which a member loses what was given for evidence. */
export function forgeryRoutes(
  app: App,
  deps: ActivityDeps & { readonly codeOf: PointTypeCode },
): void {
  const { pool, sealer, codeOf } = deps;

  app.post(
    '/activities/:id/forgery',
    {
      config: { scopes: ['points:adjust'] },
      schema: {
        operationId: 'noteForgery',
        tags: ['activities'],
        summary: 'Note that the member forged the evidence, and take back what was given for it',
        description:
          "What was spent meanwhile is handled by the programme's policy for returns. The evidence stays used.",
        params: object({ id: idOf('activity') }),
        body: NewForgery,
        response: answers({ 200: ForgeryPreview, 201: ForgeryShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const of = await findActivity(pool, mustReadId('activity', request.params.id), sealer);
      if (of === undefined) return refuse(reply, problem('activity_not_found'));
      const { reason, actor, dryRun } = request.body;
      const caller = callerOf(request);
      const { requestKey } = askingOf(caller);
      const notedBy = caller.principal.keyId;
      const told: ForgeryTold = { of, reason, actor, requestKey, notedBy };
      if (dryRun === true) {
        const [given = []] = await readAnswers(pool, [of]);
        const preview = await previewForgery(deps, told, given);
        if ('refusal' in preview) return refuse(reply, preview.refusal);
        const shown = showTaken(of, preview, codeOf);
        return reply.code(200).send({
          dryRun: true,
          takenBack: shown.map(({ transactionId: _, receipt: __, ...rest }) => rest),
        });
      }
      const noted = await noteForgery(deps, told);
      if ('refusal' in noted) return refuse(reply, noted.refusal);
      if (noted.replayed) reply.header('idempotency-replayed', 'true');
      return reply.code(201).send({
        activityId: showId('activity', of.activity.id),
        reason: noted.forgery.reason,
        actor: noted.forgery.actor,
        at: showInstant(noted.forgery.notedAt),
        takenBack: showTaken(of, noted, codeOf),
      });
    },
  );
}

function showTaken(
  { activity, awards }: Awarded,
  { takenBack: said }: Noted,
  codeOf: PointTypeCode,
): Type.Static<typeof takenBack> {
  return awards.flatMap(({ transaction, pointType }) => {
    const answer = said.get(transaction);
    if (answer === undefined) return [];
    const code = codeOf(activity.programme, pointType);
    if (answer.status === 'refused')
      return { pointType: code, points: 0, reason: answer.refusal.code };
    return {
      pointType: code,
      points: answer.transaction.points,
      transactionId: showId('transaction', answer.transaction.id),
      ...(answer.receipt === null ? {} : { receipt: showReceipt(answer.receipt) }),
    };
  });
}
