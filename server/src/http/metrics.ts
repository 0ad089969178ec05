import type { FastifyInstance } from 'fastify';
import type { Meter } from '../platform/telemetry/meter.ts';

/** Requests that no route took are counted together: their addresses are anybody's choice. */
const NO_ROUTE = 'none';

/** Counts every request that is answered, by route and status, and how long it took. */
export function countRequests(app: FastifyInstance, meter: Meter): void {
  meter.onRead(
    () =>
      new Promise<void>((resolve, reject) => {
        app.server.getConnections((error, count) => {
          if (error !== null) return reject(error);
          meter.set('hongmi_http_connections', count);
          resolve();
        });
      }),
  );
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    const route = routeOptions.url ?? NO_ROUTE;
    meter.add('hongmi_http_requests_total', 1, method, route, String(reply.statusCode));
    meter.observe('hongmi_http_request_seconds', reply.elapsedTime / 1_000, method, route);
    done();
  });
}

/** `GET /metrics` for Prometheus, which sends an API key like everybody else. */
export function metricsRoute(app: FastifyInstance, read: () => Promise<string>): void {
  app.get(
    '/metrics',
    { config: { scopes: ['metrics:read'] }, schema: { hide: true } },
    async (_request, reply) => {
      reply.type('text/plain; version=0.0.4; charset=utf-8');
      return read();
    },
  );
}
