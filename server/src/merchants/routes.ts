import Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { TermsChange } from '../kernel/terms-change.ts';
import type { Pool, Transaction } from '../platform/database.ts';
import { assertNamesOwn, principalOf } from '../platform/web/auth.ts';
import { readCursor, readPageStart, writeCursor, writeNextCursor } from '../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  Code,
  idOf,
  mustReadId,
  mustReadInstant,
  object,
  PAGE_DEFAULT,
  PageQuery,
  pageOf,
  text,
} from '../platform/web/schema.ts';
import { changeMerchant } from './change-merchant.ts';
import { createMerchant } from './create-merchant.ts';
import { MerchantShown, NewMerchant, showMerchant } from './merchant.ts';
import { payeeRoutes } from './payee.ts';
import { reachedMerchant } from './reached.ts';
import type { Merchants } from './registry.ts';
import { listMerchants, listTerms, readMerchants } from './store.ts';
import { storeRoutes } from './store-routes.ts';
import { MerchantChange, showTerm, TermShown } from './terms.ts';

const tags = ['merchants'];
/** The list of terms, for its cursors. */
const TERMS = 'merchant terms';

export interface MerchantRoutes {
  /** Tells members of what becomes worse for them, in the transaction that decides it. */
  readonly announce: (tx: Transaction, change: TermsChange) => Promise<void>;
  readonly pool: Pool;
  readonly clock: Clock;
  readonly merchants: Merchants;
  /** The number of a programme, by its code. */
  readonly programmeId: (code: string) => Promise<number | undefined>;
}

export function merchantRoutes(
  app: App,
  { pool, clock, merchants, programmeId, announce }: MerchantRoutes,
): void {
  app.post(
    '/merchants',
    {
      config: { scopes: ['merchants:write'], perProgramme: true },
      schema: {
        operationId: 'createMerchant',
        tags,
        summary: 'Admit a merchant to a programme',
        body: NewMerchant,
        response: answers({ 201: MerchantShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { programme = principal.programme?.code ?? 'default', ...asked } = request.body;
      assertNamesOwn(principal, programme);
      const by = { key: principal.keyId, clock };
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        createMerchant(tx, { ...asked, programme }, by),
      );
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/merchants',
    {
      config: { scopes: ['merchants:read'], perProgramme: true, member: 'all' },
      schema: {
        operationId: 'listMerchants',
        tags,
        summary: "List merchants by age; a merchant's key sees its own",
        querystring: object({
          ...PageQuery,
          name: Type.Optional(text(200)),
          programme: Type.Optional(Code),
        }),
        response: answers({ 200: pageOf(MerchantShown, 'MerchantPage') }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, name = null, programme: code } = request.query;
      const start = readPageStart('merchants', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      if (code !== undefined) assertNamesOwn(principal, code);
      const own = principal.programme?.id ?? null;
      const programme = code === undefined ? own : await programmeId(code);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const filter = { programme, name, only: principal.merchant };
      const found = await listMerchants(pool, filter, start.after, limit + 1);
      return {
        items: found.slice(0, limit).map((each) => showMerchant(each, clock.now())),
        nextCursor: writeNextCursor('merchants', found, limit),
      };
    },
  );

  app.get(
    '/merchants/:id',
    {
      config: { scopes: ['merchants:read'], perProgramme: true, member: 'all' },
      schema: {
        operationId: 'getMerchant',
        tags,
        summary: 'Read a merchant',
        params: object({ id: idOf('merchant') }),
        response: answers({ 200: MerchantShown }, 404),
      },
    },
    async (request) => {
      const id = mustReadId('merchant', request.params.id);
      const known = await reachedMerchant(merchants, principalOf(request), id);
      // Its clock and terms as they are now.
      const [merchant = known] = await readMerchants(pool, [id]);
      return showMerchant(merchant, clock.now());
    },
  );

  app.patch(
    '/merchants/:id',
    {
      config: { scopes: ['merchants:write'], perProgramme: true },
      schema: {
        operationId: 'changeMerchant',
        tags,
        summary: 'Change what a merchant’s orders earn, from a moment on',
        description:
          'One that lowers it needs the notice of the programme (`ruleNoticeDays`). Orders of before keep the ratio of their day, also ' +
          'those that are told late. What was announced for a moment to come is ' +
          'replaced by another one for the same moment.',
        params: object({ id: idOf('merchant') }),
        body: MerchantChange,
        response: answers({ 200: MerchantShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const id = mustReadId('merchant', request.params.id);
      const principal = principalOf(request);
      await reachedMerchant(merchants, principal, id);
      const by = { key: principal.keyId, clock, announce };
      const { earnRatio, from } = request.body;
      const asked = { earnRatio, from: from === undefined ? null : mustReadInstant(from) };
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        changeMerchant(tx, id, asked, by),
      );
      merchants.forget(id);
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/merchants/:id/terms',
    {
      config: { scopes: ['merchants:read'], perProgramme: true },
      schema: {
        operationId: 'listMerchantTerms',
        tags,
        summary: 'List what a merchant’s orders earned and will earn, in the order it was said',
        params: object({ id: idOf('merchant') }),
        querystring: object(PageQuery),
        response: answers({ 200: pageOf(TermShown, 'MerchantTermPage') }, 404),
      },
    },
    async (request, reply) => {
      const id = mustReadId('merchant', request.params.id);
      const principal = principalOf(request);
      await reachedMerchant(merchants, principal, id);
      const isOperator = principal.merchant === null;
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const after = cursor === undefined ? 0 : readCursor(TERMS, cursor)?.[0];
      if (!Number.isSafeInteger(after)) return refuse(reply, problem('cursor_invalid'));
      const found = await listTerms(pool, id, Number(after), limit + 1);
      const last = found.length > limit ? found[limit - 1] : undefined;
      return {
        items: found.slice(0, limit).map((term) => showTerm(term, isOperator)),
        nextCursor: last === undefined ? null : writeCursor(TERMS, [last.number]),
      };
    },
  );

  storeRoutes(app, { pool, clock, merchants });
  payeeRoutes(app, { pool, clock, merchants });
}
