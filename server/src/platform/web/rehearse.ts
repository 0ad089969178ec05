import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { type Pool, type Transaction, withTransaction } from '../database.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether it asks what would happen; set where {@link takeDryRuns} takes it. */
    isDryRun: boolean;
  }
  interface FastifyContextConfig {
    /** Why this write has no `dryRun`. */
    noDryRun?: string;
  }
}

/** Of a request whose route performs dry runs in a way of its own. */
export const DryRun = Type.Optional(
  Type.Boolean({ description: 'Answer what would happen; change nothing.' }),
);
/** Of its answer. */
export const WasDryRun = Type.Optional(
  Type.Literal(true, { description: 'It was asked for with `dryRun`: nothing of it was kept.' }),
);

/** A route as it is registered, as far as dry runs concern it. */
export interface RehearsableRoute {
  readonly method: string | readonly string[];
  readonly schema?: { readonly body?: unknown } | undefined;
  readonly config?: { readonly noDryRun?: string } | undefined;
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether `dryRun` is taken out of the requests of a route: of every write that does not say why not, and has none of its own. */
export function takesDryRun({ method, schema, config }: RehearsableRoute): boolean {
  if ([method].flat().every((each) => READS.has(each))) return false;
  return config?.noDryRun === undefined && !hasDryRun(schema?.body);
}

function hasDryRun(schema: unknown): boolean {
  const { properties = {}, anyOf = [] } = (schema ?? {}) as {
    readonly properties?: object;
    readonly anyOf?: readonly unknown[];
  };
  return 'dryRun' in properties || anyOf.some(hasDryRun);
}

/**
 * Gives every write registered after it in this context a dry run: `dryRun` in its body, or in its query where it has no
 * body. It is taken out before the form of the request is checked, so that routes need not know of it, and neither the form
 * nor the fingerprint of a write depends on it. Who writes by `writeOnce` has done everything by that; what a route does
 * beside it must look at `request.isDryRun`.
 */
export function takeDryRuns(app: FastifyInstance): void {
  app.decorateRequest('isDryRun', false);
  app.addHook('onRoute', (route) => {
    if (!takesDryRun(route as RehearsableRoute)) return;
    const own = route.preValidation === undefined ? [] : [route.preValidation].flat();
    route.preValidation = [takeOut, ...own];
  });
}

function takeOut(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const place = request.routeOptions.schema?.body === undefined ? 'query' : 'body';
  const given = request[place];
  const has = given !== null && typeof given === 'object' && Object.hasOwn(given, 'dryRun');
  if (!has || Array.isArray(given)) {
    done();
    return;
  }
  const fields = given as { dryRun?: unknown };
  const asked = place === 'query' ? IN_QUERY.get(fields.dryRun) : fields.dryRun;
  if (typeof asked !== 'boolean') {
    const validation = [{ instancePath: '/dryRun', message: 'must be boolean' }];
    const validationContext = place === 'query' ? 'querystring' : place;
    // As the framework tells what is wrong with the form.
    done(Object.assign(new Error('must be boolean'), { validation, validationContext }));
    return;
  }
  delete fields.dryRun;
  request.isDryRun = asked;
  done();
}
/**
 * Whether a request whose form was checked only asks what would happen: by the `dryRun` that was taken out of it, or by that of a route
 * of its own way.
 */
export function asksOnly({ isDryRun, body }: Pick<FastifyRequest, 'isDryRun' | 'body'>): boolean {
  const own = body !== null && typeof body === 'object' ? (body as { dryRun?: unknown }) : {};
  return isDryRun || own.dryRun === true;
}

const IN_QUERY = new Map<unknown, boolean>([
  ['true', true],
  ['false', false],
]);

/** An address without what {@link takeDryRuns} takes. */
export function withoutDryRun(url: string): string {
  const [path = '', ...query] = url.split(/[?&]/);
  const rest = query.filter((each) => !/^dryRun=(true|false)$/.test(each));
  return rest.length === query.length ? url : [path, rest.join('&')].filter(Boolean).join('?');
}

/** Ends the transaction with all that was done in it. */
class Rehearsed<T> extends Error {
  readonly told: T;
  constructor(told: T) {
    super('nothing of a dry run is kept');
    this.told = told;
  }
}

/** Does all of it in a transaction, as {@link withTransaction}, and takes it back. */
export async function rehearse<T>(pool: Pool, work: (tx: Transaction) => Promise<T>): Promise<T> {
  try {
    return await withTransaction(pool, async (tx) => {
      throw new Rehearsed(await work(tx));
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.told as T;
    throw error;
  }
}
