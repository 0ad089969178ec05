import Type from 'typebox';
import type { Uuid } from '../../kernel/id.ts';
import type { Pool } from '../../platform/database.ts';
import type { Payments } from '../../platform/payment/payment.ts';
import { assertReaches, principalOf } from '../../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../../platform/web/cursor.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  InstantText,
  idOf,
  mustReadId,
  mustReadInstant,
  object,
  PAGE_DEFAULT,
  PageQuery,
} from '../../platform/web/schema.ts';
import type { CashDesk } from './desk.ts';
import { PaymentPage } from './schema.ts';
import { showPayments } from './show.ts';
import { listPayments } from './store.ts';

/** A provider that takes payments, and who looks after them. */
export interface Cash {
  readonly payments: Payments;
  readonly desk: CashDesk;
}

const LIST = 'payments';
const NOTICE_BYTES_MAX = 64 * 1024;
/** The provider waits for five seconds; what takes longer goes on by itself. */
const NOTICE_MS = 3_000;

/** Cash beside points: for finance, and what the provider tells. `cash`: absent where none is taken. */
export function paymentRoutes(
  app: App,
  {
    pool,
    cash,
    onError,
  }: {
    readonly pool: Pool;
    readonly cash: Cash | undefined;
    readonly onError: (error: unknown) => void;
  },
): void {
  app.get(
    '/payments',
    {
      config: { scopes: ['redemptions:read'], perProgramme: true },
      schema: {
        operationId: 'listPayments',
        tags: ['redemptions'],
        summary: 'List cash that was asked for beside points, the latest first',
        description: "A merchant's key sees what goes to its own account.",
        querystring: object({
          ...PageQuery,
          merchantId: Type.Optional(idOf('merchant')),
          from: Type.Optional({ ...InstantText, description: 'Asked for from then on.' }),
          until: Type.Optional({ ...InstantText, description: 'Not included.' }),
        }),
        response: answers({ 200: PaymentPage }),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, merchantId, from, until } = request.query;
      const start = readPageStart(LIST, cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      const merchant: Uuid | null =
        merchantId === undefined ? principal.merchant : mustReadId('merchant', merchantId);
      if (merchant !== null) assertReaches(principal, merchant);
      const by = {
        merchant,
        programme: principal.programme?.id ?? null,
        from: from === undefined ? null : mustReadInstant(from),
        until: until === undefined ? null : mustReadInstant(until),
      };
      const found = await listPayments(pool, by, start.after, limit + 1);
      return reply.code(200).send({
        items: await showPayments(pool, found.slice(0, limit)),
        nextCursor: writeNextCursor(LIST, found, limit),
      });
    },
  );

  // Its signature is over the bytes of the body, so nothing may read them before.
  void app.register((plain, _options, done) => {
    plain.removeAllContentTypeParsers();
    plain.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, parsed) =>
      parsed(null, body),
    );
    plain.post(
      '/payments/notices',
      {
        config: { scopes: 'public', noDryRun: 'it is the payment provider’s' },
        bodyLimit: NOTICE_BYTES_MAX,
        schema: { hide: true },
      },
      async (request, reply) => {
        const body = typeof request.body === 'string' ? request.body : '';
        const notice = cash?.payments.readNotice(request.headers, body) ?? null;
        if (cash === undefined || notice === null)
          return refuse(reply, problem('payment_notice_refused'));
        // It only makes us look; what it does not bring about, the minute's job does.
        await orLater(cash.desk.heed(notice).catch(onError), NOTICE_MS);
        return reply.code(204).send();
      },
    );
    done();
  });
}

async function orLater(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
