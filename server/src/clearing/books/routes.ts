import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Pool } from '../../platform/database.ts';
import { type RenderApart, renderPaper } from '../../platform/papers/render.ts';
import { assertNamesOwn, isWithin, principalOf } from '../../platform/web/auth.ts';
import {
  readNumberStart,
  readPageStart,
  writeNextCursor,
  writeNextNumber,
} from '../../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  Code,
  Fen,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
  Points,
  pageOf,
} from '../../platform/web/schema.ts';
import type { Programme } from '../../programs/programme.ts';
import type { BookPeriod } from './book-period.ts';
import { type BooksDeps, closeNextBooks } from './close-books.ts';
import { writeJournal } from './journal-text.ts';
import { allocate } from './liability.ts';
import { makeEstimate, setValue } from './make-estimate.ts';
import { readJournal } from './read-journal.ts';
import { readRollForward, writeFigures } from './roll-forward.ts';
import { rollForwardPaper } from './roll-forward-paper.ts';
import {
  Allocation,
  BookPeriodShown,
  EstimateShown,
  NewClosing,
  NewEstimate,
  NewValue,
  RollForwardShown,
  ValueShown,
} from './schema.ts';
import {
  pointTypeCodeIn,
  showBookPeriod,
  showEstimate,
  showRollForward,
  showValue,
} from './show.ts';
import { findBookPeriod, listBookPeriods, listEstimates, listValues } from './store.ts';

export interface BookRoutes extends BooksDeps {
  readonly pool: Pool;
  /** Where long papers are made; absent: here. */
  readonly press?: RenderApart | undefined;
}

const tags = ['books'];
const usual = 'default';
const reads = { scopes: ['books:read'], perProgramme: true } as const;
const writes = { scopes: ['books:write'], perProgramme: true } as const;
const PPM = 1_000_000;

const OfProgramme = Type.Optional(Code);
const Period = object({ id: idOf('bookPeriod') });
const Language = Type.Optional(Type.Enum(['en', 'zh'], { default: 'en' }));
const MEDIA = {
  csv: 'text/csv; charset=utf-8',
  beancount: 'text/plain; charset=utf-8',
  hledger: 'text/plain; charset=utf-8',
} as const;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** A file: what is in it, no schema can say. */
const fileOf = (...types: readonly string[]) => ({
  description: 'A file',
  content: Object.fromEntries(types.map((type) => [type, { schema: Type.String() }])),
});

