import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import type { Redemption } from './redemption.ts';

/**
 * When what was redeemed was handed over, from which on it can be returned; null: it was not. What is delivered, when it was delivered; a
 * voucher, or what was booked, when it was used first; a code then too, and if it is not told, when it was given, as anything else.
 */
export async function handedOverAt(
  sql: Sql,
  redemption: Pick<Redemption, 'id' | 'terms' | 'confirmedAt'>,
): Promise<Instant | null> {
  return (await readHandedOver(sql, [redemption])).get(redemption.id) ?? null;
}

/** The same of several, by id. */
export async function readHandedOver(
  sql: Sql,
  list: readonly Pick<Redemption, 'id' | 'terms' | 'confirmedAt'>[],
): Promise<Map<Uuid, Instant | null>> {
  const { rows } = await sql.query<{
    id: Uuid;
    usedAt: Instant | null;
    deliveredAt: Instant | null;
  }>({
    name: 'redemptions-handed-over',
    text: `select r.id,
        (select min(u.at_ms) from voucher v join voucher_use u on u.voucher = v.id and u.undone_at_ms is null
          where v.redemption = r.id) as "usedAt",
        (select d.ended_at_ms from delivery d where d.redemption = r.id and d.state = 'delivered') as "deliveredAt"
      from unnest($1::uuid[]) as r (id)`,
    values: [uuids(list.map(({ id }) => id))],
  });
  const found = new Map(rows.map((row) => [row.id, row]));
  return new Map(
    list.map(({ id, terms, confirmedAt }) => {
      const { usedAt = null, deliveredAt = null } = found.get(id) ?? {};
      switch (terms.fulfilment.kind) {
        case 'delivery':
          return [id, deliveredAt];
        case 'voucher':
        case 'booking':
          return [id, usedAt];
        default:
          return [id, usedAt ?? confirmedAt];
      }
    }),
  );
}
