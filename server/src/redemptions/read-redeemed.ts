import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';

/** A reward that somebody redeemed, and whose it is; null: the operator's. */
export interface Redeemed {
  readonly reward: Uuid;
  readonly owner: Uuid | null;
}

/** What these members redeemed in a programme and still have, each reward once; what is under way counts. */
export async function readRedeemed(
  sql: Sql,
  members: readonly Uuid[],
  programme: number,
): Promise<Redeemed[]> {
  const { rows } = await sql.query<Redeemed>({
    name: 'read-redeemed',
    text: `select distinct r.reward, w.merchant as owner from redemption r join reward w on w.id = r.reward
      where r.member = any ($1::uuid[]) and r.programme = $2 and r.returned < r.quantity
        and r.state not in ('refusing', 'refused', 'timing_out', 'timed_out', 'cancelling', 'cancelled')`,
    values: [members, programme],
  });
  return rows;
}
