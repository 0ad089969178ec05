import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import fastify, { LogController } from 'fastify';
import { type AuditDeps, auditRequests } from '../audit/audit-requests.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Sql } from '../platform/database.ts';
import type { Meter } from '../platform/telemetry/meter.ts';
import type { Authenticate } from '../platform/web/auth.ts';
import { guardRoutes, type Sessions } from '../platform/web/guard.ts';
import { requireIdempotencyKeys } from '../platform/web/idempotency.ts';
import { acceptJsonBodies } from '../platform/web/json-body.ts';
import type { ProblemCode } from '../platform/web/problem.ts';
import { PROBLEM_TYPE, problem, problemOf } from '../platform/web/problem.ts';
import { takeDryRuns } from '../platform/web/rehearse.ts';
import type { App } from '../platform/web/route.ts';
import { compileValidator } from '../platform/web/validation.ts';
import { answerFailure, failuresOf } from './failure.ts';
import { healthRoutes } from './health.ts';
import { countRequests, metricsRoute } from './metrics.ts';
import { describeApi } from './openapi.ts';
import { DATA_POLICY, servePages } from './pages.ts';
import { afterRest, readBeforeAnswering } from './unread-body.ts';
import { watchRoutes } from './unrouted.ts';

const BODY_BYTES_MAX = 2 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
// Longer than the usual 60 s of a proxy in front, so that it never reuses a connection we just closed.
const KEEP_ALIVE_MS = 72_000;
const CLOSE_IDLE_EVERY_MS = 50;

export interface AppOptions {
  readonly authenticate: Authenticate;
  /** How people who signed in are known. */
  readonly sessions?: Sessions;
  /** For the health check. */
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: FastifyBaseLogger;
  /**
   * Proxies (addresses, CIDR) whose `X-Forwarded-For` is believed: the address of a request is then the last one in it that is
   * none of them. By default nobody's: whoever connects could say any.
   */
  readonly trustedProxies?: readonly string[];
  /** Shown in the API's description. */
  readonly version: string;
  /** Logs every request; costs a tenth of the throughput. */
  readonly logRequests?: boolean;
  /** Where requests are counted, and what `/metrics` answers. */
  readonly metrics?: { readonly meter: Meter; readonly read: () => Promise<string> };
  /** Who does what is written down; undefined: it is not. */
  readonly audit?: Pick<AuditDeps, 'sql'>;
  /** Registers the routes of one feature each, under `/v1`. */
  readonly features: readonly ((app: App) => void)[];
  /** Folders of built pages by their address, `/console/`; and whether browsers come by https. */
  readonly pages?: {
    readonly folders: Readonly<Record<string, string>>;
    readonly isHttps: boolean;
  };
}

/** The whole API, ready to `listen` or to `inject` into. Closing it answers what is under way first. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { log, logRequests = false, trustedProxies = [] } = options;
  const ids = requestIds();
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: !logRequests }),
    // A logger per request is only worth its price when requests are logged.
    ...(logRequests ? {} : { childLoggerFactory: (logger: FastifyBaseLogger) => logger }),
    genReqId: ids,
    requestIdHeader: false,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    forceCloseConnections: 'idle',
    // Requests that arrive on open connections while the server drains are still answered, as their last.
    return503OnClosing: false,
    routerOptions: { caseSensitive: true, ignoreTrailingSlash: false, maxParamLength: 200 },
    frameworkErrors: (error, request, reply) =>
      afterRest(request as never, reply as never, () =>
        answerFailure(error, request as never, reply as never),
      ),
    clientErrorHandler: answerBrokenRequest,
  });
  app.setValidatorCompiler(compileValidator);
  const unrouted = watchRoutes(app);
  app.setErrorHandler(failuresOf(unrouted.answer));
  app.setNotFoundHandler(unrouted.answer);
  acceptJsonBodies(app);
  readBeforeAnswering(app);

  // Node would answer 417 without a word; what a client expects beyond HTTP is no reason to refuse it.
  app.server.on('checkExpectation', (request, response) =>
    app.server.emit('request', request, response),
  );

  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('cache-control', 'no-store');
    // What is a page says what it may do itself.
    reply.header('content-security-policy', DATA_POLICY);
    done();
  });

  const { metrics } = options;
  if (metrics !== undefined) countRequests(app, metrics.meter);

  let stopping = false;
  // Fastify says so to requests that arrive while it stops; those already under way must hear it too, or
  // their client sends its next one into a connection that is about to close.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (stopping) reply.header('connection', 'close');
    done();
  });
  app.addHook('preClose', async () => {
    stopping = true;
    // Node closes idle connections once; those that become idle while we drain would hold the close up.
    const timer = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
    app.server.once('close', () => clearInterval(timer));
    if (!app.server.listening) clearInterval(timer);
  });

  await describeApi(app, options.version);
  await app.register(
    async (plain) => {
      const v1 = plain.withTypeProvider<TypeBoxTypeProvider>();
      guardRoutes(plain, options.authenticate, options.sessions);
      requireIdempotencyKeys(plain);
      takeDryRuns(plain);
      if (options.audit !== undefined)
        auditRequests(plain, { ...options.audit, clock: options.clock, log });
      healthRoutes(v1, { sql: options.sql, clock: options.clock, isStopping: () => stopping });
      for (const register of options.features) register(v1);
    },
    { prefix: '/v1' },
  );
  if (metrics !== undefined) {
    await app.register(async (plain) => {
      guardRoutes(plain, options.authenticate);
      metricsRoute(plain, metrics.read);
    });
  }
  unrouted.close();
  if (options.pages !== undefined)
    await servePages(app, { ...options.pages, answerUnrouted: unrouted.answer });
  await app.ready();
  return app;
}

/** Unique across restarts without a look at the clock. */
function requestIds(): () => string {
  const run = randomBytes(6).toString('base64url');
  let count = 0;
  return () => {
    count += 1;
    return `req_${run}_${count.toString(36)}`;
  };
}

// Below HTTP: what the parser could not read, or did not get in time.
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code: ProblemCode =
    error.code === 'HPE_HEADER_OVERFLOW' ? 'header_too_large' : 'invalid_request';
  const told = problemOf(problem(code, 'the request could not be read as HTTP'));
  const body = JSON.stringify(told);
  socket.end(
    `HTTP/1.1 ${told.status} ${told.status === 431 ? 'Request Header Fields Too Large' : 'Bad Request'}\r\n` +
      `Content-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
