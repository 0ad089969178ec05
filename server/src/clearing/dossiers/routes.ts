import Type from 'typebox';
import { type Instant, showInstant } from '../../kernel/clock.ts';
import type { Pool } from '../../platform/database.ts';
import { isWithin, principalOf, reaches } from '../../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  Code,
  idOf,
  mustReadId,
  mustReadInstant,
  object,
  PAGE_DEFAULT,
  PageQuery,
} from '../../platform/web/schema.ts';
import { programmeOf, type Registries, reachedIn, reachedProgramme, seenOf } from '../reached.ts';
import { changeDossier, type DossierDeps, keepDossier, setRequirement } from './change-dossiers.ts';
import type { Requirement } from './dossier.ts';
import { readAlerts } from './read-alerts.ts';
import {
  AlertPage,
  ChangeDossier,
  DossierHistory,
  DossierPage,
  DossierShown,
  Kind,
  NewDossier,
  RequirementList,
  RequirementShown,
  SetRequirement,
  showAlert,
  showChange,
  showDossier,
} from './schema.ts';
import { findDossier, listDossiers, readHistory, readRequirements } from './store.ts';

export interface DossierRoutes extends Registries {
  readonly pool: Pool;
  readonly applyPrices: DossierDeps['applyPrices'];
}

const tags = ['dossiers'];
const LIST = 'dossiers';
const ALERTS = 'dossier-alerts';

