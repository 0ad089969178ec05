import Type from 'typebox';
import { isDate, localDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import { reachedMerchant } from '../../merchants/reached.ts';
import type { Merchants } from '../../merchants/registry.ts';
import type { Pool } from '../../platform/database.ts';
import { assertNamesOwn, principalOf, reaches } from '../../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../../platform/web/cursor.ts';
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
import { bookEntry } from './book-entry.ts';
import { type FundingTerms, openAccount } from './open-account.ts';
import {
  BookFunding,
  ChangeFundingAccount,
  FundingAccountPage,
  FundingAccountShown,
  FundingEntryBooked,
  FundingEntryPage,
  OpenFundingAccount,
  showAccount,
  showEntry,
} from './schema.ts';
import { findAccount, listAccounts, listEntries, lockAccount, setAlert } from './store.ts';

interface Programme {
  readonly id: number;
  readonly code: string;
  readonly timeZone: string;
}
export interface FundingRoutes {
  readonly pool: Pool;
  readonly merchants: Merchants;
  readonly programmes: {
    find(code: string): Programme | undefined | Promise<Programme | undefined>;
    byId(id: number): Programme | undefined;
    programmeClock(id: number): Instant;
  };
  readonly terms: FundingTerms;
}

const tags = ['funding'];
const params = object({ id: idOf('fundingAccount') });
const USUAL = 'default';

/** Accounts that merchants fund what they issue from. */
export function fundingRoutes(app: App, options: FundingRoutes): void {
  const { pool, merchants, programmes, terms } = options;
  const codeOf = (id: number): string => programmes.byId(id)?.code ?? String(id);

  app.post(
    '/clearing/funding/accounts',
    {
      config: { scopes: ['funding:write'], perProgramme: true },
      schema: {
        operationId: 'openFundingAccount',
        tags,
        summary: 'Open the account that what a merchant issues is drawn from',
        description:
          'One for each merchant of a programme. From then on points whose cost it does not cover are refused (`funding_exhausted`).',
        body: OpenFundingAccount,
        response: answers({ 201: FundingAccountShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { programme: named = principal.programme?.code ?? USUAL, ...told } = request.body;
      assertNamesOwn(principal, named);
      const merchant = mustReadId('merchant', told.merchantId);
      const reached = await reachedMerchant(merchants, principal, merchant);
      const programme = await programmes.find(named);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      if (reached.programme !== programme.id) return refuse(reply, problem('merchant_not_found'));
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const now = programmes.programmeClock(programme.id);
        const from = told.from === undefined ? now : mustReadInstant(told.from);
        const { alertFen, actor } = told;
        const made = await openAccount(
          tx,
          { programme: programme.id, merchant, from, alertFen, actor },
          { key: principal.keyId, now },
          terms,
        );
        if ('code' in made) return { refusal: made };
        return { status: 201, body: showAccount(made, programme.code) };
      });
      return sendStored(reply, answer);
    },
  );

  app.patch(
    '/clearing/funding/accounts/:id',
    {
      config: { scopes: ['funding:write'], perProgramme: true },
      schema: {
        operationId: 'changeFundingAccount',
        tags,
        summary: 'Say below what an account is low',
        params,
        body: ChangeFundingAccount,
        response: answers({ 200: FundingAccountShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const id = mustReadId('fundingAccount', request.params.id);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const account = await lockAccount(tx, id);
        if (account === undefined || !reaches(principalOf(request), account))
          return { refusal: problem('funding_account_not_found') };
        const { alertFen } = request.body;
        await setAlert(tx, id, alertFen);
        const shown = showAccount({ ...account, alertFen }, codeOf(account.programme));
        return { status: 200, body: shown };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/clearing/funding/accounts',
    {
      config: { scopes: ['funding:read'], perProgramme: true },
      schema: {
        operationId: 'listFundingAccounts',
        tags,
        summary: 'List funding accounts by age',
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          merchantId: Type.Optional(idOf('merchant')),
          low: Type.Optional(
            Type.Boolean({ description: 'Only those with less than their alert value.' }),
          ),
        }),
        response: answers({ 200: FundingAccountPage }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT, low = false, ...asked } = request.query;
      const start = readPageStart('funding-accounts', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      if (asked.programme !== undefined) assertNamesOwn(principal, asked.programme);
      const own = principal.programme?.id ?? null;
      const programme =
        asked.programme === undefined ? own : (await programmes.find(asked.programme))?.id;
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const named = asked.merchantId;
      const wanted = named === undefined ? principal.merchant : mustReadId('merchant', named);
      if (wanted !== null) await reachedMerchant(merchants, principal, wanted);
      const filter = { programme, merchant: wanted, low };
      const found = await listAccounts(pool, filter, start.after, limit + 1);
      return {
        items: found.slice(0, limit).map((each) => showAccount(each, codeOf(each.programme))),
        nextCursor: writeNextCursor('funding-accounts', found, limit),
      };
    },
  );

  app.get(
    '/clearing/funding/accounts/:id',
    {
      config: { scopes: ['funding:read'], perProgramme: true },
      schema: {
        operationId: 'getFundingAccount',
        tags,
        summary: 'Read a funding account',
        params,
        response: answers({ 200: FundingAccountShown }, 404),
      },
    },
    async (request, reply) => {
      const account = await findAccount(pool, mustReadId('fundingAccount', request.params.id));
      if (account === undefined || !reaches(principalOf(request), account))
        return refuse(reply, problem('funding_account_not_found'));
      return showAccount(account, codeOf(account.programme));
    },
  );

  app.post(
    '/clearing/funding/accounts/:id/entries',
    {
      config: { scopes: ['funding:write'], perProgramme: true },
      schema: {
        operationId: 'bookFunding',
        tags,
        summary: 'Book what a merchant paid in to custody, or was paid back',
        description:
          'Once for each transfer of the bank. No more is paid back than is in custody and not drawn for points.',
        params,
        body: BookFunding,
        response: answers({ 201: FundingEntryBooked }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const id = mustReadId('fundingAccount', request.params.id);
      const found = await findAccount(pool, id);
      const programme = found === undefined ? undefined : programmes.byId(found.programme);
      if (found === undefined || programme === undefined || !reaches(principal, found))
        return refuse(reply, problem('funding_account_not_found'));
      const now = programmes.programmeClock(programme.id);
      const { paidOn } = request.body;
      if (!isDate(paidOn) || paidOn > localDate(now, programme.timeZone))
        return refuse(reply, problem('days_invalid'));
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const booked = await bookEntry(tx, id, request.body, { key: principal.keyId, now });
        if ('code' in booked) return { refusal: booked };
        const account = showAccount(booked.account, programme.code);
        return { status: 201, body: { ...showEntry(booked.entry), account } };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/clearing/funding/accounts/:id/entries',
    {
      config: { scopes: ['funding:read'], perProgramme: true },
      schema: {
        operationId: 'listFundingEntries',
        tags,
        summary: 'List what was paid in and out of a funding account, the oldest first',
        params,
        querystring: object(PageQuery),
        response: answers({ 200: FundingEntryPage }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const start = readPageStart('funding-entries', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const id = mustReadId('fundingAccount', request.params.id);
      const account = await findAccount(pool, id);
      if (account === undefined || !reaches(principalOf(request), account))
        return refuse(reply, problem('funding_account_not_found'));
      const found = await listEntries(pool, id, start.after, limit + 1);
      return {
        items: found.slice(0, limit).map(showEntry),
        nextCursor: writeNextCursor('funding-entries', found, limit),
      };
    },
  );
}
