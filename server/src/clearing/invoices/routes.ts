import { Readable } from 'node:stream';
import Type from 'typebox';
import { isDate, localDate } from '../../kernel/calendar.ts';
import { showId } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import { reachedMerchant } from '../../merchants/reached.ts';
import { isWithin, type Principal, principalOf, reaches } from '../../platform/web/auth.ts';
import {
  readCursor,
  readPageStart,
  writeCursor,
  writeNextCursor,
} from '../../platform/web/cursor.ts';
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
import { type Period, readLine, showLine } from '../periods/period.ts';
import { eachPosition, findPeriod } from '../periods/read.ts';
import { type Invoice, rateOf } from './invoice.ts';
import {
  cancelInvoice,
  makeInvoices,
  noteNumber,
  readUninvoiced,
  taxDayOf,
} from './make-invoices.ts';
import { type ReadCash, readTaxed } from './read-tax.ts';
import { renderInvoices, type WholeInvoice } from './render-invoices.ts';
import {
  CancelInvoice,
  InvoiceIssued,
  InvoicePage,
  InvoiceReversed,
  InvoiceShown,
  InvoicesMade,
  InvoiceWhole,
  InvoicingShown,
  MakeInvoices,
  showInvoice,
  showTaxed,
  showTitle,
  TaxedUsePage,
} from './schema.ts';
import {
  type InvoiceSettingRoutes,
  invoiceSettingRoutes,
  type SettingProgramme,
} from './setting-routes.ts';
import {
  findInvoice,
  findLastTitle,
  findTitle,
  listInvoices,
  readInvoiceLines,
  readRates,
} from './store.ts';

interface Programme extends SettingProgramme {
  readonly pointTypes: readonly { readonly id: number; readonly code: string }[];
}
export interface InvoiceRoutes extends InvoiceSettingRoutes {
  readonly programmes: InvoiceSettingRoutes['programmes'] & {
    byId(id: number): Programme | undefined;
  };
  readonly readCash: ReadCash;
}

const tags = ['invoices'];
const ofPeriod = object({ id: idOf('clearingPeriod') });
const ofInvoice = object({ id: idOf('invoice') });
const PAGE = 200;

