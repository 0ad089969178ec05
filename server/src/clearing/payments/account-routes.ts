import Type from 'typebox';
import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { RefusalError } from '../../kernel/refusal.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import { reachedMerchant } from '../../merchants/reached.ts';
import type { Merchants } from '../../merchants/registry.ts';
import type { Pool } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import { assertNamesOwn, type Principal, principalOf } from '../../platform/web/auth.ts';
import { readCursor, writeCursor } from '../../platform/web/cursor.ts';
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
import { confirmAccount } from './confirm-account.ts';
import { type AccountRole, maskAccount, type SettlementAccount, sealContext } from './payment.ts';
import {
  ConfirmSettlementAccount,
  SetSettlementAccount,
  SettlementAccountPage,
  SettlementAccountShown,
  showAccount,
} from './schema.ts';
import { insertAccountVersion, listAccounts, lockLastAccount } from './store.ts';

export interface SettlementProgramme {
  readonly id: number;
  readonly code: string;
  readonly timeZone: string;
}
export interface SettlementAccountRoutes {
  readonly pool: Pool;
  readonly sealer: Sealer;
  readonly merchants: Merchants;
  readonly programmes: {
    find(code: string): SettlementProgramme | undefined | Promise<SettlementProgramme | undefined>;
    programmeClock(id: number): Instant;
  };
}

const tags = ['payments'];
const USUAL = 'default';

/** Bank accounts: written down by one person, confirmed by another. */
export function settlementAccountRoutes(app: App, options: SettlementAccountRoutes): void {
  const { pool, sealer, merchants, programmes } = options;
  const digest = (text: string): Buffer => sealer.index('fingerprint', text);

  /** Whose account is meant, as far as the caller reaches it. */
  async function placeOf(
    principal: Principal,
    told: {
      readonly programme?: string;
      readonly role: AccountRole;
      readonly merchantId?: string;
    },
  ): Promise<{ readonly programme: SettlementProgramme; readonly merchant: Uuid }> {
    const { programme: named = principal.programme?.code ?? USUAL, role, merchantId } = told;
    assertNamesOwn(principal, named);
    if ((role === 'merchant') !== (merchantId !== undefined))
      throw new RefusalError(problem('settlement_account_whose'));
    const programme = await programmes.find(named);
    if (programme === undefined) throw new RefusalError(problem('programme_not_found'));
    if (merchantId === undefined) return { programme, merchant: PLATFORM };
    const merchant = mustReadId('merchant', merchantId);
    const reached = await reachedMerchant(merchants, principal, merchant);
    if (reached.programme !== programme.id) throw new RefusalError(problem('merchant_not_found'));
    return { programme, merchant };
  }

  app.put(
    '/clearing/settlement-accounts',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'setSettlementAccount',
        tags,
        summary: 'Say to which bank account money goes and from which it comes',
        description:
          'A new version: what was instructed before stays with the account it was instructed for. It counts once somebody else has confirmed it; until then nothing is instructed for it, nor for the one before.',
        body: SetSettlementAccount,
        response: answers({ 200: SettlementAccountShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { role, accountNumber, actor, holder, bank, cnaps } = request.body;
      const { programme, merchant } = await placeOf(principal, request.body);
      const write = writeOf(request, digest);
      const answer = await writeOnce(pool, write, async (tx) => {
        const place = { programme: programme.id, role, merchant };
        const made: Omit<SettlementAccount, 'number'> = {
          ...{ madeBy: principal.keyId, confirmed: null },
          ...{ ...place, holder, bank, cnaps, actor },
          accountSealed: sealer.seal(sealContext(place), accountNumber),
          accountMasked: maskAccount(accountNumber),
          madeAt: programmes.programmeClock(programme.id),
        };
        const number = await insertAccountVersion(tx, made);
        return { status: 200, body: showAccount({ ...made, number }, programme.code) };
      });
      return sendStored(reply, answer);
    },
  );

  app.post(
    '/clearing/settlement-accounts/confirmations',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'confirmSettlementAccount',
        tags,
        summary: 'Confirm a bank account that somebody else wrote down',
        description:
          'By another key, and somebody of another name, with the number once more: as the account’s owner says it, not as it was written.',
        body: ConfirmSettlementAccount,
        response: answers({ 200: SettlementAccountShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { role, number, accountNumber, actor } = request.body;
      const { programme, merchant } = await placeOf(principal, request.body);
      const answer = await writeOnce(pool, writeOf(request, digest), async (tx) => {
        const account = await lockLastAccount(tx, programme.id, role, merchant);
        if (account === undefined) return { refusal: problem('settlement_account_not_found') };
        const said = { at: programmes.programmeClock(programme.id), by: principal.keyId, actor };
        const isIts = sealer.open(sealContext(account), account.accountSealed) === accountNumber;
        const confirmed = await confirmAccount(tx, account, { ...said, number, isIts });
        if ('code' in confirmed) return { refusal: confirmed };
        return { status: 200, body: showAccount(confirmed, programme.code) };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/clearing/settlement-accounts',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'listSettlementAccounts',
        tags,
        summary: 'List the last versions of bank accounts, with the last four digits of each',
        querystring: object({ ...PageQuery, programme: Type.Optional(Code) }),
        response: answers({ 200: SettlementAccountPage }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const named = request.query.programme ?? principal.programme?.code ?? USUAL;
      assertNamesOwn(principal, named);
      const programme = await programmes.find(named);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const at = cursor === undefined ? [] : readCursor('settlement-accounts', cursor);
      if (at === undefined) return refuse(reply, problem('cursor_invalid'));
      const after =
        at.length === 0 ? null : { role: String(at[0]), merchant: String(at[1]) as Uuid };
      const found = await listAccounts(pool, programme.id, principal.merchant, after, limit + 1);
      const last = found.length > limit ? found[limit - 1] : undefined;
      return {
        items: found.slice(0, limit).map((each) => showAccount(each, programme.code)),
        nextCursor:
          last === undefined
            ? null
            : writeCursor('settlement-accounts', [last.role, last.merchant]),
      };
    },
  );
}
