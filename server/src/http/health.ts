import Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Sql } from '../platform/database.ts';
import type { App } from '../platform/web/route.ts';
import { object } from '../platform/web/schema.ts';

/** Whoever asks, the database is asked at most once in this time. */
const ANSWER_KEPT_MS = 1_000;
const PATIENCE_MS = 2_000;

const HealthShown = object(
  {
    status: Type.Enum(['ok', 'unavailable', 'stopping']),
    database: Type.Enum(['ok', 'unavailable']),
  },
  { title: 'Health' },
);

export interface HealthRoutes {
  readonly sql: Sql;
  readonly clock: Clock;
  /** True once the server is draining: it answers what it has but wants no more. */
  readonly isStopping: () => boolean;
}

/** `/health`: ready to serve, database included. `/health/live`: the process answers. */
export function healthRoutes(app: App, { sql, clock, isStopping }: HealthRoutes): void {
  let asked: { readonly at: number; readonly answer: Promise<boolean> } | undefined;
  const isReachable = (): Promise<boolean> => {
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
      const database = (await isReachable()) ? 'ok' : 'unavailable';
      const status = isStopping() ? 'stopping' : database;
      reply.code(status === 'ok' ? 200 : 503);
      return { status, database } as const;
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

async function ask(sql: Sql): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  const answer = sql.query('select 1').then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answer, patience]);
  } finally {
    clearTimeout(timer);
  }
}
