import Type from 'typebox';
import type { Uuid } from '../kernel/id.ts';
import { readId, showId } from '../kernel/id.ts';
import type { Pool, Sql } from '../platform/database.ts';
import type { Principal } from '../platform/web/auth.ts';
import { MEMBER_ACTOR, principalOf, reaches } from '../platform/web/auth.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, idOf, nullable, object } from '../platform/web/schema.ts';

const ACTORS_MAX = 100;
/** An id and its comma. */
const ID_LENGTH = 31;

/** Who is behind a key: a person who signs in, a system that has the key, or whoever started the server. */
interface Actor {
  readonly id: Uuid;
  readonly name: string;
  readonly kind: 'staff' | 'key' | 'root' | 'member';
  readonly role: string | null;
  readonly merchant: Uuid | null;
  /** The number of its programme, or its merchant's. */
  readonly programme: number | null;
}

const ActorShown = object(
  {
    id: idOf('apiKey'),
    kind: Type.Enum(['staff', 'key', 'root', 'member', 'other'], {
      description:
        '`member`: the member themselves, by their own session; `other`: nobody there is, or nobody the caller may know.',
    }),
    name: nullable(Type.String()),
    role: nullable(Type.String({ description: 'Of a person.' })),
  },
  { title: 'Actor' },
);

export function actorRoutes(app: App, { pool }: { readonly pool: Pool }): void {
  app.get(
    '/actors',
    {
      config: { scopes: [], perProgramme: true },
      schema: {
        operationId: 'listActors',
        tags: ['audit'],
        summary: 'Who is behind the ids that say who did something',
        description:
          'A merchant learns the names of its own people and keys, the operator of a programme those of the programme and its merchants; the platform all.',
        querystring: object({
          ids: Type.String({
            ...{ minLength: 1, maxLength: ACTORS_MAX * ID_LENGTH },
            description: `1 to ${ACTORS_MAX} ids, separated by commas.`,
            examples: [showId('apiKey', '01890000-0000-7000-8000-000000000000' as Uuid)],
          }),
        }),
        response: answers({
          200: object({ items: Type.Array(ActorShown) }, { title: 'Actors' }),
        }),
      },
    },
    async (request, reply) => {
      const given = [...new Set(request.query.ids.split(','))];
      const ids = given.flatMap((each) => readId('apiKey', each) ?? []);
      if (ids.length < given.length || ids.length > ACTORS_MAX)
        return refuse(
          reply,
          problem('invalid_request', `in the query, ids must be 1 to ${ACTORS_MAX} ids of keys`),
        );
      const principal = principalOf(request);
      const actors = await readActors(pool, ids);
      return { items: ids.map((id) => showActor(id, actors.get(id), principal)) };
    },
  );
}

/** What the caller may know of it: of others as little as of somebody who is not there. */
function showActor(
  id: Uuid,
  actor: Actor | undefined,
  principal: Principal,
): Type.Static<typeof ActorShown> {
  const shown = showId('apiKey', id);
  if (actor === undefined || !isKnown(actor, principal))
    return { id: shown, kind: 'other', name: null, role: null };
  return { id: shown, kind: actor.kind, name: actor.name, role: actor.role };
}

function isKnown({ id, merchant, programme }: Actor, principal: Principal): boolean {
  if (id === principal.keyId || id === MEMBER_ACTOR) return true;
  if (programme === null) return principal.merchant === null && principal.programme === null;
  return reaches(principal, { merchant, programme });
}

async function readActors(sql: Sql, ids: readonly Uuid[]): Promise<Map<Uuid, Actor>> {
  const { rows } = await sql.query<Actor>({
    name: 'read-actors',
    text: `select k.id, k.name, case when k.root then 'root' when k.id = $2 then 'member' when k.person then 'staff' else 'key' end as kind, s.role,
        k.merchant, coalesce(k.programme, m.programme) as programme
      from api_key k left join merchant m on m.id = k.merchant left join staff s on s.key = k.id
      where k.id = any ($1::uuid[])`,
    values: [ids, MEMBER_ACTOR],
  });
  return new Map(rows.map((actor) => [actor.id, actor]));
}
