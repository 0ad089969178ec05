import fc from 'fast-check';
import { ORDINARY } from '../../platform/web/schema.ts';

/** JSON Schema as the OpenAPI document uses it, with its references already followed. */
export interface Schema {
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly not?: { readonly enum?: readonly unknown[] };
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** Values that answers have shown, by the property that showed them and by the prefix of an id. */
export type Known = ReadonlyMap<string, readonly string[]>;

const ITEMS_MAX = 4;
const SAFE = Number.MAX_SAFE_INTEGER;
const ID = /^\^([a-z]+)_\[/;

/** Values that the schema accepts, `known` ones where an id or a code must exist. */
export function validFor(schema: Schema, known: Known, name = ''): fc.Arbitrary<unknown> {
  if (schema.anyOf !== undefined)
    return fc.oneof(...schema.anyOf.map((each) => validFor(each, known, name)));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objectFor(schema, known);
    case 'array': {
      const items = validFor(schema.items ?? {}, known, name);
      const minLength = schema.minItems ?? 0;
      const maxLength = Math.max(minLength, Math.min(schema.maxItems ?? ITEMS_MAX, ITEMS_MAX));
      return schema.uniqueItems === true
        ? fc.uniqueArray(items, { minLength, maxLength })
        : fc.array(items, { minLength, maxLength });
    }
    case 'integer':
      return integerFor(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return stringFor(schema, known, name);
    default:
      return fc.jsonValue();
  }
}

function objectFor(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const own = fc.record(
    Object.fromEntries(
      Object.entries(properties).map(([name, each]) => [name, validFor(each, known, name)]),
    ),
    { requiredKeys: [...required] },
  );
  if (typeof additionalProperties !== 'object') return own;
  const names = fc.constantFrom('pos', 'crm', 'app-2');
  return fc.dictionary(names, validFor(additionalProperties, known), {
    maxKeys: Math.min(schema.maxProperties ?? 3, 3),
  });
}

function integerFor({ minimum = -SAFE, maximum = SAFE, not }: Schema): fc.Arbitrary<number> {
  const low = Math.max(minimum, -50);
  const high = Math.min(maximum, 5_000);
  const usual = fc.integer({ min: Math.min(low, high), max: Math.max(low, high) });
  const whole = fc.oneof(
    { weight: 8, arbitrary: usual },
    { weight: 1, arbitrary: fc.constantFrom(minimum, maximum) },
  );
  return whole.filter((value) => not?.enum?.includes(value) !== true);
}

function stringFor(schema: Schema, known: Known, name: string): fc.Arbitrary<string> {
  const prefix = ID.exec(schema.pattern ?? '')?.[1];
  const seen = known.get(prefix ?? name) ?? [];
  let fresh = freshOnes.get(schema);
  if (fresh === undefined) {
    fresh = freshFor(schema);
    freshOnes.set(schema, fresh);
  }
  return seen.length === 0
    ? fresh
    : fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...seen) }, { weight: 1, arbitrary: fresh });
}

/** Making one from a pattern takes longer than the request it is used in. */
const freshOnes = new Map<Schema, fc.Arbitrary<string>>();

function freshFor(schema: Schema): fc.Arbitrary<string> {
  const { pattern, format, minLength = 0, maxLength = 40 } = schema;
  if (format === 'date-time') return instant;
  // Texts that have troubled others, rather than any that fit.
  if (pattern === ORDINARY)
    return fc.constantFrom(...TEXTS).map((text) => text.slice(0, maxLength));
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.min(maxLength, 40), unit: 'grapheme' });
}

const TEXTS = ['till 3', '面包 🥐', "O'Neill; --", 'ß ﬁ \u202E', '=1+1', 'x'.repeat(300), '0'];

/** Around now, where rules are; and anywhere at all. */
const instant = fc.oneof(
  fc.integer({ min: -48, max: 48 }).map((hours) => shown(Date.now() + hours * 3_600_000)),
  fc.integer({ min: 0, max: 4_102_444_800_000 }).map(shown),
  fc.constantFrom('1970-01-01T00:00:00Z', '9999-12-31T23:59:59.999+23:59'),
);

function shown(at: number): string {
  return new Date(at).toISOString();
}

/** Values that no schema asked for: of any type, at the limits of types, of encodings and of patience. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(
      ...[0, -0, -1, 0.1, 1e21, -1e308, 2 ** 31, 2 ** 53, SAFE, -SAFE, 2 ** 63, 1e-7],
      ...[
        '',
        ' ',
        '\u0000',
        '\ud800',
        '\uffff',
        "'; drop table member; --",
        '{{7*7}}',
        '../../etc',
      ],
      ...['x'.repeat(5_000), '5', 'true', 'null', 'NaN', '2026-02-30T00:00:00Z', '١٢٣', 'ａ'],
      ...[null, true, [], {}, [[]], [null], { length: 2 }, { toString: 1 }, { constructor: {} }],
      ...[JSON.parse('{"__proto__":{"scopes":["x"]}}'), Array.from({ length: 600 }, () => 1)],
    ),
  },
);
