import Type from 'typebox';
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
import { CreditBandShown, NewCreditBand, showCreditBand } from './credit-band.ts';
import { readCreditBand } from './credit-band-store.ts';
import { createSegment, putIntoSegment, takeOutOfSegment } from './put-into-segment.ts';
import {
  MemberSegmentShown,
  NewSegment,
  SegmentShown,
  showMemberSegment,
  showSegment,
} from './segment.ts';
import { listSegments, readMemberSegments, readProgrammeId } from './segment-store.ts';
import { removeCreditBand, setCreditBand } from './set-credit-band.ts';
import { type ConsentDeps, speaker } from './speaker.ts';

export interface ProfileDeps extends ConsentDeps {
  /** The code of a programme, by its number. */
  readonly programmeCode: (id: number) => string;
}

const tags = ['profiles'];
/** Its cursors' list. */
const SEGMENTS = 'segments';
const ofMember = object({ id: idOf('member') });
const ofSegment = object({ id: idOf('member'), code: Code });
const MemberSegmentList = object(
  { items: Type.Array(MemberSegmentShown) },
  { title: 'MemberSegmentList' },
);

/** What is kept about members by their consent: credit bands and segments. */
export function profileRoutes(app: App, deps: ProfileDeps): void {
  const { pool, clock, programmeCode } = deps;
  const speak = speaker(deps);

  app.put(
    '/members/:id/credit-band',
    {
      config: { scopes: ['profiles:write'] },
      schema: {
        operationId: 'setCreditBand',
        tags,
        summary: "Set a member's credit band, while they consent to it",
        description:
          'It can only bring more points, never fewer; withdrawing the consent deletes it.',
        params: ofMember,
        body: NewCreditBand,
        response: answers({ 200: CreditBandShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      return await speak(request, reply, member, (tx, by) =>
        setCreditBand(tx, member, request.body, by),
      );
    },
  );

  app.get(
    '/members/:id/credit-band',
    {
      config: { scopes: ['profiles:read'] },
      schema: {
        operationId: 'getCreditBand',
        tags,
        summary: "Read a member's credit band",
        params: ofMember,
        response: answers({ 200: CreditBandShown }, 404),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const kept = await readCreditBand(pool, member);
      if (kept !== undefined) return showCreditBand(kept);
      const isMember = await deps.hasMember(member);
      return refuse(reply, problem(isMember ? 'credit_band_not_found' : 'member_not_found'));
    },
  );

  app.delete(
    '/members/:id/credit-band',
    {
      config: { scopes: ['profiles:write'] },
      schema: {
        operationId: 'removeCreditBand',
        tags,
        summary: "Delete a member's credit band; the consent stays",
        params: ofMember,
        response: answers({ 200: CreditBandShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      return await speak(request, reply, member, (tx, by) => removeCreditBand(tx, member, by));
    },
  );

  app.post(
    '/segments',
    {
      config: { scopes: ['profiles:write'] },
      schema: {
        operationId: 'createSegment',
        tags,
        summary: 'Make a segment: a named set that members of a programme can be in',
        body: NewSegment,
        response: answers({ 201: SegmentShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        createSegment(tx, request.body, clock),
      );
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/segments',
    {
      config: { scopes: ['profiles:read'] },
      schema: {
        operationId: 'listSegments',
        tags,
        summary: 'List the segments of a programme by code',
        querystring: object({ ...PageQuery, programme: Type.Optional(Code) }),
        response: answers({ 200: pageOf(SegmentShown, 'SegmentPage') }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, programme: name = 'default' } = request.query;
      const after = cursor === undefined ? '' : readCursor(SEGMENTS, cursor)?.[0];
      if (typeof after !== 'string') return refuse(reply, problem('cursor_invalid'));
      const programme = await readProgrammeId(pool, name);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const found = await listSegments(pool, programme, after, limit + 1);
      const last = found.length > limit ? found[limit - 1] : undefined;
      return {
        items: found.slice(0, limit).map((each) => showSegment(name, each)),
        nextCursor: last === undefined ? null : writeCursor(SEGMENTS, [last.code]),
      };
    },
  );

  app.put(
    '/members/:id/segments/:code',
    {
      config: { scopes: ['profiles:write'] },
      schema: {
        operationId: 'putIntoSegment',
        tags,
        summary: 'Put a member into a segment',
        description:
          'Needs the member’s consent to `personalised_offers`, unless the segment has a `serviceReason`.',
        params: ofSegment,
        body: object({ programme: Type.Optional(Code) }, { title: 'IntoSegment' }),
        response: answers({ 200: MemberSegmentShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const at = { programme: request.body.programme ?? 'default', code: request.params.code };
      return await speak(request, reply, member, (tx, by) => putIntoSegment(tx, member, at, by));
    },
  );

  app.delete(
    '/members/:id/segments/:code',
    {
      config: { scopes: ['profiles:write'] },
      schema: {
        operationId: 'takeOutOfSegment',
        tags,
        summary: 'Take a member out of a segment',
        params: ofSegment,
        querystring: object({ programme: Type.Optional(Code) }),
        response: answers({ 200: MemberSegmentShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const at = { programme: request.query.programme ?? 'default', code: request.params.code };
      return await speak(request, reply, member, (tx, by) => takeOutOfSegment(tx, member, at, by));
    },
  );

  app.get(
    '/members/:id/segments',
    {
      config: { scopes: ['profiles:read'] },
      schema: {
        operationId: 'listMemberSegments',
        tags,
        summary: 'The segments a member is in, of all programmes',
        params: ofMember,
        response: answers({ 200: MemberSegmentList }, 404),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      if (!(await deps.hasMember(member))) return refuse(reply, problem('member_not_found'));
      const found = await readMemberSegments(pool, member);
      const items = found.map((each) => showMemberSegment(programmeCode(each.programme), each));
      return reply.code(200).send({ items });
    },
  );
}
