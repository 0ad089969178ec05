import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { State } from '../steps.ts';
import type { SupplierReason } from './reasons.ts';

/** A supplier cancels all that was redeemed of a reward. */
export interface SupplierCancellation {
  readonly id: Uuid;
  readonly programme: number;
  readonly merchant: Uuid;
  readonly reward: Uuid;
  /** Of what was booked, only what is on this day, in this slot of it; null: all. */
  readonly day: string | null;
  readonly slot: string | null;
  readonly reason: SupplierReason;
  readonly note: string | null;
  readonly onShelf: boolean;
  readonly actor: string;
  readonly by: Uuid;
  /** By the programme's clock, and by the machine's. */
  readonly at: Instant;
  readonly recordedAt: Instant;
  /** The last redemption that was looked at in this round; null: none yet. */
  readonly lookedAt: Uuid | null;
  /** Whether one that was still on its way was met in this round: then there is another one. */
  readonly again: boolean;
  /** How many redemptions it cancelled so far, and of how many of them the points are back. */
  readonly cancelled: number;
  readonly refunded: number;
  readonly doneAt: Instant | null;
}

const COLUMNS = `s.id, s.programme, s.merchant, s.reward, s.day, s.slot, s.reason, s.note, s.on_shelf as "onShelf", s.actor, s.asked_by as by,
  s.at_ms as at, s.recorded_at_ms as "recordedAt", s.looked_at as "lookedAt", s.again, s.done_at_ms as "doneAt",
  (select count(*)::int from after_sales_case c where c.cancellation = s.id) as cancelled,
  (select count(*)::int from after_sales_case c where c.cancellation = s.id and c.state = 'refunded') as refunded`;

export async function insertCancellation(
  tx: Transaction,
  each: Omit<SupplierCancellation, 'lookedAt' | 'again' | 'cancelled' | 'refunded' | 'doneAt'>,
): Promise<void> {
  await tx.query(
    `insert into supplier_cancellation (id, programme, merchant, reward, reason, note, on_shelf, actor, asked_by, at_ms,
        recorded_at_ms, day, slot)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      ...[each.id, each.programme, each.merchant, each.reward, each.reason, each.note],
      ...[each.onShelf, each.actor, each.by, each.at, each.recordedAt, each.day, each.slot],
    ],
  );
}

export async function findCancellation(
  sql: Sql,
  id: Uuid,
): Promise<SupplierCancellation | undefined> {
  const { rows } = await sql.query<SupplierCancellation>(
    `select ${COLUMNS} from supplier_cancellation s where s.id = $1`,
    [id],
  );
  return rows[0];
}

/** Those that are not done, the oldest first, behind the one of this id. */
export async function readOpenCancellations(
  sql: Sql,
  after: Uuid | null,
  limit: number,
): Promise<SupplierCancellation[]> {
  const { rows } = await sql.query<SupplierCancellation>(
    `select ${COLUMNS} from supplier_cancellation s
      where s.done_at_ms is null and ($1::uuid is null or s.id > $1) order by s.id limit $2`,
    [after, limit],
  );
  return rows;
}

/** What is looked at next of what was redeemed by then, and how far each is. */
export async function readCancelled(
  sql: Sql,
  { merchant, reward, recordedAt, lookedAt, day, slot }: SupplierCancellation,
  limit: number,
): Promise<{ readonly id: Uuid; readonly state: State }[]> {
  const { rows } = await sql.query<{ id: Uuid; state: State }>({
    name: 'supplier-cancellation-page',
    text: `select r.id, r.state from redemption r
      where r.reward = $1 and r.merchant = $2 and ($3::uuid is null or r.id > $3) and r.recorded_at_ms <= $4
        and ($6::text is null or r.state <> 'fulfilled' or exists (select from booking b where b.redemption = r.id
          and (b.day = $6 or b.day < $6 and b.until_day > $6) and ($7::text is null or b.slot = $7)))
      order by r.id limit $5`,
    values: [reward, merchant, lookedAt, recordedAt, limit, day, slot],
  });
  return rows;
}

/** Goes on behind what was looked at, unless somebody else did. */
export async function writeProgress(
  sql: Sql,
  { id, lookedAt }: SupplierCancellation,
  next: Pick<SupplierCancellation, 'lookedAt' | 'again' | 'doneAt'>,
): Promise<void> {
  await sql.query(
    `update supplier_cancellation set looked_at = $3, again = $4, done_at_ms = $5
      where id = $1 and looked_at is not distinct from $2 and done_at_ms is null`,
    [id, lookedAt, next.lookedAt, next.again, next.doneAt],
  );
}
