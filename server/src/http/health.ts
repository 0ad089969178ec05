import Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import { countOpenFindings } from '../ledger/reconcile/finding.ts';
import type { Sql } from '../platform/database.ts';
import type { App } from '../platform/web/route.ts';
import { object } from '../platform/web/schema.ts';

/** Whoever asks, the database is asked at most once in this time. */
const ANSWER_KEPT_MS = 1_000;
const PATIENCE_MS = 2_000;

const HealthShown = object(
  {
    status: Type.Enum(['ok', 'degraded', 'unavailable', 'stopping'], {
      description: 'degraded: it serves, but reconciliation found what nobody has acknowledged.',
    }),
    database: Type.Enum(['ok', 'unavailable']),
  },
  { title: 'Health' },
);

type Database = 'ok' | 'degraded' | 'unavailable';

export interface HealthRoutes {
  readonly sql: Sql;
  readonly clock: Clock;
  /** True once the server is draining: it answers what it has but wants no more. */
  readonly isStopping: () => boolean;
}

/** `/health`: ready to serve, database included. `/health/live`: the process answers. */
export function healthRoutes(app: App, { sql, clock, isStopping }: HealthRoutes): void {
  let asked: { readonly at: number; readonly answer: Promise<Database> } | undefined;
  const look = (): Promise<Database> => {
    const now = clock.now();
    if (asked === undefined || now - asked.at >= ANSWER_KEPT_MS || now < asked.at)
      asked = { at: now, answer: ask(sql) };
    return asked.answer;
  };

  app.get(
    '/health',
    {
      config: { scopes: 'public' },
      schema: {
        operationId: 'getHealth',
        tags: ['health'],
        summary: 'Ready to serve: 200, or 503 while the database is away or the server stops',
        response: { 200: HealthShown, 503: HealthShown },
      },
    },
    async (_request, reply) => {
      const found = await look();
      const status = isStopping() ? 'stopping' : found;
      reply.code(status === 'ok' || status === 'degraded' ? 200 : 503);
      return { status, database: found === 'unavailable' ? found : 'ok' } as const;
    },
  );

  app.get(
    '/health/live',
    {
      config: { scopes: 'public' },
      schema: {
        operationId: 'getLiveness',
        tags: ['health'],
        summary: 'The process answers',
        response: { 200: object({ status: Type.Literal('ok') }, { title: 'Liveness' }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
}

async function ask(sql: Sql): Promise<Database> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<Database>((resolve) => {
    timer = setTimeout(() => resolve('unavailable'), PATIENCE_MS);
  });
  const answer = countOpenFindings(sql).then(
    (findings): Database => (findings === 0 ? 'ok' : 'degraded'),
    (): Database => 'unavailable',
  );
  try {
    return await Promise.race([answer, patience]);
  } finally {
    clearTimeout(timer);
  }
}
