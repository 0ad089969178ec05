import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import { uuids } from './columns.ts';
import type { Sql } from './database.ts';

/** What waits in the table `unsettled`: recorded, and not known to be in the ledger yet. */
export const UNSETTLED = {
  order: 1,
  return: 2,
  proposal: 3,
  activity: 4,
  revocation: 5,
  forgery: 6,
  completion: 7,
  redemption: 8,
  payment: 9,
  paymentRefund: 10,
  billReturn: 11,
  afterSales: 12,
} as const;
export type UnsettledKind = (typeof UNSETTLED)[keyof typeof UNSETTLED];

/** Something recorded, and since when it waits. */
export interface Waiting {
  readonly id: Uuid;
  readonly since: Instant;
}

/** What waits of one kind; `finish` says which of them are done by {@link markSettled}. */
export function unsettledOf(
  sql: Sql,
  kind: UnsettledKind,
  finish: (ids: readonly Uuid[]) => Promise<number>,
): Leftovers<Waiting> {
  return {
    async read(before, after, limit) {
      const { rows } = await sql.query<Waiting>({
        name: 'unsettled-waiting',
        text: `select id, since_ms as since from unsettled
          where kind = $1 and since_ms < $2 and (since_ms, id) > ($3, $4::uuid) order by since_ms, id limit $5`,
        values: [kind, before, after?.since ?? Number.MIN_SAFE_INTEGER, after?.id ?? FIRST, limit],
      });
      return rows;
    },
    finish: (list) => finish(list.map(({ id }) => id)),
  };
}

const FIRST = '00000000-0000-0000-0000-000000000000';

/** Notes that nothing of these waits any more. */
export async function markSettled(sql: Sql, ids: readonly Uuid[]): Promise<void> {
  await sql.query({
    name: 'unsettled-done',
    text: 'delete from unsettled where id = any ($1::uuid[])',
    values: [uuids(ids)],
  });
}
