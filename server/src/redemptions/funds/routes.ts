import Type from 'typebox';
import { isDate, localDate } from '../../kernel/calendar.ts';
import { type Instant, showInstant } from '../../kernel/clock.ts';
import { newId, showId } from '../../kernel/id.ts';
import { reachedMerchant } from '../../merchants/reached.ts';
import type { Merchants } from '../../merchants/registry.ts';
import type { Pool, Transaction } from '../../platform/database.ts';
import { assertNamesOwn, principalOf, reaches } from '../../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../../platform/web/cursor.ts';
import { type Outcome, sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  Code,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
} from '../../platform/web/schema.ts';
import { readRedemptions } from '../store.ts';
import { closedOn, type Donation, type FundBody, statementOf } from './fund.ts';
import {
  DonationShown,
  FundPage,
  FundShown,
  PayFund,
  PaymentShown,
  ReceiptShown,
  SetFund,
  StatementShown,
  showFund,
} from './schema.ts';
import {
  dueOf,
  findDonation,
  findDonationById,
  findFund,
  findFundAt,
  givenBackAt,
  insertChange,
  insertPayment,
  listFunds,
  lockEntries,
  lockFund,
  sumMonths,
  takeDue,
} from './store.ts';

interface Programme {
  readonly id: number;
  readonly code: string;
  readonly timeZone: string;
}
export interface FundRoutes {
  readonly pool: Pool;
  readonly merchants: Merchants;
  readonly programmes: {
    find(code: string): Programme | undefined | Promise<Programme | undefined>;
    byId(id: number): Programme | undefined;
    programmeClock(id: number): Instant;
  };
}

const tags = ['funds'];
const params = object({ code: Code });
const query = object({ programme: Type.Optional(Code) });
const USUAL = 'default';

