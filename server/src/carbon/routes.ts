import Type from 'typebox';
import { type Instant, showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Pool } from '../platform/database.ts';
import { assertNamesOwn, isWithin, principalOf } from '../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  Code,
  InstantText,
  idOf,
  mustReadId,
  mustReadInstant,
  nullable,
  object,
  PAGE_DEFAULT,
  PageQuery,
  pageOf,
} from '../platform/web/schema.ts';
import { MethodShown, NewMethod, SavingShown, showMethod, showSaving } from './method.ts';
import { type MethodDeps, publishMethod } from './publish-method.ts';
import { findMethod, listEntries, listMethods, sumEntries, totalByMethod } from './store.ts';

export interface CarbonRoutes extends MethodDeps {
  readonly pool: Pool;
  readonly programmeCode: (id: number) => string;
  readonly hasMember: (member: Uuid) => boolean | Promise<boolean>;
  readonly absorbedBy: (member: Uuid) => Promise<readonly Uuid[]>;
  /** In a programme, by its number. */
  readonly takesPart: (member: Uuid, programme: number) => Promise<boolean>;
}

const tags = ['carbon'];
const usual = 'default';

const EntryShown = object(
  {
    activityId: idOf('activity'),
    programme: Code,
    merchantId: idOf('merchant'),
    behaviour: Code,
    ...SavingShown.properties,
    at: InstantText,
  },
  { title: 'CarbonEntry', description: 'Below zero where forged evidence is taken back.' },
);
const MemberSavings = object(
  {
    grams: Type.Integer({ description: 'g CO2e saved in the period.' }),
    items: Type.Array(EntryShown),
    nextCursor: nullable(Type.String()),
  },
  { title: 'MemberCarbon' },
);
const Totals = object(
  {
    grams: Type.Integer(),
    items: Type.Array(
      object({
        behaviour: Code,
        activities: Type.Integer(),
        ...SavingShown.properties,
      }),
    ),
  },
  { title: 'ProgrammeCarbon' },
);
const Period = { from: Type.Optional(InstantText), to: Type.Optional(InstantText) };

/** What green behaviour saves of emissions: shown beside points, never a part of them. */
export function carbonRoutes(app: App, deps: CarbonRoutes): void {
  const { pool, programmeId, programmeCode } = deps;

  app.post(
    '/carbon/methods',
    {
      config: { scopes: ['carbon:write'], perProgramme: true },
      schema: {
        operationId: 'publishCarbonMethod',
        tags,
        summary: 'Publish how what a green behaviour saves of emissions is worked out',
        description:
          'quantity x (baselineMg - actualMg), rounded down to grams, from `from` on: for activities with valid evidence, once for each. ' +
          'What was saved before stays as it was worked out.',
        body: NewMethod,
        response: answers({ 201: MethodShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { programme = principal.programme?.code ?? usual } = request.body;
      assertNamesOwn(principal, programme);
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        publishMethod(tx, { ...request.body, programme }, deps),
      );
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/carbon/methods',
    {
      config: { scopes: ['carbon:read'], perProgramme: true, member: 'all' },
      schema: {
        operationId: 'listCarbonMethods',
        tags,
        summary: 'List methods by age, those of the past as well',
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          behaviour: Type.Optional(Code),
        }),
        response: answers({ 200: pageOf(MethodShown, 'CarbonMethodPage') }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, programme: code, behaviour = null } = request.query;
      const start = readPageStart('carbon-methods', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      if (code !== undefined) assertNamesOwn(principal, code);
      const programme =
        code === undefined ? (principal.programme?.id ?? null) : await programmeId(code);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const found = await listMethods(pool, { programme, behaviour }, start.after, limit + 1);
      return {
        items: found.slice(0, limit).map((each) => showMethod(each, programmeCode(each.programme))),
        nextCursor: writeNextCursor('carbon-methods', found, limit),
      };
    },
  );

  app.get(
    '/carbon/methods/:id',
    {
      config: { scopes: ['carbon:read'], perProgramme: true, member: 'all' },
      schema: {
        operationId: 'getCarbonMethod',
        tags,
        summary: 'Read a method, at any later time',
        params: object({ id: idOf('carbonMethod') }),
        response: answers({ 200: MethodShown }, 404),
      },
    },
    async (request, reply) => {
      const found = await findMethod(pool, mustReadId('carbonMethod', request.params.id));
      if (found === undefined || !isWithin(principalOf(request), found.programme))
        return refuse(reply, problem('carbon_method_not_found'));
      return showMethod(found, programmeCode(found.programme));
    },
  );

  app.get(
    '/carbon/totals',
    {
      config: { scopes: ['carbon:read'], perProgramme: true },
      schema: {
        operationId: 'getCarbonTotals',
        tags,
        summary: 'What was saved in a programme in a period, by method',
        querystring: object({ programme: Type.Optional(Code), ...Period }),
        response: answers({ 200: Totals }, 404, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      if (principal.merchant !== null) return refuse(reply, problem('operator_only'));
      const { programme: code = principal.programme?.code ?? usual } = request.query;
      assertNamesOwn(principal, code);
      const period = periodOf(request.query);
      if (period.until < period.from) return refuse(reply, problem('period_invalid'));
      const programme = await programmeId(code);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const totals = await totalByMethod(pool, programme, period);
      return {
        grams: totals.reduce((sum, { grams }) => sum + grams, 0),
        items: totals.map(({ behaviour, activities, ...saving }) => ({
          behaviour,
          activities,
          ...showSaving(saving),
        })),
      };
    },
  );

  app.get(
    '/members/:id/carbon',
    {
      config: { scopes: ['carbon:read'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'getMemberCarbon',
        tags,
        summary: 'What a member saved of emissions, altogether and by activity',
        description: "A merchant's key sees what was recorded at it.",
        params: object({ id: idOf('member') }),
        querystring: object({ ...Period, ...PageQuery }),
        response: answers({ 200: MemberSavings }, 404, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const { merchant, programme } = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const start = readPageStart('carbon', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const period = periodOf(request.query);
      if (period.until < period.from) return refuse(reply, problem('period_invalid'));
      const isKnown =
        programme === null || merchant !== null
          ? await deps.hasMember(member)
          : await deps.takesPart(member, programme.id);
      if (!isKnown) return refuse(reply, problem('member_not_found'));
      const filter = {
        members: [member, ...(await deps.absorbedBy(member))],
        programme: programme?.id ?? null,
        merchant,
        ...period,
      };
      const [grams, found] = await Promise.all([
        sumEntries(pool, filter),
        listEntries(pool, filter, start.after, limit + 1),
      ]);
      return {
        grams,
        items: found.slice(0, limit).map(({ activity, at, behaviour, ...entry }) => ({
          activityId: showId('activity', activity),
          programme: programmeCode(entry.programme),
          merchantId: showId('merchant', entry.merchant),
          behaviour,
          ...showSaving(entry),
          at: showInstant(at),
        })),
        nextCursor: writeNextCursor('carbon', found, limit),
      };
    },
  );
}

function periodOf({ from, to }: { readonly from?: string; readonly to?: string }): {
  readonly from: Instant;
  readonly until: Instant;
} {
  return {
    from: from === undefined ? 0 : mustReadInstant(from),
    until: to === undefined ? Number.MAX_SAFE_INTEGER : mustReadInstant(to),
  };
}
