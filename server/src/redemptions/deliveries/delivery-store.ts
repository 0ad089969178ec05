import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { int4s, int8s, texts, uuids } from '../../platform/columns.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Redemption } from '../redemption.ts';
import type { Delivery, DeliveryState } from './delivery.ts';

const COLUMNS = `d.id, d.redemption, d.turn, d.exchange_of as "exchangeOf", d.places, d.particulars, d.programme, d.member, d.merchant, d.store, d.made_at_ms as "madeAt", d.state, d.sent_at_ms as "sentAt",
  d.carrier, d.tracking_no as "trackingNo", d.ended_at_ms as "endedAt", d.reason`;

/** What has to be sent, in the transaction in which it is handed out. */
export async function insertDeliveries(
  tx: Transaction,
  list: readonly Redemption[],
): Promise<void> {
  await tx.query({
    name: 'deliveries-insert',
    text: `insert into delivery (id, redemption, programme, member, merchant, store, made_at_ms, places)
      select id, id, programme, member, merchant, store, made_at, array(select generate_series(0, quantity - 1))
      from unnest($1::uuid[], $2::int4[], $3::uuid[], $4::uuid[], $5::text[], $6::int8[], $7::int4[])
        as t (id, programme, member, merchant, store, made_at, quantity)`,
    values: [
      uuids(list, (each) => each.id),
      int4s(list, (each) => each.programme),
      uuids(list, (each) => each.member),
      uuids(list, (each) => each.merchant),
      texts(list, (each) => each.store),
      int8s(list, (each) => each.confirmedAt ?? each.askedAt),
      int4s(list, (each) => each.quantity),
    ],
  });
}

/** One that is sent again. */
export async function insertAgain(tx: Transaction, delivery: Delivery): Promise<void> {
  const { id, redemption, turn, exchangeOf, places, particulars } = delivery;
  const { programme, member, merchant, store, madeAt } = delivery;
  await tx.query(
    `insert into delivery (id, redemption, turn, exchange_of, places, particulars, programme, member, merchant, store, made_at_ms)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[id, redemption, turn, exchangeOf, int4s(places), JSON.stringify(particulars)],
      ...[programme, member, merchant, store, madeAt],
    ],
  );
}

/** Those of each redemption, in order. */
export async function readDeliveries(
  sql: Sql,
  redemptions: readonly Uuid[],
): Promise<Map<Uuid, Delivery[]>> {
  const { rows } = await sql.query<Delivery>({
    name: 'deliveries-of',
    text: `select ${COLUMNS} from delivery d where d.redemption = any ($1::uuid[]) order by d.redemption, d.turn`,
    values: [uuids(redemptions)],
  });
  const found = new Map<Uuid, Delivery[]>();
  for (const each of rows)
    found.set(each.redemption, [...(found.get(each.redemption) ?? []), each]);
  return found;
}

/** Locked until the transaction ends; undefined: it is not there. */
export async function lockDelivery(tx: Transaction, id: Uuid): Promise<Delivery | undefined> {
  const { rows } = await tx.query<Delivery>(
    `select ${COLUMNS} from delivery d where d.id = $1 for update`,
    [id],
  );
  return rows[0];
}

/** All of a redemption, in order, locked until the transaction ends. */
export async function lockDeliveries(tx: Transaction, redemption: Uuid): Promise<Delivery[]> {
  const { rows } = await tx.query<Delivery>(
    `select ${COLUMNS} from delivery d where d.redemption = $1 order by d.turn for update`,
    [redemption],
  );
  return rows;
}

/** Units of a redemption that a delivery of it would send no more: they came back, or were sent again since. */
export async function readGone(
  sql: Sql,
  { redemption, turn }: Pick<Delivery, 'redemption' | 'turn'>,
): Promise<number[]> {
  const { rows } = await sql.query<{ place: number }>(
    `select unnest(places) as place from delivery where redemption = $1 and turn > $2
      union
      select unnest(places) from after_sales_case where redemption = $1 and state in ('settling', 'refunded')`,
    [redemption, turn],
  );
  return rows.map(({ place }) => place);
}

export async function writeDelivery(
  tx: Transaction,
  delivery: Delivery,
  eraseAt: Instant | null,
): Promise<void> {
  const { id, state, sentAt, carrier, trackingNo, endedAt, reason, places, particulars } = delivery;
  await tx.query(
    `update delivery set state = $2, sent_at_ms = $3, carrier = $4, tracking_no = $5, ended_at_ms = $6, reason = $7, erase_at_ms = $8,
        places = $9, particulars = $10
      where id = $1`,
    [
      ...[id, state, sentAt, carrier, trackingNo, endedAt, reason, eraseAt, int4s(places)],
      particulars === null ? null : JSON.stringify(particulars),
    ],
  );
}

/** One thing that was told of a delivery. */
export interface DeliveryChange {
  readonly from: DeliveryState;
  readonly to: DeliveryState;
  readonly at: Instant;
  readonly toldAt: Instant;
  readonly carrier: string | null;
  readonly trackingNo: string | null;
  readonly reason: string | null;
  readonly correction: string | null;
  readonly actor: string;
  /** An API key. */
  readonly by: Uuid;
}

/** Writes it behind what was told before, of a delivery that is locked; answers its number. */
export async function insertChange(
  tx: Transaction,
  delivery: Uuid,
  change: DeliveryChange,
): Promise<number> {
  const { from, to, at, toldAt, carrier, trackingNo, reason, correction, actor, by } = change;
  const { rows } = await tx.query<{ number: number }>(
    `insert into delivery_change (delivery, number, from_state, to_state, at_ms, told_at_ms, carrier, tracking_no, reason, correction, actor,
        told_by)
      select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 from delivery_change where delivery = $1
      returning number`,
    [delivery, from, to, at, toldAt, carrier, trackingNo, reason, correction, actor, by],
  );
  return rows[0]?.number as number;
}

/** The last of what was told of a delivery, in order: more than a hundred is nobody's story. */
export async function readChanges(sql: Sql, delivery: Uuid): Promise<DeliveryChange[]> {
  const { rows } = await sql.query<DeliveryChange>(
    `select from_state as from, to_state as to, at_ms as at, told_at_ms as "toldAt", carrier, tracking_no as "trackingNo", reason,
        correction, actor, told_by as by
      from delivery_change where delivery = $1 order by number desc limit 100`,
    [delivery],
  );
  return rows.reverse();
}

/** Where a page of a worklist begins. */
export interface DeliveryPosition {
  readonly madeAt: Instant;
  readonly id: Uuid;
}

const FIRST = '00000000-0000-0000-0000-000000000000';

/** A merchant's deliveries in a state, those of one store if it is named, the oldest first. */
export async function listDeliveries(
  sql: Sql,
  at: { readonly merchant: Uuid; readonly store: string | null; readonly state: DeliveryState },
  after: DeliveryPosition | null,
  limit: number,
): Promise<Delivery[]> {
  const { rows } = await sql.query<Delivery>({
    name: 'deliveries-of-merchant',
    text: `select ${COLUMNS} from delivery d
      where d.merchant = $1 and d.state = $2 and ($3::text is null or d.store = $3) and (d.made_at_ms, d.id) > ($4, $5::uuid)
      order by d.made_at_ms, d.id limit $6`,
    values: [
      ...[at.merchant, at.state, at.store],
      ...[after?.madeAt ?? Number.MIN_SAFE_INTEGER, after?.id ?? FIRST, limit],
    ],
  });
  return rows;
}
