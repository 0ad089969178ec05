import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { newId } from '../kernel/id.ts';
import { RefusalError } from '../kernel/refusal.ts';
import type { Sql } from '../platform/database.ts';
import type { Principal } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import { asksOnly } from '../platform/web/rehearse.ts';
import { type AuditableRoute, whoseOf } from './audited.ts';
import type { Entry } from './entry.ts';
import { insertEntry, insertOutcome } from './store.ts';

export interface AuditDeps {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The entry that was written for it. */
    auditEntry: Uuid | null;
  }
  interface FastifyContextConfig {
    /** Of a read: that it happened is written down, because of what it shows. */
    audited?: boolean;
  }
}

const USER_AGENT_MAX = 200;
const ABOUT_MAX = 128;

/**
 * Writes down who asks for what in every route registered after it in this context, as {@link whoseOf} says: before the work,
 * which is not done when that cannot be written, and what came of it before the answer leaves. What a person was refused
 * before it came to any work, because their role may not, is written down as well.
 */
export function auditRequests(app: FastifyInstance, { sql, clock, log }: AuditDeps): void {
  app.decorateRequest('auditEntry', null);

  async function write(request: FastifyRequest, principal: Principal): Promise<Uuid> {
    const entry = entryOf(request, principal, clock.now());
    await insertEntry(sql, entry);
    return entry.id;
  }

  async function begin(request: FastifyRequest, principal: Principal): Promise<void> {
    try {
      request.auditEntry = await write(request, principal);
    } catch (error) {
      log.error({ err: error, requestId: request.id }, 'the audit log cannot be written');
      throw new RefusalError(
        problem('unavailable', 'the audit log cannot be written, so that nothing was done'),
      );
    }
  }

  async function end(
    request: FastifyRequest,
    principal: Principal,
    status: number,
    payload: unknown,
  ): Promise<void> {
    try {
      const entry = request.auditEntry ?? (await write(request, principal));
      const { code, id } = told(payload);
      const outcome = status < 400 ? { problem: null, made: id } : { problem: code, made: null };
      await insertOutcome(sql, entry, { at: clock.now(), status, ...outcome });
    } catch (error) {
      // It is done, and must be answered: an entry without an outcome says that nobody knows.
      log.error({ err: error, requestId: request.id }, 'an outcome in the audit log is missing');
    }
  }

  // Who is not written down goes on in the same turn: among them are the till's requests.
  const beginOf =
    (whose: 'all' | 'persons') =>
    (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
      const { principal } = request;
      // Of a dry run nothing is kept, and nothing came of it; what members do of their own stands in the registers.
      const isAudited =
        principal !== null &&
        !asksOnly(request) &&
        principal.member === null &&
        (whose === 'all' || principal.staff !== null);
      if (isAudited) begin(request, principal).then(() => done(), done);
      else done();
    };
  function onSend(
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (error: Error | null, payload: unknown) => void,
  ): void {
    const { principal, auditEntry } = request;
    // Or a person asks for what their role may not. Keys get what their makers gave them, and would flood it.
    const isForbidden = reply.statusCode === 403 && principal !== null && principal.staff !== null;
    if (principal === null || (auditEntry === null && !isForbidden)) done(null, payload);
    else
      void end(request, principal, reply.statusCode, payload).then(
        () => done(null, payload),
        done as never,
      );
  }

  app.addHook('onRoute', (route) => {
    if (typeof route.config?.scopes === 'string') return;
    const whose = whoseOf(route as AuditableRoute);
    if (whose !== 'nobody') route.preHandler = [beginOf(whose), ...[route.preHandler ?? []].flat()];
    route.onSend = [...[route.onSend ?? []].flat(), onSend];
  });
}

/** Where a request came from, bounded. */
export function callerOfRequest(
  request: FastifyRequest,
): Pick<Entry, 'address' | 'userAgent' | 'request'> {
  const agent = request.headers['user-agent'];
  return {
    address: request.ip,
    userAgent: agent === undefined ? null : agent.slice(0, USER_AGENT_MAX),
    request: request.id,
  };
}

function entryOf(request: FastifyRequest, principal: Principal, now: number): Entry {
  const { operationId } = request.routeOptions.schema as { readonly operationId?: string };
  // Of some the schema has made numbers.
  const about = Object.values((request.params ?? {}) as Record<string, string | number>);
  return {
    id: newId(now),
    at: now,
    actor: principal.keyId,
    staff: principal.staff?.id ?? null,
    tenant: principal.tenant,
    merchant: principal.merchant,
    programme: principal.programme?.id ?? null,
    operation: operationId ?? `${request.method} ${request.routeOptions.url}`,
    about: about.map((each) => String(each).slice(0, ABOUT_MAX)),
    ...callerOfRequest(request),
  };
}

const ID = /^[a-z]{2,5}_[0-9a-z]{26}$/;

/** The code of a problem, or the id of what was made: of an answer nothing else is kept. */
function told(payload: unknown): { readonly code: string | null; readonly id: string | null } {
  const nothing = { code: null, id: null };
  if (typeof payload !== 'string' || !payload.startsWith('{')) return nothing;
  let body: { readonly code?: unknown; readonly id?: unknown };
  try {
    body = JSON.parse(payload) as typeof body;
  } catch {
    return nothing;
  }
  const { code, id } = body;
  return {
    code: typeof code === 'string' ? code : null,
    id: typeof id === 'string' && ID.test(id) ? id : null,
  };
}
