import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
import { renderPaper } from '../../platform/papers/render.ts';
import { assertNamesOwn, principalOf } from '../../platform/web/auth.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import { answers, Code, object } from '../../platform/web/schema.ts';
import type { Programme } from '../../programs/programme.ts';
import { COMPARISONS, type Finding } from './finding.ts';
import { reconciliationPaper } from './page.ts';
import { FINDINGS_MAX, type ReconcileDeps, reconcileProgramme } from './reconcile.ts';
import { LastReconciliation, NewReconciliation, ReconciliationShown } from './schema.ts';
import { type Reconciliation, readOpenFindings, readReconciliation } from './store.ts';

const tags = ['books'];
const usual = 'default';
const OfProgramme = Type.Optional(Code);

/** Whether ledger, clearing and books say the same. */
export function reconciliationRoutes(app: App, deps: ReconcileDeps): void {
  const { pool, programmes } = deps;

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
  const show = (
    { at, checks, differences, figures }: Reconciliation,
    findings: readonly Finding[],
    { code }: Programme,
  ) => ({
    ...{ programme: code, at: showInstant(at), ok: findings.length === 0, checks, differences },
    outstanding: [...figures.outstanding],
    money: figures.money,
    findings: findings.map(({ resolvedAt: _, ...each }) => ({
      ...each,
      message: COMPARISONS[each.code].en,
      messageZh: COMPARISONS[each.code].zh,
      firstSeenAt: showInstant(each.firstSeenAt),
      lastSeenAt: showInstant(each.lastSeenAt),
    })),
  });

  app.post(
    '/clearing/reconciliation',
    {
      config: { scopes: ['books:write'], perProgramme: true },
      schema: {
        operationId: 'reconcileClearing',
        tags,
        summary: 'Compare ledger, clearing and books now',
        description:
          'A job does so once a day and after every period that was closed. It takes as long as closing does.',
        body: NewReconciliation,
        response: answers({ 201: ReconciliationShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const programme = await programmeOf(request, reply, request.body.programme);
      if (programme === undefined) return reply;
      // Before and beside the answer's own transaction, which must not wait for it: done again, it only looks again.
      const made = await reconcileProgramme(deps, programme, { keeps: !request.isDryRun });
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const findings = await readOpenFindings(tx, programme.id, FINDINGS_MAX);
        return { status: 201, body: show(made, findings, programme) };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/clearing/reconciliation',
    {
      config: { scopes: ['books:read'], perProgramme: true },
      schema: {
        operationId: 'getReconciliation',
        tags,
        summary:
          'What the last comparison of ledger, clearing and books came to, and what is still wrong',
        querystring: object({ programme: OfProgramme }),
        response: answers({ 200: LastReconciliation }, 404),
      },
    },
    async (request, reply) => {
      const programme = await programmeOf(request, reply, request.query.programme);
      if (programme === undefined) return reply;
      const made = await readReconciliation(pool, programme.id);
      if (made === undefined) return { last: null };
      const findings = await readOpenFindings(pool, programme.id, FINDINGS_MAX);
      return { last: show(made, findings, programme) };
    },
  );

  app.get(
    '/clearing/reconciliation.html',
    {
      config: { scopes: ['books:read'], perProgramme: true },
      schema: {
        operationId: 'getReconciliationPage',
        tags,
        summary: 'The same as a page',
        querystring: object({
          programme: OfProgramme,
          lang: Type.Optional(Type.Enum(['en', 'zh'], { default: 'en' })),
        }),
        response: answers(
          {
            200: {
              description: 'A page',
              content: { 'text/html': { schema: Type.String() } },
            },
          },
          404,
        ),
      },
    },
    async (request, reply) => {
      const programme = await programmeOf(request, reply, request.query.programme);
      if (programme === undefined) return reply;
      const made = await readReconciliation(pool, programme.id);
      if (made === undefined) return refuse(reply, problem('reconciliation_not_found'));
      const findings = await readOpenFindings(pool, programme.id, FINDINGS_MAX);
      const language = request.query.lang === 'zh' ? 'zh-CN' : 'en';
      const paper = reconciliationPaper(made, findings, programme, language);
      const fileName = `reconciliation-${programme.code}`;
      const { contentType, headers, body } = await renderPaper(paper, 'html', { fileName });
      return reply
        .headers(headers)
        .type(contentType)
        .send(body as never);
    },
  );
}
