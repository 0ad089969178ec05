import { showInstant } from '../kernel/clock.ts';
import {
  type AccountAsOf,
  readAccountsBefore,
  readApplied,
  readClosed,
} from '../ledger/read-as-of.ts';
import type { Transaction } from '../ledger/transaction.ts';
import { isWithin, principalOf } from '../platform/web/auth.ts';
import { readCursor, writeCursor } from '../platform/web/cursor.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  InstantText,
  idOf,
  mustReadId,
  mustReadInstant,
  object,
  PAGE_DEFAULT,
  PageQuery,
} from '../platform/web/schema.ts';
import { type ReadDeps, takesPart } from './read-routes.ts';
import { StatementShown } from './read-schema.ts';
import { seenBy } from './subjects.ts';

/** What happened to a member's points in a period. */
export function statementRoutes(app: App, deps: ReadDeps): void {
  const { pool, ledger, members, display, programmes } = deps;

  app.get(
    '/members/:id/statement',
    {
      config: { scopes: ['points:read'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'getStatement',
        tags: ['members'],
        summary: 'Opening balance, everything that took effect in a period, closing balance',
        description: 'For the operator: a merchant’s key sees only its own transactions elsewhere.',
        params: object({ id: idOf('member') }),
        querystring: object({ from: InstantText, to: InstantText, ...PageQuery }),
        response: answers({ 200: StatementShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const [from, to] = [mustReadInstant(request.query.from), mustReadInstant(request.query.to)];
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const principal = principalOf(request);
      if (principal.merchant !== null) return refuse(reply, problem('operator_only'));
      if (to < from) return refuse(reply, problem('period_invalid'));
      const after = placeOf(cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      if (!(await members.has(member))) return refuse(reply, problem('member_not_found'));
      const shard = ledger.shardOf(member);
      const [opening, closing, closed, found] = await Promise.all([
        readAccountsBefore(pool, shard, member, from),
        readAccountsBefore(pool, shard, member, to),
        readClosed(pool, shard),
        readApplied(pool, shard, member, {
          ...{ from, to, after, limit: limit + 1 },
          programme: principal.programme?.id ?? null,
        }),
      ]);
      const own = [...closing.values()].filter((each) => isWithin(principal, each.programme));
      if (own.length === 0 && !(await takesPart(deps, member, principal.programme)))
        return refuse(reply, problem('member_not_found'));
      const accounts = own.map(({ programme, pointType }) => ({
        ...codesOf(programme, pointType),
        opening: balanceIn(opening.get(pointType)),
        closing: balanceIn(closing.get(pointType)),
        final: to <= (closed.get(programme) ?? 0),
      }));
      const items = found.slice(0, limit).map((each) => ({
        transaction: seenBy(principal, display.recorded(each)),
        changes: changesOf(each.transaction).map(([pointType, points]) => ({
          ...codesOf(each.transaction.programme, pointType),
          points,
        })),
      }));
      const last = found.length > limit ? found[limit - 1] : undefined;
      return reply.code(200).send({
        from: showInstant(from),
        to: showInstant(to),
        accounts,
        items,
        nextCursor:
          last === undefined
            ? null
            : writeCursor('statement', [last.receipt.block, last.receipt.position]),
      });
    },
  );

  function codesOf(id: number, pointType: number): { programme: string; pointType: string } {
    const programme = programmes.byId(id);
    const type = programme?.pointTypes.find((each) => each.id === pointType);
    return { programme: programme?.code ?? '', pointType: type?.code ?? '' };
  }
}

const START = { block: 0, position: -1 };

function placeOf(cursor: string | undefined): typeof START | undefined {
  if (cursor === undefined) return START;
  const [block, position] = readCursor('statement', cursor) ?? [];
  return typeof block === 'number' && typeof position === 'number'
    ? { block, position }
    : undefined;
}

function balanceIn(account: AccountAsOf | undefined): number {
  return account === undefined ? 0 : account.free + account.held - account.debt;
}

/** What a transaction did to its member's balance, by point type. */
function changesOf(transaction: Transaction): [pointType: number, points: number][] {
  const changes = new Map<number, number>();
  const own = new Set(['member', 'held', 'debt']);
  for (const { pointType, from, to, points } of transaction.entries) {
    const change = (own.has(to.role) ? points : 0) - (own.has(from.role) ? points : 0);
    changes.set(pointType, (changes.get(pointType) ?? 0) + change);
  }
  return [...changes];
}
