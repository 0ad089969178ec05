import type { Clock } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import { principalOf } from '../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
  pageOf,
} from '../platform/web/schema.ts';
import { ApiKeyMade, ApiKeyShown, NewApiKey, Rotation, showApiKey } from './api-key.ts';
import type { Keyring } from './authenticate.ts';
import { createKey } from './create-key.ts';
import { rotateKey } from './rotate-key.ts';
import { listKeys, readKey, revokeKey } from './store.ts';

const tags = ['keys'];

export function keyRoutes(
  app: App,
  { pool, clock, keyring }: { pool: Pool; clock: Clock; keyring: Keyring },
): void {
  app.post(
    '/keys',
    {
      config: {
        scopes: ['keys:write'],
        perProgramme: true,
        proven: true,
        noDryRun: 'a secret is shown because it opens something',
      },
      schema: {
        operationId: 'createKey',
        tags,
        summary: 'Make an API key; its secret is shown once',
        description:
          'For one’s own merchant or programme unless it names another; nobody gives a scope that they lack, nor to a merchant or programme one that makes keys.',
        body: NewApiKey,
        response: answers({ 201: ApiKeyMade }, 404, 422),
      },
    },
    async (request, reply) => {
      const maker = principalOf(request);
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        createKey(tx, maker, request.body, clock),
      );
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/keys',
    {
      config: { scopes: ['keys:read'], perProgramme: true },
      schema: {
        operationId: 'listKeys',
        tags,
        summary: 'List API keys within reach by age, revoked ones included',
        querystring: object(PageQuery),
        response: answers({ 200: pageOf(ApiKeyShown, 'ApiKeyPage') }),
      },
    },
    async (request, reply) => {
      const start = readPageStart('keys', request.query.cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const limit = request.query.limit ?? PAGE_DEFAULT;
      const keys = await listKeys(pool, principalOf(request), start.after, limit + 1);
      return {
        items: keys.slice(0, limit).map(showApiKey),
        nextCursor: writeNextCursor('keys', keys, limit),
      };
    },
  );

  app.get(
    '/keys/:id',
    {
      config: { scopes: ['keys:read'], perProgramme: true },
      schema: {
        operationId: 'getKey',
        tags,
        summary: 'Read an API key, without its secret',
        params: object({ id: idOf('apiKey') }),
        response: answers({ 200: ApiKeyShown }, 404),
      },
    },
    async (request, reply) => {
      const id = mustReadId('apiKey', request.params.id);
      const key = await readKey(pool, id, principalOf(request));
      return key === undefined ? refuse(reply, problem('key_not_found')) : showApiKey(key);
    },
  );

  app.post(
    '/keys/:id/rotation',
    {
      config: {
        scopes: ['keys:write'],
        perProgramme: true,
        proven: true,
        noDryRun: 'a secret is shown because it opens something',
      },
      schema: {
        operationId: 'rotateKey',
        tags,
        summary: 'Give an API key a new secret, shown once; the old one works for some hours more',
        params: object({ id: idOf('apiKey') }),
        body: Rotation,
        response: answers({ 200: ApiKeyMade }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const id = mustReadId('apiKey', request.params.id);
      const maker = principalOf(request);
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        rotateKey(tx, maker, id, request.body, clock),
      );
      if (answer.status === 200) keyring.forgetAll();
      return sendStored(reply, answer);
    },
  );

  app.delete(
    '/keys/:id',
    {
      config: { scopes: ['keys:write'], perProgramme: true },
      schema: {
        operationId: 'revokeKey',
        tags,
        summary: 'Revoke an API key',
        params: object({ id: idOf('apiKey') }),
        response: answers({ 200: ApiKeyShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const id = mustReadId('apiKey', request.params.id);
      const maker = principalOf(request);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const key = await revokeKey(tx, id, clock.now(), maker);
        if (key === undefined) return { refusal: problem('key_not_found') };
        if (key.root) return { refusal: problem('key_is_root') };
        return { status: 200, body: showApiKey(key) };
      });
      if (answer.status === 200) keyring.forget(id);
      return sendStored(reply, answer);
    },
  );
}
