import type { GreenStanding } from '../kernel/green-standing.ts';
import type { Uuid } from '../kernel/id.ts';
import { texts, uuids } from '../platform/columns.ts';
import type { Transaction } from '../platform/database.ts';
import type { OpenLine, OpenOrder } from './goods.ts';
import type { Rerating } from './rates.ts';
import { AWARDS_JSON, type AwardJson, awardsOf, type OccasionJson } from './store.ts';

/** Whose goods, at which merchant: what returns are serialised by. */
export interface Shelf {
  readonly member: Uuid;
  readonly merchant: Uuid;
}

/** Waits until no other transaction works on these shelves. Taken in one order, so nobody waits crosswise. */
export async function lockShelves(tx: Transaction, shelves: readonly Shelf[]): Promise<void> {
  await tx.query({
    name: 'returns-lock',
    text: `select pg_advisory_xact_lock(k) from (
        select distinct hashtextextended(shelf, 0) as k from unnest($1::text[]) as s (shelf) order by k
      ) keys`,
    values: [texts(shelves.map((shelf) => `return ${shelf.member} ${shelf.merchant}`))],
  });
}

interface OpenRow {
  programme: number;
  member: Uuid;
  merchant: Uuid;
  order_id: Uuid;
  arrival: number;
  source: string | null;
  earn_points: number;
  earn_per_fen: number;
  due_fen: number;
  points_due: number;
  line_no: number;
  sku: string;
  quantity: number;
  amount_fen: number;
  returned: number;
  refunded_fen: number;
  brand: string | null;
  category: string | null;
  zone: string | null;
  green_certificate: string | null;
  green: GreenStanding | null;
  occasion: OccasionJson | null;
  awards: AwardJson[] | null;
}

const OPEN_COLUMNS = `o.programme, o.member, o.merchant, o.id as order_id, o.arrival, o.source, o.earn_points, o.earn_per_fen,
  o.due_fen, o.points_due, o.occasion, ${AWARDS_JSON} as awards, l.line_no, l.sku, l.quantity, l.amount_fen, l.returned,
  l.refunded_fen, l.brand, l.category, l.zone, l.green_certificate, l.green`;

/**
 * Lines that returns could take from: of each shelf those of the wanted skus with goods left, with all others of an order
 * that rules rated, and every line of the orders that are named. Read after the shelves are locked.
 */
export async function readOpenLines(
  tx: Transaction,
  wanted: readonly (Shelf & { readonly sku: string })[],
  named: readonly Uuid[],
  rerates: Rerating['rerates'],
): Promise<Map<string, OpenLine[]>> {
  // OFFSET 0 keeps both halves walking from the shelf to its orders to their lines.
  const { rows } = await tx.query<OpenRow>({
    name: 'returns-open-lines',
    text: `with shelf as (
        select member, merchant, array_agg(sku) as skus
        from unnest($1::uuid[], $2::uuid[], $3::text[]) as w (member, merchant, sku) group by member, merchant
      )
      select ${OPEN_COLUMNS} from shelf s
      cross join lateral (select * from orders o where o.member = s.member and o.merchant = s.merchant offset 0) o
      cross join lateral (
        select * from order_line l where l.order_id = o.id
          and (l.sku = any (s.skus) and l.returned < l.quantity or o.occasion->'rated' <> 'null' and exists (
            select from order_line w where w.order_id = o.id and w.sku = any (s.skus) and w.returned < w.quantity)) offset 0
      ) l
      union
      select ${OPEN_COLUMNS} from unnest($4::uuid[]) as n (id)
      cross join lateral (select * from orders o where o.id = n.id offset 0) o
      cross join lateral (select * from order_line l where l.order_id = o.id offset 0) l`,
    values: [
      uuids(wanted.map((each) => each.member)),
      uuids(wanted.map((each) => each.merchant)),
      texts(wanted.map((each) => each.sku)),
      uuids(named),
    ],
  });
  const orders = new Map<Uuid, OpenOrder>();
  const shelves = new Map<string, OpenLine[]>();
  for (const row of rows) {
    let order = orders.get(row.order_id);
    if (order === undefined) {
      order = openOrder(row, rerates);
      orders.set(order.id, order);
    }
    const line = openLine(row, order);
    order.ruled?.lines.push(line);
    const key = shelfKey(row);
    const shelf = shelves.get(key);
    if (shelf === undefined) shelves.set(key, [line]);
    else shelf.push(line);
  }
  return shelves;
}

function openOrder(row: OpenRow, rerates: Rerating['rerates']): OpenOrder {
  const { order_id: id, member, arrival, source, due_fen: dueFen, points_due: pointsDue } = row;
  const ratio = { points: row.earn_points, perFen: row.earn_per_fen };
  const { programme, merchant, occasion } = row;
  const plain = { id, member, arrival, source, ratio, dueFen, pointsDue };
  if (occasion === null || occasion.rated === null) return { ...plain, ruled: null };
  const { store, channel, tenders, rated } = occasion;
  const awards = awardsOf(row.awards);
  const circumstances = { store, channel, tenders };
  const order = {
    id,
    programme,
    merchant,
    ratio,
    pointsDue,
    ...circumstances,
    occasion: rated,
    awards,
  };
  return { ...plain, ruled: { lines: [], awards, rerate: rerates(order) } };
}

function openLine(row: OpenRow, order: OpenOrder): OpenLine {
  const { line_no: lineNo, sku, quantity, amount_fen: amountFen, returned } = row;
  const line = { order, lineNo, sku, quantity, amountFen, returned };
  if (order.ruled === null) return { ...line, refundedFen: row.refunded_fen };
  const { brand, category, zone, green_certificate: greenCertificate, green } = row;
  const nature = { brand, category, zone, greenCertificate, green };
  return { ...line, nature, refundedFen: row.refunded_fen };
}

export function shelfKey(shelf: Shelf): string {
  return `${shelf.member} ${shelf.merchant}`;
}
