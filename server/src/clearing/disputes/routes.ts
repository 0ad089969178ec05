import Type from 'typebox';
import { showId } from '../../kernel/id.ts';
import { RefusalError } from '../../kernel/refusal.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import { reachedMerchant } from '../../merchants/reached.ts';
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
import { programmeNamed } from '../periods/named.ts';
import { readLine } from '../periods/period.ts';
import { reached as reachedPeriod } from '../periods/routes.ts';
import type { AdjustmentRoutes } from './adjustment-routes.ts';
import { findAdjustmentOf } from './adjustment-store.ts';
import { DISPUTE_STATES, type Dispute } from './dispute.ts';
import { type Raised, raiseDispute } from './raise-dispute.ts';
import {
  DecideDispute,
  DisputePage,
  DisputeShown,
  DisputeWhole,
  NewDispute,
  NewEvidence,
  readParty,
  showDispute,
  showStep,
  WithdrawDispute,
} from './schema.ts';
import { type Step, stepDispute } from './step-dispute.ts';
import { findDispute, listDisputes, readSteps } from './store.ts';

export interface DisputeRoutes extends AdjustmentRoutes {
  /** The number of a point type of a programme. */
  readonly pointTypeOf: (programme: number, code: string) => number | undefined;
}

const tags = ['clearing'];
const params = object({ id: idOf('dispute') });
const LIST = 'disputes';
const read = { scopes: ['clearing:read'] as const, perProgramme: true };
const raise = { scopes: ['disputes:write'] as const, perProgramme: true };

