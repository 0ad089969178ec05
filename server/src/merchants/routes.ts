import Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import { assertReaches, principalOf } from '../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  Code,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
  pageOf,
  text,
} from '../platform/web/schema.ts';
import { createMerchant } from './create-merchant.ts';
import { MerchantShown, NewMerchant, showMerchant } from './merchant.ts';
import type { Merchants } from './registry.ts';
import { listMerchants } from './store.ts';

const tags = ['merchants'];

export interface MerchantRoutes {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly merchants: Merchants;
  /** The number of a programme, by its code. */
  readonly programmeId: (code: string) => Promise<number | undefined>;
}

export function merchantRoutes(
  app: App,
  { pool, clock, merchants, programmeId }: MerchantRoutes,
): void {
  app.post(
    '/merchants',
    {
      config: { scopes: ['merchants:write'] },
      schema: {
        operationId: 'createMerchant',
        tags,
        summary: 'Admit a merchant to a programme',
        body: NewMerchant,
        response: answers({ 201: MerchantShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        createMerchant(tx, request.body, clock),
      );
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/merchants',
    {
      config: { scopes: ['merchants:read'] },
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
      const programme = code === undefined ? null : await programmeId(code);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const filter = { programme, name, only: principalOf(request).merchant };
      const found = await listMerchants(pool, filter, start.after, limit + 1);
      return {
        items: found.slice(0, limit).map(showMerchant),
        nextCursor: writeNextCursor('merchants', found, limit),
      };
    },
  );

  app.get(
    '/merchants/:id',
    {
      config: { scopes: ['merchants:read'] },
      schema: {
        operationId: 'getMerchant',
        tags,
        summary: 'Read a merchant',
        params: object({ id: idOf('merchant') }),
        response: answers({ 200: MerchantShown }, 404),
      },
    },
    async (request, reply) => {
      const id = mustReadId('merchant', request.params.id);
      assertReaches(principalOf(request), id);
      const merchant = await merchants.find(id);
      return merchant === undefined
        ? refuse(reply, problem('merchant_not_found'))
        : showMerchant(merchant);
    },
  );
}
