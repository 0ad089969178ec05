import Type from 'typebox';
import { isDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import { reachedMerchant } from '../../merchants/reached.ts';
import type { Merchants } from '../../merchants/registry.ts';
import type { Pool } from '../../platform/database.ts';
import { assertNamesOwn, principalOf } from '../../platform/web/auth.ts';
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
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
} from '../../platform/web/schema.ts';
import {
  InvoiceTitlePage,
  InvoiceTitleShown,
  SetInvoiceTitle,
  SetTaxRates,
  showSetting,
  showTitle,
  TaxRatesPage,
  TaxRatesShown,
} from './schema.ts';
import { insertSetting, insertTitle, listSettings, listTitles } from './store.ts';
import { isTaxNumber } from './tax-number.ts';

export interface SettingProgramme {
  readonly id: number;
  readonly code: string;
  readonly timeZone: string;
}
export interface InvoiceSettingRoutes {
  readonly pool: Pool;
  readonly merchants: Merchants;
  readonly programmes: {
    find(code: string): SettingProgramme | undefined | Promise<SettingProgramme | undefined>;
    programmeClock(id: number): Instant;
  };
}

const tags = ['invoices'];
const USUAL = 'default';
const ofProgramme = object({ ...PageQuery, programme: Type.Optional(Code) });

/** By which VAT rates, and in whose name, invoices are. */
export function invoiceSettingRoutes(
  app: App,
  { pool, merchants, programmes }: InvoiceSettingRoutes,
): void {
  app.put(
    '/clearing/tax-rates',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'setTaxRates',
        tags,
        summary: 'Set the VAT rates of a programme from a day on',
        description:
          'Invoices that are made keep theirs. A period is taxed by the rates of its last day.',
        body: SetTaxRates,
        response: answers({ 200: TaxRatesShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { programme: named = principal.programme?.code ?? USUAL, ...told } = request.body;
      assertNamesOwn(principal, named);
      const programme = await programmes.find(named);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      if (!isDate(told.from)) return refuse(reply, problem('days_invalid'));
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const { from, actor } = told;
        const rates = {
          standard: told.standardBasisPoints,
          reduced: told.reducedBasisPoints,
          service: told.serviceBasisPoints,
        };
        const madeAt = programmes.programmeClock(programme.id);
        const made = { programme: programme.id, from, rates, madeAt, actor };
        const number = await insertSetting(tx, { ...made, madeBy: principal.keyId });
        return { status: 200, body: showSetting({ ...made, number }, programme.code) };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/clearing/tax-rates',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'listTaxRates',
        tags,
        summary: 'List the VAT rates that were set, in order',
        querystring: ofProgramme,
        response: answers({ 200: TaxRatesPage }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const named = request.query.programme ?? principal.programme?.code ?? USUAL;
      assertNamesOwn(principal, named);
      const programme = await programmes.find(named);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const after = readNumberStart('tax-rates', cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const found = await listSettings(pool, programme.id, after, limit + 1);
      return {
        items: found.slice(0, limit).map((each) => showSetting(each, programme.code)),
        nextCursor: writeNextNumber('tax-rates', found, limit),
      };
    },
  );

  app.put(
    '/clearing/invoice-titles',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'setInvoiceTitle',
        tags,
        summary: 'Say in whose name invoices are',
        description: 'A new version: invoices that are made keep theirs.',
        body: SetInvoiceTitle,
        response: answers({ 200: InvoiceTitleShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const {
        programme: named = principal.programme?.code ?? USUAL,
        merchantId,
        ...told
      } = request.body;
      assertNamesOwn(principal, named);
      const programme = await programmes.find(named);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const merchant = merchantId === undefined ? PLATFORM : mustReadId('merchant', merchantId);
      if (merchant !== PLATFORM) {
        const reached = await reachedMerchant(merchants, principal, merchant);
        if (reached.programme !== programme.id) return refuse(reply, problem('merchant_not_found'));
      }
      if (!isTaxNumber(told.taxNumber)) return refuse(reply, problem('tax_number_invalid'));
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const madeAt = programmes.programmeClock(programme.id);
        const made = { ...told, programme: programme.id, merchant, madeAt };
        const number = await insertTitle(tx, { ...made, madeBy: principal.keyId });
        return { status: 200, body: showTitle({ ...made, number }, programme.code) };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/clearing/invoice-titles',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'listInvoiceTitles',
        tags,
        summary: 'List in whose names invoices are now',
        querystring: ofProgramme,
        response: answers({ 200: InvoiceTitlePage }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const named = request.query.programme ?? principal.programme?.code ?? USUAL;
      assertNamesOwn(principal, named);
      const programme = await programmes.find(named);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const start = readPageStart('invoice-titles', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const { merchant } = principal;
      const found = await listTitles(pool, programme.id, merchant, start.after, limit + 1);
      const ids = found.map((each) => ({ id: each.merchant }));
      return {
        items: found.slice(0, limit).map((each) => showTitle(each, programme.code)),
        nextCursor: writeNextCursor('invoice-titles', ids, limit),
      };
    },
  );
}
