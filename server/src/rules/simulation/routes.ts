import { viewOf } from '../../platform/publishing/published.ts';
import { writeBy } from '../../platform/publishing/write-by.ts';
import { principalOf } from '../../platform/web/auth.ts';
import { sendStored } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import { answers, idOf, mustReadId, object } from '../../platform/web/schema.ts';
import type { RuleDeps } from '../rule-deps.ts';
import { cancelSimulation } from './cancel-simulation.ts';
import { NewSimulation, SimulationShown, showSimulation } from './schema.ts';
import { startSimulation } from './start-simulation.ts';
import { findSimulation } from './store.ts';

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