/** What a programme owes its members for points, after CAS 14 and IFRS 15. For operators: no merchant's key can have these scopes. */
export function bookRoutes(app: App, deps: BookRoutes): void {
  const { pool, programmes } = deps;

  /** The programme of a request, as far as the caller reaches it; undefined: the answer was sent. */
  async function programmeOf(
    request: FastifyRequest,
    reply: FastifyReply,
    named: string | undefined,
  ): Promise<Programme | undefined> {
    const principal = principalOf(request);
    const code = named ?? principal.programme?.code ?? usual;
    assertNamesOwn(principal, code);
    const found = await programmes.find(code);
    if (found === undefined) refuse(reply, problem('programme_not_found'));
    return found;
  }

  async function periodOf(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
  ): Promise<{ readonly period: BookPeriod; readonly programme: Programme } | undefined> {
    const principal = principalOf(request);
    const period = await findBookPeriod(pool, mustReadId('bookPeriod', id));
    const programme = period === undefined ? undefined : programmes.byId(period.programme);
    if (period !== undefined && programme !== undefined && isWithin(principal, period.programme))
      return { period, programme };
    refuse(reply, problem('book_period_not_found'));
    return undefined;
  }

  app.post(
    '/books/closings',
    {
      config: writes,
      schema: {
        operationId: 'closeBooks',
        tags,
        summary: 'Close the books of the next period that clearing has closed',
        description:
          'A job does so by itself within a minute. What is closed never changes; what comes late stands in the next period.',
        body: NewClosing,
        response: answers({ 201: BookPeriodShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const programme = await programmeOf(request, reply, request.body.programme);
      if (programme === undefined) return reply;
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const closed = await closeNextBooks(tx, deps, programme.id);
        return closed === undefined
          ? { refusal: problem('books_up_to_date') }
          : { status: 201, body: showBookPeriod(closed, programme) };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/books/periods',
    {
      config: reads,
      schema: {
        operationId: 'listBookPeriods',
        tags,
        summary: 'List periods whose books are closed, in their order',
        querystring: object({ programme: OfProgramme, ...PageQuery }),
        response: answers({ 200: pageOf(BookPeriodShown, 'BookPeriodPage') }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const programme = await programmeOf(request, reply, request.query.programme);
      if (programme === undefined) return reply;
      const after = readNumberStart('book-periods', cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const found = await listBookPeriods(pool, programme.id, after, limit + 1);
      return {
        items: found.slice(0, limit).map((each) => showBookPeriod(each, programme)),
        nextCursor: writeNextNumber('book-periods', found, limit),
      };
    },
  );

  app.get(
    '/books/periods/:id',
    {
      config: reads,
      schema: {
        operationId: 'getBookPeriod',
        tags,
        summary: 'Read a period of the books',
        params: Period,
        response: answers({ 200: BookPeriodShown }, 404),
      },
    },
    async (request, reply) => {
      const found = await periodOf(request, reply, request.params.id);
      return found === undefined ? reply : showBookPeriod(found.period, found.programme);
    },
  );

  app.get(
    '/books/periods/:id/roll-forward',
    {
      config: reads,
      schema: {
        operationId: 'getRollForward',
        tags,
        summary: 'What became of the liability in a period, by cohort',
        params: Period,
        response: answers({ 200: RollForwardShown }, 404),
      },
    },
    async (request, reply) => {
      const found = await periodOf(request, reply, request.params.id);
      if (found === undefined) return reply;
      const figures = await readRollForward(pool, found.period);
      return reply.code(200).send(showRollForward(found.period, figures, found.programme));
    },
  );

  app.get(
    '/books/periods/:id/roll-forward.csv',
    {
      config: reads,
      schema: {
        operationId: 'getRollForwardFile',
        tags,
        summary: 'The same as a file, whose SHA-256 the period keeps',
        params: Period,
        response: answers({ 200: fileOf('text/csv') }, 404),
      },
    },
    async (request, reply) => {
      const found = await periodOf(request, reply, request.params.id);
      if (found === undefined) return reply;
      const figures = await readRollForward(pool, found.period);
      return reply.type(MEDIA.csv).send(writeFigures(figures, pointTypeCodeIn(found.programme)));
    },
  );

  app.get(
    '/books/periods/:id/paper',
    {
      config: reads,
      schema: {
        operationId: 'getRollForwardPaper',
        tags,
        summary: 'The roll-forward as a paper',
        params: Period,
        querystring: object({
          format: Type.Optional(Type.Enum(['html', 'pdf', 'xlsx'], { default: 'html' })),
          lang: Language,
        }),
        response: answers({ 200: fileOf('text/html', 'application/pdf', XLSX) }, 404, 422),
      },
    },
    async (request, reply) => {
      const found = await periodOf(request, reply, request.params.id);
      if (found === undefined) return reply;
      const { format = 'html', lang = 'en' } = request.query;
      const { period, programme } = found;
      const figures = await readRollForward(pool, period);
      const language = lang === 'zh' ? 'zh-CN' : 'en';
      const paper = rollForwardPaper(period, figures, programme, language);
      const fileName = `books-${programme.code}-${period.number}`;
      const { contentType, headers, body } = await renderPaper(paper, format, {
        fileName,
        ...(deps.press === undefined ? {} : { apart: deps.press }),
      });
      // Bytes, which no schema of an answer can say.
      return reply
        .headers(headers)
        .type(contentType)
        .send(body as never);
    },
  );

  app.get(
    '/books/periods/:id/journal',
    {
      config: reads,
      schema: {
        operationId: 'getJournal',
        tags,
        summary: 'The double entries of a period as a file',
        params: Period,
        querystring: object({
          format: Type.Optional(Type.Enum(['csv', 'beancount', 'hledger'], { default: 'csv' })),
          lang: Language,
        }),
        response: answers({ 200: fileOf('text/csv', 'text/plain') }, 404),
      },
    },
    async (request, reply) => {
      const found = await periodOf(request, reply, request.params.id);
      if (found === undefined) return reply;
      const { format = 'csv', lang = 'en' } = request.query;
      const journal = await readJournal(pool, found.period, found.programme);
      return reply.type(MEDIA[format]).send(writeJournal(journal, format, lang));
    },
  );

  app.post(
    '/books/estimates',
    {
      config: writes,
      schema: {
        operationId: 'estimateBreakage',
        tags,
        summary: 'Estimate how many points of a type are never used',
        description:
          'By what the closed books say of cohorts that came to their end, or as somebody says who gives a reason. Closed books stay as they are.',
        body: NewEstimate,
        response: answers({ 201: EstimateShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const programme = await programmeOf(request, reply, request.body.programme);
      if (programme === undefined) return reply;
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        makeEstimate(tx, { ...request.body, programme }, deps),
      );
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/books/estimates',
    {
      config: reads,
      schema: {
        operationId: 'listBreakageEstimates',
        tags,
        summary: 'List estimates by age, those that count no more as well',
        querystring: object({ programme: OfProgramme, ...PageQuery }),
        response: answers({ 200: pageOf(EstimateShown, 'BreakageEstimatePage') }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const programme = await programmeOf(request, reply, request.query.programme);
      if (programme === undefined) return reply;
      const start = readPageStart('book-estimates', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const found = await listEstimates(pool, programme.id, start.after, limit + 1);
      return {
        items: found.slice(0, limit).map((each) => showEstimate(each, programme)),
        nextCursor: writeNextCursor('book-estimates', found, limit),
      };
    },
  );

  app.post(
    '/books/values',
    {
      config: writes,
      schema: {
        operationId: 'setBookValue',
        tags,
        summary: 'Say what points without a price between merchants are worth in the books',
        description:
          'For points of a month that no closed books tell of, and later ones. Points that were issued at a price keep that.',
        body: NewValue,
        response: answers({ 201: ValueShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const programme = await programmeOf(request, reply, request.body.programme);
      if (programme === undefined) return reply;
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        setValue(tx, { ...request.body, programme }, deps),
      );
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/books/values',
    {
      config: reads,
      schema: {
        operationId: 'listBookValues',
        tags,
        summary: 'What points without a price are worth in the books, by point type and month',
        querystring: object({ programme: OfProgramme }),
        response: answers({ 200: object({ items: Type.Array(ValueShown) }) }, 404),
      },
    },
    async (request, reply) => {
      const programme = await programmeOf(request, reply, request.query.programme);
      if (programme === undefined) return reply;
      const found = await listValues(pool, programme.id);
      return { items: found.map((each) => showValue(each, programme)) };
    },
  );

  app.get(
    '/books/allocation',
    {
      config: reads,
      schema: {
        operationId: 'allocatePrice',
        tags,
        summary: 'Split a price between goods and points by their relative stand-alone values',
        querystring: object({
          priceFen: Fen,
          goodsFen: Type.Integer({ ...Fen, description: 'What the goods cost without points.' }),
          points: Points,
          valueMicroFen: Type.Integer({
            minimum: 0,
            maximum: 1_000_000_000_000,
            description: 'What a point is worth to who uses it.',
          }),
          breakagePpm: Type.Optional(Type.Integer({ minimum: 0, maximum: PPM - 1, default: 0 })),
        }),
        response: answers({ 200: Allocation }, 422),
      },
    },
    async (request, reply) => {
      const { priceFen, goodsFen, points, valueMicroFen, breakagePpm = 0 } = request.query;
      // Both in micro-fen: what a point is worth may be less than a fen.
      const parts = [
        { alone: BigInt(goodsFen) * 1_000_000n, expectedPpm: PPM },
        { alone: BigInt(points) * BigInt(valueMicroFen), expectedPpm: PPM - breakagePpm },
      ];
      if (parts.every(({ alone }) => alone === 0n))
        return refuse(reply, problem('nothing_to_allocate'));
      const [goods = 0n, deferred = 0n] = allocate(BigInt(priceFen), parts);
      return { goodsFen: Number(goods), pointsFen: Number(deferred) };
    },
  );
}
