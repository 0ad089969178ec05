import type { FastifyRequest } from 'fastify';
import { type Registries, reachedProgramme, seenOf } from '../clearing/reached.ts';
import { addToDate, localDate } from '../kernel/calendar.ts';
import { showId } from '../kernel/id.ts';
import { RefusalError } from '../kernel/refusal.ts';
import type { Pool } from '../platform/database.ts';
import { principalOf } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, object } from '../platform/web/schema.ts';
import type { Programme } from '../programs/programme.ts';
import { NO_FIGURES, NOTHING_OUTSTANDING } from './figures.ts';
import { bucketsOf, lastDayOf, monthOf, type Range, rangeBefore, readRange } from './range.ts';
import {
  BreakdownQuery,
  BreakdownShown,
  InsightQuery,
  OverviewShown,
  ppmOf,
  SeriesQuery,
  SeriesShown,
  showOutstanding,
} from './schema.ts';
import {
  readActive,
  readBehind,
  readFigures,
  readNames,
  readOutstanding,
  readParts,
  type Whose,
} from './store.ts';

export interface InsightRoutes extends Registries {
  readonly pool: Pool;
}

const tags = ['insights'];
const config = { scopes: ['insights:read'] as const, perProgramme: true };

/** Sums by day of what the ledger did, for whoever looks at a programme or a merchant from above. */
export function insightRoutes(app: App, deps: InsightRoutes): void {
  const { pool } = deps;

  app.get(
    '/insights/overview',
    {
      config,
      schema: {
        operationId: 'getInsightOverview',
        tags,
        summary: 'Sum up what happened in some days, beside as many days before',
        description:
          'Whole months are compared with as many months. A merchant sees its own figures. Without `pointType`, all types of points are added up. What each figure means: docs/insights.md.',
        querystring: object(InsightQuery),
        response: answers({ 200: OverviewShown }, 404, 422),
      },
    },
    async (request) => {
      const scene = await sceneOf(deps, request, request.query);
      const { whose, range } = scene;
      const before = rangeBefore(range);
      const [day, month] = [lastDayOf(range), monthOf(lastDayOf(range))];
      const [days, months] = [
        [day, addToDate(day, { days: -1 })],
        [month, addToDate(month, { months: -1 })],
      ];
      const [figures, outstanding, active, activeMonths, behind] = await Promise.all([
        readFigures(pool, whose, [range, before]),
        readOutstanding(pool, whose, [range.from, range.until]),
        readActive(pool, whose, 'd', days),
        readActive(pool, whose, 'm', months),
        readBehind(pool),
      ]);
      const [now = NO_FIGURES, then = NO_FIGURES] = figures;
      const [atBegin = NOTHING_OUTSTANDING, atEnd = NOTHING_OUTSTANDING] = outstanding;
      return {
        ...showScene(scene, behind),
        figures: now,
        before: { ...before, figures: then },
        outstanding: { atBegin: showOutstanding(atBegin), atEnd: showOutstanding(atEnd) },
        active: {
          lastDay: { date: day, ...countedOf(active) },
          lastMonth: { date: month, ...countedOf(activeMonths) },
        },
      };
    },
  );

  app.get(
    '/insights/series',
    {
      config,
      schema: {
        operationId: 'getInsightSeries',
        tags,
        summary: 'Sum up what happened day by day, week by week or month by month',
        description:
          'At most 400 of them. Weeks begin on Monday; the first and the last are cut off by the days that are asked about. What was outstanding is told of the end of each.',
        querystring: object(SeriesQuery),
        response: answers({ 200: SeriesShown }, 404, 422),
      },
    },
    async (request) => {
      const { by = 'day' } = request.query;
      const scene = await sceneOf(deps, request, request.query);
      const { whose, range } = scene;
      const buckets = bucketsOf(range, by);
      if (buckets === undefined) throw new RefusalError(problem('days_invalid'));
      const starts = buckets.map(({ from }) => from);
      const [figures, outstanding, active, behind] = await Promise.all([
        readFigures(pool, whose, buckets),
        readOutstanding(
          pool,
          whose,
          buckets.map(({ until }) => until),
        ),
        by === 'week'
          ? undefined
          : readActive(
              pool,
              whose,
              by === 'day' ? 'd' : 'm',
              by === 'day' ? starts : starts.map(monthOf),
            ),
        readBehind(pool),
      ]);
      return {
        ...showScene(scene, behind),
        by,
        items: buckets.map((bucket, at) => ({
          ...bucket,
          figures: figures[at] ?? NO_FIGURES,
          outstanding: showOutstanding(outstanding[at] ?? NOTHING_OUTSTANDING),
          active: active?.[at] ?? null,
        })),
      };
    },
  );

  app.get(
    '/insights/breakdown',
    {
      config,
      schema: {
        operationId: 'getInsightBreakdown',
        tags,
        summary: 'Sum up what happened merchant by merchant, or type by type of points',
        description:
          'Those with the most issued and redeemed first. Shares are of all that is asked about, also of what `limit` leaves out.',
        querystring: object(BreakdownQuery),
        response: answers({ 200: BreakdownShown }, 404, 422),
      },
    },
    async (request) => {
      const { by = 'merchant', limit = 50 } = request.query;
      const scene = await sceneOf(deps, request, request.query);
      const { whose, range, programme } = scene;
      const [parts, [all = NO_FIGURES], behind] = await Promise.all([
        readParts(pool, whose, by, range, limit),
        readFigures(pool, whose, [range]),
        readBehind(pool),
      ]);
      const names =
        by === 'merchant'
          ? await readNames(
              pool,
              parts.map(({ merchant }) => merchant),
            )
          : undefined;
      return {
        ...showScene(scene, behind),
        by,
        items: parts.map(({ merchant, pointType, figures, outstanding }) => ({
          merchantId: by === 'merchant' ? showId('merchant', merchant) : null,
          merchantName: names?.get(merchant) ?? null,
          pointType: by === 'pointType' ? codeOf(programme, pointType) : null,
          figures,
          outstanding: showOutstanding(outstanding),
          issuedPpm: ppmOf(figures.issued, all.issued),
          redeemedPpm: ppmOf(figures.redeemed, all.redeemed),
        })),
      };
    },
  );
}

