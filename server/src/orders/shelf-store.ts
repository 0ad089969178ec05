import type { Uuid } from '../kernel/id.ts';
import { texts, uuids } from '../platform/columns.ts';
import type { Transaction } from '../platform/database.ts';
import type { OpenLine, OpenOrder } from './goods.ts';

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
}

const OPEN_COLUMNS = `o.member, o.merchant, o.id as order_id, o.arrival, o.source, o.earn_points, o.earn_per_fen, o.due_fen,
  o.points_due, l.line_no, l.sku, l.quantity, l.amount_fen, l.returned`;

/**
 * Lines that returns could take from: of each shelf those of the wanted skus with goods left, and
 * every line of the orders that are named. Read after the shelves are locked.
 */
export async function readOpenLines(
  tx: Transaction,
  wanted: readonly (Shelf & { readonly sku: string })[],
  named: readonly Uuid[],
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
        select * from order_line l where l.order_id = o.id and l.sku = any (s.skus) and l.returned < l.quantity offset 0
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
      const ratio = { points: row.earn_points, perFen: row.earn_per_fen };
      const { order_id: id, member, arrival, source, due_fen: dueFen, points_due: pointsDue } = row;
      order = { id, member, arrival, source, ratio, dueFen, pointsDue };
      orders.set(id, order);
    }
    const { line_no: lineNo, sku, quantity, amount_fen: amountFen, returned } = row;
    const line: OpenLine = { order, lineNo, sku, quantity, amountFen, returned };
    const key = shelfKey(row);
    const shelf = shelves.get(key);
    if (shelf === undefined) shelves.set(key, [line]);
    else shelf.push(line);
  }
  return shelves;
}

export function shelfKey(shelf: Shelf): string {
  return `${shelf.member} ${shelf.merchant}`;
}
