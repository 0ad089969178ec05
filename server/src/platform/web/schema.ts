import type { TSchema } from 'typebox';
import Type from 'typebox';
import type { Instant } from '../../kernel/clock.ts';
import { readInstant } from '../../kernel/clock.ts';
import type { IdKind, Uuid } from '../../kernel/id.ts';
import { ID_PREFIXES, readId } from '../../kernel/id.ts';
import { POINTS_MAX } from '../../kernel/points.ts';
import { PROBLEMS } from './problem.ts';

// A schema with a `title` in CamelCase becomes a component of that name in the OpenAPI document.

/** `mem_01h455vb4pex5vsknk084sn02q`: read it with {@link mustReadId}. */
export const idOf = (kind: IdKind) =>
  Type.String({
    pattern: `^${ID_PREFIXES[kind]}_[0-7][0-9a-hjkmnp-tv-z]{25}$`,
    examples: [`${ID_PREFIXES[kind]}_01h455vb4pex5vsknk084sn02q`],
  });

/** The UUID of an id whose form {@link idOf} has checked. */
export function mustReadId(kind: IdKind, shown: string): Uuid {
  const id = readId(kind, shown);
  if (id === undefined) throw new Error(`an unchecked ${kind} id came through`);
  return id;
}

/** RFC 3339 with a zone, from 1970; read it with {@link mustReadInstant}. The `date-time` is checked in validation.ts. */
export const InstantText = Type.String({
  format: 'date-time',
  examples: ['2026-11-22T08:30:00.000Z'],
});

/** The instant of a text whose form {@link InstantText} has checked. */
export function mustReadInstant(text: string): Instant {
  const at = readInstant(text);
  if (at === undefined) throw new Error('an unchecked instant came through');
  return at;
}

/** Points a command asks for. */
export const Points = Type.Integer({ minimum: 1, maximum: POINTS_MAX });
/** Points in an answer: a balance, a total. */
export const PointsShown = Type.Integer();
/** Money in fen, from nothing upwards. */
export const Fen = Type.Integer({ minimum: 0, maximum: POINTS_MAX });

// Written out, because tools that read the OpenAPI document in other languages do not know \p{Cc}.
const CONTROL = '\\u0000-\\u001f\\u007f-\\u009f';
/** Ordinary text: no control characters, not blank. */
export const ORDINARY = `^[^${CONTROL}]*[^${CONTROL}\\s][^${CONTROL}]*$`;

/** 1 to `maxLength` characters of {@link ORDINARY} text. */
export const text = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: ORDINARY });

/** Codes of programmes, point types, categories: lower case, digits, hyphens. */
export const Code = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' });

/** One thing that is wrong with what was asked (`RefusedPart` of kernel/refusal.ts). */
const RefusedPartShown = Type.Object(
  {
    path: Type.String({ description: 'Where: a JSON pointer into the request.' }),
    code: Type.Optional(
      Type.String({ description: 'Absent where the form itself is wrong (`invalid_request`).' }),
    ),
    message: Type.String(),
    at: Type.Optional(
      Type.Object(
        { offset: Type.Integer(), line: Type.Integer(), column: Type.Integer() },
        { description: 'Where in a text: lines and columns from 1.' },
      ),
    ),
  },
  { title: 'RefusedPart' },
);

export const ProblemBody = Type.Object(
  {
    type: Type.String({ examples: ['urn:hongmi:problem:merchant_exists'] }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({
      description: 'Stable; facts that belong to it stand beside these members.',
      // So that clients have them all as a type; there will be more.
      enum: Object.keys(PROBLEMS),
    }),
    errors: Type.Optional(
      Type.Array(RefusedPartShown, {
        description: 'All that is wrong, where that is more than `detail` can say.',
      }),
    ),
  },
  { additionalProperties: true, title: 'Problem' },
);

/** A closed object: what is not listed is refused in requests, and never sent in answers. */
export const object = <P extends Record<string, TSchema>>(
  properties: P,
  options: { title?: string; description?: string } = {},
) => Type.Object(properties, { ...options, additionalProperties: false });

export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** The query of a list: spread it into the route's own `object({...})`. */
export const PageQuery = {
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
};
export const PAGE_DEFAULT = 50;

/** A page: `nextCursor` is null on the last one. */
export const pageOf = <S extends TSchema>(item: S, title: string) =>
  object({ items: Type.Array(item), nextCursor: nullable(Type.String()) }, { title });

/** `bodyLimit` of the bulk routes; all others take 2 MB. */
export const BULK_BODY_BYTES = 8 * 1024 * 1024;

const problemAnswer = {
  description: 'An RFC 9457 problem',
  content: { 'application/problem+json': { schema: ProblemBody } },
};

/**
 * The `response` schemas of a route: its own answers, and a problem for every other status it can give.
 * 400, 401, 403, 429, 500 and 503 can happen to every route and need not be named.
 */
export function answers<
  S extends Record<number, TSchema>,
  P extends 404 | 409 | 413 | 415 | 422 = never,
>(
  own: S,
  ...problems: P[]
): S & Record<P | 400 | 401 | 403 | 429 | 500 | 503, typeof problemAnswer> {
  const out: Record<number, unknown> = {};
  for (const status of [400, 401, 403, 429, 500, 503, ...problems]) out[status] = problemAnswer;
  return { ...out, ...own } as never;
}
