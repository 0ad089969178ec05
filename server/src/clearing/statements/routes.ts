import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { readId, type Uuid } from '../../kernel/id.ts';
import { RefusalError } from '../../kernel/refusal.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import { reachedMerchant } from '../../merchants/reached.ts';
import type { Merchants } from '../../merchants/registry.ts';
import type { Pool } from '../../platform/database.ts';
import { PAPER_LANGUAGES, type PaperLanguage } from '../../platform/papers/paper.ts';
import { PAPER_FORMATS, type RenderApart, renderPaper } from '../../platform/papers/render.ts';
import type { Sealer } from '../../platform/seal.ts';
import { type Principal, principalOf } from '../../platform/web/auth.ts';
import { readCursor, writeCursor } from '../../platform/web/cursor.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import { answers, idOf, object, PAGE_DEFAULT, PageQuery } from '../../platform/web/schema.ts';
import type { Names } from '../periods/figures-csv.ts';
import { type Period, readLine } from '../periods/period.ts';
import { reached } from '../periods/routes.ts';
import { Party } from '../periods/schema.ts';
import { countIssued } from './issued-points.ts';
import { StatementLinePage, StatementShown, showStatement, showStatementLine } from './schema.ts';
import { readStatement } from './statement.ts';
import { eachStatementLine, readStatementLines } from './statement-lines.ts';
import { type PaperScene, paperOf, STATEMENT_PARTS } from './statement-paper.ts';

export interface StatementRoutes {
  readonly pool: Pool;
  readonly sealer: Pick<Sealer, 'index'>;
  readonly merchants: Merchants;
  readonly names: Names;
  /** Where long papers are made; absent: here. */
  readonly press?: RenderApart | undefined;
  readonly programmes: { byId(id: number, at?: number): PaperScene['programme'] | undefined };
}

const tags = ['clearing'];
const config = { scopes: ['clearing:read'] as const, perProgramme: true };
const params = object({ id: idOf('clearingPeriod'), merchant: Party });
const FORMATS = ['json', ...PAPER_FORMATS] as const;
type Format = (typeof FORMATS)[number];
const LINES = 'statement-lines';

