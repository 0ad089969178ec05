import { OPERATIONS } from './generated/operations.ts';

/** What must be known of an operation to send it. */
export interface Operation {
  readonly name: string;
  readonly method: string;
  /** Below the server's address, with `{name}` where something is filled in. */
  readonly path: string;
  readonly hasBody: boolean;
  /** What goes into the query although there is a body. */
  readonly inQuery: readonly string[];
}

/** A request that was not sent yet, without what says who asks. */
export interface Prepared {
  readonly method: string;
  /** Below the server's address. */
  readonly path: string;
  readonly body: string | undefined;
}

const BODILESS = new Set(['GET', 'DELETE']);

/** All operations of the API, by name. */
export function readOperations(): ReadonlyMap<string, Operation> {
  return new Map(OPERATIONS.trim().split('\n').map(readOperation));
}

function readOperation(line: string): [string, Operation] {
  const [name = '', verb = '', target = ''] = line.split(' ');
  const [path = '', query] = target.split('?');
  const method = verb.replace('!', '');
  return [
    name,
    {
      name,
      method,
      path: path.startsWith('/') ? path : `/v1/${path}`,
      hasBody: verb === method && !BODILESS.has(method),
      inQuery: query?.split(',') ?? [],
    },
  ];
}

/**
 * Puts each thing an operation is told where it belongs: its path, its query, its body.
 *
 * @throws TypeError when a part of the path is missing: `/members//balance` would be another address.
 */
export function prepare(operation: Operation, input: Readonly<Record<string, unknown>>): Prepared {
  const rest = { ...input };
  const take = (name: string): unknown => {
    const value = rest[name];
    delete rest[name];
    return value;
  };
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = take(name);
    if (value === undefined || value === null || value === '')
      throw new TypeError(`${operation.name} needs ${name}`);
    return encodeURIComponent(String(value));
  });
  const query = new URLSearchParams();
  const asked = operation.hasBody ? operation.inQuery : Object.keys(rest);
  for (const name of asked) {
    const value = take(name);
    if (value !== undefined && value !== null) query.append(name, String(value));
  }
  return {
    method: operation.method,
    path: query.size === 0 ? path : `${path}?${query}`,
    body: operation.hasBody ? JSON.stringify(rest) : undefined,
  };
}
