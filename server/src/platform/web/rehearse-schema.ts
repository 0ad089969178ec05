import type { FastifySchema } from 'fastify';
import { DryRun, type RehearsableRoute, takesDryRun, WasDryRun } from './rehearse.ts';

interface ObjectSchema {
  readonly title?: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

/** A route's schema as its callers see it: with the `dryRun` that is taken out of its requests, and what it answers to that. */
export function withDryRun(
  schema: FastifySchema | undefined,
  route: RehearsableRoute,
): FastifySchema {
  const { noDryRun } = route.config ?? {};
  if (noDryRun !== undefined) {
    const why = `Without \`dryRun\`: ${noDryRun}.`;
    const { description } = schema ?? {};
    return { ...schema, description: description === undefined ? why : `${description}\n\n${why}` };
  }
  if (!takesDryRun(route)) return { ...schema };
  const place = schema?.body === undefined ? 'querystring' : 'body';
  const response = (schema?.response ?? {}) as Readonly<Record<number, unknown>>;
  return {
    ...schema,
    [place]: asking(schema?.[place] as ObjectSchema | undefined),
    response: { ...response, 200: answering(response) },
  };
}

function asking(schema: ObjectSchema = { properties: {} }): object {
  return {
    type: 'object',
    additionalProperties: false,
    ...schema,
    properties: { ...schema.properties, dryRun: DryRun },
  };
}

/** A dry run is answered 200, whatever doing it would be. */
function answering({ 200: done, 201: made }: Readonly<Record<number, unknown>>): object {
  const told = (made ?? done) as ObjectSchema | undefined;
  // What answers beside it already says so by itself.
  if (told?.properties === undefined) throw new Error('a write with a dry run answers an object');
  if ('dryRun' in told.properties) return told;
  const rehearsed = {
    ...told,
    ...(told.title === undefined ? {} : { title: `${told.title}DryRun` }),
    properties: { ...told.properties, dryRun: WasDryRun },
    required: [...(told.required ?? []), 'dryRun'],
  };
  return done === undefined ? rehearsed : { anyOf: [done, rehearsed] };
}
