import Type from 'typebox';
import { type Clock, showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import type { Pool } from '../../platform/database.ts';
import { principalOf } from '../../platform/web/auth.ts';
import { readCursor, writeCursor } from '../../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  InstantText,
  idOf,
  nullable,
  object,
  PAGE_DEFAULT,
  PageQuery,
  pageOf,
  text,
} from '../../platform/web/schema.ts';
import { acknowledgeFinding, type RecordedFinding, readFindings } from './finding.ts';

const tags = ['ledger'];
const LIST = 'findings';

const FindingShown = object(
  {
    id: Type.Integer(),
    shard: Type.Integer(),
    block: nullable(Type.Integer({ description: 'Null for a row that no block explains.' })),
    invariant: Type.Enum(['chain', 'entries', 'state'], {
      description: 'chain: hashes and links; entries: what an entry may do; state: rows and sums.',
    }),
    about: Type.String({ examples: ['lot lot_01h455vb4pex5vsknk084sn02q'] }),
    message: Type.String(),
    firstSeenAt: InstantText,
    lastSeenAt: InstantText,
    seen: Type.Integer({ description: 'How often it was come upon.' }),
    acknowledged: nullable(
      object(
        { at: InstantText, keyId: idOf('apiKey'), note: Type.String() },
        { title: 'FindingAcknowledgement' },
      ),
    ),
  },
  { title: 'Finding' },
);

function showFinding(finding: RecordedFinding): Type.Static<typeof FindingShown> {
  const { id, shard, block, invariant, about, message, seen } = finding;
  const { firstSeenAt, lastSeenAt, acknowledgedAt, acknowledgedBy, note } = finding;
  return {
    id,
    shard,
    block,
    invariant,
    about,
    message,
    firstSeenAt: showInstant(firstSeenAt),
    lastSeenAt: showInstant(lastSeenAt),
    seen,
    acknowledged:
      acknowledgedAt === null || acknowledgedBy === null || note === null
        ? null
        : { at: showInstant(acknowledgedAt), keyId: showId('apiKey', acknowledgedBy), note },
  };
}

/** What the reconciliation found. */
export function findingRoutes(
  app: App,
  { pool, clock }: { readonly pool: Pool; readonly clock: Clock },
): void {
  app.get(
    '/ledger/findings',
    {
      config: { scopes: ['ledger:read'] },
      schema: {
        operationId: 'listFindings',
        tags,
        summary: 'What does not add up, as reconciliation came upon it, newest first',
        querystring: object({
          ...PageQuery,
          open: Type.Optional(Type.Boolean({ description: 'Only those not acknowledged.' })),
        }),
        response: answers({ 200: pageOf(FindingShown, 'FindingPage') }),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, open = false } = request.query;
      const before = cursor === undefined ? null : readCursor(LIST, cursor)?.[0];
      if (before !== null && typeof before !== 'number')
        return refuse(reply, problem('cursor_invalid'));
      const found = await readFindings(pool, { before, limit: limit + 1, open });
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : undefined;
      return reply.code(200).send({
        items: items.map(showFinding),
        nextCursor: last === undefined ? null : writeCursor(LIST, [last.id]),
      });
    },
  );

  app.post(
    '/ledger/findings/:id/acknowledgement',
    {
      config: { scopes: ['ledger:write'] },
      schema: {
        operationId: 'acknowledgeFinding',
        tags,
        summary: 'Say what came of a finding; health is no longer degraded by it',
        params: object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
        body: object({ note: text(500) }, { title: 'NewFindingAcknowledgement' }),
        response: answers({ 200: FindingShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const { keyId } = principalOf(request);
      const { note } = request.body;
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const by = { key: keyId, note, now: clock.now() };
        const done = await acknowledgeFinding(tx, request.params.id, by);
        return 'code' in done ? { refusal: done } : { status: 200, body: showFinding(done) };
      });
      return sendStored(reply, answer);
    },
  );
}
