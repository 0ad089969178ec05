import Type from 'typebox';
import { mergedAway } from '../members/merged.ts';
import { principalOf } from '../platform/web/auth.ts';
import { type Outcome, sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, idOf, mustReadId, mustReadInstant, object } from '../platform/web/schema.ts';
import { Applied, Previewed } from './answer-schema.ts';
import { type ApproveDeps, approve, findProposal } from './approve.ts';
import { type CommandDeps, placeOf } from './place.ts';
import { NewProposal, ProposalShown, showProposal } from './proposal.ts';
import type { Display } from './show.ts';
import { insertProposal } from './store.ts';

const tags = ['adjustments'];
const params = object({ id: idOf('proposal') });

/** Adjustments that need two people. */
export function adjustmentRoutes(
  app: App,
  deps: ApproveDeps & CommandDeps & { readonly display: Display },
): void {
  const { pool, clock, ledger, display } = deps;

  app.post(
    '/adjustments',
    {
      config: { scopes: ['points:adjust'], perProgramme: true },
      schema: {
        operationId: 'proposeAdjustment',
        tags,
        summary: 'Propose an adjustment above the programme’s limit',
        description: 'Nothing moves until another API key approves it.',
        body: NewProposal,
        response: answers({ 201: ProposalShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { body } = request;
      const place = await placeOf(deps, body, principal);
      if ('code' in place) return refuse(reply, place);
      const gone = mergedAway(await deps.members.survivors(place.member));
      if (gone !== undefined) return refuse(reply, gone);
      const proposal = {
        ...place,
        id: ledger.newId(place.member),
        points: body.points,
        reason: body.reason,
        reference: body.reference ?? null,
        actor: body.actor,
        expiresAt: body.expiresAt === undefined ? null : mustReadInstant(body.expiresAt),
        proposedBy: principal.keyId,
        proposedAt: clock.now(),
        approvedBy: null,
        approvedAt: null,
      };
      const answer = await writeOnce(
        pool,
        writeOf(request),
        async (tx): Promise<Outcome<Type.Static<typeof ProposalShown>>> => {
          await insertProposal(tx, proposal);
          return { status: 201, body: showProposal(proposal, display) };
        },
      );
      return sendStored(reply, answer);
    },
  );
  app.get(
    '/adjustments/:id',
    {
      config: { scopes: ['points:adjust'], perProgramme: true },
      schema: {
        operationId: 'getAdjustment',
        tags,
        summary: 'Read a proposed adjustment',
        params,
        response: answers({ 200: ProposalShown }, 404),
      },
    },
    async (request, reply) => {
      const proposal = await findProposal(
        pool,
        mustReadId('proposal', request.params.id),
        principalOf(request),
      );
      return proposal === undefined
        ? refuse(reply, problem('proposal_not_found'))
        : reply.code(200).send(showProposal(proposal, display));
    },
  );

  app.post(
    '/adjustments/:id/approval',
    {
      config: { scopes: ['points:adjust'], perProgramme: true },
      schema: {
        operationId: 'approveAdjustment',
        tags,
        summary: 'Approve a proposed adjustment and apply it',
        description: 'With another API key than the one that proposed it.',
        params,
        body: object({ dryRun: Type.Optional(Type.Boolean()) }, { title: 'Approval' }),
        response: answers({ 200: Previewed, 201: Applied }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const dryRun = request.body.dryRun === true;
      const answer = await approve(
        deps,
        mustReadId('proposal', request.params.id),
        principalOf(request),
        dryRun,
      );
      if ('code' in answer) return refuse(reply, answer);
      if (answer.status === 'refused') return refuse(reply, answer.refusal);
      if (dryRun)
        return reply
          .code(200)
          .send({ dryRun: true, transaction: display.preview(answer.transaction) });
      if (answer.receipt === null) throw new Error('what was applied has a receipt');
      if (answer.replayed) reply.header('idempotency-replayed', 'true');
      return reply.code(201).send(display.applied(answer.transaction, answer.receipt));
    },
  );
}
