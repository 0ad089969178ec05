import Type from 'typebox';
import type { Uuid } from '../kernel/id.ts';
import { ItemStateName } from '../platform/publishing/item-state.ts';
import { isOwn, reachesProgramme, viewOf } from '../platform/publishing/published.ts';
import { findDraft, findItem, listChanges, listItems } from '../platform/publishing/store.ts';
import { findVersion, listVersions } from '../platform/publishing/version-store.ts';
import { principalOf } from '../platform/web/auth.ts';
import {
  readNumberStart,
  readPageStart,
  writeNextCursor,
  writeNextNumber,
} from '../platform/web/cursor.ts';
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
import { readRules } from './read-rules.ts';
import type { RuleBody } from './rule.ts';
import type { RuleDeps } from './rule-deps.ts';
import { RuleChangeShown, RuleShown, RuleVersionShown, showChange, showVersion } from './schema.ts';

const tags = ['rules'];
const params = object({ id: idOf('rule') });
/** The lists of cursors. */
const VERSIONS = 'rule versions';
const CHANGES = 'rule changes';

/** What there is of rules. */
export function readRoutes(app: App, deps: RuleDeps): void {
  const { pool, clock, programmes } = deps;

  app.get(
    '/rules',
    {
      config: { scopes: ['rules:read'], perProgramme: true },
      schema: {
        operationId: 'listRules',
        tags,
        summary:
          "List rules by age; a merchant's key sees its own and the published ones of the operator",
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          merchantId: Type.Optional(idOf('merchant')),
          code: Type.Optional(Code),
          state: Type.Optional(ItemStateName),
        }),
        response: answers({ 200: pageOf(RuleShown, 'RulePage') }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, programme, merchantId } = request.query;
      const { code = null, state = null } = request.query;
      const start = readPageStart('rules', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const view = viewOf(principalOf(request));
      const id = programme === undefined ? null : (await programmes.find(programme))?.id;
      if (id === undefined || (id !== null && !reachesProgramme(view, id)))
        return refuse(reply, problem('programme_not_found'));
      const merchant: Uuid | null =
        merchantId === undefined ? null : mustReadId('merchant', merchantId);
      const filter = { programme: id, merchant, code, state, now: clock.now() };
      const found = await listItems(pool, 'rule', filter, view, start.after, limit + 1);
      return {
        items: await readRules(pool, found.slice(0, limit), view, clock),
        nextCursor: writeNextCursor('rules', found, limit),
      };
    },
  );

  app.get(
    '/rules/:id',
    {
      config: { scopes: ['rules:read'], perProgramme: true },
      schema: {
        operationId: 'getRule',
        tags,
        summary: 'Read a rule: what is in force, announced, and drafted',
        params,
        response: answers({ 200: RuleShown }, 404),
      },
    },
    async (request, reply) => {
      const view = viewOf(principalOf(request));
      const rule = await findItem(pool, 'rule', mustReadId('rule', request.params.id), view);
      const [shown] = rule === undefined ? [] : await readRules(pool, [rule], view, clock);
      return shown ?? refuse(reply, problem('rule_not_found'));
    },
  );

  app.get(
    '/rules/:id/versions',
    {
      config: { scopes: ['rules:read'], perProgramme: true },
      schema: {
        operationId: 'listRuleVersions',
        tags,
        summary: 'List the published versions of a rule, oldest first, those that ended too',
        params,
        querystring: object(PageQuery),
        response: answers({ 200: pageOf(RuleVersionShown, 'RuleVersionPage') }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const after = readNumberStart(VERSIONS, cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const view = viewOf(principalOf(request));
      const rule = await findItem(pool, 'rule', mustReadId('rule', request.params.id), view);
      if (rule === undefined) return refuse(reply, problem('rule_not_found'));
      const found = await listVersions<RuleBody>(pool, 'rule', rule.id, after, limit + 1);
      const shown = { ...rule, now: clock.now() + rule.clockOffsetMs };
      return {
        items: found.slice(0, limit).map((each) => showVersion(shown, each)),
        nextCursor: writeNextNumber(VERSIONS, found, limit),
      };
    },
  );

  app.get(
    '/rules/:id/changes',
    {
      config: { scopes: ['rules:read'], perProgramme: true },
      schema: {
        operationId: 'listRuleChanges',
        tags,
        summary:
          'List what was done with a rule, oldest first: who made, drafted, published, retired what and when',
        params,
        querystring: object(PageQuery),
        response: answers({ 200: pageOf(RuleChangeShown, 'RuleChangePage') }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const after = readNumberStart(CHANGES, cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const view = viewOf(principalOf(request));
      const rule = await findItem(pool, 'rule', mustReadId('rule', request.params.id), view);
      if (rule === undefined) return refuse(reply, problem('rule_not_found'));
      // Drafts are their writer's affair.
      if (!isOwn(view, rule)) return refuse(reply, problem('merchant_out_of_reach'));
      const found = await listChanges(pool, 'rule', rule.id, after, limit + 1);
      return {
        items: found.slice(0, limit).map(showChange),
        nextCursor: writeNextNumber(CHANGES, found, limit),
      };
    },
  );

  app.get(
    '/rule-versions/:id',
    {
      config: { scopes: ['rules:read'], perProgramme: true },
      schema: {
        operationId: 'getRuleVersion',
        tags,
        summary:
          'Read a version of a rule, as lots name it: for ever the same once it was published',
        params: object({ id: idOf('ruleVersion') }),
        response: answers({ 200: RuleVersionShown }, 404),
      },
    },
    async (request, reply) => {
      const id = mustReadId('ruleVersion', request.params.id);
      const view = viewOf(principalOf(request));
      const published = await findVersion<RuleBody>(pool, 'rule', id);
      const version = published ?? (await findDraft<RuleBody>(pool, 'rule', id));
      const rule =
        version === undefined ? undefined : await findItem(pool, 'rule', version.of, view);
      const isSeen = published !== undefined || (rule !== undefined && isOwn(view, rule));
      if (version === undefined || rule === undefined || !isSeen)
        return refuse(reply, problem('rule_version_not_found'));
      return showVersion({ ...rule, now: clock.now() + rule.clockOffsetMs }, version);
    },
  );
}
