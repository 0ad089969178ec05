import Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import { readId, type Uuid } from '../kernel/id.ts';
import type { Pool } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { assertReaches, type Principal, principalOf } from '../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../platform/web/cursor.ts';
import type { StoredAnswer } from '../platform/web/idempotency.ts';
import {
  canonicalJson,
  sendStored,
  writeEachOnce,
  writeOf,
  writeOnce,
} from '../platform/web/idempotency.ts';
import type { Problem } from '../platform/web/problem.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  BULK_BODY_BYTES,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
  pageOf,
} from '../platform/web/schema.ts';
import { type BirthdayRoutes, birthdayRoutes } from './birthday-routes.ts';
import { findMembers } from './find-members.ts';
import {
  BulkAnswer,
  ExternalId,
  MemberShown,
  NewMember,
  NewMembers,
  PhoneText,
  System,
  showMember,
} from './member.ts';
import { membershipRoutes } from './membership-routes.ts';
import { nameRoutes } from './name-routes.ts';
import { type Registration, registerMembers } from './register-members.ts';
import type { Members } from './registry.ts';
import { type SharesWith, sightOf } from './sight.ts';
import { readMember } from './store.ts';

const tags = ['members'];

export interface MemberRoutes {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly members: Members;
  /** Told who has just been registered, before it is answered. */
  readonly onJoined?: (members: readonly Uuid[]) => Promise<void>;
  /** Whether a member said that their birthday is not to be kept. */
  readonly refusesBirthday?: BirthdayRoutes['refuses'];
  /** Whether a member lets a merchant have what is known of them. */
  readonly sharesWith?: SharesWith;
}

export function memberRoutes(
  app: App,
  {
    pool,
    clock,
    sealer,
    members,
    onJoined,
    refusesBirthday = async () => false,
    sharesWith = () => false,
  }: MemberRoutes,
): void {
  // The fingerprint is stored, and a body may hold a phone number.
  const digest = (text: string): Buffer => sealer.index('fingerprint', text);
  const noteJoined = async (written: readonly StoredAnswer[]): Promise<void> => {
    const made = written.flatMap((answer) => {
      if (answer.status !== 201 || answer.replayed) return [];
      return readId('member', (JSON.parse(answer.body) as MemberShown).id) ?? [];
    });
    made.forEach(members.remember);
    if (made.length > 0) await onJoined?.(made);
  };

  app.post(
    '/members',
    {
      config: { scopes: ['members:write'], perProgramme: true },
      schema: {
        operationId: 'createMember',
        tags,
        summary: 'Register a member',
        body: NewMember,
        response: answers({ 201: MemberShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const person = registrationOf(request.body, principal);
      const answer = await writeOnce(pool, writeOf(request, digest), async (tx) => {
        const [outcome] = await registerMembers(tx, [person], { sealer, clock, principal });
        if (outcome === undefined) throw new Error('every person is answered');
        return outcome;
      });
      await noteJoined([answer]);
      return sendStored(reply, answer);
    },
  );

  app.post(
    '/members/bulk',
    {
      config: { scopes: ['members:write'], perProgramme: true },
      bodyLimit: BULK_BODY_BYTES,
      schema: {
        operationId: 'createMembers',
        tags,
        summary: 'Register up to 1,000 members, each under its own key',
        description:
          'Each item is answered in order. Without an `idempotencyKey` of its own, item n is registered under `<Idempotency-Key>/n`, counted from 0.',
        body: NewMembers,
        response: answers({ 200: BulkAnswer }, 413),
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const header = writeOf(request, digest);
      const asked = request.body.members;
      const registrations = asked.map((person) => registrationOf(person, principal));
      const writes = asked.map(({ idempotencyKey, ...person }, index) => ({
        ...header,
        key: idempotencyKey ?? `${header.key}/${index}`,
        fingerprint: digest(`member\n${canonicalJson(person)}`),
      }));
      const done = await writeEachOnce(pool, writes, (tx, positions) => {
        const persons = positions.flatMap((position) => registrations[position] ?? []);
        return registerMembers(tx, persons, { sealer, clock, principal });
      });
      if (!request.isDryRun) await noteJoined(done);
      return {
        ...(request.isDryRun ? { dryRun: true as const } : {}),
        results: done.map(resultOf),
      };
    },
  );

  app.get(
    '/members/:id',
    {
      config: { scopes: ['members:read'], perProgramme: true },
      schema: {
        operationId: 'getMember',
        tags,
        summary: 'Read a member',
        params: object({ id: idOf('member') }),
        response: answers({ 200: MemberShown }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const id = mustReadId('member', request.params.id);
      const member = await readMember(pool, id, principal.programme?.id ?? null);
      return member === undefined
        ? refuse(reply, problem('member_not_found'))
        : showMember(member, sealer, await sightOf(principal, id, sharesWith));
    },
  );

  app.get(
    '/members',
    {
      config: { scopes: ['members:read'], perProgramme: true },
      schema: {
        operationId: 'findMembers',
        tags,
        summary: 'Find members by external id, phone, or the last four digits of the phone',
        querystring: object({
          ...PageQuery,
          externalSystem: Type.Optional(System),
          externalId: Type.Optional(ExternalId),
          phone: Type.Optional(PhoneText),
          phoneLastFour: Type.Optional(
            Type.String({ pattern: '^\\d{4}$', description: "Not with a merchant's key." }),
          ),
        }),
        response: answers({ 200: pageOf(MemberShown, 'MemberPage') }, 422),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, ...criteria } = request.query;
      const start = readPageStart('members', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      const { merchant, programme } = principal;
      const found = await findMembers(pool, sealer, criteria, {
        isOperator: merchant === null,
        programme: programme?.id ?? null,
        after: start.after,
        limit: limit + 1,
      });
      if ('refusal' in found) return refuse(reply, found.refusal);
      const items = await Promise.all(
        found.members
          .slice(0, limit)
          .map(async (each) =>
            showMember(each, sealer, await sightOf(principal, each.id, sharesWith)),
          ),
      );
      return { items, nextCursor: writeNextCursor('members', found.members, limit) };
    },
  );

  birthdayRoutes(app, { pool, clock, sealer, refuses: refusesBirthday });
  nameRoutes(app, { pool, clock, sealer });
  membershipRoutes(app, { pool, clock, ...(onJoined === undefined ? {} : { onJoined }) });
}

/** Throws the refusal when the caller may not register for the merchant. */
function registrationOf({ merchantId, ...person }: NewMember, principal: Principal): Registration {
  const merchant =
    merchantId === undefined ? principal.merchant : mustReadId('merchant', merchantId);
  if (merchant !== null) assertReaches(principal, merchant);
  return { ...person, merchant };
}

function resultOf(answer: StoredAnswer): Type.Static<typeof BulkAnswer>['results'][number] {
  const { replayed } = answer;
  if (answer.status === 201)
    return { status: 'created', replayed, member: JSON.parse(answer.body) as MemberShown };
  const why = JSON.parse(answer.body) as Problem;
  if (why.code === 'member_exists')
    return { status: 'exists', replayed, memberId: String(why.memberId) };
  return { status: 'refused', replayed, problem: why };
}
