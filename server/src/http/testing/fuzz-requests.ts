import fc from 'fast-check';
import { hostile, type Known, type Schema, validFor } from './fuzz-schema.ts';

/** One operation of the OpenAPI document, with its references followed. */
export interface Operation {
  readonly operationId: string;
  readonly method: string;
  /** `/v1/members/{id}` */
  readonly path: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: 'path' | 'query' | 'header';
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly body: Schema | undefined;
  /** What an answer of each status must look like; undefined where it is not JSON. */
  readonly responses: ReadonlyMap<number, Schema | undefined>;
}

/** What goes over the wire. */
export interface Sent {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
  /** Its method, headers or bytes are no request for this operation, so it may be refused as the framework does. */
  readonly isMalformed: boolean;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Requests for one operation: valid, nearly valid, and hostile. `key` is an idempotency key that is new. */
export function requestFor(
  operation: Operation,
  known: Known,
  { auth, key }: { auth: string; key: string },
): fc.Arbitrary<Sent> {
  return fc
    .record({
      parameters: fc.record(
        Object.fromEntries(
          operation.parameters
            .filter((each) => each.in !== 'header')
            .map((each) => [each.name, parameterFor(each.schema, known, each.name)]),
        ),
        {
          requiredKeys: operation.parameters
            .filter((each) => each.in === 'path')
            .map((each) => each.name),
        },
      ),
      body: operation.body === undefined ? fc.constant(undefined) : bodyFor(operation.body, known),
      form: fc.oneof({ weight: 9, arbitrary: fc.constant(AS_IT_SHOULD_BE) }, malformed),
      extraQuery: fc.oneof({ weight: 9, arbitrary: fc.constant('') }, fc.constantFrom(...QUERIES)),
    })
    .map(({ parameters, body, form, extraQuery }) => {
      const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
        escaped(String(parameters[name])),
      );
      const query = Object.entries(parameters)
        .filter(([name]) => !operation.path.includes(`{${name}}`))
        .map(([name, value]) => `${name}=${escaped(String(value))}`);
      const search = [...query, ...(extraQuery === '' ? [] : [extraQuery])].join('&');
      const isWrite = operation.method !== 'GET';
      const headers: Record<string, string> = {
        authorization: `Bearer ${auth}`,
        ...(isWrite ? { 'idempotency-key': key } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...form.headers,
      };
      return {
        method: form.method ?? operation.method,
        target: `${path}${form.suffix ?? ''}${search === '' ? '' : `?${search}`}`,
        headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== '')),
        body: form.body ?? (body === undefined ? undefined : JSON.stringify(body)),
        isMalformed: form !== AS_IT_SHOULD_BE,
      };
    });
}

interface Form {
  readonly method?: string;
  readonly suffix?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}
const AS_IT_SHOULD_BE: Form = {};

const malformed: fc.Arbitrary<Form> = fc.oneof(
  fc.constantFrom(...METHODS).map((method) => ({ method })),
  fc
    .constantFrom('/', '%00', '%ff', '//', '/../keys', ';a=b', '%2e%2e')
    .map((suffix) => ({ suffix })),
  fc
    .constantFrom<Record<string, string>>(
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/json; charset=utf-16' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-encoding': 'gzip' },
      { authorization: '' },
      { authorization: 'Bearer ' },
      { authorization: 'Basic aG06aG0=' },
      { authorization: `Bearer hm_${'0'.repeat(43)}` },
      { 'idempotency-key': '' },
      { 'idempotency-key': 'a b' },
      { 'idempotency-key': 'k'.repeat(129) },
      { accept: 'text/html' },
      { 'x-forwarded-for': '::1, 127.0.0.1' },
      { expect: '200-ok' },
    )
    .map((headers) => ({ headers })),
  fc
    .oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(
        ...['', '{', '{}x', '[1,]', '"\\ud800"', '{"a":1,"a":2}', 'null', '1e999'].map((text) =>
          Buffer.from(text),
        ),
        Buffer.from('{"name":"\xff"}', 'latin1'),
        Buffer.from(`${'['.repeat(20_000)}${']'.repeat(20_000)}`),
        Buffer.from('\ufeff{}'),
      ),
    )
    .map((body) => ({ body, headers: { 'content-type': 'application/json' } })),
);

const QUERIES = [
  'limit=0',
  'limit=201',
  'limit=1&limit=2',
  'limit=1e1',
  'limit=9999999999999999999',
  'cursor=x',
  'cursor=%00',
  'cursor=%ff',
  'cursor=AAAA',
  'unknown=1',
  '__proto__=1',
  'open=maybe',
  'a[b]=1',
  '&&=&',
];

function parameterFor(schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  const strange = hostile.map((value) =>
    (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 300),
  );
  return fc.oneof(
    { weight: 5, arbitrary: validFor(schema, known, name) },
    {
      weight: 1,
      arbitrary: strange.filter((text) => text !== '' && text !== '.' && text !== '..'),
    },
  );
}

/** Valid, with one thing changed, or nothing like it. */
function bodyFor(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const valid = validFor(schema, known);
  const spoiled = fc
    .tuple(valid, fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }), fc.nat(3), hostile)
    .map(([value, way, how, by]) => spoil(value, way, how, by));
  return fc.oneof(
    { weight: 5, arbitrary: valid },
    { weight: 5, arbitrary: spoiled },
    { weight: 1, arbitrary: hostile },
  );
}

/** Goes some way into the value, then leaves out, adds or replaces one thing there. */
function spoil(value: unknown, way: readonly number[], how: number, by: unknown): unknown {
  const [step = 0, ...rest] = way;
  if (value === null || typeof value !== 'object') return by;
  const names = Object.keys(value);
  const name = names[step % Math.max(1, names.length)];
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  if (name === undefined || (rest.length === 0 && how === 0)) copy.unknown = by;
  else if (rest.length === 0 && how === 1) delete copy[name];
  else if (rest.length === 0) copy[name] = by;
  else copy[name] = spoil(copy[name], rest, how, by);
  return copy;
}

/** Percent-encoded; a lone surrogate, which has no encoding, becomes the replacement character. */
function escaped(text: string): string {
  return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));
}
