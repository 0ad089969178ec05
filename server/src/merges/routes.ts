import Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { principalOf } from '../platform/web/auth.ts';
import { askingOf, callerOf } from '../platform/web/caller.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, idOf, mustReadId, object, text } from '../platform/web/schema.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import type { Merge, Move } from './merge.ts';
import { type MergeDeps, mergeMembers, type PlannedMove, previewMerge } from './merge-members.ts';
import { MergePreview, MergeShown, MergesShown } from './schema.ts';
import { readMergesOf, readMovesOf } from './store.ts';

const tags = ['members'];

export interface MergeRoutes extends MergeDeps {
  readonly programmes: ProgrammeRegistry;
}

/** Two members who become one. Only the operator's keys reach this. */
export function mergeRoutes(app: App, deps: MergeRoutes): void {
  const params = object({ id: idOf('member') });

  app.post(
    '/members/:id/merges',
    {
      config: { scopes: ['members:write'] },
      schema: {
        operationId: 'mergeMembers',
        tags,
        summary: 'Make another member part of this one, for good',
        description:
          'Every lot moves with its terms, and debts too. External ids and phone lead to this member from then on; what names the ' +
          'other member in a write is answered `member_merged`. Orders of the other member can still be returned, its burns refunded. ' +
          'A refusal is not kept under its key.',
        params,
        body: object(
          {
            from: Type.Unsafe<string>({
              ...idOf('member'),
              description: 'The member who is absorbed.',
            }),
            reason: text(500),
            actor: Type.Unsafe<string>({ ...text(100), description: 'Who decided it.' }),
            dryRun: Type.Optional(
              Type.Boolean({ description: 'Answer what would move; change nothing.' }),
            ),
          },
          { title: 'NewMerge' },
        ),
        response: answers({ 200: MergePreview, 201: MergeShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      if (principal.merchant !== null) return refuse(reply, problem('operator_only'));
      const { from, reason, actor, dryRun } = request.body;
      const survivor = mustReadId('member', request.params.id);
      const absorbed = mustReadId('member', from);
      const { requestKey } = askingOf(callerOf(request));
      const asked = { survivor, absorbed, reason, actor, requestKey };
      if (dryRun === true) {
        const planned = await previewMerge(deps, asked);
        return 'code' in planned
          ? refuse(reply, planned)
          : reply.code(200).send({
              dryRun: true as const,
              moves: planned.map((each) => showPlanned(deps, each)),
            });
      }
      const merged = await mergeMembers(deps, asked);
      if ('code' in merged) return refuse(reply, merged);
      if (merged.replayed) reply.header('idempotency-replayed', 'true');
      const moves = await readMovesOf(deps.pool, [absorbed]);
      return reply.code(201).send(show(deps, merged.merge, moves));
    },
  );

  app.get(
    '/members/:id/merges',
    {
      config: { scopes: ['members:read'] },
      schema: {
        operationId: 'listMerges',
        tags,
        summary: 'The merges a member took part in, on either side, with what was moved',
        params,
        response: answers({ 200: MergesShown }, 404),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      if (principalOf(request).merchant !== null) return refuse(reply, problem('operator_only'));
      if (!(await deps.members.has(member))) return refuse(reply, problem('member_not_found'));
      const merges = await readMergesOf(deps.pool, member);
      const moves = await readMovesOf(
        deps.pool,
        merges.map((merge) => merge.absorbed),
      );
      return reply.code(200).send({ items: merges.map((merge) => show(deps, merge, moves)) });
    },
  );
}

function show(
  deps: MergeRoutes,
  merge: Merge,
  moves: readonly Move[],
): Type.Static<typeof MergeShown> {
  return {
    id: showId('merge', merge.id),
    status: merge.open ? 'open' : 'done',
    absorbedId: showId('member', merge.absorbed),
    survivorId: showId('member', merge.survivor),
    reason: merge.reason,
    actor: merge.actor,
    moves: moves
      .filter((move) => move.merge === merge.id && move.status !== 'idle')
      .map((move) => ({
        id: showId('move', move.id),
        status: move.status === 'idle' ? 'open' : move.status,
        ...codesOf(deps, move),
        transactionId: showId('transaction', move.id),
        survivorId: showId('member', move.survivor),
        ...(move.points === null ? {} : { points: move.points }),
        ...(move.debt === null ? {} : { debt: move.debt }),
      })),
    recordedAt: showInstant(merge.recordedAt),
  };
}

function showPlanned(deps: MergeRoutes, planned: PlannedMove) {
  const { points, debt, expired } = planned;
  return { ...codesOf(deps, planned), points, debt, expired };
}

function codesOf(
  { programmes }: MergeRoutes,
  { programme, pointType }: { readonly programme: number; readonly pointType: number },
): { programme: string; pointType: string } {
  const found = programmes.byId(programme);
  const type = found?.pointTypes.find((each) => each.id === pointType);
  if (found === undefined || type === undefined)
    throw new Error(`an account is of the unknown point type ${pointType}`);
  return { programme: found.code, pointType: type.code };
}
