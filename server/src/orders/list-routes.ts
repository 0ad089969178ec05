import { isUuid } from '../kernel/id.ts';
import { readAbsorbed } from '../members/merged.ts';
import { readMemberships } from '../members/store.ts';
import type { Pool } from '../platform/database.ts';
import { principalOf } from '../platform/web/auth.ts';
import { readCursor, writeCursor } from '../platform/web/cursor.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
} from '../platform/web/schema.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { readEarnsOf } from './place-orders.ts';
import { OrderPage } from './schema.ts';
import { codesOf, showOrder } from './show.ts';
import { listOrders, type OrderPosition } from './store.ts';

const LIST = 'orders';

/** A member's orders. */
export function orderListRoutes(
  app: App,
  { pool, programmes }: { readonly pool: Pool; readonly programmes: ProgrammeRegistry },
): void {
  const codeOf = codesOf(programmes);

  app.get(
    '/members/:id/orders',
    {
      config: { scopes: ['orders:read'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'listMemberOrders',
        tags: ['orders'],
        summary: "List a member's orders with what they earned, the last paid first",
        description:
          "Those of who has become part of the member are there too. A merchant's key sees its own.",
        params: object({ id: idOf('member') }),
        querystring: object(PageQuery),
        response: answers({ 200: OrderPage }, 404),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const before = placeOf(cursor);
      if (before === undefined) return refuse(reply, problem('cursor_invalid'));
      const { merchant, programme } = principalOf(request);
      const scope = { merchant, programme: programme?.id ?? null };
      const members = [
        member,
        ...(await readAbsorbed(pool, [member])).map((each) => each.absorbed),
      ];
      const found = await listOrders(pool, { members, ...scope }, before, limit + 1);
      if (found.length === 0 && (await readMemberships(pool, member, scope.programme)).length === 0)
        return refuse(reply, problem('member_not_found'));
      const page = found.slice(0, limit);
      const earns = await readEarnsOf(pool, page);
      const last = found.length > limit ? page.at(-1) : undefined;
      return reply.code(200).send({
        items: page.map((order, place) => showOrder(order, earns[place] ?? [], codeOf)),
        nextCursor: last === undefined ? null : writeCursor(LIST, [last.paidAt, last.id]),
      });
    },
  );
}

/** Null: at the beginning; undefined: the cursor is none of this list. */
function placeOf(cursor: string | undefined): OrderPosition | null | undefined {
  if (cursor === undefined) return null;
  const [paidAt, id] = readCursor(LIST, cursor) ?? [];
  return typeof paidAt === 'number' && typeof id === 'string' && isUuid(id)
    ? { paidAt, id }
    : undefined;
}
