import Type from 'typebox';
import { type Instant, showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import { lockPrices } from '../../ledger/price-list.ts';
import type { Pool } from '../../platform/database.ts';
import { isWithin, principalOf, reaches } from '../../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  Code,
  InstantText,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
  PointsShown,
  pageOf,
  text,
} from '../../platform/web/schema.ts';
import type { Programme } from '../../programs/programme.ts';
import {
  instantOr,
  programmeOf,
  type Registries,
  reachedIn,
  reachedProgramme,
  seenOf,
} from '../reached.ts';
import { applyPrices } from './apply-prices.ts';
import {
  type Departure,
  insertDeparture,
  insertDepartureWithdrawal,
  listDepartures,
  type OutstandingPoints,
  readDepartures,
  readOutstanding,
} from './departure-store.ts';
import { Withdraw } from './schema.ts';

export interface DepartureRoutes extends Registries {
  readonly pool: Pool;
}

const Leave = object(
  {
    programme: Type.Optional(Code),
    merchantId: idOf('merchant'),
    at: Type.Optional({
      ...InstantText,
      description: 'By the programme’s clock, not in the past. Without it, at once.',
    }),
    reason: text(500),
    actor: text(100),
  },
  { title: 'Leave' },
);
const departure = {
  programme: Code,
  merchantId: idOf('merchant'),
  at: InstantText,
  reason: Type.String(),
  actor: Type.String(),
  announcedAt: InstantText,
  hasLeft: Type.Boolean(),
};
const DepartureShown = object(departure, { title: 'Departure' });
const DepartureWithLots = object(
  {
    ...departure,
    outstanding: Type.Array(
      object(
        {
          pointType: Code,
          points: { ...PointsShown, description: 'That members still have of what it issued.' },
          costMicroFen: Type.String({
            pattern: '^[0-9]+$',
            description:
              'What they cost their funders if all of them are used, in micro-fen: a whole number of any size.',
          }),
        },
        { title: 'OutstandingPoints' },
      ),
      { description: 'They stay its own to pay for, and are cleared as they are used.' },
    ),
  },
  { title: 'DepartureWithOutstanding' },
);
const DeparturePage = pageOf(DepartureShown, 'DeparturePage');

const tags = ['clearing'];
const LIST = 'clearing-departures';

function showDeparture(each: Departure, programme: string, now: Instant) {
  return {
    programme,
    merchantId: showId('merchant', each.merchant),
    at: showInstant(each.at),
    reason: each.reason,
    actor: each.actor,
    announcedAt: showInstant(each.announcedAt),
    hasLeft: each.at <= now,
  };
}

function showOutstanding(list: readonly OutstandingPoints[], { pointTypes }: Programme) {
  return list.map(({ pointType, points, costMicroFen }) => ({
    pointType: pointTypes.find(({ id }) => id === pointType)?.code ?? '',
    points,
    costMicroFen,
  }));
}

