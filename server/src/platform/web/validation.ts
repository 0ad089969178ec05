import type { FastifySchemaCompiler } from 'fastify';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import Format from 'typebox/format';
import { readInstant } from '../../kernel/clock.ts';
import { explain } from './explain.ts';

const isDateTime = (value: string): boolean => Format.IsDateTime(value);
Format.Set('date-time', (value) => isDateTime(value) && (readInstant(value) ?? -1) >= 0);

interface StringlySchema {
  readonly properties?: Record<string, { readonly type?: string }>;
}

/**
 * Compiles a route's schemas. Bodies are taken as they are ("5" is not 5); what comes as text in the
 * query becomes an integer or boolean only when it is written exactly as one.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema);
  const convert = httpPart === 'body' ? undefined : converterOf(schema as StringlySchema);
  return (given: unknown) => {
    const value = convert === undefined ? given : convert(given as Record<string, unknown>);
    if (compiled.Check(value)) return { value };
    return { error: explain(schema, value) as never };
  };
};

function converterOf(
  schema: StringlySchema,
): (given: Record<string, unknown>) => Record<string, unknown> {
  const properties = Object.entries(schema.properties ?? {});
  const integers = properties.filter(([, each]) => each.type === 'integer').map(([name]) => name);
  const booleans = properties.filter(([, each]) => each.type === 'boolean').map(([name]) => name);
  return (given) => {
    const out: Record<string, unknown> = { ...given };
    for (const name of integers) {
      const value = out[name];
      if (typeof value === 'string' && /^(0|-?[1-9]\d{0,15})$/.test(value))
        out[name] = Number(value);
    }
    for (const name of booleans) {
      if (out[name] === 'true') out[name] = true;
      else if (out[name] === 'false') out[name] = false;
    }
    return out;
  };
}

/** One thing that is wrong: a JSON pointer into the request, and what was expected there. */
export interface Complaint {
  readonly path: string;
  readonly message: string;
}

/** The complaints of a failed validation. */
export function complaintsOf(errors: readonly FastifySchemaValidationError[]): Complaint[] {
  return errors.map(({ instancePath, message = 'is not valid' }) => ({
    path: instancePath,
    message,
  }));
}
