import pg from 'pg';
import type { Pool } from '../platform/database.ts';

const { TIMESTAMPTZ } = pg.types.builtins;

/**
 * Our connections as the library's query builder takes them: it wants dates where we have numbers. It may end what it was
 * given; the pool stays.
 */
export function borrowPool(pool: Pool) {
  const own = pool.options.types;
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === TIMESTAMPTZ
        ? pg.types.getTypeParser(TIMESTAMPTZ, 'text')
        : (own ?? pg.types).getTypeParser(oid as never, format as never),
  };
  return {
    options: pool.options,
    async connect() {
      const client = await pool.connect();
      return {
        query: (text: string, values: readonly unknown[]) =>
          client.query({ text, values: [...values], types: types as never }),
        release: () => client.release(),
      };
    },
    end: async () => {},
  } as never;
}
