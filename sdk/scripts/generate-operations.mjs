// Writes src/generated/operations.ts from docs/openapi.json: what the client must know of each operation at run time, and no more.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [output = fileURLToPath(new URL('../src/generated/operations.ts', import.meta.url))] =
  process.argv.slice(2);
const document = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
);

const lines = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => line(method, path, operation)),
);
const names = lines.map((each) => each.split(' ', 1)[0]);
const twice = names.find((name, at) => names.indexOf(name) !== at);
if (twice !== undefined) throw new Error(`two operations are called ${twice}`);

writeFileSync(
  output,
  `/**
 * This file was made by \`npm run generate -w sdk\`: change the API instead.
 * An operation per line: its name, its method, its path. Behind \`?\` stands what goes into the query where there is a body as well.
 */
export const OPERATIONS = \`
${lines.join('\n')}
\`;
`,
);

/** The caller names everything in one object, so nothing may have two meanings in it. */
function line(method, path, { operationId, parameters = [], requestBody }) {
  if (operationId === undefined) throw new Error(`${method} ${path} has no operationId`);
  const named = (place) => parameters.filter((each) => each.in === place).map(({ name }) => name);
  const [inPath, inQuery] = [named('path'), named('query')];
  const inBody = fieldsOf(requestBody?.content['application/json']?.schema);
  const all = [...inPath, ...inQuery, ...inBody];
  const twice = all.find((name, at) => all.indexOf(name) !== at);
  if (twice !== undefined)
    throw new Error(
      `${operationId} has two things called ${twice}: rename one of them in its route`,
    );
  const sends = requestBody === undefined ? undefined : inQuery;
  const query = sends === undefined || sends.length === 0 ? '' : `?${sends.join(',')}`;
  const bare = requestBody === undefined && !['get', 'delete'].includes(method) ? '!' : '';
  return `${operationId} ${method.toUpperCase()}${bare} ${path.replace(/^\/v1\//, '')}${query}`;
}

function fieldsOf(schema) {
  const found = schema?.$ref === undefined ? schema : resolve(schema.$ref);
  if (found === undefined) return [];
  const parts = [...(found.allOf ?? []), ...(found.anyOf ?? []), ...(found.oneOf ?? [])];
  return [...new Set([...Object.keys(found.properties ?? {}), ...parts.flatMap(fieldsOf)])];
}

function resolve(ref) {
  return document.components.schemas[ref.split('/').at(-1)];
}
