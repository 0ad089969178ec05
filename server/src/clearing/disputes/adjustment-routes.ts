import Type from 'typebox';
import type { Uuid } from '../../kernel/id.ts';
import { RefusalError } from '../../kernel/refusal.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Merchants } from '../../merchants/registry.ts';
import type { Pool } from '../../platform/database.ts';
import { isWithin, type Principal, principalOf } from '../../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  Code,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
} from '../../platform/web/schema.ts';
import type { Names } from '../periods/figures-csv.ts';
import { type FindsProgrammes, programmeNamed } from '../periods/named.ts';
import { type AdjustDeps, adjust, decideAdjustment } from './adjust.ts';
import type { Adjustment } from './adjustment.ts';
import { findAdjustment, listAdjustments } from './adjustment-store.ts';
import {
  AdjustmentPage,
  AdjustmentShown,
  DecideAdjustment,
  NewAdjustmentBody,
  readParty,
  showAdjustment,
} from './schema.ts';

export interface AdjustmentRoutes extends AdjustDeps {
  readonly pool: Pool;
  readonly merchants: Merchants;
  readonly programmes: FindsProgrammes;
  readonly names: Names;
}

const tags = ['clearing'];
const params = object({ id: idOf('clearingAdjustment') });
const LIST = 'clearing-adjustments';
const read = { scopes: ['clearing:read'] as const, perProgramme: true };
const write = { scopes: ['clearing:write'] as const, perProgramme: true };

/** Corrections of what was closed. They are never changed: a wrong one is undone by another. */
export function adjustmentRoutes(app: App, deps: AdjustmentRoutes): void {
  const { pool, merchants, programmes, names } = deps;

  async function partyOf(shown: string, programme: number): Promise<Uuid> {
    const id = readParty(shown);
    if (id !== PLATFORM && (await merchants.find(id))?.programme !== programme)
      throw new RefusalError(problem('merchant_not_found'));
    return id;
  }

  async function reached(shown: string, principal: Principal): Promise<Adjustment> {
    const found = await findAdjustment(pool, mustReadId('clearingAdjustment', shown));
    const { merchant } = principal;
    const isSide = merchant === null || found?.payer === merchant || found?.payee === merchant;
    if (found === undefined || !isSide || !isWithin(principal, found.programme))
      throw new RefusalError(problem('clearing_adjustment_not_found'));
    return found;
  }

  app.post(
    '/clearing/adjustments',
    {
      config: write,
      schema: {
        operationId: 'createClearingAdjustment',
        tags,
        summary: 'Correct what was closed, in the next period',
        description:
          'Who pays whom: merchants, or the platform. Above ¥1,000, together with what the same person adjusted between the same two within a day, it counts once another key agrees.',
        body: NewAdjustmentBody,
        response: answers({ 201: AdjustmentShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { programme: named, evidence, evidenceSha256, ...told } = request.body;
      const programme = await programmeNamed(programmes, principal, named);
      const payer = await partyOf(told.payer, programme);
      const payee = await partyOf(told.payee, programme);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const made = await adjust(tx, deps, {
          ...{ ...told, programme, payer, payee, dispute: null, madeBy: principal.keyId },
          evidence: evidence ?? null,
          evidenceHash: evidenceSha256 === undefined ? null : Buffer.from(evidenceSha256, 'hex'),
        });
        if ('code' in made) return { refusal: made };
        return { status: 201, body: showAdjustment(made, names) };
      });
      return sendStored(reply, answer);
    },
  );

  app.post(
    '/clearing/adjustments/:id/decide',
    {
      config: write,
      schema: {
        operationId: 'decideClearingAdjustment',
        tags,
        summary: 'Agree to a large adjustment as the second person, or reject it',
        params,
        body: DecideAdjustment,
        response: answers({ 200: AdjustmentShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const adjustment = await reached(request.params.id, principal);
      const { approve: approved, actor } = request.body;
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const said = { approved, actor, by: principal.keyId };
        const decided = await decideAdjustment(tx, deps, adjustment, said);
        if ('code' in decided) return { refusal: decided };
        return { status: 200, body: showAdjustment(decided, names) };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/clearing/adjustments',
    {
      config: read,
      schema: {
        operationId: 'listClearingAdjustments',
        tags,
        summary: 'List adjustments, the oldest first',
        description: 'A merchant’s key sees those that it pays or receives.',
        querystring: object({ ...PageQuery, programme: Type.Optional(Code) }),
        response: answers({ 200: AdjustmentPage }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const programme = await programmeNamed(programmes, principal, request.query.programme);
      const start = readPageStart(LIST, cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const { merchant } = principal;
      const found = await listAdjustments(pool, programme, merchant, start.after, limit + 1);
      return {
        items: found.slice(0, limit).map((each) => showAdjustment(each, names)),
        nextCursor: writeNextCursor(LIST, found, limit),
      };
    },
  );

  app.get(
    '/clearing/adjustments/:id',
    {
      config: read,
      schema: {
        operationId: 'getClearingAdjustment',
        tags,
        summary: 'Read an adjustment',
        params,
        response: answers({ 200: AdjustmentShown }, 404),
      },
    },
    async (request) =>
      showAdjustment(await reached(request.params.id, principalOf(request)), names),
  );
}
