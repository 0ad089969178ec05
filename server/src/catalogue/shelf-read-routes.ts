import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { CODES } from '../platform/publishing/family.ts';
import { ItemStateName } from '../platform/publishing/item-state.ts';
import { isOwn, reachesProgramme, viewOf } from '../platform/publishing/published.ts';
import { findDraft, findItem, listChanges, listItems } from '../platform/publishing/store.ts';
import { findVersion, listVersions } from '../platform/publishing/version-store.ts';
import { principalOf } from '../platform/web/auth.ts';
import {
  readNumberStart,
  readPageStart,
  writeNextCursor,
  writeNextNumber,
} from '../platform/web/cursor.ts';
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
} from '../platform/web/schema.ts';
import { readItems } from './read-items.ts';
import type { ShelfDeps } from './shelf-deps.ts';
import { type Shelf, shelfSchemas, showChange, showVersion } from './shelf-schema.ts';

const read = { scopes: ['rewards:read' as const], perProgramme: true };

/** What there is on a shelf. */
export function shelfReadRoutes<Body>(
  app: App,
  { pool, clock, programmes }: Pick<ShelfDeps, 'pool' | 'clock' | 'programmes'>,
  shelf: Shelf<Body>,
): void {
  const { family, noun } = shelf;
  const versionId = family === 'reward' ? 'rewardVersion' : 'promotionVersion';
  const codes = CODES[family];
  const { Shown, Version, Page, VersionPage, ChangePage } = shelfSchemas(shelf);
  const tags = [`${family}s`];
  const path = `/${family}s`;
  const params = object({ id: idOf(family) });
  const find = (request: FastifyRequest) => {
    const { id } = request.params as { readonly id: string };
    return findItem(pool, family, mustReadId(family, id), viewOf(principalOf(request)));
  };

  app.get(
    path,
    {
      config: read,
      schema: {
        operationId: `list${noun}s`,
        tags,
        summary: `List ${family}s by age; a merchant's key sees its own and the published ones of the operator`,
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          merchantId: Type.Optional(idOf('merchant')),
          code: Type.Optional(Code),
          state: Type.Optional(ItemStateName),
        }),
        response: answers({ 200: Page }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, programme, merchantId } = request.query;
      const { code = null, state = null } = request.query;
      const start = readPageStart(family, cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const view = viewOf(principalOf(request));
      const id = programme === undefined ? null : (await programmes.find(programme))?.id;
      if (id === undefined || (id !== null && !reachesProgramme(view, id)))
        return refuse(reply, problem('programme_not_found'));
      const merchant = merchantId === undefined ? null : mustReadId('merchant', merchantId);
      const filter = { programme: id, merchant, code, state, now: clock.now() };
      const found = await listItems(pool, family, filter, view, start.after, limit + 1);
      return {
        items: await readItems(pool, shelf, found.slice(0, limit), view, clock),
        nextCursor: writeNextCursor(family, found, limit),
      } as never;
    },
  );

  app.get(
    `${path}/:id`,
    {
      config: read,
      schema: {
        operationId: `get${noun}`,
        tags,
        summary: `Read a ${family}: what is in force, announced, and drafted`,
        params,
        response: answers({ 200: Shown }, 404),
      },
    },
    async (request, reply) => {
      const view = viewOf(principalOf(request));
      const item = await find(request);
      const [shown] = item === undefined ? [] : await readItems(pool, shelf, [item], view, clock);
      return (shown as never) ?? refuse(reply, problem(codes.notFound));
    },
  );

  app.get(
    `${path}/:id/versions`,
    {
      config: read,
      schema: {
        operationId: `list${noun}Versions`,
        tags,
        summary: `List the published versions of a ${family}, oldest first, those that ended too`,
        params,
        querystring: object(PageQuery),
        response: answers({ 200: VersionPage }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const list = `${family} versions`;
      const after = readNumberStart(list, cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const item = await find(request);
      if (item === undefined) return refuse(reply, problem(codes.notFound));
      const found = await listVersions<Body>(pool, family, item.id, after, limit + 1);
      const shown = { ...item, now: clock.now() + item.clockOffsetMs };
      return {
        items: found.slice(0, limit).map((each) => showVersion(shelf, shown, each)),
        nextCursor: writeNextNumber(list, found, limit),
      } as never;
    },
  );

  app.get(
    `${path}/:id/changes`,
    {
      config: read,
      schema: {
        operationId: `list${noun}Changes`,
        tags,
        summary: `List what was done with a ${family}, oldest first: who made, drafted, published, retired what and when`,
        params,
        querystring: object(PageQuery),
        response: answers({ 200: ChangePage }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const list = `${family} changes`;
      const after = readNumberStart(list, cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const item = await find(request);
      if (item === undefined) return refuse(reply, problem(codes.notFound));
      // Drafts are their writer's affair.
      if (!isOwn(viewOf(principalOf(request)), item))
        return refuse(reply, problem('merchant_out_of_reach'));
      const found = await listChanges(pool, family, item.id, after, limit + 1);
      return {
        items: found.slice(0, limit).map((each) => showChange(shelf, each)),
        nextCursor: writeNextNumber(list, found, limit),
      } as never;
    },
  );

  app.get(
    `/${family}-versions/:id`,
    {
      config: read,
      schema: {
        operationId: `get${noun}Version`,
        tags,
        summary: `Read a version of a ${family}, as redemptions name it: for ever the same once it was published`,
        params: object({ id: idOf(versionId) }),
        response: answers({ 200: Version }, 404),
      },
    },
    async (request, reply) => {
      const id = mustReadId(versionId, request.params.id);
      const view = viewOf(principalOf(request));
      const published = await findVersion<Body>(pool, family, id);
      const version = published ?? (await findDraft<Body>(pool, family, id));
      const item =
        version === undefined ? undefined : await findItem(pool, family, version.of, view);
      const isSeen = published !== undefined || (item !== undefined && isOwn(view, item));
      if (version === undefined || item === undefined || !isSeen)
        return refuse(reply, problem(codes.versionNotFound));
      return showVersion(
        shelf,
        { ...item, now: clock.now() + item.clockOffsetMs },
        version,
      ) as never;
    },
  );
}
