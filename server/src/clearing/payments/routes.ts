import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { isDate, localDate } from '../../kernel/calendar.ts';
import { showId } from '../../kernel/id.ts';
import { isWithin, type Principal, principalOf } from '../../platform/web/auth.ts';
import { readNumberStart, writeNextNumber } from '../../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
} from '../../platform/web/schema.ts';
import type { Period } from '../periods/period.ts';
import { findPeriod } from '../periods/read.ts';
import {
  type SettlementAccountRoutes,
  type SettlementProgramme,
  settlementAccountRoutes,
} from './account-routes.ts';
import { confirm } from './confirm.ts';
import { makeRun, readWaiting } from './make-run.ts';
import { type OpenAccount, renderPain } from './pain.ts';
import { type PaymentRun, type SettlementAccount, sealContext } from './payment.ts';
import { renderBankCsv } from './render-bank-csv.ts';
import {
  ConfirmPayment,
  InstructionPage,
  InstructionShown,
  MakePaymentRun,
  PaymentRunMade,
  PeriodPaymentsShown,
  showInstruction,
  showRun,
  showWaiting,
} from './schema.ts';
import {
  findAccountVersion,
  findRun,
  readInstructedAccounts,
  readInstructions,
  readOffsets,
  readRuns,
} from './store.ts';

export interface PaymentRoutes extends SettlementAccountRoutes {
  readonly programmes: SettlementAccountRoutes['programmes'] & {
    byId(id: number): SettlementProgramme | undefined;
  };
  /** Learns what of points that are funded was used, as far as the ledger goes. */
  readonly follow: () => Promise<unknown>;
}

const tags = ['payments'];
const ofPeriod = object({ id: idOf('clearingPeriod') });
const ofRun = object({ id: idOf('paymentRun') });