/** Funds that points are donated to. */
export function fundRoutes(app: App, { pool, merchants, programmes }: FundRoutes): void {
  const todayOf = ({ id, timeZone }: Programme): string =>
    localDate(programmes.programmeClock(id), timeZone);

  /** What of a donation anybody may know, and of whom it is a receipt. */
  async function show(donation: Donation) {
    const fund = await findFundAt(pool, donation);
    const back = await givenBackAt(pool, donation.redemption);
    return {
      receiptNo: showId('donation', donation.id),
      programme: programmes.byId(fund.programme)?.code ?? '',
      fund: { code: fund.code, ...fund.body },
      points: [...donation.points],
      fen: donation.fen,
      donatedAt: showInstant(donation.at),
      givenBackAt: back === null ? null : showInstant(back),
    };
  }

  app.put(
    '/funds/:code',
    {
      config: { scopes: ['funds:write'], perProgramme: true },
      schema: {
        operationId: 'setFund',
        tags,
        summary: 'Make a fund that points are donated to, or say anew what it is',
        description:
          'Counts at once for what is donated from now on; what was before stays in its register, and receipts show it as it was.',
        params,
        body: SetFund,
        response: answers({ 200: FundShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const {
        programme: named = principal.programme?.code ?? USUAL,
        actor,
        ...told
      } = request.body;
      assertNamesOwn(principal, named);
      const programme = await programmes.find(named);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const { code } = request.params;
      const body = told as FundBody;
      const days = [body.from, body.until ?? body.from, body.certificate.validUntil];
      if (!days.every(isDate) || (body.until ?? body.from) < body.from)
        return refuse(reply, problem('days_invalid'));
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const at = programmes.programmeClock(programme.id);
        const id = await lockFund(tx, { id: newId(at), programme: programme.id, code, at });
        await insertChange(tx, id, body, { at, key: principal.keyId, actor });
        const fund = await findFund(tx, programme.id, code);
        if (fund === undefined) throw new Error('what was made is there');
        const shown = showFund(fund, programme.code, closedOn(body, todayOf(programme)));
        return { status: 200 as const, body: shown };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/funds',
    {
      config: { scopes: ['rewards:read'], perProgramme: true, member: 'all' },
      schema: {
        operationId: 'listFunds',
        tags,
        summary: 'List funds, the oldest first',
        querystring: object({ ...PageQuery, programme: Type.Optional(Code) }),
        response: answers({ 200: FundPage }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const named = request.query.programme ?? principal.programme?.code ?? USUAL;
      assertNamesOwn(principal, named);
      const start = readPageStart('funds', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const programme = await programmes.find(named);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const found = await listFunds(pool, programme.id, start.after, limit + 1);
      const today = todayOf(programme);
      return {
        items: found
          .slice(0, limit)
          .map((fund) => showFund(fund, programme.code, closedOn(fund.body, today))),
        nextCursor: writeNextCursor('funds', found, limit),
      };
    },
  );

  app.post(
    '/funds/:code/payments',
    {
      config: { scopes: ['funds:pay'], perProgramme: true },
      schema: {
        operationId: 'payFund',
        tags,
        summary: 'Book what was paid over to the organisation of a fund',
        description:
          'By the merchant that handed the donations out, or the operator: never more than was donated there and not paid yet.',
        params,
        body: PayFund,
        response: answers({ 201: PaymentShown }, 404, 409, 422),
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
      if (!isDate(told.paidOn) || told.paidOn > todayOf(programme))
        return refuse(reply, problem('days_invalid'));
      type Paid = Type.Static<typeof PaymentShown>;
      const pay = async (tx: Transaction): Promise<Outcome<Paid>> => {
        const fund = await findFund(tx, programme.id, request.params.code);
        if (fund === undefined) return { refusal: problem('fund_not_found') };
        const now = programmes.programmeClock(programme.id);
        const times = await lockEntries(tx, new Map([[fund.id, now]]));
        const at = times.get(fund.id);
        if (at === undefined) throw new Error('what was found is locked');
        const { fen, reference, paidOn, actor } = told;
        const paid = { id: newId(at), fund: fund.id, merchant, fen, at, reference, paidOn, actor };
        if (!(await insertPayment(tx, { ...paid, by: principal.keyId })))
          return { refusal: problem('fund_payment_exists') };
        const owed = await takeDue(tx, fund.id, merchant, fen);
        if (owed !== null)
          return { refusal: problem('fund_payment_too_much', undefined, { owedFen: owed }) };
        const body = {
          ...{ id: showId('fundPayment', paid.id), merchantId: showId('merchant', merchant) },
          ...{ fen, reference, paidOn, actor, bookedAt: showInstant(at) },
          owedFen: await dueOf(tx, fund.id, merchant),
        };
        return { status: 201, body };
      };
      return sendStored(reply, await writeOnce(pool, writeOf(request), pay));
    },
  );

  app.get(
    '/funds/:code/statement',
    {
      config: { scopes: 'public' },
      schema: {
        operationId: 'getFundStatement',
        tags,
        summary: 'What a fund was given, gave back, was paid and is owed, month by month',
        description:
          'For everybody, without a key, and without names. Each month opens with what the one before closed with; a month that is over stays as it is.',
        params,
        querystring: query,
        response: answers({ 200: StatementShown }, 404),
      },
    },
    async (request, reply) => {
      const programme = await programmes.find(request.query.programme ?? USUAL);
      const fund =
        programme === undefined
          ? undefined
          : await findFund(pool, programme.id, request.params.code);
      if (programme === undefined || fund === undefined)
        return refuse(reply, problem('fund_not_found'));
      const months = statementOf(await sumMonths(pool, fund.id, programme.timeZone));
      const { name, organisation } = fund.body;
      const owedFen = months.at(-1)?.closingFen ?? 0;
      const shown = { programme: programme.code, code: fund.code, name, organisation, owedFen };
      return { ...shown, months } as never;
    },
  );

  app.get(
    '/donations/:id',
    {
      config: { scopes: 'public' },
      schema: {
        operationId: 'getDonation',
        tags,
        summary: 'Check the number of a receipt',
        description:
          'For everybody, without a key: what was donated to whom and when, not by whom.',
        params: object({ id: idOf('donation') }),
        response: answers({ 200: DonationShown }, 404),
      },
    },
    async (request, reply) => {
      const found = await findDonationById(pool, mustReadId('donation', request.params.id));
      if (found === undefined) return refuse(reply, problem('donation_not_found'));
      return (await show(found)) as never;
    },
  );

  app.get(
    '/redemptions/:id/receipt',
    {
      config: { scopes: ['redemptions:read'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'getDonationReceipt',
        tags,
        summary: 'Download the receipt of a donation',
        params: object({ id: idOf('redemption') }),
        response: answers({ 200: ReceiptShown }, 404),
      },
    },
    async (request, reply) => {
      const id = mustReadId('redemption', request.params.id);
      const found = (await readRedemptions(pool, [id])).get(id);
      if (found === undefined || !reaches(principalOf(request), found))
        return refuse(reply, problem('redemption_not_found'));
      const donation = await findDonation(pool, id);
      if (donation === undefined) return refuse(reply, problem('donation_not_found'));
      const shown = await show(donation);
      const receipt = {
        ...shown,
        redemptionId: showId('redemption', id),
        memberId: showId('member', found.member),
        transactionIds: found.parts.map(({ taken }) => showId('transaction', taken)),
      };
      return reply
        .header('content-disposition', `attachment; filename="${shown.receiptNo}.json"`)
        .send(receipt as never);
    },
  );
}
