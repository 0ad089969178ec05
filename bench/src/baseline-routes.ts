import type { idempotencyKeyOf } from '@hongmi/server/platform/web/idempotency';
import type { refuse } from '@hongmi/server/platform/web/problem';
import type { App } from '@hongmi/server/platform/web/route';
import { transactionRoutes } from '@hongmi/server/transactions/routes';

type Request = Parameters<typeof idempotencyKeyOf>[0];
type Reply = Parameters<typeof refuse>[0];

/** What a baseline answers instead of the ledger, by method and path within `/v1`. */
export type Handlers = Readonly<Record<string, (request: Request, reply: Reply) => unknown>>;

/**
 * Registers the real transaction routes with other handlers, so that schemas, checks, limits and
 * serializers are those of the ledger whatever they become.
 */
export function withOwnHandlers(app: App, handlers: Handlers): void {
  app.addHook('onRoute', (route) => {
    const path = route.url.replace(/^\/v1/, '');
    route.handler = (handlers[`${String(route.method)} ${path}`] ??
      notPartOfBaseline) as typeof route.handler;
  });
  transactionRoutes(app, unusable());
}

const notPartOfBaseline = (): never => {
  throw new Error('this route is no part of the baseline');
};

/** Stands for what the real handlers need: the baselines must not reach any of it. */
function unusable<T extends object>(): T {
  return new Proxy({} as T, { get: () => undefined });
}