/** Settlement accounts, payment instructions and what became of them. */
export function paymentRoutes(app: App, options: PaymentRoutes): void {
  const { pool, sealer, programmes, follow } = options;

  async function reachedPeriod(principal: Principal, shown: string): Promise<Period | undefined> {
    const period = await findPeriod(pool, mustReadId('clearingPeriod', shown));
    return period !== undefined && isWithin(principal, period.programme) ? period : undefined;
  }
  async function reachedRun(
    request: FastifyRequest,
    shown: string,
  ): Promise<PaymentRun | undefined> {
    const run = await findRun(pool, mustReadId('paymentRun', shown));
    const principal = principalOf(request);
    if (run === undefined || !isWithin(principal, run.programme)) return undefined;
    if (principal.merchant === null) return run;
    // A merchant knows of the runs that instruct something of its own.
    const own = await readInstructions(pool, run.id, principal.merchant, 0, 1);
    return own.length > 0 ? run : undefined;
  }

  settlementAccountRoutes(app, options);

  app.post(
    '/clearing/periods/:id/payments',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'makePaymentRun',
        tags,
        summary: 'Instruct what a closed period comes to',
        description:
          'What merchants paid in is used first. Those wait who have no account, or none that a second person confirmed; a later run instructs them, and what banks rejected. Nothing is instructed twice.',
        params: ofPeriod,
        body: MakePaymentRun,
        response: answers({ 201: PaymentRunMade }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const period = await reachedPeriod(principal, request.params.id);
      const programme = period === undefined ? undefined : programmes.byId(period.programme);
      if (period === undefined || programme === undefined)
        return refuse(reply, problem('clearing_period_not_found'));
      if (period.state !== 'closed') return refuse(reply, problem('period_not_closed'));
      if (!request.isDryRun) await follow();
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const now = programmes.programmeClock(programme.id);
        const { actor } = request.body;
        const by = { key: principal.keyId, now, actor, timeZone: programme.timeZone };
        const made = await makeRun(tx, period, by);
        if ('code' in made) return { refusal: made };
        const { run, instructions } = made;
        return { status: 201, body: { ...showRun(run), instructions } };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/clearing/periods/:id/payments',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'getPeriodPayments',
        tags,
        summary: 'How a period is paid: its runs, what deposits settled, and who waits',
        params: ofPeriod,
        response: answers({ 200: PeriodPaymentsShown }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const period = await reachedPeriod(principal, request.params.id);
      if (period === undefined) return refuse(reply, problem('clearing_period_not_found'));
      const { merchant } = principal;
      const offsets = [...(await readOffsets(pool, period.id)).values()];
      const runs = await readRuns(pool, period.id, merchant);
      return {
        runs: runs.map(showRun),
        offsets: offsets
          .filter((each) => merchant === null || each.merchant === merchant)
          .map(({ merchant: of, ...offset }) => ({
            merchantId: showId('merchant', of),
            ...offset,
          })),
        waiting: (await readWaiting(pool, period, merchant)).map(showWaiting),
      };
    },
  );

  app.get(
    '/clearing/payments/:id/instructions',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'listPaymentInstructions',
        tags,
        summary: 'List the instructions of a run, and what became of them',
        params: ofRun,
        querystring: object(PageQuery),
        response: answers({ 200: InstructionPage }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const after = readNumberStart('payment-instructions', cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const run = await reachedRun(request, request.params.id);
      if (run === undefined) return refuse(reply, problem('payment_run_not_found'));
      const { merchant } = principalOf(request);
      const found = await readInstructions(pool, run.id, merchant, after, limit + 1);
      const places = found.map(({ place }) => ({ number: place }));
      return {
        items: found.slice(0, limit).map((each) => showInstruction(run, each)),
        nextCursor: writeNextNumber('payment-instructions', places, limit),
      };
    },
  );

  app.get(
    '/clearing/payments/:id/file',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'getPaymentFile',
        tags,
        summary: 'Download the instructions of a run for a bank or licensed payment company',
        description:
          '`pain001`: ISO 20022 pain.001.001.03; `csv`: UTF-8 with a mark, a row for each transfer. Always the same bytes. It shows account numbers in full, so it needs the right to write.',
        params: ofRun,
        querystring: object({
          format: Type.Optional(Type.Enum(['pain001', 'csv'], { default: 'pain001' })),
          lang: Type.Optional(Type.Enum(['zh-CN', 'en'], { default: 'zh-CN' })),
        }),
        response: {
          ...answers({}, 404, 409),
          200: {
            description: 'The file',
            content: {
              'application/xml': { schema: Type.String() },
              'text/csv': { schema: Type.String() },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const { format = 'pain001', lang: language = 'zh-CN' } = request.query;
      const run = await reachedRun(request, request.params.id);
      const programme = run === undefined ? undefined : programmes.byId(run.programme);
      if (run === undefined || programme === undefined)
        return refuse(reply, problem('payment_run_not_found'));
      const custody = await findAccountVersion(pool, run);
      const list = await readInstructedAccounts(pool, run.id);
      if (custody === undefined) throw new Error('a run has a custody account');
      if (list.length === 0) return refuse(reply, problem('payments_nothing_left'));
      const holder = opened(custody);
      const orders = list.map(({ account, ...each }) => ({ ...each, account: opened(account) }));
      const { timeZone } = programme;
      const name = showId('paymentRun', run.id);
      if (format === 'csv') {
        reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="${name}.csv"`);
        const csv = renderBankCsv(run, holder, orders, { language, timeZone });
        return reply.send(Readable.from(csv) as never);
      }
      reply
        .type('application/xml; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}.xml"`);
      return reply.send(renderPain(run, holder, orders, localDate(run.at, timeZone)) as never);
    },
  );

  function opened(account: SettlementAccount): OpenAccount {
    const accountNumber = sealer.open(sealContext(account), account.accountSealed);
    if (accountNumber === undefined) throw new Error('an account number does not open');
    const { holder, bank, cnaps } = account;
    return { holder, bank, cnaps, accountNumber };
  }

  app.post(
    '/clearing/payments/:id/confirmations',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'confirmPayment',
        tags,
        summary: 'Book what the bank said became of an instruction',
        description: 'Once for each. What was rejected may be instructed anew by a later run.',
        params: ofRun,
        body: ConfirmPayment,
        response: answers({ 201: InstructionShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const run = await reachedRun(request, request.params.id);
      const programme = run === undefined ? undefined : programmes.byId(run.programme);
      if (run === undefined || programme === undefined)
        return refuse(reply, problem('payment_run_not_found'));
      const { place, outcome, reference, reason = null, toldOn, actor } = request.body;
      const at = programmes.programmeClock(programme.id);
      if (!isDate(toldOn) || toldOn > localDate(at, programme.timeZone))
        return refuse(reply, problem('days_invalid'));
      if ((outcome === 'rejected') !== (reason !== null))
        return refuse(reply, problem('payment_reason'));
      const key = principalOf(request).keyId;
      const told = { outcome, reference, reason, toldOn, at, actor };
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const found = await confirm(tx, run, place, told, { key });
        if ('code' in found) return { refusal: found };
        return { status: 201, body: showInstruction(run, found) };
      });
      return sendStored(reply, answer);
    },
  );
}
