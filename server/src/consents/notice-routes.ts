import Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import { principalOf } from '../platform/web/auth.ts';
import { readCursor, writeCursor } from '../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, object, PAGE_DEFAULT, PageQuery, pageOf } from '../platform/web/schema.ts';
import { createNotice } from './create-notice.ts';
import { NewNotice, NoticeShown, showNotice } from './notice.ts';
import { PurposeName } from './purpose.ts';
import { listNotices } from './store.ts';

const tags = ['consents'];
/** Its cursors' list. */
const NOTICES = 'notices';

/** What members are told before they agree. */
export function noticeRoutes(
  app: App,
  { pool, clock }: { readonly pool: Pool; readonly clock: Clock },
): void {
  app.post(
    '/notices',
    {
      config: { scopes: ['notices:write'] },
      schema: {
        operationId: 'createNotice',
        tags,
        summary: 'Make the next version of what members are told before they agree',
        description: 'A version is never changed, and can be read for ever.',
        body: NewNotice,
        response: answers({ 201: NoticeShown }, 409, 422),
      },
    },
    async (request, reply) => {
      const by = { key: principalOf(request).keyId, clock };
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        createNotice(tx, request.body, by),
      );
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/notices',
    {
      config: { scopes: ['consents:read'], member: 'all' },
      schema: {
        operationId: 'listNotices',
        tags,
        summary: 'List all versions of all notices, by purpose and version',
        querystring: object({ ...PageQuery, purpose: Type.Optional(PurposeName) }),
        response: answers({ 200: pageOf(NoticeShown, 'NoticePage') }),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, purpose = null } = request.query;
      const [name, version] = cursor === undefined ? ['', 0] : (readCursor(NOTICES, cursor) ?? []);
      if (typeof name !== 'string' || typeof version !== 'number')
        return refuse(reply, problem('cursor_invalid'));
      const filter = { purpose, now: clock.now() };
      const found = await listNotices(pool, filter, [name, version], limit + 1);
      const last = found.length > limit ? found[limit - 1] : undefined;
      return {
        items: found.slice(0, limit).map((each) => showNotice(each, each.inForce)),
        nextCursor: last === undefined ? null : writeCursor(NOTICES, [last.purpose, last.version]),
      };
    },
  );
}
