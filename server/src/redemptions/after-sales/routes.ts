import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { isUuid, showId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import {
  assertReaches,
  MEMBER_ACTOR,
  membersAsked,
  type Principal,
  principalOf,
  reaches,
} from '../../platform/web/auth.ts';
import { readCursor, writeCursor } from '../../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  InstantText,
  idOf,
  mustReadId,
  mustReadInstant,
  object,
  PAGE_DEFAULT,
  PageQuery,
} from '../../platform/web/schema.ts';
import type { CodesOf } from '../show.ts';
import { readRedemptions } from '../store.ts';
import { answerCase, decideCase, tellCase } from './answer-case.ts';
import { cancelBySupplier } from './cancel-by-supplier.ts';
import type { Case, Saying } from './case.ts';
import { listCases, positionOf, readCases, readEntries, type WorkPosition } from './case-store.ts';
import type { AfterSalesDeps } from './deps.ts';
import { openCase } from './open-case.ts';
import {
  AnswerBody,
  CancelBySupplier,
  CasePage,
  CaseShown,
  CaseStateFilter,
  DecisionBody,
  MemberStepBody,
  NewCase,
} from './schema.ts';
import { endCase, type Settling } from './settle-cases.ts';
import { showCase } from './show.ts';

export interface AfterSalesRoutes extends AfterSalesDeps {
  readonly settling: Settling;
  readonly codesOf: CodesOf;
  /** Members who became part of this one. */
  readonly absorbedBy: (member: Uuid) => Promise<readonly Uuid[]>;
}

const tags = ['after-sales'];
const params = object({ id: idOf('afterSalesCase') });
const LIST = 'after-sales';

