import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import type { TSchema } from 'typebox';
import { Errors } from 'typebox/value';

interface SchemaParts {
  readonly type?: string;
  readonly anyOf?: readonly SchemaParts[];
  readonly items?: SchemaParts;
  readonly properties?: Readonly<Record<string, SchemaParts>>;
  readonly const?: unknown;
}

const ERRORS_MAX = 10;

/**
 * What is wrong with a value that a schema has refused, at most ten things. Of a union of objects told
 * apart by a constant (`kind`) only the alternative that was meant is explained: the others would bury it.
 */
export function explain(schema: TSchema, value: unknown): FastifySchemaValidationError[] {
  const errors: FastifySchemaValidationError[] = [];
  explainInto(errors, schema as SchemaParts, value, '');
  return errors.length > 0 ? errors : [complaint('', 'is not valid')];
}

function explainInto(
  errors: FastifySchemaValidationError[],
  schema: SchemaParts,
  value: unknown,
  path: string,
): void {
  if (errors.length >= ERRORS_MAX) return;
  const union = alternativesOf(schema);
  if (union !== undefined && isObject(value)) {
    const told = value[union.by];
    const meant = union.alternatives.get(told);
    if (meant !== undefined) explainInto(errors, meant, value, path);
    else {
      const known = [...union.alternatives.keys()].map((each) => JSON.stringify(each)).join(', ');
      errors.push(complaint(`${path}/${union.by}`, `must be one of ${known}`));
    }
  } else if (schema.items !== undefined && Array.isArray(value)) {
    own(errors, { ...schema, items: {} }, value, path);
    for (const [index, item] of value.entries())
      explainInto(errors, schema.items, item, `${path}/${index}`);
  } else if (schema.properties !== undefined && isObject(value)) {
    const inner = Object.entries(schema.properties).filter(
      ([name, each]) => isNested(each) && value[name] !== undefined,
    );
    const opened = Object.fromEntries(inner.map(([name]) => [name, {}]));
    own(errors, { ...schema, properties: { ...schema.properties, ...opened } }, value, path);
    for (const [name, each] of inner)
      explainInto(errors, each, value[name], `${path}/${pointerPart(name)}`);
  } else own(errors, schema, value, path);
}

const isNested = (schema: SchemaParts): boolean =>
  schema.items !== undefined || schema.properties !== undefined || schema.anyOf !== undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** JSON Pointer (RFC 6901). */
const pointerPart = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function own(
  errors: FastifySchemaValidationError[],
  schema: SchemaParts,
  value: unknown,
  path: string,
): void {
  const found = Errors(schema as TSchema, value);
  // The unknown fields are named one by one already.
  const precise = found.filter(
    (error) => error.keyword !== 'additionalProperties' && error.keyword !== 'anyOf',
  );
  for (const error of precise.length > 0 ? precise : found) {
    if (errors.length >= ERRORS_MAX) return;
    const message = error.keyword === 'boolean' ? 'is not a known field' : error.message;
    errors.push(complaint(path + error.instancePath, message, error.keyword));
  }
}

function complaint(
  instancePath: string,
  message: string,
  keyword = 'schema',
): FastifySchemaValidationError {
  return { keyword, instancePath, schemaPath: '', params: {}, message };
}

/** The alternatives of a union whose objects differ in one constant property. */
function alternativesOf(
  schema: SchemaParts,
): { by: string; alternatives: Map<unknown, SchemaParts> } | undefined {
  const [first, ...others] = schema.anyOf ?? [];
  const by = Object.keys(first?.properties ?? {}).find((name) =>
    [first, ...others].every((each) => each?.properties?.[name]?.const !== undefined),
  );
  if (first === undefined || by === undefined) return undefined;
  return {
    by,
    alternatives: new Map([first, ...others].map((each) => [each.properties?.[by]?.const, each])),
  };
}
