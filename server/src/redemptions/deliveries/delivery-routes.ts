import Type from 'typebox';
import type { Instant } from '../../kernel/clock.ts';
import { isUuid, type Uuid } from '../../kernel/id.ts';
import { reachedMerchant } from '../../merchants/reached.ts';
import type { Merchants } from '../../merchants/registry.ts';
import type { Pool } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import { type Principal, principalOf, reaches } from '../../platform/web/auth.ts';
import { readCursor, writeCursor } from '../../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
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
import type { Redemption } from '../redemption.ts';
import type { TellNews } from '../reward-news.ts';
import { readRedemptions } from '../store.ts';
import {
  DeliveryPage,
  DeliveryShown,
  DeliveryStory,
  RedirectDelivery,
  readTold,
  StateName,
  showChange,
  showDelivery,
  TellDelivery,
  WhichDelivery,
} from './delivery-schema.ts';
import {
  type DeliveryPosition,
  listDeliveries,
  readChanges,
  readDeliveries,
} from './delivery-store.ts';
import { redirectDelivery, tellDelivery } from './tell-delivery.ts';

export interface DeliveryRoutes {
  readonly pool: Pool;
  readonly sealer: Sealer;
  readonly merchants: Merchants;
  readonly programmes: { programmeClock(programme: number): Instant };
  readonly tell: TellNews;
}

const tags = ['deliveries'];
const LIST = 'deliveries';
const params = object({ id: idOf('redemption') });

/** What is delivered: a merchant's work, and what became of it. */
export function deliveryRoutes(app: App, deps: DeliveryRoutes): void {
  const { pool, sealer, merchants, programmes, tell } = deps;

  async function find(principal: Principal, shown: string): Promise<Redemption | undefined> {
    const id = mustReadId('redemption', shown);
    const found = (await readRedemptions(pool, [id])).get(id);
    return found !== undefined && reaches(principal, found) ? found : undefined;
  }

  app.get(
    '/deliveries',
    {
      config: { scopes: ['deliveries:handle'], perProgramme: true },
      schema: {
        operationId: 'listDeliveries',
        tags,
        summary: "List a merchant's deliveries in a state, the oldest first, with to whom they go",
        querystring: object({
          ...PageQuery,
          merchantId: idOf('merchant'),
          store: Type.Optional(Code),
          state: Type.Optional({ ...StateName, default: 'to_send' }),
        }),
        response: answers({ 200: DeliveryPage }, 404),
      },
    },
    async (request, reply) => {
      const { merchantId, store = null, cursor, limit = PAGE_DEFAULT } = request.query;
      const { state = 'to_send' } = request.query;
      const merchant = mustReadId('merchant', merchantId);
      await reachedMerchant(merchants, principalOf(request), merchant);
      const after = readPosition(cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const found = await listDeliveries(pool, { merchant, store, state }, after, limit + 1);
      const page = found.slice(0, limit);
      const redemptions = await readRedemptions(
        pool,
        page.map(({ redemption }) => redemption),
      );
      const items = page.map((delivery) =>
        showDelivery(redemptions.get(delivery.redemption) as Redemption, delivery, sealer),
      );
      const last = found.length > limit ? page.at(-1) : undefined;
      const nextCursor = last === undefined ? null : writeCursor(LIST, [last.madeAt, last.id]);
      return reply.code(200).send({ items, nextCursor });
    },
  );

  app.get(
    '/deliveries/:id',
    {
      // It shows where somebody lives.
      config: { scopes: ['deliveries:handle'], perProgramme: true, audited: true },
      schema: {
        operationId: 'getDelivery',
        tags,
        summary: 'Read the delivery of a redemption, to whom it goes, and what was told of it',
        params,
        querystring: WhichDelivery,
        response: answers({ 200: DeliveryStory }, 404),
      },
    },
    async (request, reply) => {
      const redemption = await find(principalOf(request), request.params.id);
      const all = redemption && (await readDeliveries(pool, [redemption.id])).get(redemption.id);
      const id = redemption && deliveryOf(redemption, request.query.exchangeOf);
      const delivery = all?.find((each) => each.id === id);
      if (redemption === undefined || delivery === undefined)
        return refuse(reply, problem('delivery_not_found'));
      const changes = await readChanges(pool, delivery.id);
      return reply.code(200).send({
        delivery: showDelivery(redemption, delivery, sealer),
        changes: changes.map(showChange),
      });
    },
  );

  app.post(
    '/deliveries/:id/state',
    {
      config: { scopes: ['deliveries:handle'], perProgramme: true },
      schema: {
        operationId: 'tellDelivery',
        tags,
        summary: 'Tell what became of a delivery, and its member of it',
        description:
          'From `to_send` to `sent`, and on to `delivered` or `undeliverable`. Anything else is a `correction`, with its reason. Told again ' +
          'it is answered as it is.',
        params,
        body: TellDelivery,
        response: answers({ 200: DeliveryShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const redemption = await find(principal, request.params.id);
      if (redemption === undefined) return refuse(reply, problem('delivery_not_found'));
      const now = programmes.programmeClock(redemption.programme);
      const told = readTold(request.body, now);
      const id = deliveryOf(redemption, request.body.exchangeOf);
      const about = { now, by: principal.keyId, actor: request.body.actor, tell };
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const delivery = await tellDelivery(tx, redemption, id, told, about);
        if ('code' in delivery) return { refusal: delivery };
        // The answer is kept, and recipients are nowhere written in the clear.
        return { status: 200, body: showDelivery(redemption, delivery, null) };
      });
      return sendStored(reply, answer);
    },
  );

  app.put(
    '/redemptions/:id/recipient',
    {
      config: { scopes: ['redemptions:write'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'redirectDelivery',
        tags,
        summary:
          'Deliver what was not sent yet, for the first time or again, to somebody else, or elsewhere',
        params,
        body: RedirectDelivery,
        response: answers({ 200: DeliveryShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const redemption = await find(principalOf(request), request.params.id);
      if (redemption === undefined) return refuse(reply, problem('delivery_not_found'));
      const { id } = redemption;
      const write = writeOf(request, (asked) => sealer.index('recipient', asked));
      const answer = await writeOnce(pool, write, async (tx) => {
        const told = await redirectDelivery(tx, id, request.body, sealer);
        if ('code' in told) return { refusal: told };
        return { status: 200, body: showDelivery(told.redemption, told.delivery, null) };
      });
      return sendStored(reply, answer);
    },
  );
}

/** The id of what was sent first, or again for a case. */
const deliveryOf = ({ id }: Redemption, exchangeOf: string | undefined): Uuid =>
  exchangeOf === undefined ? id : mustReadId('afterSalesCase', exchangeOf);

/** Undefined: the cursor is none of this list. */
function readPosition(cursor: string | undefined): DeliveryPosition | null | undefined {
  if (cursor === undefined) return null;
  const [madeAt, id] = readCursor(LIST, cursor) ?? [];
  return typeof madeAt === 'number' && typeof id === 'string' && isUuid(id)
    ? { madeAt, id }
    : undefined;
}
