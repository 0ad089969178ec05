import Type from 'typebox';
import type { Pool } from '../platform/database.ts';
import { actsFor, isWithin, principalOf } from '../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../platform/web/cursor.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  Code,
  InstantText,
  idOf,
  mustReadId,
  mustReadInstant,
  object,
  PAGE_DEFAULT,
  PageQuery,
  pageOf,
} from '../platform/web/schema.ts';
import { EntryShown, OUTCOMES, showEntry } from './entry.ts';
import { readEntries } from './store.ts';

export interface AuditRoutes {
  readonly pool: Pool;
  readonly programmeId: (code: string) => Promise<number | undefined>;
}

export function auditRoutes(app: App, { pool, programmeId }: AuditRoutes): void {
  app.get(
    '/audit',
    {
      config: { scopes: ['audit:read'], perProgramme: true, audited: true },
      schema: {
        operationId: 'listAudit',
        tags: ['audit'],
        summary: 'Who did what, newest first',
        description:
          'Every write by a person, administrative writes by API keys, sign-ins, and reads of what is delicate. A merchant reads what its own people and keys did, the operator of a programme what was done there.',
        querystring: object({
          ...PageQuery,
          from: Type.Optional(InstantText),
          until: Type.Optional(InstantText),
          actorId: Type.Optional(idOf('apiKey')),
          staffId: Type.Optional(idOf('staff')),
          operation: Type.Optional(Type.String({ pattern: '^[A-Za-z]{1,64}$' })),
          merchantId: Type.Optional(idOf('merchant')),
          programme: Type.Optional(Code),
          about: Type.Optional(
            Type.String({
              ...{ minLength: 1, maxLength: 128, pattern: '^[\\x21-\\x7e]+$' },
              description: 'An id or a code in its path, or the id of what was made.',
            }),
          ),
          outcome: Type.Optional(
            Type.Enum([...OUTCOMES], {
              description: '`unknown`: what came of it was not written.',
            }),
          ),
        }),
        response: answers({ 200: pageOf(EntryShown, 'AuditPage') }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const asked = request.query;
      const start = readPageStart('audit', asked.cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const merchant =
        asked.merchantId === undefined
          ? principal.merchant
          : mustReadId('merchant', asked.merchantId);
      if (!actsFor(principal, merchant)) return refuse(reply, problem('merchant_out_of_reach'));
      const named =
        asked.programme === undefined
          ? principal.programme?.id
          : await programmeId(asked.programme);
      if (asked.programme !== undefined && (named === undefined || !isWithin(principal, named)))
        return refuse(reply, problem('programme_not_found'));
      const limit = asked.limit ?? PAGE_DEFAULT;
      const filter = {
        from: asked.from === undefined ? null : mustReadInstant(asked.from),
        until: asked.until === undefined ? null : mustReadInstant(asked.until),
        actor: asked.actorId === undefined ? null : mustReadId('apiKey', asked.actorId),
        staff: asked.staffId === undefined ? null : mustReadId('staff', asked.staffId),
        operation: asked.operation ?? null,
        merchant,
        programme: named ?? null,
        about: asked.about ?? null,
        outcome: asked.outcome ?? null,
      };
      const entries = await readEntries(pool, filter, start.after, limit + 1);
      return {
        items: entries.slice(0, limit).map(showEntry),
        nextCursor: writeNextCursor('audit', entries, limit),
      };
    },
  );
}