/** Merchants that leave clearing: they neither issue nor take points, and go on paying for theirs that are out there. */
export function departureRoutes(app: App, registries: DepartureRoutes): void {
  const { pool, programmes } = registries;

  app.post(
    '/clearing/departures',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'announceDeparture',
        tags,
        summary: 'Let a merchant leave clearing',
        description:
          'From then on it neither issues nor takes points, nor pays for what others issue (`merchant_left`). Its points that members have stay theirs to use elsewhere, and its own to pay for: they are cleared until none is left.',
        body: Leave,
        response: answers({ 201: DepartureShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { programme: named, merchantId, at: shownAt, reason, actor } = request.body;
      const programme = await reachedProgramme(registries, principal, named);
      const merchant = await reachedIn(registries, principal, programme, merchantId);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        await lockPrices(tx);
        const now = programmes.programmeClock(programme.id);
        const at = instantOr(shownAt, now);
        if (at < now) return { refusal: problem('departure_in_past') };
        if ((await readDepartures(tx, programme.id, [merchant])).length > 0)
          return { refusal: problem('departure_exists') };
        const made = { merchant, programme: programme.id, at, reason, announcedAt: now, actor };
        const number = await insertDeparture(tx, made, principal.keyId);
        await applyPrices(tx, programme.id, now, [merchant]);
        const body = showDeparture({ ...made, number }, programme.code, now);
        return { status: 201 as const, body };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/clearing/departures',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'listDepartures',
        tags,
        summary: 'List merchants that leave, or have left',
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          merchantId: Type.Optional(idOf('merchant')),
        }),
        response: answers({ 200: DeparturePage }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT, merchantId, programme: named } = request.query;
      const programme = await reachedProgramme(registries, principal, named);
      const start = readPageStart(LIST, cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const merchant = await seenOf(registries, principal, programme, merchantId);
      const filter = { programme: programme.id, merchant };
      const found = await listDepartures(pool, filter, start.after, limit + 1);
      const now = programmes.programmeClock(programme.id);
      const placed = found.map((each) => ({ id: each.merchant }));
      return {
        items: found.slice(0, limit).map((each) => showDeparture(each, programme.code, now)),
        nextCursor: writeNextCursor(LIST, placed, limit),
      };
    },
  );

  app.get(
    '/clearing/departures/:merchantId',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'getDeparture',
        tags,
        summary: 'Read when a merchant leaves, and what of its points is still out there',
        params: object({ merchantId: idOf('merchant') }),
        response: answers({ 200: DepartureWithLots }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const merchant = mustReadId('merchant', request.params.merchantId);
      const found = await registries.merchants.find(merchant);
      if (found === undefined || !reaches(principal, { merchant, programme: found.programme }))
        return refuse(reply, problem('departure_not_found'));
      const [standing] = await readDepartures(pool, found.programme, [merchant]);
      if (standing === undefined) return refuse(reply, problem('departure_not_found'));
      const programme = programmeOf(registries, found.programme);
      const now = programmes.programmeClock(programme.id);
      const outstanding = await readOutstanding(pool, programme.id, merchant);
      return {
        ...showDeparture(standing, programme.code, now),
        outstanding: showOutstanding(outstanding, programme),
      };
    },
  );

  for (const [path, operationId, summary, description] of [
    [
      'withdrawal',
      'withdrawDeparture',
      'Let a merchant stay that was going to leave',
      'Before the departure begins.',
    ],
    [
      'return',
      'endDeparture',
      'Let a merchant come back that has left',
      'At once, and by the terms, dossiers and accounts that it has now. What happened while it was away stays as it is.',
    ],
  ] as const)
    app.post(
      `/clearing/departures/:merchantId/${path}`,
      {
        config: { scopes: ['clearing:write'], perProgramme: true },
        schema: {
          operationId,
          tags,
          summary,
          description,
          params: object({ merchantId: idOf('merchant') }),
          body: Withdraw,
          response: answers({ 200: DepartureShown }, 404, 409, 422),
        },
      },
      async (request, reply) => {
        const principal = principalOf(request);
        const merchant = mustReadId('merchant', request.params.merchantId);
        const found = await registries.merchants.find(merchant);
        if (found === undefined || !isWithin(principal, found.programme))
          return refuse(reply, problem('departure_not_found'));
        const programme = programmeOf(registries, found.programme);
        const answer = await writeOnce(pool, writeOf(request), async (tx) => {
          await lockPrices(tx);
          const now = programmes.programmeClock(programme.id);
          const [standing] = await readDepartures(tx, programme.id, [merchant]);
          if (standing === undefined) return { refusal: problem('departure_not_found') };
          const hasBegun = standing.at <= now;
          if (path === 'withdrawal' && hasBegun) return { refusal: problem('departure_begun') };
          if (path === 'return' && !hasBegun) return { refusal: problem('departure_not_begun') };
          const withdrawal = { at: now, by: principal.keyId, ...request.body };
          await insertDepartureWithdrawal(tx, standing, withdrawal);
          await applyPrices(tx, programme.id, now, [merchant]);
          const body = { ...showDeparture(standing, programme.code, now), hasLeft: false };
          return { status: 200 as const, body };
        });
        return sendStored(reply, answer);
      },
    );
}
