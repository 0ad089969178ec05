import Type from 'typebox';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { reachedMerchant } from '../merchants/reached.ts';
import type { Transaction } from '../platform/database.ts';
import { principalOf, reaches } from '../platform/web/auth.ts';
import { type Outcome, sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, Code, idOf, mustReadId, object } from '../platform/web/schema.ts';
import { DEFAULT_PROGRAMME } from '../programs/programme.ts';
import { COMMON } from './ladder.ts';
import { assertMember, namedProgramme } from './named-ladder.ts';
import { type Moment, momentOf } from './review-members.ts';
import type { TierRoutes } from './routes.ts';
import { schemeAt } from './scheme.ts';
import { readSchemes } from './scheme-store.ts';
import {
  NewServiceUndo,
  NewServiceUse,
  ServiceUseShown,
  ServiceUses,
  showUse,
  showUsed,
} from './service-schema.ts';
import { findUse, listUses } from './service-store.ts';
import { type Used, undoService, useService } from './use-service.ts';

const tags = ['tiers'];
const ofMember = object({ id: idOf('member') });
const USES_MAX = 100;

/** Free services that tiers bring: using one of a quota, and giving it back. */
export function serviceRoutes(app: App, deps: TierRoutes): void {
  const { pool, programmes, merchants } = deps;

  /** A moment of those of these ladders that have a scheme by now, in this order. */
  async function momentIn(
    tx: Transaction,
    id: number,
    ladders: readonly Uuid[],
  ): Promise<Moment | Refusal> {
    const programme = programmes.byId(id);
    if (programme === undefined) throw new Error(`there is no programme ${id}`);
    const now = programmes.programmeClock(id);
    const schemes = await readSchemes(tx, id, ladders);
    const versions = ladders.flatMap((ladder) => schemeAt(schemes.get(ladder) ?? [], now) ?? []);
    return versions.length === 0
      ? problem('tiers_not_found')
      : momentOf(deps, programme, versions, now);
  }

  app.post(
    '/members/:id/tier/uses',
    {
      config: { scopes: ['tiers:use'], perProgramme: true },
      schema: {
        operationId: 'useService',
        tags,
        summary: 'Use a free service of the member’s tier once',
        description:
          'Only at the merchants that the tier names for it, and as often in its month, quarter or year as the quota says. ' +
          'What the merchant’s own tiers bring is used first, then what those of the programme do. ' +
          'The same `useNo` at a merchant is one use, whatever the key.',
        params: ofMember,
        body: NewServiceUse,
        response: answers({ 200: ServiceUseShown, 201: ServiceUseShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const principal = principalOf(request);
      const { merchantId, service, useNo } = request.body;
      const merchant = mustReadId('merchant', merchantId);
      const { programme } = await reachedMerchant(merchants, principal, merchant);
      await assertMember(deps, member);
      const asked = { member, merchant, service, useNo, by: principal.keyId };
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const moment = await momentIn(tx, programme, [merchant, COMMON]);
        if ('code' in moment) return { refusal: moment };
        return outcomeOf(await useService(tx, moment, asked));
      });
      return sendStored(reply, answer);
    },
  );

  app.post(
    '/members/:id/tier/uses/:use/undo',
    {
      config: { scopes: ['tiers:use'], perProgramme: true },
      schema: {
        operationId: 'undoService',
        tags,
        summary: 'Give back a free service that was not had after all',
        params: object({ id: idOf('member'), use: idOf('serviceUse') }),
        body: NewServiceUndo,
        response: answers({ 200: ServiceUseShown, 201: ServiceUseShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const principal = principalOf(request);
      const { reason, actor } = request.body;
      const use = await findUse(pool, mustReadId('serviceUse', request.params.use));
      if (use === undefined || use.member !== member || !reaches(principal, use))
        return refuse(reply, problem('service_use_not_found'));
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const moment = await momentIn(tx, use.programme, [use.ladder]);
        if ('code' in moment) return { refusal: moment };
        const undone = { at: moment.now, reason, actor, by: principal.keyId };
        return outcomeOf(await undoService(tx, moment, use, undone));
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/members/:id/tier/uses',
    {
      config: { scopes: ['tiers:read'], perProgramme: true },
      schema: {
        operationId: 'listServiceUses',
        tags,
        summary: 'The free services that a member used',
        description: 'A merchant sees what was used at itself.',
        params: ofMember,
        querystring: object({ programme: Type.Optional(Code) }),
        response: answers({ 200: ServiceUses }, 404),
      },
    },
    async (request) => {
      const member = mustReadId('member', request.params.id);
      const principal = principalOf(request);
      const { merchant, programme: own } = principal;
      const usual = merchant === null ? undefined : own?.code;
      const code = request.query.programme ?? usual ?? DEFAULT_PROGRAMME;
      const programme = await namedProgramme(deps, principal, code);
      await assertMember(deps, member);
      const members = [member, ...(await deps.absorbedBy(member))];
      const uses = await listUses(pool, programme.id, merchant, members, USES_MAX);
      return { items: uses.map(showUse) };
    },
  );
}

function outcomeOf(told: Used | Refusal): Outcome<Type.Static<typeof ServiceUseShown>> {
  if ('code' in told) return { refusal: told };
  return { status: told.known ? 200 : 201, body: showUsed(told) };
}
