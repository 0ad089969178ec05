import Type from 'typebox';
import { readRefusals } from '../ledger/read-refusals.ts';
import { mergedAway } from '../members/merged.ts';
import { assertNamesOwn, assertReaches, principalOf } from '../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../platform/web/cursor.ts';
import { type Outcome, sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  Code,
  idOf,
  mustReadId,
  mustReadInstant,
  object,
  PAGE_DEFAULT,
  PageQuery,
  pageOf,
  text,
} from '../platform/web/schema.ts';
import { Applied, Previewed } from './answer-schema.ts';
import { type ApproveDeps, approve, findProposal, refuseAdjustment } from './approve.ts';
import { type CommandDeps, placeOf } from './place.ts';
import {
  NewProposal,
  PROPOSAL_STATES,
  type Proposal,
  ProposalShown,
  proposedBefore,
  showProposal,
} from './proposal.ts';
import type { Display } from './show.ts';
import { insertProposal, listProposals } from './store.ts';

const tags = ['adjustments'];
const params = object({ id: idOf('proposal') });
const LIST = 'adjustments';

/** Adjustments that need two people. */
export function adjustmentRoutes(
  app: App,
  deps: ApproveDeps & CommandDeps & { readonly display: Display },
): void {
  const { pool, clock, ledger, display } = deps;

  /** Shows these proposals, with what the ledger said to those that were approved. */
  async function showerOf(proposals: readonly Proposal[]) {
    const approved = proposals.flatMap(({ id, approvedBy }) => (approvedBy === null ? [] : [id]));
    const refusals = await readRefusals(pool, approved);
    const now = clock.now();
    return (each: Proposal) =>
      showProposal(each, { display, now, notApplied: refusals.get(each.id) });
  }

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
        refusedBy: null,
        refusedAt: null,
        refusalReason: null,
      };
      const answer = await writeOnce(
        pool,
        writeOf(request),
        async (tx): Promise<Outcome<Type.Static<typeof ProposalShown>>> => {
          await insertProposal(tx, proposal);
          return { status: 201, body: showProposal(proposal, { display, now: clock.now() }) };
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
      if (proposal === undefined) return refuse(reply, problem('proposal_not_found'));
      const show = await showerOf([proposal]);
      return reply.code(200).send(show(proposal));
    },
  );

  app.get(
    '/adjustments',
    {
      config: { scopes: ['points:adjust'], perProgramme: true },
      schema: {
        operationId: 'listAdjustments',
        tags,
        summary: 'List proposed adjustments, the newest first',
        querystring: object({
          ...PageQuery,
          status: Type.Optional(Type.Enum([...PROPOSAL_STATES])),
          programme: Type.Optional(Code),
          merchantId: Type.Optional(idOf('merchant')),
          memberId: Type.Optional(idOf('member')),
        }),
        response: answers({ 200: pageOf(ProposalShown, 'ProposalPage') }, 404),
      },
    },
    async (request, reply) => {
      const {
        cursor,
        limit = PAGE_DEFAULT,
        status,
        programme,
        merchantId,
        memberId,
      } = request.query;
      const start = readPageStart(LIST, cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      if (programme !== undefined) assertNamesOwn(principal, programme);
      const merchant =
        merchantId === undefined ? principal.merchant : mustReadId('merchant', merchantId);
      if (merchant !== null) assertReaches(principal, merchant);
      const asked = programme === undefined ? undefined : await deps.programmes.find(programme);
      if (programme !== undefined && asked === undefined)
        return refuse(reply, problem('programme_not_found'));
      const filter = {
        state: status ?? null,
        expired: proposedBefore(clock.now()),
        programme: asked?.id ?? principal.programme?.id ?? null,
        merchant,
        member: memberId === undefined ? null : mustReadId('member', memberId),
      };
      const page = { before: start.after, limit: limit + 1 };
      const found = await listProposals(pool, filter, page);
      const show = await showerOf(found);
      return reply.code(200).send({
        items: found.slice(0, limit).map(show),
        nextCursor: writeNextCursor(LIST, found, limit),
      });
    },
  );

  app.post(
    '/adjustments/:id/refusal',
    {
      config: { scopes: ['points:adjust'], perProgramme: true },
      schema: {
        operationId: 'refuseAdjustment',
        tags,
        summary: 'Refuse a proposed adjustment, or take it back',
        description: 'Also with the API key that proposed it. Nothing moves.',
        params,
        body: object({ reason: text(200) }, { title: 'AdjustmentRefusal' }),
        response: answers({ 200: ProposalShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const id = mustReadId('proposal', request.params.id);
      const answer = await writeOnce(
        pool,
        writeOf(request),
        async (tx): Promise<Outcome<Type.Static<typeof ProposalShown>>> => {
          const proposal = await findProposal(tx, id, principal);
          if (proposal === undefined) return { refusal: problem('proposal_not_found') };
          const now = clock.now();
          const refusing = { by: principal.keyId, reason: request.body.reason, now };
          const refused = await refuseAdjustment(tx, proposal, refusing);
          if ('code' in refused) return { refusal: refused };
          return { status: 200, body: showProposal(refused, { display, now }) };
        },
      );
      return sendStored(reply, answer);
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
