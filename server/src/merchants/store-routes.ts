import type { Clock } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import { principalOf } from '../platform/web/auth.ts';
import { readCursor, writeCursor } from '../platform/web/cursor.ts';
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
} from '../platform/web/schema.ts';
import { addStore, changeStore } from './change-stores.ts';
import { reachedMerchant } from './reached.ts';
import type { Merchants } from './registry.ts';
import { listStores } from './store.ts';
import { NewStore, StoreChange, StoreShown, showStore } from './stores.ts';

const tags = ['merchants'];

export interface StoreRoutes {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly merchants: Merchants;
}

/** Where merchants sell. A merchant's key reaches its own stores. */
export function storeRoutes(app: App, { pool, clock, merchants }: StoreRoutes): void {
  const params = object({ id: idOf('merchant') });

  app.post(
    '/merchants/:id/stores',
    {
      config: { scopes: ['stores:write'], perProgramme: true },
      schema: {
        operationId: 'createStore',
        tags,
        summary: 'Open a store of a merchant',
        params,
        body: NewStore,
        response: answers({ 201: StoreShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const merchant = mustReadId('merchant', request.params.id);
      await reachedMerchant(merchants, principalOf(request), merchant);
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        addStore(tx, merchant, request.body, clock),
      );
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/merchants/:id/stores',
    {
      config: { scopes: ['merchants:read'], perProgramme: true, member: 'all' },
      schema: {
        operationId: 'listStores',
        tags,
        summary: "List a merchant's stores by code",
        params,
        querystring: object(PageQuery),
        response: answers({ 200: pageOf(StoreShown, 'StorePage') }, 404),
      },
    },
    async (request, reply) => {
      const merchant = mustReadId('merchant', request.params.id);
      await reachedMerchant(merchants, principalOf(request), merchant);
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const after = cursor === undefined ? '' : readCursor('stores', cursor)?.[0];
      if (typeof after !== 'string') return refuse(reply, problem('cursor_invalid'));
      const found = await listStores(pool, merchant, after, limit + 1);
      const last = found.length > limit ? found[limit - 1] : undefined;
      return {
        items: found.slice(0, limit).map(showStore),
        nextCursor: last === undefined ? null : writeCursor('stores', [last.code]),
      };
    },
  );

  app.patch(
    '/merchants/:id/stores/:store',
    {
      config: { scopes: ['stores:write'], perProgramme: true },
      schema: {
        operationId: 'changeStore',
        tags,
        summary: 'Rename, move, close or open a store',
        params: object({ id: idOf('merchant'), store: Code }),
        body: StoreChange,
        response: answers({ 200: StoreShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const merchant = mustReadId('merchant', request.params.id);
      await reachedMerchant(merchants, principalOf(request), merchant);
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        changeStore(tx, merchant, request.params.store, request.body),
      );
      merchants.forget(merchant);
      return sendStored(reply, answer);
    },
  );
}
