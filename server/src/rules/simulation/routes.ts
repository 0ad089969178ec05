import Type from 'typebox';
import { reachesProgramme, viewOf } from '../../platform/publishing/published.ts';
import { writeBy } from '../../platform/publishing/write-by.ts';
import { principalOf } from '../../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../../platform/web/cursor.ts';
import { sendStored } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  Code,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
  pageOf,
} from '../../platform/web/schema.ts';
import type { RuleDeps } from '../rule-deps.ts';
import { cancelSimulation } from './cancel-simulation.ts';
import {
  NewSimulation,
  SimulationListed,
  SimulationShown,
  showListed,
  showSimulation,
} from './schema.ts';
import { startSimulation } from './start-simulation.ts';
import { findSimulation, listSimulations } from './store.ts';

const tags = ['rules'];
const params = object({ id: idOf('simulation') });

/** Trying rules on history, before anyone publishes them. */
export function simulationRoutes(app: App, deps: RuleDeps): void {
  app.post(
    '/rules/simulations',
    {
      config: { scopes: ['rules:write'], perProgramme: true },
      schema: {
        operationId: 'startSimulation',
        tags,
        summary: 'Replay history against drafts and published rules',
        description:
          'Answered at once; `GET /rules/simulations/{id}` tells how far it has come, and in the end what would have happened. Nothing changes.',
        body: NewSimulation,
        response: answers({ 201: SimulationShown }, 404, 409, 422),
      },
    },
    async (request, reply) =>
      sendStored(
        reply,
        await writeBy(deps, request, (tx, by) => startSimulation(tx, request.body, by)),
      ),
  );

  app.get(
    '/rules/simulations',
    {
      config: { scopes: ['rules:read'], perProgramme: true },
      schema: {
        operationId: 'listSimulations',
        tags,
        summary: 'List simulations, the newest first, without what came of them',
        description:
          'Of everybody the last fifty that ended are kept. A merchant sees those that it asked for itself.',
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          ruleId: Type.Optional({
            ...idOf('rule'),
            description: 'Whose draft is tried, or which is left out.',
          }),
        }),
        response: answers({ 200: pageOf(SimulationListed, 'SimulationPage') }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, programme: code, ruleId } = request.query;
      const start = readPageStart('simulations', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const view = viewOf(principalOf(request));
      const programme = code === undefined ? null : (await deps.programmes.find(code))?.id;
      if (programme === undefined || (programme !== null && !reachesProgramme(view, programme)))
        return refuse(reply, problem('programme_not_found'));
      const rule = ruleId === undefined ? null : mustReadId('rule', ruleId);
      const filter = { programme, rule };
      const found = await listSimulations(deps.pool, filter, view, start.after, limit + 1);
      return {
        items: found.slice(0, limit).map(showListed),
        nextCursor: writeNextCursor('simulations', found, limit),
      };
    },
  );

  app.get(
    '/rules/simulations/:id',
    {
      config: { scopes: ['rules:read'], perProgramme: true },
      schema: {
        operationId: 'getSimulation',
        tags,
        summary: 'How far a simulation has come, and what came of it',
        params,
        response: answers({ 200: SimulationShown }, 404),
      },
    },
    async (request, reply) => {
      const view = viewOf(principalOf(request));
      const id = mustReadId('simulation', request.params.id);
      const found = await findSimulation(deps.pool, id, view);
      return found === undefined
        ? refuse(reply, problem('simulation_not_found'))
        : showSimulation(found);
    },
  );

  app.delete(
    '/rules/simulations/:id',
    {
      config: { scopes: ['rules:write'], perProgramme: true },
      schema: {
        operationId: 'cancelSimulation',
        tags,
        summary: 'Cancel a simulation that has not ended',
        params,
        response: answers({ 200: SimulationShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const id = mustReadId('simulation', request.params.id);
      return sendStored(
        reply,
        await writeBy(deps, request, (tx, by) => cancelSimulation(tx, id, by)),
      );
    },
  );
}