interface Asked {
  readonly programme?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly merchantId?: string | undefined;
  readonly pointType?: string | undefined;
}

interface Scene {
  readonly programme: Programme;
  readonly whose: Whose;
  readonly range: Range;
}

/** What a caller asks about and may see; throws the refusal. */
async function sceneOf(deps: InsightRoutes, request: FastifyRequest, asked: Asked): Promise<Scene> {
  const principal = principalOf(request);
  const programme = await reachedProgramme(deps, principal, asked.programme);
  const merchant = await seenOf(deps, principal, programme, asked.merchantId);
  const today = localDate(deps.programmes.programmeClock(programme.id), programme.timeZone);
  const range = readRange(asked, today);
  if (range === undefined) throw new RefusalError(problem('days_invalid'));
  const pointType = programme.pointTypes.find(({ code }) => code === asked.pointType)?.id ?? null;
  if (asked.pointType !== undefined && pointType === null)
    throw new RefusalError(problem('point_type_not_found'));
  return { programme, whose: { programme: programme.id, merchant, pointType }, range };
}

const showScene = ({ programme, whose, range }: Scene, behind: number) => ({
  programme: programme.code,
  timeZone: programme.timeZone,
  ...range,
  merchantId: whose.merchant === null ? null : showId('merchant', whose.merchant),
  pointType: whose.pointType === null ? null : codeOf(programme, whose.pointType),
  behind,
});

const codeOf = ({ pointTypes }: Programme, pointType: number): string =>
  pointTypes.find(({ id }) => id === pointType)?.code ?? String(pointType);

/** Of a day or month, and of the one before. */
const countedOf = ([members = 0, before = 0]: readonly number[]) => ({ members, before });
