import type { FastifySchemaCompiler } from 'fastify';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import Format from 'typebox/format';
import { readInstant } from '../../kernel/clock.ts';

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
    return { error: relevantErrors(compiled.Errors(value)) as never };
  };
};

function converterOf(schema: StringlySchema): (given: Record<string, unknown>) => Record<string, unknown> {
  const properties = Object.entries(schema.properties ?? {});
  const integers = properties.filter(([, each]) => each.type === 'integer').map(([name]) => name);
  const booleans = properties.filter(([, each]) => each.type === 'boolean').map(([name]) => name);
  return (given) => {
    const out: Record<string, unknown> = { ...given };
    for (const name of integers) {
      const value = out[name];
      if (typeof value === 'string' && /^(0|-?[1-9]\d{0,15})$/.test(value)) out[name] = Number(value);
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

const COMPLAINTS_MAX = 10;

/** The complaints of a failed validation, at most ten. */
export function complaintsOf(errors: readonly FastifySchemaValidationError[]): Complaint[] {
  const all = errors.map((error) => {
    if (error.keyword === 'boolean') return { path: error.instancePath, message: 'is not a known field' };
    return { path: error.instancePath, message: error.message ?? 'is not valid' };
  });
  return all.slice(0, COMPLAINTS_MAX);
}

/**
 * Of the alternatives of a union only the one that was meant deserves complaints: the one whose
 * constant (its `kind`) matched.
 */
function relevantErrors(errors: FastifySchemaValidationError[]): FastifySchemaValidationError[] {
  const seen = errors.filter((error) => error.keyword !== 'additionalProperties');
  const mismatched = new Set<string>();
  const matched = new Set<string>();
  const branchOf = (error: FastifySchemaValidationError): [union: string, branch: string] | undefined => {
    const found = /^(.*\/anyOf)\/(\d+)/.exec(error.schemaPath);
    return found === null ? undefined : [`${found[1]} ${rootOf(error)}`, `${found[0]} ${rootOf(error)}`];
  };
  for (const error of seen) {
    const branch = branchOf(error);
    if (branch !== undefined && error.keyword === 'const') mismatched.add(branch[1]);
  }
  for (const error of seen) {
    const branch = branchOf(error);
    if (branch !== undefined && !mismatched.has(branch[1])) matched.add(branch[0]);
  }
  const kept = seen.filter((error) => {
    const branch = branchOf(error);
    return branch === undefined || !matched.has(branch[0]) || !mismatched.has(branch[1]);
  });
  const precise = kept.filter((error) => error.keyword !== 'anyOf');
  return precise.length > 0 ? precise : kept;
}

// Items of one array share their schema path; the array's index keeps them apart.
function rootOf(error: FastifySchemaValidationError): string {
  return /^((\/[^/]+)*?\/\d+)(\/|$)/.exec(error.instancePath)?.[1] ?? '';
}
