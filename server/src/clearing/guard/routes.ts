import Type from 'typebox';
import { localDate } from '../../kernel/calendar.ts';
import { isUuid } from '../../kernel/id.ts';
import type { Pool } from '../../platform/database.ts';
import { isWithin, principalOf } from '../../platform/web/auth.ts';
import {
  readCursor,
  readNumberStart,
  writeCursor,
  writeNextNumber,
} from '../../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import { answers, Code, object, PAGE_DEFAULT, PageQuery } from '../../platform/web/schema.ts';
import { programmeOf, type Registries } from '../reached.ts';
import { Withdraw } from '../terms/schema.ts';
import { acknowledgeAlert, findAlert, listAlerts } from './alert-store.ts';
import { dearest } from './drain.ts';
import { guardedProgramme } from './guarded-programme.ts';
import { type PairPlace, readPairs, readTakers } from './pair-store.ts';
import {
  AlertPage,
  AlertShown,
  PairPage,
  showAlert,
  showPair,
  showTaker,
  Takers,
} from './schema.ts';

export interface GuardRoutes extends Registries {
  readonly pool: Pool;
}

const ACTIVE_MS = 30 * 24 * 60 * 60_000;
const NUMBER_MAX = 2 ** 31 - 1;

const tags = ['clearing'];
const PAIRS = 'clearing-guard';
const ALERTS = 'clearing-guard-alerts';

/** Who would drain whom: margins of all pairs, who takes most where it costs most, and alerts. For operators. */
export function guardRoutes(app: App, registries: GuardRoutes): void {
  const { pool, programmes } = registries;

  app.get(
    '/clearing/guard',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'listGuardedPairs',
        tags,
        summary: 'What the platform is left with of each point, by who issued and who takes it',
        description:
          'Pairs that did something in the last 30 days, and pairs of terms by which somebody loses; with `all`, of all terms. For operators.',
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          all: Type.Optional(Type.Boolean()),
        }),
        response: answers({ 200: PairPage }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, all = false } = request.query;
      const programme = await guardedProgramme(
        registries,
        principalOf(request),
        request.query.programme,
      );
      const after = readPlace(cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const at = programmes.programmeClock(programme.id);
      const filter = { programme: programme.id, at, since: at - ACTIVE_MS, all };
      const found = await readPairs(pool, filter, after, limit + 1);
      const last = found.length > limit ? found[limit - 1] : undefined;
      return {
        items: found.slice(0, limit).map((each) => showPair(each, programme)),
        nextCursor:
          last === undefined ? null : writeCursor(PAIRS, [last.pointType, last.payer, last.taker]),
      };
    },
  );

  app.get(
    '/clearing/guard/takers',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'listTakers',
        tags,
        summary: 'Who took how many points in the last 30 days, the dearest first',
        description: 'By point type. For operators.',
        querystring: object({ programme: Type.Optional(Code) }),
        response: answers({ 200: Takers }, 404),
      },
    },
    async (request) => {
      const programme = await guardedProgramme(
        registries,
        principalOf(request),
        request.query.programme,
      );
      const at = programmes.programmeClock(programme.id);
      const found = await readTakers(pool, programme.id, at, localDate(at, programme.timeZone));
      const shares = new Map(
        programme.pointTypes.map(({ id }) => [
          id,
          dearest(found.filter(({ pointType }) => pointType === id)),
        ]),
      );
      return {
        items: found.map((each) => showTaker(each, shares.get(each.pointType) ?? null, programme)),
      };
    },
  );

  app.get(
    '/clearing/guard/alerts',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'listGuardAlerts',
        tags,
        summary: 'List alerts, the oldest first',
        description: 'Looked after every minute. For operators.',
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          open: Type.Optional(
            Type.Boolean({
              description: 'Only those that hold still, or only those that are over.',
            }),
          ),
        }),
        response: answers({ 200: AlertPage }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, open = null } = request.query;
      const programme = await guardedProgramme(
        registries,
        principalOf(request),
        request.query.programme,
      );
      const after = readNumberStart(ALERTS, cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const filter = { programme: programme.id, isOpen: open };
      const found = await listAlerts(pool, filter, after, limit + 1);
      return {
        items: found.slice(0, limit).map((each) => showAlert(each, programme)),
        nextCursor: writeNextNumber(ALERTS, found, limit),
      };
    },
  );

  app.post(
    '/clearing/guard/alerts/:number/acknowledgement',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'acknowledgeGuardAlert',
        tags,
        summary: 'Say that an alert is known, and why it may be',
        params: object({ number: Type.Integer({ minimum: 1, maximum: NUMBER_MAX }) }),
        body: Withdraw,
        response: answers({ 200: AlertShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { number } = request.params;
      const found = await findAlert(pool, number);
      if (found === undefined || !isWithin(principal, found.programme))
        return refuse(reply, problem('guard_alert_not_found'));
      const programme = programmeOf(registries, found.programme);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const at = programmes.programmeClock(programme.id);
        const by = { at, key: principal.keyId, ...request.body };
        if (!(await acknowledgeAlert(tx, number, by)))
          return { refusal: problem('guard_alert_acknowledged') };
        const told = await findAlert(tx, number);
        return { status: 200 as const, body: showAlert(told ?? found, programme) };
      });
      return sendStored(reply, answer);
    },
  );
}

/** The place a cursor names; null: the beginning; undefined: the cursor is bad. */
function readPlace(cursor: string | undefined): PairPlace | null | undefined {
  if (cursor === undefined) return null;
  const [pointType, payer, taker] = readCursor(PAIRS, cursor) ?? [];
  if (typeof pointType !== 'number' || typeof payer !== 'string' || typeof taker !== 'string')
    return undefined;
  return isUuid(payer) && isUuid(taker) ? [pointType, payer, taker] : undefined;
}