/** What was redeemed and is returned, exchanged, bad, or cannot be handed out. */
export function afterSalesRoutes(app: App, deps: AfterSalesRoutes): void {
  const { pool, settling, codesOf } = deps;

  /** A member sees which steps were theirs, and not who of the merchant took the others. */
  async function show(sql: Sql, list: readonly Case[], principal: Principal) {
    if (list.length === 0) return [];
    const entries = await readEntries(
      sql,
      list.map(({ id }) => id),
    );
    const redemptions = await readRedemptions(
      sql,
      list.map(({ redemption }) => redemption),
    );
    return list.map((each) => {
      const redemption = redemptions.get(each.redemption);
      if (redemption === undefined) throw new Error('a case is about a redemption');
      const own = entries
        .filter((entry) => entry.case === each.id)
        .map((entry) =>
          principal.member === null || entry.by === MEMBER_ACTOR
            ? entry
            : { ...entry, by: null, actor: null },
        );
      return showCase(each, own, redemption, codesOf);
    });
  }

  async function find(principal: Principal, id: string): Promise<Case | undefined> {
    const uuid = mustReadId('afterSalesCase', id);
    const found = (await readCases(pool, [uuid])).get(uuid);
    return found !== undefined && reaches(principal, found) ? found : undefined;
  }

  /** Writes once, and answers the case as far as it came: points that are on their way from here may be home by then. */
  async function write(
    request: FastifyRequest,
    reply: FastifyReply,
    status: 200 | 201,
    perform: (tx: Transaction, said: Saying) => Promise<Case | Refusal>,
  ): Promise<FastifyReply> {
    const principal = principalOf(request);
    const { actor: named, note = null } = request.body as { actor: string; note?: string };
    // A member speaks as nobody else.
    const actor = principal.member === null ? named : showId('member', principal.member.id);
    const said = { by: principal.keyId, actor, note };
    const stored = await writeOnce(pool, writeOf(request), async (tx) => {
      const told = await perform(tx, said);
      if ('code' in told) return { refusal: told };
      // A dry run tells how it ends.
      const isEnded = request.isDryRun && told.state === 'settling';
      const ended = isEnded ? await endCase(tx, deps, told) : told;
      const [body] = await show(tx, [ended], principal);
      return { status, body };
    });
    if (stored.status >= 400 || request.isDryRun) return sendStored(reply, stored);
    const id = mustReadId('afterSalesCase', (JSON.parse(stored.body) as { id: string }).id);
    const now = (await settling.settle([id])).get(id);
    if (now === undefined) throw new Error('a case stays');
    if (stored.replayed) reply.header('idempotency-replayed', 'true');
    const [shown] = await show(pool, [now], principal);
    return reply.code(stored.status).send(shown);
  }

  async function reachedRedemption(principal: Principal, shown: string): Promise<Uuid | undefined> {
    const id = mustReadId('redemption', shown);
    const found = (await readRedemptions(pool, [id])).get(id);
    return found !== undefined && reaches(principal, found) ? id : undefined;
  }

  app.post(
    '/redemptions/:id/after-sales',
    {
      config: { scopes: ['after-sales:write'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'openAfterSalesCase',
        tags,
        summary: 'Return, exchange or complain about what was redeemed',
        description:
          'The merchant has 15 days to answer; then it comes to the operator. A fee of cancelling is never taken.',
        params: object({ id: idOf('redemption') }),
        body: NewCase,
        response: answers({ 200: CaseShown, 201: CaseShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const id = await reachedRedemption(principalOf(request), request.params.id);
      if (id === undefined) return refuse(reply, problem('redemption_not_found'));
      const { kind, reason, places = null } = request.body;
      return (await write(request, reply, 201, (tx, said) =>
        openCase(tx, deps, id, { kind, reason, places, said }),
      )) as never;
    },
  );

  app.post(
    '/redemptions/:id/supplier-cancellation',
    {
      config: { scopes: ['after-sales:answer'], perProgramme: true },
      schema: {
        operationId: 'cancelBySupplier',
        tags,
        summary: 'Cancel what its supplier cannot hand out',
        description:
          'Whatever its terms say of cancelling: everything that was not used goes back without a fee, and what was agreed comes on top.',
        params: object({ id: idOf('redemption') }),
        body: CancelBySupplier,
        response: answers({ 200: CaseShown, 201: CaseShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const id = await reachedRedemption(principalOf(request), request.params.id);
      if (id === undefined) return refuse(reply, problem('redemption_not_found'));
      const { reason, onShelf = false } = request.body;
      return (await write(request, reply, 201, (tx, said) =>
        cancelBySupplier(tx, deps, id, { reason, said, onShelf, cancellation: null }),
      )) as never;
    },
  );

  app.get(
    '/after-sales',
    {
      config: { scopes: ['after-sales:read'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'listAfterSalesCases',
        tags,
        summary: 'List after-sales cases, the next deadline first',
        description:
          "Those without a deadline are behind. A merchant's key sees those of what it hands out; of a member who took in others, theirs are there too.",
        querystring: object({
          ...PageQuery,
          state: CaseStateFilter,
          merchantId: Type.Optional(idOf('merchant')),
          memberId: Type.Optional(idOf('member')),
          redemptionId: Type.Optional(idOf('redemption')),
          dueBefore: Type.Optional(InstantText),
        }),
        response: answers({ 200: CasePage }),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, ...query } = request.query;
      const start = readStart(cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      const merchant =
        query.merchantId === undefined
          ? principal.merchant
          : mustReadId('merchant', query.merchantId);
      if (merchant !== null) assertReaches(principal, merchant);
      const named = query.memberId === undefined ? null : mustReadId('member', query.memberId);
      const members = membersAsked(principal, named);
      const by = {
        programme: principal.programme?.id ?? null,
        merchant,
        members: named === null ? members : [named, ...(await deps.absorbedBy(named))],
        redemption:
          query.redemptionId === undefined ? null : mustReadId('redemption', query.redemptionId),
        state: query.state ?? null,
        dueBefore: query.dueBefore === undefined ? null : mustReadInstant(query.dueBefore),
      };
      const found = await listCases(pool, by, start.after, limit + 1);
      const last = found.length > limit ? found[limit - 1] : undefined;
      return reply.code(200).send({
        items: await show(pool, found.slice(0, limit), principal),
        nextCursor: last === undefined ? null : writeCursor(LIST, positionOf(last)),
      });
    },
  );

  app.get(
    '/after-sales/:id',
    {
      config: { scopes: ['after-sales:read'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'getAfterSalesCase',
        tags,
        summary: 'Read an after-sales case, with what was done about it and why',
        params,
        response: answers({ 200: CaseShown }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const found = await find(principal, request.params.id);
      if (found === undefined) return refuse(reply, problem('after_sales_case_not_found'));
      const [shown] = await show(pool, [found], principal);
      return reply.code(200).send(shown as never);
    },
  );

  app.post(
    '/after-sales/:id/answers',
    {
      config: { scopes: ['after-sales:answer'], perProgramme: true },
      schema: {
        operationId: 'answerAfterSalesCase',
        tags,
        summary: 'Accept or refuse a case, say that the goods are back, settle it',
        description:
          'What is back is settled within 7 days: points that were agreed on go back by themselves then, everything else comes to the operator.',
        params,
        body: AnswerBody,
        response: answers({ 200: CaseShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const found = await find(principalOf(request), request.params.id);
      if (found === undefined) return refuse(reply, problem('after_sales_case_not_found'));
      const { body } = request;
      return (await write(request, reply, 200, (tx, said) =>
        answerCase(tx, deps, found, body, said),
      )) as never;
    },
  );

  app.post(
    '/after-sales/:id/decision',
    {
      config: { scopes: ['after-sales:decide'], perProgramme: true },
      schema: {
        operationId: 'decideAfterSalesCase',
        tags,
        summary: 'Decide a case that came to the operator',
        params,
        body: DecisionBody,
        response: answers({ 200: CaseShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      if (principal.merchant !== null) return refuse(reply, problem('operator_only'));
      const found = await find(principal, request.params.id);
      if (found === undefined) return refuse(reply, problem('after_sales_case_not_found'));
      const { body } = request;
      return (await write(request, reply, 200, (tx, said) =>
        decideCase(tx, deps, found, body, said),
      )) as never;
    },
  );

  app.post(
    '/after-sales/:id/member-steps',
    {
      config: { scopes: ['after-sales:write'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'stepAfterSalesCase',
        tags,
        summary: 'Say what the member says: sent back, withdrawn, not content with a refusal',
        description: "Not with a merchant's key: it takes back no case that is against it.",
        params,
        body: MemberStepBody,
        response: answers({ 200: CaseShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      if (principal.merchant !== null) return refuse(reply, problem('operator_only'));
      const found = await find(principal, request.params.id);
      if (found === undefined) return refuse(reply, problem('after_sales_case_not_found'));
      const { step } = request.body;
      return (await write(request, reply, 200, (tx, said) =>
        tellCase(tx, deps, found, step, said),
      )) as never;
    },
  );
}

/** Where a page begins; undefined: the cursor is of no such list. */
function readStart(
  cursor: string | undefined,
): { readonly after: WorkPosition | null } | undefined {
  if (cursor === undefined) return { after: null };
  const [due, id] = readCursor(LIST, cursor) ?? [];
  if (!Number.isSafeInteger(due) || typeof id !== 'string' || !isUuid(id)) return undefined;
  return { after: [Number(due), id] };
}
