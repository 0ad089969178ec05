import { Readable } from 'node:stream';
import Type from 'typebox';
import type { Uuid } from '../../kernel/id.ts';
import { isUuid } from '../../kernel/id.ts';
import { RefusalError } from '../../kernel/refusal.ts';
import { isWithin, type Principal, principalOf } from '../../platform/web/auth.ts';
import {
  readCursor,
  readNumberStart,
  writeCursor,
  writeNextNumber,
} from '../../platform/web/cursor.ts';
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
import { beginPeriod } from './begin-period.ts';
import { type CloseDeps, closePeriod } from './close-period.ts';
import { verifyFigures } from './figures.ts';
import { figuresCsv } from './figures-csv.ts';
import { type FindsProgrammes, programmeNamed } from './named.ts';
import { type PairPlace, type Period, readLine, showLine } from './period.ts';
import { findPeriod, listPeriods, readLines, readPairs, readPositions } from './read.ts';
import {
  LinePage,
  NewPeriod,
  PairPage,
  PeriodPage,
  PeriodShown,
  PositionPage,
  showLineOf,
  showPair,
  showPeriod,
  showPosition,
} from './schema.ts';

export interface PeriodRoutes extends CloseDeps {
  readonly programmes: FindsProgrammes;
}

const tags = ['clearing'];
const params = object({ id: idOf('clearingPeriod') });
const scopes = ['clearing:read'] as const;
const read = { scopes, perProgramme: true };

