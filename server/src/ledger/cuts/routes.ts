import Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  Code,
  InstantText,
  idOf,
  mustReadId,
  mustReadInstant,
  object,
} from '../../platform/web/schema.ts';
import type { Cut, Marker } from './cut.ts';
import { type CutDeps, markCut, markersOf, recordCut } from './make-cut.ts';
import { findCut } from './store.ts';

export interface CutRouteDeps extends CutDeps {
  readonly programmeId: (code: string) => Promise<number | undefined>;
  readonly programmeCode: (id: number) => string;
}

const CutShown = object(
  {
    id: idOf('cut'),
    programme: Code,
    at: Type.String({
      ...InstantText,
      description: 'Nothing that takes effect before this follows a marker.',
    }),
    madeAt: InstantText,
    complete: Type.Boolean({ description: 'Every shard has its marker.' }),
    markers: Type.Array(
      object(
        { shard: Type.Integer(), transactionId: idOf('transaction'), block: Type.Integer() },
        { title: 'CutMarker' },
      ),
    ),
  },
  { title: 'Cut' },
);

const tags = ['ledger'];

/** Ending periods, so that what was before them never changes again. */
export function cutRoutes(app: App, deps: CutRouteDeps): void {
  const { pool } = deps;
  const show = (cut: Cut, markers: readonly Marker[]) => ({
    id: showId('cut', cut.id),
    programme: deps.programmeCode(cut.programme),
    at: showInstant(cut.at),
    madeAt: showInstant(cut.madeAt),
    complete: markers.length === deps.shards,
    markers: markers.map(({ shard, transaction, block }) => ({
      shard,
      transactionId: showId('transaction', transaction),
      block,
    })),
  });

  app.post(
    '/ledger/cuts',
    {
      config: { scopes: ['ledger:cut'] },
      schema: {
        operationId: 'makeCut',
        tags,
        summary: 'Close a period of a programme in every shard',
        description:
          'What comes later and would take effect before `at` takes effect at `at`. The same cut again is the one there is.',
        body: object({ programme: Code, at: InstantText }, { title: 'NewCut' }),
        response: answers({ 201: CutShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const programme = await deps.programmeId(request.body.programme);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const at = mustReadInstant(request.body.at);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const cut = await recordCut(tx, deps, programme, at);
        if ('code' in cut) return { refusal: cut };
        // Where markers will stand nobody knows; those of a cut that there is stay where they are.
        const body = request.isDryRun ? show(cut, await markersOf(deps, cut)) : { id: cut.id };
        return { status: 201, body };
      });
      if (answer.status !== 201) return sendStored(reply, answer);
      const { id } = JSON.parse(answer.body) as Pick<Cut, 'id'>;
      const cut = (await findCut(pool, id)) as Cut;
      return reply.code(201).send(show(cut, await markCut(deps, cut)));
    },
  );

  app.get(
    '/ledger/cuts/:id',
    {
      config: { scopes: ['ledger:read'] },
      schema: {
        operationId: 'getCut',
        tags,
        summary: 'Read a cut and where its markers stand',
        params: object({ id: idOf('cut') }),
        response: answers({ 200: CutShown }, 404),
      },
    },
    async (request, reply) => {
      const cut = await findCut(pool, mustReadId('cut', request.params.id));
      if (cut === undefined) return refuse(reply, problem('cut_not_found'));
      return reply.code(200).send(show(cut, await markersOf(deps, cut)));
    },
  );
}
