import Type from 'typebox';
import { type Instant, showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readHeads } from '../ledger/read.ts';
import { type Before, readMemberLots, readMemberTransactions } from '../ledger/read-account.ts';
import { readBalancesAsOf, readClosed } from '../ledger/read-as-of.ts';
import { findLot, readTrail, summariseLot } from '../ledger/read-trail.ts';
import type { Members } from '../members/registry.ts';
import type { Pool } from '../platform/database.ts';
import { type Principal, principalOf, reaches } from '../platform/web/auth.ts';
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
import { type BalanceDeps, type Past, programmeTimes, readBalances } from './balance.ts';
import { BalancesShown, HeadsShown, LotPage, TrailShown, TransactionPage } from './read-schema.ts';

import type { Display } from './show.ts';
import { showLot, showStep, showSummary } from './show-lot.ts';
import { seenBy } from './subjects.ts';

export interface ReadDeps extends BalanceDeps {
  readonly pool: Pool;
  readonly ledger: Ledger;
  readonly members: Members;
  readonly display: Display;
  /** The numbers of orders, for those of these ids that are orders. */
  readonly orderNumbers: (ids: readonly Uuid[]) => Promise<ReadonlyMap<Uuid, string>>;
}

/** What members have, where it came from and where it went. */
export function readRoutes(app: App, deps: ReadDeps): void {
  const { pool, ledger, display } = deps;
  const params = object({ id: idOf('member') });

  app.get(
    '/members/:id/balance',
    {
      config: { scopes: ['points:read'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'getBalance',
        tags: ['members'],
        summary: "Read a member's balances",
        description:
          'What is pending, available and expired is decided by the time, in each programme’s own.',
        params,
        querystring: object({
          asOf: Type.Optional(
            Type.Unsafe<string>({
              ...InstantText,
              description:
                'The balances at that instant, by everything that took effect until then; in the future, if nothing else happens.',
            }),
          ),
        }),
        response: answers({ 200: BalancesShown }, 404),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const { asOf } = request.query;
      const past = asOf === undefined ? null : await lookBack(deps, member, mustReadInstant(asOf));
      const { programme } = principalOf(request);
      const all = await readBalances(deps, member, past);
      const balances =
        programme === null ? all : all?.filter((each) => each.programme === programme.code);
      return balances === undefined || balances.length === 0
        ? refuse(reply, problem('member_not_found'))
        : reply.code(200).send({ balances });
    },
  );

  app.get(
    '/members/:id/lots',
    {
      config: { scopes: ['points:read'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'listLots',
        tags: ['members'],
        summary: "List a member's lots, newest first",
        params,
        querystring: object({
          ...PageQuery,
          open: Type.Optional(Type.Boolean({ description: 'Only lots with points left.' })),
        }),
        response: answers({ 200: LotPage }, 404),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const { cursor, limit = PAGE_DEFAULT, open = false } = request.query;
      const list = open ? 'lots open' : 'lots';
      const before = beforeOf(list, cursor);
      if (before === undefined) return refuse(reply, problem('cursor_invalid'));
      if (!(await deps.members.has(member))) return refuse(reply, problem('member_not_found'));
      const principal = principalOf(request);
      const { merchant, programme } = principal;
      const found = await readMemberLots(pool, ledger.shardOf(member), member, {
        before,
        limit: limit + 1,
        merchant,
        programme: programme?.id ?? null,
        open,
      });
      if (found.length === 0 && !(await takesPart(deps, member, programme)))
        return refuse(reply, problem('member_not_found'));
      const items = found.slice(0, limit).map(({ lot }) => seenBy(principal, showLot(deps, lot)));
      return reply.code(200).send({ items, nextCursor: nextOf(list, found, limit) });
    },
  );

  app.get(
    '/members/:id/transactions',
    {
      config: { scopes: ['points:read'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'listTransactions',
        tags: ['members'],
        summary: "List a member's transactions, newest first, refused ones among them",
        params,
        querystring: object(PageQuery),
        response: answers({ 200: TransactionPage }, 404),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const before = beforeOf('transactions', cursor);
      if (before === undefined) return refuse(reply, problem('cursor_invalid'));
      if (!(await deps.members.has(member))) return refuse(reply, problem('member_not_found'));
      const principal = principalOf(request);
      const { merchant, programme } = principal;
      const found = await readMemberTransactions(pool, ledger.shardOf(member), member, {
        before,
        limit: limit + 1,
        merchant,
        programme: programme?.id ?? null,
      });
      if (found.length === 0 && !(await takesPart(deps, member, programme)))
        return refuse(reply, problem('member_not_found'));
      const items = found.slice(0, limit).map((each) => seenBy(principal, display.recorded(each)));
      const places = found.map((each) => each.receipt);
      return reply.code(200).send({ items, nextCursor: nextOf('transactions', places, limit) });
    },
  );

  app.get(
    '/lots/:id/trail',
    {
      config: { scopes: ['points:read'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'getTrail',
        tags: ['transactions'],
        summary: 'Follow a lot from its making to everything that consumed it',
        params: object({ id: idOf('lot') }),
        querystring: object(PageQuery),
        response: answers({ 200: TrailShown }, 404),
      },
    },
    async (request, reply) => {
      const id = mustReadId('lot', request.params.id);
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      // Entries are numbered from 0.
      const after = cursor === undefined ? -1 : readCursor('trail', cursor)?.[0];
      if (typeof after !== 'number') return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      const lot = await findLot(pool, id);
      // A merchant follows the points it issued; where others' points went is not its business.
      const isSeen = lot !== undefined && reaches(principal, { ...lot, merchant: lot.issuer });
      if (lot === undefined || !isSeen) return refuse(reply, problem('lot_not_found'));
      const [found, summary] = await Promise.all([
        readTrail(pool, id, after, limit + 1),
        summariseLot(pool, lot),
      ]);
      const steps = found.slice(0, limit);
      const orders = steps.flatMap(({ source }) => (source?.kind === 'order' ? [source.id] : []));
      const numbers =
        orders.length === 0 ? new Map<Uuid, string>() : await deps.orderNumbers(orders);
      const last = found.length > limit ? steps.at(-1) : undefined;
      return reply.code(200).send({
        lot: seenBy(principal, showLot(deps, lot)),
        summary: showSummary(summary),
        steps: steps.map((step) => seenBy(principal, showStep(step, numbers))),
        nextCursor: last === undefined ? null : writeCursor('trail', [last.seq]),
      });
    },
  );

  app.get(
    '/ledger/heads',
    {
      config: { scopes: ['ledger:read'] },
      schema: {
        operationId: 'getHeads',
        tags: ['ledger'],
        summary: 'The end of every chain: keep them, and nobody can rewrite the ledger unseen',
        response: answers({ 200: HeadsShown }),
      },
    },
    async () => {
      const { heads, ...ledgerFacts } = await readHeads(pool);
      return {
        ...ledgerFacts,
        heads: heads.map((head) => ({ ...head, recordedAt: showInstant(head.recordedAt) })),
      };
    },
  );
}

async function lookBack(deps: ReadDeps, member: Uuid, at: Instant): Promise<Past> {
  const { pool, ledger, programmes } = deps;
  const shard = ledger.shardOf(member);
  const times = programmeTimes(programmes);
  return {
    at,
    balancesOf: (of) => readBalancesAsOf(pool, ledger.shardOf(of), of, at, times),
    closed: await readClosed(pool, shard),
  };
}

/** Whether a member is in the only programme that the caller reaches. */
export async function takesPart(
  { memberships }: Pick<ReadDeps, 'memberships'>,
  member: Uuid,
  own: Principal['programme'],
): Promise<boolean> {
  return own === null || (await memberships.of(member)).programmes.includes(own.id);
}

function beforeOf(list: string, cursor: string | undefined): Before | null | undefined {
  if (cursor === undefined) return null;
  const [block, position] = readCursor(list, cursor) ?? [];
  return typeof block === 'number' && typeof position === 'number'
    ? { block, position }
    : undefined;
}

function nextOf(list: string, found: readonly Before[], limit: number): string | null {
  const last = found.length > limit ? found[limit - 1] : undefined;
  return last === undefined ? null : writeCursor(list, [last.block, last.position]);
}