/** What those who issue points show of themselves, and what a programme asks for. */
export function dossierRoutes(app: App, registries: DossierRoutes): void {
  const { pool, programmes } = registries;
  const deps: DossierDeps = {
    programmeClock: programmes.programmeClock,
    applyPrices: registries.applyPrices,
  };

  app.post(
    '/dossiers',
    {
      config: { scopes: ['dossiers:write'], perProgramme: true },
      schema: {
        operationId: 'keepDossier',
        tags,
        summary: 'Keep a document of a merchant that issues points',
        body: NewDossier,
        response: answers({ 201: DossierShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const asked = request.body;
      const programme = await reachedProgramme(registries, principal, asked.programme);
      const merchant = await reachedIn(registries, principal, programme, asked.merchantId);
      const whose = { programme: programme.id, merchant, by: principal.keyId };
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const told = await keepDossier(tx, asked, whose, deps);
        if ('refusal' in told) return told;
        return { status: 201 as const, body: showDossier(told.done, programme.code, told.at) };
      });
      return sendStored(reply, answer);
    },
  );

  app.post(
    '/dossiers/:id/changes',
    {
      config: { scopes: ['dossiers:write'], perProgramme: true },
      schema: {
        operationId: 'changeDossier',
        tags,
        summary: 'Say anew what a document is, suspend or revoke it',
        description:
          'Counts at once: without a valid document that is required nothing more is issued. What was issued stays.',
        params: object({ id: idOf('dossier') }),
        body: ChangeDossier,
        response: answers({ 200: DossierShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const id = mustReadId('dossier', request.params.id);
      const found = await findDossier(pool, id);
      if (found === undefined || !isWithin(principal, found.programme))
        return refuse(reply, problem('dossier_not_found'));
      const { code } = programmeOf(registries, found.programme);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const told = await changeDossier(tx, id, request.body, principal.keyId, deps);
        if ('refusal' in told) return told;
        return { status: 200 as const, body: showDossier(told.done, code, told.at) };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/dossiers',
    {
      config: { scopes: ['dossiers:read'], perProgramme: true },
      schema: {
        operationId: 'listDossiers',
        tags,
        summary: 'List documents, the oldest first',
        description: 'A merchant’s key sees its own.',
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          merchantId: Type.Optional(idOf('merchant')),
          kind: Type.Optional(Kind),
        }),
        response: answers({ 200: DossierPage }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT, merchantId, kind = null } = request.query;
      const programme = await reachedProgramme(registries, principal, request.query.programme);
      const start = readPageStart(LIST, cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const merchant = await seenOf(registries, principal, programme, merchantId);
      const filter = { programme: programme.id, merchant, kind };
      const found = await listDossiers(pool, filter, start.after, limit + 1);
      const now = programmes.programmeClock(programme.id);
      return {
        items: found.slice(0, limit).map((each) => showDossier(each, programme.code, now)),
        nextCursor: writeNextCursor(LIST, found, limit),
      };
    },
  );

  app.get(
    '/dossiers/:id',
    {
      config: { scopes: ['dossiers:read'], perProgramme: true },
      schema: {
        operationId: 'getDossier',
        tags,
        summary: 'Read a document, and how it was changed',
        params: object({ id: idOf('dossier') }),
        response: answers({ 200: DossierHistory }, 404),
      },
    },
    async (request, reply) => {
      const history = await readHistory(pool, mustReadId('dossier', request.params.id));
      const found = history.at(-1);
      if (found === undefined || !reaches(principalOf(request), found))
        return refuse(reply, problem('dossier_not_found'));
      const { code } = programmeOf(registries, found.programme);
      const now = programmes.programmeClock(found.programme);
      return { ...showDossier(found, code, now), changes: history.map(showChange) };
    },
  );

  app.get(
    '/dossiers/alerts',
    {
      config: { scopes: ['dossiers:read'], perProgramme: true },
      schema: {
        operationId: 'listDossierAlerts',
        tags,
        summary: 'List documents that end within 30, 7 or 1 days, have ended, or are missing',
        description: 'By merchant. A merchant’s key sees its own.',
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          merchantId: Type.Optional(idOf('merchant')),
        }),
        response: answers({ 200: AlertPage }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT, merchantId } = request.query;
      const programme = await reachedProgramme(registries, principal, request.query.programme);
      const start = readPageStart(ALERTS, cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const merchant = await seenOf(registries, principal, programme, merchantId);
      const now = programmes.programmeClock(programme.id);
      const filter = { programme: programme.id, merchant };
      const found = await readAlerts(pool, filter, now, start.after, limit + 1);
      return {
        items: found.slice(0, limit).flatMap(({ alerts }) => alerts.map(showAlert)),
        nextCursor: writeNextCursor(ALERTS, found, limit),
      };
    },
  );

  app.put(
    '/dossiers/requirement',
    {
      config: { scopes: ['dossiers:write'], perProgramme: true },
      schema: {
        operationId: 'setDossierRequirement',
        tags,
        summary: 'Say which documents a programme asks of everybody who issues',
        description:
          'Counts from `from` on until another requirement begins, where the programme is cleared. Without a valid document of each kind issuing is refused (`dossier_missing`, `dossier_lapsed`), to the instant.',
        body: SetRequirement,
        response: answers({ 200: RequirementShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { programme: named, kinds, from, actor } = request.body;
      const programme = await reachedProgramme(registries, principal, named);
      const asked = {
        ...{ programme: programme.id, kinds, actor, by: principal.keyId },
        from: from === undefined ? undefined : mustReadInstant(from),
      };
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const told = await setRequirement(tx, asked, deps);
        if ('refusal' in told) return told;
        const set = { ...told.done, setAt: told.at, actor };
        return { status: 200 as const, body: showRequirement(set, programme.code) };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/dossiers/requirement',
    {
      config: { scopes: ['dossiers:read'], perProgramme: true },
      schema: {
        operationId: 'listDossierRequirements',
        tags,
        summary: 'Read what a programme asks for, from when on, as it was set',
        querystring: object({ programme: Type.Optional(Code) }),
        response: answers({ 200: RequirementList }, 404),
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const programme = await reachedProgramme(registries, principal, request.query.programme);
      const found = await readRequirements(pool, programme.id);
      return { items: found.map((each) => showRequirement(each, programme.code)) };
    },
  );
}

function showRequirement(
  {
    number,
    kinds,
    from,
    setAt,
    actor,
  }: Requirement & { readonly setAt: Instant; readonly actor: string },
  programme: string,
) {
  return {
    ...{ programme, number, kinds: [...kinds], actor },
    from: showInstant(from),
    setAt: showInstant(setAt),
  };
}
