import Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import { principalOf } from '../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../platform/web/cursor.ts';
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
import type { Attempts } from './attempts.ts';
import {
  changeStaff,
  givesPower,
  resetStaff,
  StaffChange,
  type StaffChanged,
} from './change-staff.ts';
import { inviteAgain, inviteStaff } from './invite-staff.ts';
import { isReached, reachedStaff } from './reached.ts';
import { NewStaff, RoleName, StaffInvited, StaffShown, StateName, showStaff } from './staff.ts';
import { findStaff, listStaff, lockStaff } from './store.ts';

const tags = ['staff'];
const params = object({ id: idOf('staff') });
const writes = { scopes: ['staff:write'], perProgramme: true } as const;
const noDryRun = 'a link is shown because it opens something';

export interface StaffRoutes {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly attempts: Attempts;
  /** The number of a programme, by its code. */
  readonly programmeId: (code: string) => Promise<number | undefined>;
  /** Makes this process look all keys and sessions up again. */
  readonly forgetAll: () => void;
}

/** Who works here: the platform's administrators decide about all, a merchant's managers about their own people. */
export function staffRoutes(app: App, deps: StaffRoutes): void {
  const { attempts, clock, pool } = deps;

  app.post(
    '/staff',
    {
      config: { ...writes, proven: true, noDryRun },
      schema: {
        operationId: 'inviteStaff',
        tags,
        summary: 'Make an account; its invitation is shown once and counts for 72 hours',
        body: NewStaff,
        response: answers({ 201: StaffInvited }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const maker = principalOf(request);
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        inviteStaff(tx, maker, request.body, clock),
      );
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/staff',
    {
      config: { scopes: ['staff:read'], perProgramme: true },
      schema: {
        operationId: 'listStaff',
        tags,
        summary: 'List accounts by age',
        querystring: object({
          ...PageQuery,
          merchantId: Type.Optional(idOf('merchant')),
          programme: Type.Optional(Code),
          role: Type.Optional(RoleName),
          state: Type.Optional(StateName),
        }),
        response: answers({ 200: pageOf(StaffShown, 'StaffPage') }),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT, merchantId, programme, role, state } = request.query;
      const start = readPageStart('staff', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const asked = merchantId === undefined ? null : mustReadId('merchant', merchantId);
      const none = { items: [], nextCursor: null };
      if (principal.merchant !== null && asked !== null && asked !== principal.merchant)
        return none;
      const code = programme === undefined ? undefined : await deps.programmeId(programme);
      if (programme !== undefined && code === undefined) return none;
      const own = principal.programme?.id;
      if (own !== undefined && code !== undefined && own !== code) return none;
      const found = await listStaff(pool, {
        merchant: principal.merchant ?? asked,
        programme: own ?? code ?? null,
        role: role ?? null,
        state: state ?? null,
        after: start.after,
        limit: limit + 1,
      });
      return {
        items: found.slice(0, limit).map(showStaff),
        nextCursor: writeNextCursor('staff', found, limit),
      };
    },
  );

  app.get(
    '/staff/:id',
    {
      config: { scopes: ['staff:read'], perProgramme: true },
      schema: {
        operationId: 'readStaff',
        tags,
        summary: 'Read an account',
        params,
        response: answers({ 200: StaffShown }, 404),
      },
    },
    async (request, reply) => {
      const id = mustReadId('staff', request.params.id);
      const staff = await reachedStaff(pool, principalOf(request), id);
      return 'code' in staff ? refuse(reply, staff) : showStaff(staff);
    },
  );

  app.patch(
    '/staff/:id',
    {
      // Whoever has to keep somebody out at once is not asked first.
      config: { ...writes, proven: ({ body }) => givesPower(body as StaffChanged) },
      schema: {
        operationId: 'changeStaff',
        tags,
        summary: 'Rename somebody, give them another role, suspend them or let them in again',
        params,
        body: StaffChange,
        response: answers({ 200: StaffShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const maker = principalOf(request);
      const id = mustReadId('staff', request.params.id);
      const change = { id, asked: request.body };
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        changeStaff(tx, maker, change, clock),
      );
      if (!request.isDryRun) deps.forgetAll();
      return sendStored(reply, answer);
    },
  );

  app.post(
    '/staff/:id/invitation',
    {
      config: { ...writes, proven: true, noDryRun },
      schema: {
        operationId: 'inviteStaffAgain',
        tags,
        summary: 'Invite somebody again who has not accepted yet; the link before counts no more',
        params,
        response: answers({ 201: StaffInvited }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const maker = principalOf(request);
      const id = mustReadId('staff', request.params.id);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const staff = await lockStaff(tx, id);
        if (staff === undefined || !isReached(maker, staff))
          return { refusal: problem('staff_not_found') };
        if (staff.state !== 'invited') return { refusal: problem('staff_state') };
        return await inviteAgain(tx, id, clock);
      });
      return sendStored(reply, answer);
    },
  );

  app.post(
    '/staff/:id/reset',
    {
      config: { scopes: ['security:write'], proven: true, noDryRun },
      schema: {
        operationId: 'resetStaff',
        tags,
        summary:
          'Take password and second factors off an account, end its sessions, and invite anew',
        params,
        response: answers({ 201: StaffInvited }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const maker = principalOf(request);
      const id = mustReadId('staff', request.params.id);
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        resetStaff(tx, maker, id, clock),
      );
      deps.forgetAll();
      return sendStored(reply, answer);
    },
  );

  app.post(
    '/staff/:id/unlock',
    {
      config: { scopes: ['security:write'] },
      schema: {
        operationId: 'unlockStaff',
        tags,
        summary: 'Let an account sign in again that was locked by wrong passwords',
        params,
        response: answers({ 200: StaffShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const maker = principalOf(request);
      const id = mustReadId('staff', request.params.id);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const staff = await findStaff(tx, id);
        if (staff === undefined || !isReached(maker, staff))
          return { refusal: problem('staff_not_found') };
        await attempts.unlock(tx, staff.email);
        return { status: 200, body: showStaff(staff) };
      });
      return sendStored(reply, answer);
    },
  );
}
