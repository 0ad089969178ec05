import type { Charge, Charged } from '../certificates/certificate.ts';
import type { GivenOn } from '../certificates/given-on.ts';
import { readChargesOf } from '../certificates/store.ts';
import type { Uuid } from '../kernel/id.ts';
import { readTransactions } from '../ledger/read.ts';
import { readKept } from '../ledger/read-kept.ts';
import type { Pool } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { UNSETTLED } from '../platform/unsettled.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { rerate } from '../rules/rerate.ts';
import { earnsOf } from './earns.ts';
import { isLeft, remainingFen } from './goods.ts';
import { occasionAgain } from './occasion.ts';
import type { Order } from './order.ts';
import type { OrderRules } from './rates.ts';
import { type LineNow, readLinesOf, readOrders } from './store.ts';

const PAGE = 500;

export interface GivenOnDeps {
  readonly rules: OrderRules;
  readonly programmes: Pick<ProgrammeRegistry, 'byId'>;
  readonly sealer: Sealer;
}

/**
 * What orders gave on certificates. An order has one award for each rule, whatever stood behind its lines, so that what
 * it gave on one certificate is what its awards would be worth less, by the rules of its day and on what returns have
 * left of it, had that certificate not stood behind its lines.
 */
export function ordersOn(deps: GivenOnDeps): GivenOn {
  return {
    async hasUnsettled(sql, certificate) {
      const { rows } = await sql.query<{ found: boolean }>(
        `select exists (select from order_line l join unsettled u on u.id = l.order_id
          where l.certificate = $2 and u.kind = $1) as found`,
        [UNSETTLED.order, certificate],
      );
      return rows[0]?.found === true;
    },
    async *walkUncharged(pool, { id }) {
      for (let last: Uuid | null = null; ; ) {
        const page: Uuid[] = await readOrdersOn(pool, id, last);
        if (page.length === 0) return;
        last = page.at(-1) ?? null;
        const charges = await chargesOf(pool, deps, page, id);
        const fresh = charges.filter(({ certificate, points }) => certificate === id && points > 0);
        if (fresh.length > 0) yield fresh;
      }
    },
    async chargesNow(pool, charges) {
      const earns = await readTransactions(
        pool,
        charges.map(({ transaction }) => transaction),
      );
      const orders = [...earns.values()].flatMap(({ transaction: { source } }) =>
        source?.kind === 'order' ? source.id : [],
      );
      return orders.length === 0 ? [] : chargesOf(pool, deps, [...new Set(orders)], null);
    },
  };
}

/** Settled orders with lines on a certificate, by id. */
async function readOrdersOn(pool: Pool, certificate: Uuid, after: Uuid | null): Promise<Uuid[]> {
  const { rows } = await pool.query<{ id: Uuid }>(
    `select distinct l.order_id as id from order_line l
      where l.certificate = $1 and ($2::uuid is null or l.order_id > $2)
        and not exists (select from unsettled u where u.id = l.order_id)
      order by l.order_id limit $3`,
    [certificate, after, PAGE],
  );
  return rows.map(({ id }) => id);
}

/**
 * What is charged for the earns of these orders, for each certificate that fell, in turn: what it takes of what those before it
 * left. `fallen` is one that fell last.
 */
async function chargesOf(
  pool: Pool,
  deps: GivenOnDeps,
  ids: readonly Uuid[],
  fallen: Uuid | null,
): Promise<(Charge & Charged)[]> {
  const [orders, lines] = await Promise.all([readOrders(pool, ids), readLinesOf(pool, ids)]);
  const earns = orders.flatMap((order) => earnsOf(order).map(({ earn }) => earn));
  const [recorded, charged] = await Promise.all([
    readTransactions(pool, earns),
    readChargesOf(pool, earns),
  ]);
  const kept = await readKept(pool, recorded.values());
  const charges: (Charge & Charged)[] = [];
  for (const order of orders) {
    const asked = earnsOf(order).map(({ due, ...each }) => {
      const left = Math.min(due, kept.get(each.earn) ?? 0);
      return { ...each, left, rest: left };
    });
    const own = charged.filter((each) => asked.some(({ earn }) => earn === each.transaction));
    const before = new Set(own.map(({ certificate }) => certificate));
    const inTurn = [...before, ...(fallen === null || before.has(fallen) ? [] : [fallen])];
    for (const [turn, certificate] of inTurn.entries()) {
      const gone = new Set(inTurn.slice(0, turn + 1));
      const worth = await worthWithout(deps, order, lines.get(order.id) ?? [], gone);
      if (worth === null) break;
      for (const each of asked) {
        const points = Math.max(0, each.rest - Math.min(each.left, worth.get(each.place) ?? 0));
        each.rest -= points;
        const { earn: transaction, pointType } = each;
        const { programme } = order;
        charges.push({ transaction, programme, pointType, certificate, points });
      }
    }
  }
  return charges;
}

/** What the awards of an order are worth, by place, when nothing of these certificates stands; null: no rule rated it. */
async function worthWithout(
  { rules, programmes, sealer }: GivenOnDeps,
  order: Order,
  lines: readonly LineNow[],
  fallen: ReadonlySet<Uuid>,
): Promise<ReadonlyMap<number, number> | null> {
  const { occasion, programme, awards, pointsDue } = order;
  if (occasion === null) return null;
  const timeZone = programmes.byId(programme)?.timeZone;
  if (timeZone === undefined) throw new Error(`there is no programme ${programme}`);
  const book = await rules.bookAt(programme, occasion.at);
  const left = lines.filter(isLeft).map((line) => ({
    ...line,
    quantity: line.quantity - line.returned,
    amountFen: remainingFen(line),
    ...(line.certificate !== null && fallen.has(line.certificate)
      ? { green: 'revoked' as const }
      : {}),
  }));
  if (left.length === 0) return new Map();
  const remains = occasionAgain(order, occasion, left, { timeZone, sealer });
  const gave = awards.map(({ version, due }) => ({ version, points: due }));
  const [ratio, ...others] = rerate(book, remains, [{ version: null, points: pointsDue }, ...gave]);
  return new Map([
    [0, ratio ?? 0],
    ...awards.map(({ place }, index): [number, number] => [place, others[index] ?? 0]),
  ]);
}