/** Invoices of fees, and how merchants' own sales for points are taxed. */
export function invoiceRoutes(app: App, options: InvoiceRoutes): void {
  const { pool, merchants, programmes, readCash } = options;

  async function reachedPeriod(
    principal: Principal,
    shown: string,
  ): Promise<{ period: Period; programme: Programme } | undefined> {
    const period = await findPeriod(pool, mustReadId('clearingPeriod', shown));
    const programme = period === undefined ? undefined : programmes.byId(period.programme);
    if (period === undefined || programme === undefined || !isWithin(principal, programme.id))
      return undefined;
    return { period, programme };
  }
  async function wholeOf(invoice: Invoice, programme: Programme): Promise<WholeInvoice> {
    const { merchant, sellerNumber, buyerNumber } = invoice;
    const seller = await findTitle(pool, programme.id, PLATFORM, sellerNumber);
    const buyer = await findTitle(pool, programme.id, merchant, buyerNumber);
    if (seller === undefined || buyer === undefined)
      throw new Error('an invoice has the names it was made in');
    const lines = (await readInvoiceLines(pool, invoice.id)).map((line) => ({
      ...line,
      pointTypeCode:
        programme.pointTypes.find(({ id }) => id === line.pointType)?.code ??
        String(line.pointType),
    }));
    return { invoice, seller, buyer, lines };
  }

  invoiceSettingRoutes(app, options);

  app.post(
    '/clearing/periods/:id/invoices',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'makeInvoices',
        tags,
        summary: 'Make the data of the invoices of a closed period’s fees',
        description:
          'For those in whose name they can be; later calls make those of the rest, and of what was reversed or cancelled.',
        params: ofPeriod,
        body: MakeInvoices,
        response: answers({ 201: InvoicesMade }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const found = await reachedPeriod(principal, request.params.id);
      if (found === undefined) return refuse(reply, problem('clearing_period_not_found'));
      const { period, programme } = found;
      if (period.state !== 'closed') return refuse(reply, problem('period_not_closed'));
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const now = programmes.programmeClock(programme.id);
        const { actor } = request.body;
        const by = { key: principal.keyId, now, actor, timeZone: programme.timeZone };
        const made = await makeInvoices(tx, period, by);
        if ('code' in made) return { refusal: made };
        const waiting = made.waiting.map((each) => showId('merchant', each));
        return { status: 201, body: { made: made.made, waiting } };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/clearing/periods/:id/invoices',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'listInvoices',
        tags,
        summary: 'List the invoices of a period',
        params: ofPeriod,
        querystring: object(PageQuery),
        response: answers({ 200: InvoicePage }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const start = readPageStart('invoices', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const found = await reachedPeriod(principal, request.params.id);
      if (found === undefined) return refuse(reply, problem('clearing_period_not_found'));
      const { merchant } = principal;
      const { id } = found.period;
      const list = await listInvoices(pool, id, merchant, start.after, limit + 1);
      return {
        items: list.slice(0, limit).map(showInvoice),
        nextCursor: writeNextCursor('invoices', list, limit),
      };
    },
  );

  app.get(
    '/clearing/periods/:id/invoicing',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'getInvoicing',
        tags,
        summary: 'What of a period is not invoiced yet, and what never is',
        params: ofPeriod,
        response: answers({ 200: InvoicingShown }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const found = await reachedPeriod(principal, request.params.id);
      if (found === undefined) return refuse(reply, problem('clearing_period_not_found'));
      const { period } = found;
      const { merchant } = principal;
      const invoiced = new Set<Invoice['merchant']>();
      for await (const { invoice } of eachInvoice(period, merchant))
        if (!invoice.reversed) invoiced.add(invoice.merchant);
      const open = await readUninvoiced(pool, period.id, invoiced);
      const passThrough = [];
      for await (const { merchant: of, owed, due } of eachPosition(pool, period.id, merchant))
        if (of !== PLATFORM && (owed !== 0 || due !== 0))
          passThrough.push({ merchantId: showId('merchant', of), owedFen: owed, dueFen: due });
      return {
        uninvoiced: open
          .filter((each) => merchant === null || each.merchant === merchant)
          .map(({ merchant: of, feeFen }) => ({ merchantId: showId('merchant', of), feeFen })),
        passThrough,
      };
    },
  );

  app.get(
    '/clearing/periods/:id/invoice-file',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'getInvoiceFile',
        tags,
        summary: 'Download the invoices of a period as CSV, a row for each line',
        params: ofPeriod,
        querystring: object({
          lang: Type.Optional(Type.Enum(['zh-CN', 'en'], { default: 'zh-CN' })),
        }),
        response: {
          ...answers({}, 404),
          200: {
            description: 'RFC 4180, UTF-8 with a mark',
            content: { 'text/csv': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { lang: language = 'zh-CN' } = request.query;
      const found = await reachedPeriod(principal, request.params.id);
      if (found === undefined) return refuse(reply, problem('clearing_period_not_found'));
      const { period, programme } = found;
      const { merchant } = principal;
      async function* whole() {
        for await (const { invoice } of eachInvoice(period, merchant))
          yield await wholeOf(invoice, programme);
      }
      const { timeZone } = programme;
      const csv = renderInvoices(period, whole(), { language, timeZone });
      const name = `${showId('clearingPeriod', period.id)}-invoices.csv`;
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(Readable.from(csv) as never);
    },
  );

  async function* eachInvoice(period: Period, merchant: Invoice['merchant'] | null) {
    for (let after: Invoice['id'] | null = null; ; ) {
      const page: Invoice[] = await listInvoices(pool, period.id, merchant, after, PAGE);
      for (const invoice of page) yield { invoice };
      after = page.at(-1)?.id ?? null;
      if (page.length < PAGE) return;
    }
  }

  app.get(
    '/clearing/invoices/:id',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'getInvoice',
        tags,
        summary: 'Read all that the tax system needs to issue an invoice',
        params: ofInvoice,
        response: answers({ 200: InvoiceWhole }, 404),
      },
    },
    async (request, reply) => {
      const invoice = await findInvoice(pool, mustReadId('invoice', request.params.id));
      const programme = invoice === undefined ? undefined : programmes.byId(invoice.programme);
      if (
        invoice === undefined ||
        programme === undefined ||
        !reaches(principalOf(request), invoice)
      )
        return refuse(reply, problem('invoice_not_found'));
      const { seller, buyer, lines } = await wholeOf(invoice, programme);
      return {
        ...showInvoice(invoice),
        seller: showTitle(seller, programme.code),
        buyer: showTitle(buyer, programme.code),
        lines: lines.map(({ place, pointTypeCode, grossFen, netFen, taxFen }) => ({
          ...{ place, pointType: pointTypeCode, grossFen, netFen, taxFen },
        })),
      };
    },
  );

  for (const kind of ['issued', 'reversed'] as const)
    app.post(
      `/clearing/invoices/:id/${kind}`,
      {
        config: { scopes: ['clearing:write'], perProgramme: true },
        schema: {
          operationId: kind === 'issued' ? 'noteInvoiceIssued' : 'noteInvoiceReversed',
          tags,
          summary:
            kind === 'issued'
              ? 'Note the number that the tax system gave an invoice'
              : 'Note the red letter that reversed an invoice; another one may be made then',
          params: ofInvoice,
          body: kind === 'issued' ? InvoiceIssued : InvoiceReversed,
          response: answers({ 201: InvoiceShown }, 404, 409, 422),
        },
      },
      async (request, reply) => {
        const principal = principalOf(request);
        const id = mustReadId('invoice', request.params.id);
        const found = await findInvoice(pool, id);
        const programme = found === undefined ? undefined : programmes.byId(found.programme);
        if (found === undefined || programme === undefined || !reaches(principal, found))
          return refuse(reply, problem('invoice_not_found'));
        const now = programmes.programmeClock(programme.id);
        const { number, issuedOn, actor } = request.body;
        if (!isDate(issuedOn) || issuedOn > localDate(now, programme.timeZone))
          return refuse(reply, problem('days_invalid'));
        const reason = 'reason' in request.body ? String(request.body.reason) : null;
        const told = { kind, number, issuedOn, reason };
        const by = { key: principal.keyId, now, actor };
        const answer = await writeOnce(pool, writeOf(request), async (tx) => {
          const invoice = await noteNumber(tx, id, told, by);
          if ('code' in invoice) return { refusal: invoice };
          return { status: 201, body: showInvoice(invoice) };
        });
        return sendStored(reply, answer);
      },
    );

  app.post(
    '/clearing/invoices/:id/cancel',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'cancelInvoice',
        tags,
        summary: 'Take back an invoice that was not issued yet, as one in a wrong name',
        description: 'Another one may be made then. What was issued needs a red letter.',
        params: ofInvoice,
        body: CancelInvoice,
        response: answers({ 200: InvoiceShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const found = await findInvoice(pool, mustReadId('invoice', request.params.id));
      if (found === undefined || !reaches(principal, found))
        return refuse(reply, problem('invoice_not_found'));
      const { reason, actor } = request.body;
      const now = programmes.programmeClock(found.programme);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const by = { key: principal.keyId, now, actor };
        const invoice = await cancelInvoice(tx, found.id, reason, by);
        if ('code' in invoice) return { refusal: invoice };
        return { status: 200, body: showInvoice(invoice) };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/clearing/periods/:id/taxed-uses',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'listTaxedUses',
        tags,
        summary: 'How what a merchant took in a period is taxed, transaction by transaction',
        description:
          'Its own points are a discount beside cash and a deemed sale without; points of others are paid for, and invoiced as what is handed out. By what it hands out and the rates of the period’s last day. Not advice of a tax adviser.',
        params: ofPeriod,
        querystring: object({ ...PageQuery, merchantId: idOf('merchant') }),
        response: answers({ 200: TaxedUsePage }, 404, 409),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT, merchantId } = request.query;
      const merchant = mustReadId('merchant', merchantId);
      await reachedMerchant(merchants, principal, merchant);
      const found = await reachedPeriod(principal, request.params.id);
      if (found === undefined) return refuse(reply, problem('clearing_period_not_found'));
      const { period, programme } = found;
      if (period.state !== 'closed') return refuse(reply, problem('period_not_closed'));
      const at = cursor === undefined ? [] : readCursor('taxed-uses', cursor);
      const after = at?.length === 0 ? null : readLine(String(at?.[0]));
      if (at === undefined || after === undefined) return refuse(reply, problem('cursor_invalid'));
      const rates = await readRates(pool, programme.id, taxDayOf(period, programme.timeZone));
      const title = await findLastTitle(pool, programme.id, merchant);
      const rateBp = rateOf(title?.handsOut ?? 'goods', rates);
      const paging = { after, limit: limit + 1 };
      const list = await readTaxed(pool, period, merchant, paging, { rateBp, readCash });
      const last = list.length > limit ? list[limit - 1] : undefined;
      return {
        items: list.slice(0, limit).map(showTaxed),
        nextCursor: last === undefined ? null : writeCursor('taxed-uses', [showLine(last.place)]),
      };
    },
  );
}
