import type { FastifyRequest } from 'fastify';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Transaction } from '../platform/database.ts';
import { dropDraft } from '../platform/publishing/drop-draft.ts';
import { makeItem } from '../platform/publishing/make-item.ts';
import { publishDraft } from '../platform/publishing/publish-draft.ts';
import { type Caller, viewOf } from '../platform/publishing/published.ts';
import { retireItem } from '../platform/publishing/retire-item.ts';
import { saveDraft } from '../platform/publishing/save-draft.ts';
import { writeBy } from '../platform/publishing/write-by.ts';
import { principalOf } from '../platform/web/auth.ts';
import { type StoredAnswer, sendStored } from '../platform/web/idempotency.ts';
import { refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, idOf, mustReadId, mustReadInstant, object } from '../platform/web/schema.ts';
import { readBody } from './body-schema.ts';
import { examine } from './examine.ts';
import { Examination, NewExamination } from './examine-schema.ts';
import { readRoutes } from './read-routes.ts';
import { mustReadRule } from './read-rules.ts';
import type { RuleDeps } from './rule-deps.ts';
import { RULES, rulesProvenBy } from './rule-publishing.ts';
import {
  NewDraft,
  NewPublication,
  NewRetirement,
  NewRule,
  RuleDraftDropped,
  RuleShown,
} from './schema.ts';

const tags = ['rules'];
const params = object({ id: idOf('rule') });
const idAt = (request: { readonly params: { readonly id: string } }) =>
  mustReadId('rule', request.params.id);
const instantOf = ({ from }: { readonly from?: string }) =>
  from === undefined ? null : mustReadInstant(from);

/** Making rules, and what becomes of them. */
export function ruleRoutes(app: App, deps: RuleDeps): void {
  /** Does something with a rule, and answers it as it is then. */
  function change(
    request: FastifyRequest,
    status: 200 | 201,
    perform: (tx: Transaction, by: Caller) => Promise<Uuid | Refusal>,
  ): Promise<StoredAnswer> {
    return writeBy(deps, request, async (tx, by) => {
      const done = await perform(tx, by);
      if (typeof done !== 'string') return { refusal: done };
      return { status, body: await mustReadRule(tx, done, by) };
    });
  }

  app.post(
    '/rules',
    {
      config: { scopes: ['rules:write'], perProgramme: true },
      schema: {
        operationId: 'createRule',
        tags,
        summary: 'Make a rule, as the draft of its first version',
        body: NewRule,
        response: answers({ 201: RuleShown }, 404, 409, 422),
      },
    },
    async (request, reply) =>
      sendStored(
        reply,
        await change(request, 201, (tx, by) =>
          makeItem(tx, RULES, { ...request.body, body: readBody(request.body.body) }, by),
        ),
      ),
  );

  app.put(
    '/rules/:id/draft',
    {
      config: { scopes: ['rules:write'], perProgramme: true },
      schema: {
        operationId: 'saveRuleDraft',
        tags,
        summary: "Replace a rule's draft, or begin its next version",
        params,
        body: NewDraft,
        response: answers({ 200: RuleShown }, 404, 422),
      },
    },
    async (request, reply) =>
      sendStored(
        reply,
        await change(request, 200, (tx, by) =>
          saveDraft(tx, RULES, idAt(request), readBody(request.body.body), by),
        ),
      ),
  );

  app.delete(
    '/rules/:id/draft',
    {
      config: { scopes: ['rules:write'], perProgramme: true },
      schema: {
        operationId: 'dropRuleDraft',
        tags,
        summary: "Drop a rule's draft, and the rule with it when nothing of it was ever published",
        params,
        response: answers({ 200: RuleDraftDropped }, 404, 409, 422),
      },
    },
    async (request, reply) =>
      sendStored(
        reply,
        await writeBy(deps, request, async (tx, by) => {
          const id = idAt(request);
          const dropped = await dropDraft(tx, 'rule', id, by);
          if ('message' in dropped) return { refusal: dropped };
          return { status: 200, body: { id: showId('rule', id), ...dropped } };
        }),
      ),
  );

  app.post(
    '/rules/:id/publish',
    {
      config: { scopes: ['rules:publish'], perProgramme: true },
      schema: {
        operationId: 'publishRule',
        tags,
        summary: "Publish a rule's draft: from then on it never changes",
        description:
          'It is compared with what it replaces. Proven as good for members, it counts within seconds; else after ' +
          'the programme’s `ruleNoticeDays`, and `comparison` says why. Doubts about how much it gives a `simulation` can refute. ' +
          'What held before ends where it begins. `dryRun` answers all that and changes nothing.',
        params,
        body: NewPublication,
        response: answers({ 200: RuleShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const { simulation } = request.body;
      const proof = simulation === undefined ? null : mustReadId('simulation', simulation);
      const from = instantOf(request.body);
      return sendStored(
        reply,
        await change(request, 200, (tx, by) =>
          publishDraft(tx, rulesProvenBy(proof, by.view), idAt(request), from, by),
        ),
      );
    },
  );

  app.post(
    '/rules/:id/retire',
    {
      config: { scopes: ['rules:publish'], perProgramme: true },
      schema: {
        operationId: 'retireRule',
        tags,
        summary: 'End a rule, after notice unless its dates are over',
        params,
        body: NewRetirement,
        response: answers({ 200: RuleShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const from = instantOf(request.body);
      return sendStored(
        reply,
        await change(request, 200, (tx, by) => retireItem(tx, RULES, idAt(request), from, by)),
      );
    },
  );

  app.post(
    '/rules/examine',
    {
      config: {
        scopes: ['rules:read'],
        perProgramme: true,
        noDryRun: 'it changes nothing in any case',
      },
      schema: {
        operationId: 'examineRules',
        tags,
        summary: 'What an order or activity would be worth, and why',
        description:
          'By the rules in force at `at`, and by `drafts` in place of theirs: what each rule did, or its first condition that failed. Nothing changes. ' +
          'To a merchant’s key a member has no credit band, segments and birthday unless they consent to `share_with_merchant`.',
        body: NewExamination,
        response: answers({ 200: Examination }, 404, 422),
      },
    },
    async (request, reply) => {
      const view = viewOf(principalOf(request));
      const examined = await examine(request.body, view, deps);
      return 'message' in examined ? refuse(reply, examined) : examined;
    },
  );

  readRoutes(app, deps);
}