/** What merchants dispute of closed periods. */
export function disputeRoutes(app: App, deps: DisputeRoutes): void {
  const { pool, merchants, programmes, names } = deps;

  /** One that the caller is a side of, or operates; as the one who raised it where `asRaiser`. */
  async function reached(shown: string, principal: Principal, asRaiser = false): Promise<Dispute> {
    const found = await findDispute(pool, mustReadId('dispute', shown));
    const { merchant } = principal;
    const isSide =
      merchant === null || found?.merchant === merchant || (!asRaiser && found?.other === merchant);
    if (found === undefined || !isSide || !isWithin(principal, found.programme))
      throw new RefusalError(problem('dispute_not_found'));
    return found;
  }

  const step = (request: Parameters<typeof writeOf>[0], id: Dispute['id'], taken: Step) =>
    writeOnce(pool, writeOf(request), async (tx) => {
      const dispute = await stepDispute(tx, deps, id, taken);
      if ('code' in dispute) return { refusal: dispute };
      return { status: 200, body: showDispute(dispute, names) };
    });

  app.post(
    '/clearing/disputes',
    {
      config: raise,
      schema: {
        operationId: 'raiseDispute',
        tags,
        summary: 'Dispute what a merchant pays or receives in a closed period',
        description:
          'Within 30 days after it was closed; it is decided within 15 days, or escalated. What is open and what was upheld of a pair and its lines is never more than the pair comes to for who disputes it. An operator’s key raises it for the merchant, as the platform’s word.',
        body: NewDispute,
        response: answers({ 201: DisputeShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { periodId, merchantId, pair, line, fen, reason, actor } = request.body;
      const merchant = mustReadId('merchant', merchantId);
      const { programme } = await reachedMerchant(merchants, principal, merchant);
      const { period } = await reachedPeriod(deps, periodId, principal);
      if (programme !== period.programme)
        return refuse(reply, problem('clearing_period_not_found'));
      const about = aboutOf(period.programme, pair, line);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const word = principal.merchant ?? PLATFORM;
        const by = principal.keyId;
        const raised: Raised = { merchant, word, about, fen, reason, actor, by };
        const dispute = await raiseDispute(tx, deps, period, raised);
        if ('code' in dispute) return { refusal: dispute };
        return { status: 201, body: showDispute(dispute, names) };
      });
      return sendStored(reply, answer);
    },
  );

  function aboutOf(
    programme: number,
    pair: { payer: string; taker: string; pointType: string } | undefined,
    line: string | undefined,
  ): Raised['about'] {
    if (pair !== undefined && line === undefined) {
      const pointType = deps.pointTypeOf(programme, pair.pointType);
      if (pointType === undefined) throw new RefusalError(problem('point_type_not_found'));
      return { pair: { payer: readParty(pair.payer), taker: readParty(pair.taker), pointType } };
    }
    const place = line === undefined ? undefined : readLine(line);
    if (place === undefined || pair !== undefined)
      throw new RefusalError(
        problem('invalid_request', 'a dispute is about a pair, or about a line'),
      );
    return { line: place };
  }

  app.post(
    '/clearing/disputes/:id/evidence',
    {
      config: raise,
      schema: {
        operationId: 'addDisputeEvidence',
        tags,
        summary: 'Say something to a dispute, and name a file that shows it',
        description:
          'By either side, or by the operator, each 50 times at most. The file is kept elsewhere: here is its hash.',
        params,
        body: NewEvidence,
        response: answers({ 200: DisputeShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { id } = await reached(request.params.id, principal);
      const { text, fileName: name, sha256, actor } = request.body;
      if ((name === undefined) !== (sha256 === undefined))
        return refuse(reply, problem('invalid_request', 'a file has a name and a hash'));
      const taken: Step = {
        ...{ kind: 'evidence', text, actor, by: principal.keyId },
        merchant: principal.merchant ?? PLATFORM,
        file:
          name === undefined || sha256 === undefined
            ? null
            : { name, hash: Buffer.from(sha256, 'hex') },
      };
      return sendStored(reply, await step(request, id, taken));
    },
  );

  app.post(
    '/clearing/disputes/:id/withdraw',
    {
      config: raise,
      schema: {
        operationId: 'withdrawDispute',
        tags,
        summary: 'Withdraw a dispute',
        description:
          'By the merchant that raised it, or for it by the operator, whose word it then is.',
        params,
        body: WithdrawDispute,
        response: answers({ 200: DisputeShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { id } = await reached(request.params.id, principal, true);
      // Whose word it is, is not made up: that of an operator stays its own.
      const merchant = principal.merchant ?? PLATFORM;
      const taken: Step = { ...request.body, kind: 'withdrawn', merchant, by: principal.keyId };
      return sendStored(reply, await step(request, id, taken));
    },
  );

  app.post(
    '/clearing/disputes/:id/decide',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'decideDispute',
        tags,
        summary: 'Uphold a dispute, in whole or in part, or reject it',
        description:
          'Never by the key that raised it, nor by somebody of that name. What is upheld is paid by an adjustment in the next period; above ¥1,000 a second person has to agree to that.',
        params,
        body: DecideDispute,
        response: answers({ 200: DisputeShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { id, fen: disputed } = await reached(request.params.id, principal);
      const { outcome, fen = disputed, paidBy: payer = 'other', text, actor } = request.body;
      const said = { text, actor, by: principal.keyId };
      const taken: Step =
        outcome === 'upheld'
          ? { ...said, kind: 'upheld', fen, payer }
          : { ...said, kind: 'rejected' };
      return sendStored(reply, await step(request, id, taken));
    },
  );

  app.get(
    '/clearing/disputes',
    {
      config: read,
      schema: {
        operationId: 'listDisputes',
        tags,
        summary: 'List disputes, the oldest first',
        description: 'A merchant’s key sees those to which it is a side.',
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          state: Type.Optional(Type.Enum(DISPUTE_STATES)),
        }),
        response: answers({ 200: DisputePage }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT, state = null } = request.query;
      const programme = await programmeNamed(programmes, principal, request.query.programme);
      const start = readPageStart(LIST, cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const asked = { programme, merchant: principal.merchant, state };
      const found = await listDisputes(pool, asked, start.after, limit + 1);
      return {
        items: found.slice(0, limit).map((each) => showDispute(each, names)),
        nextCursor: writeNextCursor(LIST, found, limit),
      };
    },
  );

  app.get(
    '/clearing/disputes/:id',
    {
      config: read,
      schema: {
        operationId: 'getDispute',
        tags,
        summary: 'Read a dispute, with all that was said and shown',
        params,
        response: answers({ 200: DisputeWhole }, 404),
      },
    },
    async (request) => {
      const dispute = await reached(request.params.id, principalOf(request));
      const adjustment = await findAdjustmentOf(pool, dispute.id);
      return {
        ...showDispute(dispute, names),
        adjustmentId: adjustment === undefined ? null : showId('clearingAdjustment', adjustment.id),
        steps: (await readSteps(pool, dispute.id)).map(showStep),
      };
    },
  );
}
