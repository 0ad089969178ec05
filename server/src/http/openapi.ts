import { isDeepStrictEqual } from 'node:util';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import Type from 'typebox';
import type { RehearsableRoute } from '../platform/web/rehearse.ts';
import { withDryRun } from '../platform/web/rehearse-schema.ts';

// Swagger UI is served with files only: no inline script or style needs to be allowed.
const DOCS_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const IdempotencyKeyHeader = Type.Object({
  'Idempotency-Key': Type.String({
    minLength: 1,
    maxLength: 128,
    pattern: '^[\\x21-\\x7e]+$',
    description:
      'Chosen by you for this write. The same key with the same request gets the same answer, with another request 422.',
  }),
});

type Json = { [key: string]: unknown };

/** OpenAPI 3.1 at /openapi.json, and a page to browse it at /docs. Register before the routes it describes. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Hongmi',
        version,
        description:
          'Coalition loyalty points on a ledger anyone can verify. Every refusal is an RFC 9457 problem with a stable `code`.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, hm_…' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'hongmi_session',
            description:
              'Of somebody who signed in; over https its name begins with `__Host-`. Writes must come from a page of the same origin.',
          },
          memberSession: {
            type: 'apiKey',
            in: 'cookie',
            name: 'hongmi_member',
            description:
              'Of a member who signed in; as `session`. Where others come in too, it counts with the header `Hongmi-As: member`; in paths the member’s id may be `me`. A member reaches what is their own.',
          },
        },
      },
    },
    transform: ({ schema, url, route }) => ({ url, schema: describeRoute(schema, route) }),
    transformObject: (document) =>
      nameSchemas(('openapiObject' in document ? document.openapiObject : {}) as Json) as never,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: DOCS_CSP,
    uiConfig: {
      url: '/openapi.json',
      validatorUrl: null,
      persistAuthorization: false,
      tryItOutEnabled: false,
    },
    theme: { title: 'Hongmi API' },
  });
  let document: string | undefined;
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    document ??= JSON.stringify(app.swagger());
    reply.type('application/json; charset=utf-8').send(document);
  });
}

function describeRoute(
  schema: FastifySchema | undefined,
  route: RehearsableRoute & {
    readonly config?: {
      readonly scopes?: readonly string[] | 'public' | 'member';
      readonly member?: 'path' | 'own' | 'all';
    };
  },
): FastifySchema {
  const scopes = route.config?.scopes;
  if (scopes === undefined || scopes === 'public') return { ...schema, security: [] };
  if (scopes === 'member') return { ...schema, security: [{ memberSession: [] }] };
  const described = withDryRun(schema, route);
  const isRead = [route.method].flat().every((method) => method === 'GET' || method === 'HEAD');
  const named = scopes.map((scope) => `\`${scope}\``).join(' and ');
  const needs = scopes.length === 0 ? 'Needs no scope.' : `Needs the scope ${named}.`;
  return {
    ...described,
    description:
      described.description === undefined ? needs : `${described.description}\n\n${needs}`,
    security: [
      { apiKey: [] },
      { session: [] },
      ...(route.config?.member === undefined ? [] : [{ memberSession: [] }]),
    ],
    ...(isRead ? {} : { headers: IdempotencyKeyHeader }),
  };
}

/** Moves every schema with a CamelCase title to the components, so that generated clients get a named type. */
export function nameSchemas(document: Json): Json {
  const named = new Map<string, unknown>();
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (node === null || typeof node !== 'object') return node;
    const { title, ...rest } = Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, visit(value)]),
    );
    if (typeof title !== 'string' || !/^[A-Z][A-Za-z0-9]*$/.test(title))
      return title === undefined ? rest : { title, ...rest };
    const existing = named.get(title);
    if (existing !== undefined && !isDeepStrictEqual(existing, rest))
      throw new Error(`two schemas are named ${title}`);
    named.set(title, rest);
    return { $ref: `#/components/schemas/${title}` };
  };
  const paths = nameResponses(visit(document.paths ?? {}) as Json);
  const components = document.components as Json | undefined;
  const schemas = Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1)));
  const responses = { Problem: PROBLEM_RESPONSE };
  return { ...document, paths, components: { ...components, schemas, responses } };
}

const PROBLEM_RESPONSE = {
  description: 'An RFC 9457 problem',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** Every operation lists its problems; said once, they do not drown the answers. */
function nameResponses(paths: Json): Json {
  const nameOne = (response: Json): Json => {
    if (isDeepStrictEqual(response, PROBLEM_RESPONSE))
      return { $ref: '#/components/responses/Problem' };
    return response.description === 'Default Response'
      ? { ...response, description: 'The answer' }
      : response;
  };
  const map = (node: unknown, change: (inner: Json) => Json): Json =>
    Object.fromEntries(
      Object.entries((node ?? {}) as Record<string, Json>).map(([key, inner]) => [
        key,
        change(inner),
      ]),
    );
  return map(paths, (path) =>
    map(path, (operation) => ({ ...operation, responses: map(operation.responses, nameOne) })),
  );
}
