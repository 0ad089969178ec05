import Type from 'typebox';
import { findBudget, listBudgets } from '../ledger/budget.ts';
import type { Pool } from '../platform/database.ts';
import { assertNamesOwn, principalOf, reaches } from '../platform/web/auth.ts';
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
import { BudgetChange, BudgetShown, NewBudget, showBudget } from './budget.ts';
import { changeBudget } from './change-budget.ts';
import { type BudgetDeps, createBudget } from './create-budget.ts';
import { DEFAULT_PROGRAMME } from './programme.ts';

const tags = ['budgets'];
const params = object({ id: idOf('budget') });

export function budgetRoutes(app: App, deps: BudgetDeps & { readonly pool: Pool }): void {
  const { pool, programmes } = deps;

  app.post(
    '/budgets',
    {
      config: { scopes: ['budgets:write'], perProgramme: true },
      schema: {
        operationId: 'createBudget',
        tags,
        summary: 'Make a budget that limits what all members together are issued',
        body: NewBudget,
        response: answers({ 201: BudgetShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { programme = principal.programme?.code ?? DEFAULT_PROGRAMME } = request.body;
      assertNamesOwn(principal, programme);
      const asked = { ...request.body, programme };
      const answer = await writeOnce(pool, writeOf(request), (tx) => createBudget(tx, asked, deps));
      return sendStored(reply, answer);
    },
  );

  app.patch(
    '/budgets/:id',
    {
      config: { scopes: ['budgets:write'], perProgramme: true },
      schema: {
        operationId: 'changeBudget',
        tags,
        summary: "Raise or lower a budget's total",
        params,
        body: BudgetChange,
        response: answers({ 200: BudgetShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const id = mustReadId('budget', request.params.id);
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        changeBudget(tx, id, request.body.total, { programmes, principal: principalOf(request) }),
      );
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/budgets',
    {
      config: { scopes: ['budgets:read'], perProgramme: true },
      schema: {
        operationId: 'listBudgets',
        tags,
        summary: "List budgets by age; a merchant's key sees those it may spend",
        querystring: object({ ...PageQuery, programme: Type.Optional(Code) }),
        response: answers({ 200: pageOf(BudgetShown, 'BudgetPage') }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, programme: code } = request.query;
      const start = readPageStart('budgets', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      if (code !== undefined) assertNamesOwn(principal, code);
      const own = principal.programme?.id ?? null;
      const programme = code === undefined ? own : (await programmes.find(code))?.id;
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const filter = { programme, merchant: principal.merchant };
      const found = await listBudgets(pool, filter, start.after, limit + 1);
      return {
        items: found.slice(0, limit).map((each) => showBudget(each, programmes)),
        nextCursor: writeNextCursor('budgets', found, limit),
      };
    },
  );

  app.get(
    '/budgets/:id',
    {
      config: { scopes: ['budgets:read'], perProgramme: true },
      schema: {
        operationId: 'getBudget',
        tags,
        summary: 'Read a budget and what is left of it',
        params,
        response: answers({ 200: BudgetShown }, 404),
      },
    },
    async (request, reply) => {
      const budget = await findBudget(pool, mustReadId('budget', request.params.id));
      if (budget === undefined || !reaches(principalOf(request), budget))
        return refuse(reply, problem('budget_not_found'));
      return showBudget(budget, programmes);
    },
  );
}