/** Periods of clearing. There is no way to change one or to take it away: what is closed is closed. */
export function periodRoutes(app: App, deps: PeriodRoutes): void {
  const { pool, names, programmes } = deps;
  const verifying = new Map<Uuid, Promise<boolean>>();

  /** Whoever asks while it is worked out waits for that: it takes workers and memory, and connections that others need. */
  function verified(period: Period): Promise<boolean> {
    const running = verifying.get(period.id);
    if (running !== undefined) return running;
    const begun = verifyFigures(pool, period, names)
      .then(({ same }) => same)
      .finally(() => verifying.delete(period.id));
    verifying.set(period.id, begun);
    return begun;
  }

  app.post(
    '/clearing/periods',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'closeClearingPeriod',
        tags,
        summary: 'Close a period of clearing',
        description:
          'Cuts the ledger at its end and makes its figures, which never change again. The same period again is the one there is; a crash meanwhile is made good by itself.',
        body: NewPeriod,
        response: answers({ 201: PeriodShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const programme = await programmeNamed(
        programmes,
        principalOf(request),
        request.body.programme,
      );
      const until = mustReadInstant(request.body.until);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const period = await beginPeriod(tx, deps, programme, until);
        if ('code' in period) return { refusal: period };
        return { status: 201, body: showPeriod(period, names) };
      });
      if (answer.status !== 201) return sendStored(reply, answer);
      const { id } = JSON.parse(answer.body) as { id: string };
      const closed = await closePeriod(deps, mustReadId('clearingPeriod', id));
      return reply.code(201).send(showPeriod(closed, names));
    },
  );

  app.get(
    '/clearing/periods',
    {
      config: read,
      schema: {
        operationId: 'listClearingPeriods',
        tags,
        summary: 'List the periods of clearing of a programme, the first one first',
        querystring: object({ ...PageQuery, programme: Type.Optional(Code) }),
        response: answers({ 200: PeriodPage }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const programme = await programmeNamed(
        programmes,
        principalOf(request),
        request.query.programme,
      );
      const after = readNumberStart('clearing-periods', cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const found = await listPeriods(pool, programme, after, limit + 1);
      return {
        items: found.slice(0, limit).map((period) => showPeriod(period, names)),
        nextCursor: writeNextNumber('clearing-periods', found, limit),
      };
    },
  );

  app.get(
    '/clearing/periods/:id',
    {
      config: read,
      schema: {
        operationId: 'getClearingPeriod',
        tags,
        summary: 'Read a period of clearing',
        params,
        querystring: object({
          verify: Type.Optional(
            Type.Boolean({
              description:
                'Work its figures out of the ledger again, and compare, which takes as long as closing it did. For operators.',
            }),
          ),
        }),
        response: answers({ 200: PeriodShown }, 404),
      },
    },
    async (request) => {
      const { period, whose } = await reached(deps, request.params.id, principalOf(request));
      const shown = showPeriod(period, names);
      if (request.query.verify !== true) return shown;
      if (whose !== null) throw new RefusalError(problem('operator_only'));
      return period.state === 'closing' ? shown : { ...shown, verified: await verified(period) };
    },
  );

  app.get(
    '/clearing/periods/:id/positions',
    {
      config: read,
      schema: {
        operationId: 'listClearingPositions',
        tags,
        summary: 'List what each merchant receives or pays for a period in all',
        description: 'A merchant’s key sees its own.',
        params,
        querystring: object(PageQuery),
        response: answers({ 200: PositionPage }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const { period, whose } = await reached(deps, request.params.id, principalOf(request));
      const after = cursor === undefined ? null : readCursor('clearing-positions', cursor)?.[0];
      if (after !== null && !isId(after)) return refuse(reply, problem('cursor_invalid'));
      const found = await readPositions(pool, period.id, whose, after, limit + 1);
      return {
        items: found.slice(0, limit).map(showPosition),
        nextCursor: nextCursor('clearing-positions', found, limit, ({ merchant }) => [merchant]),
      };
    },
  );

  app.get(
    '/clearing/periods/:id/pairs',
    {
      config: read,
      schema: {
        operationId: 'listClearingPairs',
        tags,
        summary: 'List what merchants owe for points that others took, by point type',
        description:
          'A merchant’s key sees those in which it pays or takes, without the amounts of the other side.',
        params,
        querystring: object(PageQuery),
        response: answers({ 200: PairPage }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const { period, whose } = await reached(deps, request.params.id, principalOf(request));
      const after = cursor === undefined ? null : readPairPlace(cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const found = await readPairs(pool, period.id, whose, after, limit + 1);
      return {
        items: found
          .slice(0, limit)
          .map((pair) =>
            showPair(pair, names.pointTypeCode(period.programme, pair.pointType), whose),
          ),
        nextCursor: nextCursor(PAIRS, found, limit, (pair) => [
          pair.payer,
          pair.taker,
          pair.pointType,
        ]),
      };
    },
  );

  app.get(
    '/clearing/periods/:id/lines',
    {
      config: read,
      schema: {
        operationId: 'listClearingLines',
        tags,
        summary: 'List what a closed period is made of, line by line',
        description:
          'Every lot whose points were used: the pairs’ exact amounts are the sums of these. A merchant’s key sees those in which it pays or takes, without what is the other side’s.',
        params,
        querystring: object(PageQuery),
        response: answers({ 200: LinePage }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const { period, whose } = await reached(deps, request.params.id, principalOf(request));
      const after =
        cursor === undefined ? null : readLine(String(readCursor('clearing-lines', cursor)?.[0]));
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const found = await readLines(pool, period, whose, after, limit + 1);
      return {
        items: found
          .slice(0, limit)
          .map((line) =>
            showLineOf(line, names.pointTypeCode(period.programme, line.pointType), whose),
          ),
        nextCursor: nextCursor('clearing-lines', found, limit, (line) => [showLine(line)]),
      };
    },
  );

  app.get(
    '/clearing/periods/:id/figures.csv',
    {
      config: read,
      schema: {
        operationId: 'getClearingFigures',
        tags,
        summary: 'Download the figures of a closed period as CSV',
        description:
          'The same bytes whenever it is asked for; their SHA-256 is the period’s `figuresSha256`. A merchant’s key gets the rows that concern it, without the amounts of others.',
        params,
        response: {
          ...answers({}, 404, 409),
          200: {
            description: 'RFC 4180, UTF-8',
            content: { 'text/csv': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      const { period, whose } = await reached(deps, request.params.id, principalOf(request));
      if (period.state === 'closing') return refuse(reply, problem('period_not_closed'));
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${request.params.id}.csv"`);
      return reply.send(Readable.from(figuresCsv(pool, period, names, whose)) as never);
    },
  );
}

/** The period, and whose figures of it the caller may see: of all where null. */
export async function reached(
  { pool }: Pick<CloseDeps, 'pool'>,
  shown: string,
  principal: Principal,
): Promise<{ period: Period; whose: Uuid | null }> {
  const period = await findPeriod(pool, mustReadId('clearingPeriod', shown));
  if (period === undefined || !isWithin(principal, period.programme))
    throw new RefusalError(problem('clearing_period_not_found'));
  return { period, whose: principal.merchant };
}

const PAIRS = 'clearing-pairs';

function nextCursor<T>(
  list: string,
  found: readonly T[],
  limit: number,
  place: (last: T) => readonly (string | number)[],
): string | null {
  const last = found.length > limit ? found[limit - 1] : undefined;
  return last === undefined ? null : writeCursor(list, place(last));
}

function isId(value: unknown): value is Uuid {
  return typeof value === 'string' && isUuid(value);
}

function readPairPlace(cursor: string): PairPlace | undefined {
  const [payer, taker, pointType] = readCursor(PAIRS, cursor) ?? [];
  if (!isId(payer) || !isId(taker) || typeof pointType !== 'number') return undefined;
  return { payer, taker, pointType };
}
