import type { Operation } from './fuzz-requests.ts';
import type { Schema } from './fuzz-schema.ts';

type Json = Record<string, unknown>;

/** The operations of an OpenAPI document, references followed. */
export function operationsOf(document: Json): Operation[] {
  const follow = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(follow);
    if (node === null || typeof node !== 'object') return node;
    const { $ref } = node as { $ref?: string };
    if ($ref === undefined)
      return Object.fromEntries(Object.entries(node).map(([name, inner]) => [name, follow(inner)]));
    const at = $ref.slice(2).split('/');
    return follow(at.reduce<unknown>((inner, name) => (inner as Json)[name], document));
  };
  const schemaOf = (content: unknown): Schema | undefined =>
    Object.values((content ?? {}) as Record<string, { schema: Schema }>)[0]?.schema;
  return Object.entries(follow(document.paths) as Record<string, Record<string, Json>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        operationId: operation.operationId as string,
        method: method.toUpperCase(),
        path,
        parameters: (operation.parameters ?? []) as Operation['parameters'],
        body: schemaOf((operation.requestBody as Json | undefined)?.content),
        responses: new Map(
          Object.entries(operation.responses as Record<string, Json>).map(
            ([status, response]) => [Number(status), schemaOf(response.content)] as const,
          ),
        ),
      })),
  );
}