/** What a closed period says to each merchant, and to the platform of all. */
export function statementRoutes(app: App, deps: StatementRoutes): void {
  const { pool, sealer, names, programmes } = deps;

  app.get(
    '/clearing/periods/:id/statements/:merchant',
    {
      config,
      schema: {
        operationId: 'getClearingStatement',
        tags,
        summary: 'Read the statement of a merchant, or of the platform, for a closed period',
        description:
          'JSON, or a paper by `format` or Accept: the same bytes whenever it is asked for. With more lines than a format takes (`too_many_lines`) ask for CSV, or for the `summary`. CSV of just `lines` is one table for programs.',
        params,
        querystring: object({
          format: Type.Optional(Type.Enum([...FORMATS])),
          lang: Type.Optional(
            Type.Enum([...PAPER_LANGUAGES], { description: 'Of papers; else by Accept-Language.' }),
          ),
          part: Type.Optional(Type.Enum([...STATEMENT_PARTS], { default: 'all' })),
        }),
        response: {
          ...answers({}, 404, 409, 422),
          200: {
            description: 'The statement',
            content: {
              'application/json': { schema: StatementShown },
              'text/html': { schema: Type.String() },
              'text/csv': { schema: Type.String() },
              'application/pdf': { schema: Type.String({ format: 'binary' }) },
              [XLSX]: { schema: Type.String({ format: 'binary' }) },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const whose = await reachedStatement(deps, request.params, principalOf(request));
      const { period } = whose;
      const { headers } = request;
      const format = request.query.format ?? formatOf(headers.accept);
      const language = request.query.lang ?? languageOf(headers['accept-language']);
      const { part = 'all' } = request.query;
      await countIssued(pool, period);
      const statement = await readStatement(pool, period, whose.merchant);
      reply.header('vary', 'Accept, Accept-Language');
      if (format === 'json') return reply.send(showStatement(statement, names) as never);
      // As it was when the period ended: what is renamed later changes no statement.
      const programme = programmes.byId(period.programme, period.until - 1);
      if (programme === undefined) throw new Error('a period is of a programme that there is');
      const lines = eachStatementLine(pool, sealer, whose);
      const paper = paperOf(statement, { language, programme }, part, lines);
      const fileName = `${request.params.id}-${request.params.merchant}-${language}`;
      return sendPaper(
        reply,
        await renderPaper(paper, format, {
          ...{ fileName, justTable: part === 'lines' },
          ...(deps.press === undefined ? {} : { apart: deps.press }),
        }),
      );
    },
  );

  app.get(
    '/clearing/periods/:id/statements/:merchant/lines',
    {
      config,
      schema: {
        operationId: 'listClearingStatementLines',
        tags,
        summary: 'List the lines of a statement, down to the lot of every point',
        params,
        querystring: object({
          ...PageQuery,
          payer: Type.Optional({ ...Party, description: 'Only points whose price it owes.' }),
          taker: Type.Optional({ ...Party, description: 'Only points that it took.' }),
        }),
        response: answers({ 200: StatementLinePage }, 404, 409),
      },
    },
    async (request, reply) => {
      const whose = await reachedStatement(deps, request.params, principalOf(request));
      const { cursor, limit = PAGE_DEFAULT, payer, taker } = request.query;
      const pair = {
        payer: payer === undefined ? undefined : mustReadParty(payer),
        taker: taker === undefined ? undefined : mustReadParty(taker),
      };
      const after = cursor === undefined ? null : readLine(String(readCursor(LINES, cursor)?.[0]));
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const { lines } = await readStatementLines(pool, sealer, whose, after, limit + 1, pair);
      const last = lines.length > limit ? lines[limit - 1] : undefined;
      return {
        items: lines
          .slice(0, limit)
          .map((line) =>
            showStatementLine(line, names.pointTypeCode(whose.period.programme, line.pointType)),
          ),
        nextCursor: last === undefined ? null : writeCursor(LINES, [last.line]),
      };
    },
  );
}

/** The closed period and the merchant, if the caller may see that statement. */
async function reachedStatement(
  deps: StatementRoutes,
  { id, merchant: named }: { readonly id: string; readonly merchant: string },
  principal: Principal,
): Promise<{ period: Period; merchant: Uuid }> {
  const { period } = await reached(deps, id, principal);
  const merchant = mustReadParty(named);
  if (merchant === PLATFORM) {
    if (principal.merchant !== null) throw new RefusalError(problem('operator_only'));
  } else {
    const { programme } = await reachedMerchant(deps.merchants, principal, merchant);
    if (programme !== period.programme) throw new RefusalError(problem('merchant_not_found'));
  }
  if (period.state === 'closing') throw new RefusalError(problem('period_not_closed'));
  return { period, merchant };
}

function mustReadParty(shown: string): Uuid {
  const party = shown === 'platform' ? PLATFORM : readId('merchant', shown);
  if (party === undefined) throw new Error('an unchecked party came through');
  return party;
}

function sendPaper(
  reply: FastifyReply,
  { contentType, headers, body }: Awaited<ReturnType<typeof renderPaper>>,
): FastifyReply {
  return reply.headers(headers).type(contentType).send(body);
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const MEDIA: readonly (readonly [type: string, format: Format])[] = [
  ['application/json', 'json'],
  ['text/html', 'html'],
  ['application/pdf', 'pdf'],
  [XLSX, 'xlsx'],
  ['text/csv', 'csv'],
];

/** The first format that an Accept header names, in its order; JSON when it names none. */
export function formatOf(accept: string | undefined): Format {
  for (const part of (accept ?? '').split(',')) {
    const type = part.split(';', 1)[0]?.trim().toLowerCase();
    const found = MEDIA.find(([media]) => media === type);
    if (found !== undefined) return found[1];
  }
  return 'json';
}

/** Chinese, unless another language stands first. */
export function languageOf(accept: string | undefined): PaperLanguage {
  const first = accept?.split(/[,;]/, 1)[0]?.trim().toLowerCase() ?? '';
  return first === '' || first === '*' || first.startsWith('zh') ? 'zh-CN' : 'en';
}
