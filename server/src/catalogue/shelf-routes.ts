import type { FastifyRequest } from 'fastify';
import type Type from 'typebox';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Transaction } from '../platform/database.ts';
import { dropDraft } from '../platform/publishing/drop-draft.ts';
import { makeItem } from '../platform/publishing/make-item.ts';
import { publishDraft } from '../platform/publishing/publish-draft.ts';
import type { Caller } from '../platform/publishing/published.ts';
import type { Publishing } from '../platform/publishing/publishing.ts';
import { retireItem } from '../platform/publishing/retire-item.ts';
import { saveDraft } from '../platform/publishing/save-draft.ts';
import { writeBy } from '../platform/publishing/write-by.ts';
import { type StoredAnswer, sendStored } from '../platform/web/idempotency.ts';
import type { App } from '../platform/web/route.ts';
import { answers, idOf, mustReadId, mustReadInstant, object } from '../platform/web/schema.ts';
import { mustReadItem } from './read-items.ts';
import type { ShelfDeps } from './shelf-deps.ts';
import { shelfReadRoutes } from './shelf-read-routes.ts';
import { type Shelf, shelfSchemas } from './shelf-schema.ts';

interface NewItem {
  readonly code: string;
  readonly programme?: string;
  readonly merchantId?: string;
  readonly body: unknown;
}

const instantOf = (asked: unknown) => {
  const { from } = asked as { readonly from?: string };
  return from === undefined ? null : mustReadInstant(from);
};

/** Making what stands on a shelf, rewards or promotions, and what becomes of it. */
export function shelfRoutes<Body>(
  app: App,
  deps: ShelfDeps,
  shelf: Shelf<Body>,
  publishing: Publishing<Body>,
): void {
  const { family, noun } = shelf;
  const { New, NewDraft, NewPublication, NewRetirement, Dropped, Shown } = shelfSchemas(shelf);
  const tags = [`${family}s`];
  const path = `/${family}s`;
  const params = object({ id: idOf(family) });
  const idAt = (request: FastifyRequest) =>
    mustReadId(family, (request.params as { readonly id: string }).id);

  /** Does something with an item, and answers it as it is then. */
  function change(
    request: FastifyRequest,
    status: 200 | 201,
    perform: (tx: Transaction, by: Caller) => Promise<Uuid | Refusal>,
  ): Promise<StoredAnswer> {
    return writeBy(deps, request, async (tx, by) => {
      const done = await perform(tx, by);
      if (typeof done !== 'string') return { refusal: done };
      return { status, body: await mustReadItem(tx, shelf, done, by) };
    });
  }

  const write = { scopes: ['rewards:write' as const], perProgramme: true };
  const publish = { scopes: ['rewards:publish' as const], perProgramme: true };
  const bodyOf = (request: FastifyRequest): Body =>
    shelf.read((request.body as { readonly body: unknown }).body);

  app.post(
    path,
    {
      config: write,
      schema: {
        operationId: `create${noun}`,
        tags,
        summary: `Make a ${family}, as the draft of its first version`,
        body: New as Type.TSchema,
        response: answers({ 201: Shown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const asked = { ...(request.body as NewItem), body: bodyOf(request) };
      return sendStored(
        reply,
        await change(request, 201, (tx, by) => makeItem(tx, publishing, asked, by)),
      );
    },
  );

  app.put(
    `${path}/:id/draft`,
    {
      config: write,
      schema: {
        operationId: `save${noun}Draft`,
        tags,
        summary: `Replace a ${family}'s draft, or begin its next version`,
        params,
        body: NewDraft as Type.TSchema,
        response: answers({ 200: Shown }, 404, 422),
      },
    },
    async (request, reply) =>
      sendStored(
        reply,
        await change(request, 200, (tx, by) =>
          saveDraft(tx, publishing, idAt(request), bodyOf(request), by),
        ),
      ),
  );

  app.delete(
    `${path}/:id/draft`,
    {
      config: write,
      schema: {
        operationId: `drop${noun}Draft`,
        tags,
        summary: `Drop a ${family}'s draft, and the ${family} with it when nothing of it was ever published`,
        params,
        response: answers({ 200: Dropped }, 404, 409, 422),
      },
    },
    async (request, reply) =>
      sendStored(
        reply,
        await writeBy(deps, request, async (tx, by) => {
          const id = idAt(request);
          const dropped = await dropDraft(tx, family, id, by);
          if ('message' in dropped) return { refusal: dropped };
          return { status: 200, body: { id: showId(family, id), ...dropped } };
        }),
      ),
  );

  app.post(
    `${path}/:id/publish`,
    {
      config: publish,
      schema: {
        operationId: `publish${noun}`,
        tags,
        summary: `Publish a ${family}'s draft: from then on it never changes`,
        description:
          'It is compared with what it replaces. As good for members in everything, it counts within seconds; else after ' +
          'the programme’s `ruleNoticeDays`, and `comparison` says why. What held before ends where it begins. ' +
          '`dryRun` answers all that and changes nothing.',
        params,
        body: NewPublication,
        response: answers({ 200: Shown }, 404, 409, 422),
      },
    },
    async (request, reply) =>
      sendStored(
        reply,
        await change(request, 200, (tx, by) =>
          publishDraft(tx, publishing, idAt(request), instantOf(request.body), by),
        ),
      ),
  );

  app.post(
    `${path}/:id/retire`,
    {
      config: publish,
      schema: {
        operationId: `retire${noun}`,
        tags,
        summary: `End a ${family}, after notice unless its dates are over`,
        params,
        body: NewRetirement,
        response: answers({ 200: Shown }, 404, 409, 422),
      },
    },
    async (request, reply) =>
      sendStored(
        reply,
        await change(request, 200, (tx, by) =>
          retireItem(tx, publishing, idAt(request), instantOf(request.body), by),
        ),
      ),
  );

  shelfReadRoutes(app, deps, shelf);
}
