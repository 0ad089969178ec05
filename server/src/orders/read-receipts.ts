import type { Uuid } from '../kernel/id.ts';
import { texts, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';

/** The number of a receipt, shown to a merchant by a member as evidence of a behaviour. */
export interface ShownReceipt {
  readonly merchant: Uuid;
  readonly member: Uuid;
  readonly behaviour: string;
  readonly number: string;
}

/**
 * Whether each is the number of an order, at that merchant or of that member, whose goods were green for just this: its
 * green points paid for it. Answers in order.
 */
export async function readPaidReceipts(
  sql: Sql,
  shown: readonly ShownReceipt[],
): Promise<boolean[]> {
  const { rows } = await sql.query<{ paid: boolean }>({
    name: 'orders-receipts',
    text: `select exists (
        select from (
          select o.id, o.occasion from orders o where o.merchant = s.merchant and o.order_no = s.number
          union all
          select o.id, o.occasion from orders o where o.member = s.member and o.order_no = s.number
        ) o join order_line l on l.order_id = o.id
        where l.green = 'valid'
          and (s.behaviour in (l.sku, l.brand, l.category, l.zone) or o.occasion->'tenders' ? s.behaviour)
      ) as paid
      from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) with ordinality as s (merchant, member, behaviour, number, place)
      order by s.place`,
    values: [
      uuids(shown, (each) => each.merchant),
      uuids(shown, (each) => each.member),
      texts(shown, (each) => each.behaviour),
      texts(shown, (each) => each.number),
    ],
  });
  return rows.map(({ paid }) => paid);
}
