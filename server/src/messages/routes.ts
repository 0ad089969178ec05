import Type from 'typebox';
import { isUuid } from '../kernel/id.ts';
import { ownOf, principalOf } from '../platform/web/auth.ts';
import { readCursor, writeCursor } from '../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
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
  pageOf,
} from '../platform/web/schema.ts';
import {
  findMessage,
  listAnnounced,
  listSent,
  type MessagePlace,
  readEvidence,
} from './inbox-store.ts';
import { fetchMessages, openInbox, type ReceiveDeps, readMessage } from './receive.ts';
import {
  EvidencePage,
  MessagePage,
  MessageSent,
  MessageShown,
  showEvidence,
  showMessage,
  showSent,
} from './schema.ts';

const tags = ['messages'];
/** Their cursors' lists. */
const INBOX = 'messages';
const SENT = 'messages sent';
const EVIDENCE = 'message evidence';
const ofMember = object({ id: idOf('member') });
const ofMessage = object({ id: idOf('message') });

/** What members are told, and the evidence of it. */
export function messageRoutes(app: App, deps: ReceiveDeps): void {
  const { pool, programmes } = deps;
  const codeOf = (id: number): string => programmes.byId(id)?.code ?? '';

  app.get(
    '/members/:id/messages',
    {
      config: { scopes: ['messages:receive'], member: 'path' },
      schema: {
        operationId: 'fetchMessages',
        tags,
        summary: "Fetch a member's messages, the latest first",
        description:
          'For the member’s side: that a message was fetched is evidence that it came. Operators read with `GET /v1/messages`, which leaves no trace.',
        params: ofMember,
        querystring: object({
          ...PageQuery,
          unread: Type.Optional(Type.Boolean({ description: 'Only what was not read.' })),
        }),
        response: answers({ 200: MessagePage }, 404, 409),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, unread: onlyUnread = false } = request.query;
      const before = placeOf(INBOX, cursor);
      if (before === undefined) return refuse(reply, problem('cursor_invalid'));
      const inbox = await openInbox(deps, mustReadId('member', request.params.id), onlyUnread);
      if ('code' in inbox) return refuse(reply, inbox);
      const { keyId } = principalOf(request);
      const { found, unread } = await fetchMessages(deps, inbox, { before, limit }, keyId);
      return reply.code(200).send({
        items: found.slice(0, limit).map((each) => showMessage(each, codeOf)),
        unread,
        nextCursor: nextOf(INBOX, found, limit),
      });
    },
  );

  app.post(
    '/messages/:id/read',
    {
      config: { scopes: ['messages:receive'], member: 'own' },
      schema: {
        operationId: 'readMessage',
        tags,
        summary: 'Note that a member has read a message; the first time counts',
        params: ofMessage,
        body: object({ memberId: idOf('member') }, { title: 'ReadBy' }),
        response: answers({ 200: MessageShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { keyId } = principal;
      const member = ownOf(principal, mustReadId('member', request.body.memberId));
      const inbox = await openInbox(deps, member);
      if ('code' in inbox) return refuse(reply, inbox);
      const id = mustReadId('message', request.params.id);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const read = await readMessage(tx, deps, inbox, id, keyId);
        if ('code' in read) return { refusal: read };
        return { status: 200, body: showMessage(read, codeOf) };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/messages',
    {
      config: { scopes: ['messages:read'] },
      schema: {
        operationId: 'listMessages',
        tags,
        summary: 'List everything written to a member, or to a whole programme, the latest first',
        description: 'Also what is not due yet, and what is over. Leaves no trace in the evidence.',
        querystring: object({
          ...PageQuery,
          memberId: Type.Optional(idOf('member')),
          programme: Type.Optional(Code),
        }),
        response: answers({ 200: pageOf(MessageSent, 'MessageSentPage') }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, memberId, programme: code } = request.query;
      const before = placeOf(SENT, cursor);
      if (before === undefined) return refuse(reply, problem('cursor_invalid'));
      if ((memberId === undefined) === (code === undefined))
        return refuse(reply, problem('invalid_request', 'ask by memberId or by programme'));
      const programme = code === undefined ? undefined : await programmes.find(code);
      if (memberId === undefined && programme === undefined)
        return refuse(reply, problem('programme_not_found'));
      const found =
        memberId === undefined
          ? await listAnnounced(pool, programme?.id ?? 0, before, limit + 1)
          : await listSent(pool, mustReadId('member', memberId), before, limit + 1);
      return reply.code(200).send({
        items: found.slice(0, limit).map((each) => showSent(each, codeOf)),
        nextCursor: nextOf(SENT, found, limit),
      });
    },
  );

  app.get(
    '/messages/:id/evidence',
    {
      config: { scopes: ['messages:read'] },
      schema: {
        operationId: 'getMessageEvidence',
        tags,
        summary: 'When a message was made, first fetched and read, by whom',
        params: ofMessage,
        querystring: object(PageQuery),
        response: answers({ 200: EvidencePage }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const [member, what] = cursor === undefined ? [] : (readCursor(EVIDENCE, cursor) ?? [null]);
      const isPlace = typeof member === 'string' && isUuid(member) && typeof what === 'string';
      if (member !== undefined && !isPlace) return refuse(reply, problem('cursor_invalid'));
      const id = mustReadId('message', request.params.id);
      const message = await findMessage(pool, id);
      if (message === undefined) return refuse(reply, problem('message_not_found'));
      const found = await readEvidence(pool, id, isPlace ? { member, what } : null, limit + 1);
      const last = found.length > limit ? found[limit - 1] : undefined;
      return reply.code(200).send({
        message: showSent(message, codeOf),
        items: found.slice(0, limit).map(showEvidence),
        nextCursor: last === undefined ? null : writeCursor(EVIDENCE, [last.member, last.what]),
      });
    },
  );
}

function placeOf(list: string, cursor: string | undefined): MessagePlace | null | undefined {
  if (cursor === undefined) return null;
  const [dueAt, id] = readCursor(list, cursor) ?? [];
  return typeof dueAt === 'number' && typeof id === 'string' && isUuid(id)
    ? { dueAt, id }
    : undefined;
}

function nextOf(list: string, found: readonly MessagePlace[], limit: number): string | null {
  const last = found.length > limit ? found[limit - 1] : undefined;
  return last === undefined ? null : writeCursor(list, [last.dueAt, last.id]);
}
