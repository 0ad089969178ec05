import Type from 'typebox';
import type { Refusal } from '../kernel/refusal.ts';
import { assertReaches, membersAsked, principalOf, reaches } from '../platform/web/auth.ts';
import { callerOf } from '../platform/web/caller.ts';
import { readPageStart, writeNextCursor } from '../platform/web/cursor.ts';
import { problem, problemOf, refuse } from '../platform/web/problem.ts';
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
import type { Awarded } from './activity.ts';
import { explainActivity } from './explain-activity.ts';
import { forgeryRoutes } from './forgery-routes.ts';
import { readAnswers } from './read-answers.ts';
import {
  ActivityExplanation,
  ActivityPreview,
  ActivityResults,
  ActivityShown,
  NewActivities,
  NewActivity,
} from './schema.ts';
import { type PointTypeCode, showActivity, showExplanation, showPreview } from './show.ts';
import { findActivity, listActivities } from './store.ts';
import type { ActivityDeps, TellActivities, Told } from './tell-activities.ts';
import { activityRequest } from './told.ts';

const tags = ['activities'];
const params = object({ id: idOf('activity') });

export interface ActivityRoutes extends ActivityDeps {
  readonly tellActivities: TellActivities;
  readonly codeOf: PointTypeCode;
}

/** What else than buying earns points. */
export function activityRoutes(app: App, deps: ActivityRoutes): void {
  const { pool, sealer, tellActivities, codeOf } = deps;

  app.post(
    '/activities',
    {
      config: { scopes: ['activities:write'] },
      schema: {
        operationId: 'createActivity',
        tags,
        summary: 'Record an activity and issue what it earns',
        description:
          'Earns by the rules that were in force when it occurred. A green activity earns only while a certificate of its ' +
          'merchant that covers the behaviour stands behind its evidence, and evidence earns once, in all programmes. ' +
          'Without the scope points:backdate it must have occurred within the last 72 hours. The same activity told again ' +
          'is answered as the first time, whatever its key.',
        body: NewActivity,
        response: answers({ 200: ActivityPreview, 201: ActivityShown }, 404, 409, 413, 422),
      },
    },
    async (request, reply) => {
      const activity = activityRequest(request.body, callerOf(request));
      if (request.body.dryRun === true) {
        const [preview] = await tellActivities.preview([activity]);
        if (preview === undefined) throw new Error('every activity has a preview');
        return 'refusal' in preview
          ? refuse(reply, preview.refusal)
          : reply.code(200).send(showPreview(preview, codeOf));
      }
      const told = await tellActivities.one(activity);
      if ('refusal' in told) return refuse(reply, told.refusal);
      if (told.replayed) reply.header('idempotency-replayed', 'true');
      return reply.code(201).send(showActivity(told, codeOf));
    },
  );

  app.post(
    '/activities/bulk',
    {
      config: { scopes: ['activities:write'] },
      bodyLimit: BULK_BODY_BYTES,
      schema: {
        operationId: 'createActivities',
        tags,
        summary: 'Record up to 500 activities',
        description:
          'Independent of each other, answered in order. An item without a key of its own has the header’s and its place.',
        body: NewActivities,
        response: answers({ 200: ActivityResults }, 413, 422),
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const list = request.body.activities.map(({ idempotencyKey, ...body }, index) =>
        activityRequest(body, { ...caller, key: idempotencyKey ?? `${caller.key}/${index}` }),
      );
      if (request.body.dryRun === true) {
        const previews = await tellActivities.preview(list);
        const results = previews.map((each) =>
          resultOf(each, (told) => ({ preview: showPreview(told, codeOf) })),
        );
        return reply.code(200).send({ dryRun: true, results });
      }
      const done = await tellActivities.many(list);
      const results = done.map((each) =>
        resultOf(each, (told) => ({ activity: showActivity(told, codeOf) })),
      );
      return reply.code(200).send({ results });
    },
  );

  app.get(
    '/activities/:id',
    {
      config: { scopes: ['activities:read'], member: 'own' },
      schema: {
        operationId: 'getActivity',
        tags,
        summary: 'Read an activity and what it earned',
        params,
        response: answers({ 200: ActivityShown }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const found = await findOwn(request.params.id, principal);
      if (found === undefined) return refuse(reply, problem('activity_not_found'));
      return reply.code(200).send(showActivity(await withAnswer(found), codeOf, principal));
    },
  );

  app.get(
    '/activities/:id/explanation',
    {
      config: { scopes: ['activities:read'], member: 'own' },
      schema: {
        operationId: 'explainActivity',
        tags,
        summary: 'Tell which rules fired for an activity, and why the others did not',
        params,
        response: answers({ 200: ActivityExplanation }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const found = await findOwn(request.params.id, principal);
      if (found === undefined) return refuse(reply, problem('activity_not_found'));
      const hidesMember = principal.merchant !== null;
      const rules = await explainActivity(deps, found.activity, { hidesMember });
      return reply.code(200).send(showExplanation(await withAnswer(found), rules, codeOf));
    },
  );

  app.get(
    '/activities',
    {
      config: { scopes: ['activities:read'], member: 'own' },
      schema: {
        operationId: 'listActivities',
        tags,
        summary: "List a member's or a merchant's activities by age",
        description: "A merchant's key sees those that were issued for by it.",
        querystring: object({
          ...PageQuery,
          memberId: Type.Optional(idOf('member')),
          merchantId: Type.Optional(idOf('merchant')),
        }),
        response: answers({ 200: pageOf(ActivityShown, 'ActivityPage') }),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, memberId, merchantId } = request.query;
      const start = readPageStart('activities', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      const merchant =
        merchantId === undefined ? principal.merchant : mustReadId('merchant', merchantId);
      const members = membersAsked(
        principal,
        memberId === undefined ? null : mustReadId('member', memberId),
      );
      if (merchant !== null) assertReaches(principal, merchant);
      else if (members === null)
        return refuse(reply, problem('invalid_request', 'ask by memberId, merchantId, or both'));
      const page = { after: start.after, limit: limit + 1 };
      const found = await listActivities(pool, { merchant, members }, page, sealer);
      const items = await withAnswers(found.slice(0, limit));
      return {
        items: items.map((each) => showActivity(each, codeOf, principal)),
        nextCursor: writeNextCursor(
          'activities',
          found.map(({ activity }) => activity),
          limit,
        ),
      };
    },
  );

  forgeryRoutes(app, deps);

  // What another merchant issued for is not there for this one.
  async function findOwn(
    shown: string,
    principal: ReturnType<typeof principalOf>,
  ): Promise<Awarded | undefined> {
    const found = await findActivity(pool, mustReadId('activity', shown), sealer);
    return found !== undefined && reaches(principal, found.activity) ? found : undefined;
  }

  async function withAnswer(found: Awarded): Promise<Omit<Told, 'replayed'>> {
    const [answered] = await withAnswers([found]);
    return answered as Omit<Told, 'replayed'>;
  }

  async function withAnswers(list: readonly Awarded[]): Promise<Omit<Told, 'replayed'>[]> {
    const answered = await readAnswers(pool, list);
    return list.map((each, index) => ({ ...each, answers: answered[index] ?? [] }));
  }
}

function resultOf<T extends object>(
  each: Told | { readonly refusal: Refusal },
  show: (told: Told) => T,
) {
  if ('refusal' in each) return { status: 'refused' as const, problem: problemOf(each.refusal) };
  return { status: each.replayed ? ('replayed' as const) : ('applied' as const), ...show(each) };
}
