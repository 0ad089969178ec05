import Type from 'typebox';
import { type Clock, type Instant, showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Pool, Sql } from '../platform/database.ts';
import { principalOf } from '../platform/web/auth.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  InstantText,
  idOf,
  mustReadId,
  nullable,
  object,
} from '../platform/web/schema.ts';
import { reachedMerchant } from './reached.ts';
import type { Merchants } from './registry.ts';

/** Where cash that members pay beside points goes, and since when; never over the platform. */
export interface Payee {
  /** The merchant's own account at the payment provider; null: it takes no cash. */
  readonly account: string | null;
  readonly changedAt: Instant | null;
}

const Account = Type.String({
  pattern: '^[0-9A-Za-z_-]{4,64}$',
  description:
    "The merchant's own account at the payment provider: at WeChat Pay, its `sub_mchid`.",
});
const SetPayee = object({ account: nullable(Account) }, { title: 'SetMerchantPayee' });
const PayeeShown = object(
  {
    account: { ...nullable(Account), description: 'Null: it takes no cash.' },
    changedAt: nullable(InstantText),
  },
  { title: 'MerchantPayee' },
);

/** The one that counts now. */
export async function readPayee(sql: Sql, merchant: Uuid): Promise<Payee> {
  const { rows } = await sql.query<Payee>({
    name: 'merchant-payee',
    text: `select account, changed_at_ms as "changedAt" from merchant_payee where merchant = $1 order by number desc limit 1`,
    values: [merchant],
  });
  return rows[0] ?? { account: null, changedAt: null };
}

const show = ({ account, changedAt }: Payee): Type.Static<typeof PayeeShown> => ({
  account,
  changedAt: changedAt === null ? null : showInstant(changedAt),
});

/** Whose account cash goes to. What was asked for already is paid to the account of that moment. */
export function payeeRoutes(
  app: App,
  {
    pool,
    clock,
    merchants,
  }: { readonly pool: Pool; readonly clock: Clock; readonly merchants: Merchants },
): void {
  const tags = ['merchants'];
  const params = object({ id: idOf('merchant') });

  app.get(
    '/merchants/:id/payee',
    {
      config: { scopes: ['merchants:read'], perProgramme: true },
      schema: {
        operationId: 'getMerchantPayee',
        tags,
        summary: 'Read where cash paid beside points goes',
        params,
        response: answers({ 200: PayeeShown }, 404),
      },
    },
    async (request) => {
      const id = mustReadId('merchant', request.params.id);
      await reachedMerchant(merchants, principalOf(request), id);
      return show(await readPayee(pool, id));
    },
  );

  app.put(
    '/merchants/:id/payee',
    {
      config: { scopes: ['merchants:write'], perProgramme: true },
      schema: {
        operationId: 'setMerchantPayee',
        tags,
        summary: 'Say where cash paid beside points goes',
        description:
          'The money goes from the payer to this account, never over the platform. It counts for what is redeemed from now on.',
        params,
        body: SetPayee,
        response: answers({ 200: PayeeShown }, 404),
      },
    },
    async (request, reply) => {
      const id = mustReadId('merchant', request.params.id);
      const principal = principalOf(request);
      await reachedMerchant(merchants, principal, id);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const payee = { account: request.body.account, changedAt: clock.now() };
        await tx.query(
          `insert into merchant_payee (merchant, account, changed_at_ms, changed_by) values ($1, $2, $3, $4)`,
          [id, payee.account, payee.changedAt, principal.keyId],
        );
        return { status: 200, body: show(payee) };
      });
      return sendStored(reply, answer);
    },
  );
}
