import type { Instant } from '../../kernel/clock.ts';
import { finishDue } from '../../kernel/due.ts';
import type { Uuid } from '../../kernel/id.ts';
import { eachAlone } from '../../kernel/leftovers.ts';
import { uuids } from '../../platform/columns.ts';
import { type Pool, type Sql, type Transaction, withTransaction } from '../../platform/database.ts';
import type { Reminding } from '../bookings/remind.ts';

const ERASED = `particulars || '{"recipient": null}'`;

/** Erases to whom anything of these members goes or went, for good. What was not sent yet cannot be. */
export async function eraseRecipientsOf(tx: Transaction, members: readonly Uuid[]): Promise<void> {
  // Whoever sends something again holds its redemption, and copies to whom.
  await tx.query(
    `select from redemption where id in (select redemption from delivery
      where member = any ($1::uuid[]) and particulars ->> 'recipient' is not null) order by id for update`,
    [uuids(members)],
  );
  for (const table of ['redemption', 'delivery'])
    await tx.query(
      `update ${table} set particulars = ${ERASED} where member = any ($1::uuid[]) and particulars ->> 'recipient' is not null`,
      [uuids(members)],
    );
}

/** Erases the recipients of what came to nothing, and of what was delivered long ago; answers how many. */
export async function eraseRecipients({
  pool,
  programmes,
}: Pick<Reminding, 'pool' | 'programmes'>): Promise<number> {
  const undone = (): Promise<number> =>
    finishDue<Uuid>({
      read: (but, limit) => readUndone(pool, but, limit),
      finish: (list) => withTransaction(pool, (tx) => erase(tx, list)),
    });
  const delivered = programmes.all().map(({ id }) => (): Promise<number> => {
    const now = programmes.programmeClock(id);
    return finishDue<Uuid>({
      read: (but, limit) => readDelivered(pool, id, now, but, limit),
      finish: (list) => withTransaction(pool, (tx) => eraseDelivered(tx, list, now)),
    });
  });
  const message = 'not every recipient that is needed no more could be erased';
  return eachAlone([undone, ...delivered], (work) => work(), message);
}

async function readUndone(sql: Pool, but: readonly Uuid[], limit: number): Promise<Uuid[]> {
  const { rows } = await sql.query<{ id: Uuid }>({
    name: 'recipients-undone',
    text: `select id from redemption where particulars ->> 'recipient' is not null and state in ('refused', 'timed_out', 'cancelled')
        and id <> all ($1::uuid[]) limit $2`,
    values: [uuids(but), limit],
  });
  return rows.map(({ id }) => id);
}

async function readDelivered(
  sql: Sql,
  programme: number,
  now: Instant,
  but: readonly Uuid[],
  limit: number,
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ id: Uuid }>({
    name: 'recipients-delivered',
    text: `select id from delivery where programme = $1 and erase_at_ms <= $2 and id <> all ($3::uuid[])
      order by erase_at_ms, id limit $4`,
    values: [programme, now, uuids(but), limit],
  });
  return rows.map(({ id }) => id);
}

async function erase(tx: Transaction, list: readonly Uuid[]): Promise<readonly Uuid[]> {
  await tx.query(
    `update redemption set particulars = ${ERASED} where id = any ($1::uuid[]) and particulars ->> 'recipient' is not null`,
    [uuids(list)],
  );
  return list;
}

/** What was corrected since needs its recipient again. */
async function eraseDelivered(
  tx: Transaction,
  list: readonly Uuid[],
  now: Instant,
): Promise<readonly Uuid[]> {
  const { rows } = await tx.query<{ id: Uuid }>(
    `update delivery set erase_at_ms = null, particulars = ${ERASED}
      where id = any ($1::uuid[]) and erase_at_ms <= $2 returning id`,
    [uuids(list), now],
  );
  // The first of a redemption has its id, and its recipient stands there.
  return erase(
    tx,
    rows.map(({ id }) => id),
  );
}
