import type { Charge } from '../certificates/certificate.ts';
import type { GivenOn } from '../certificates/charge-issuers.ts';
import { readChargesOf } from '../certificates/store.ts';
import type { Uuid } from '../kernel/id.ts';
import { readTransactions } from '../ledger/read.ts';
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
import { grantedBy } from './settling.ts';
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
        const charges = await chargesOf(pool, deps, id, page);
        if (charges.length > 0) yield charges;
      }
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

async function chargesOf(
  pool: Pool,
  deps: GivenOnDeps,
  certificate: Uuid,
  ids: readonly Uuid[],
): Promise<Charge[]> {
  const [orders, lines] = await Promise.all([readOrders(pool, ids), readLinesOf(pool, ids)]);
  const earns = orders.flatMap((order) => earnsOf(order).map(({ earn }) => earn));
  const [recorded, charged] = await Promise.all([
    readTransactions(pool, earns),
    readChargesOf(pool, earns),
  ]);
  const charges: Charge[] = [];
  for (const order of orders) {
    const asked = earnsOf(order);
    const own = charged.filter((each) => asked.some(({ earn }) => earn === each.transaction));
    const fallen = new Set([certificate, ...own.map((each) => each.certificate)]);
    const worth = await worthWithout(deps, order, lines.get(order.id) ?? [], fallen);
    if (worth === null) continue;
    for (const { place, earn, pointType, due } of asked) {
      const found = recorded.get(earn)?.transaction;
      const left = Math.min(due, found === undefined ? 0 : grantedBy(found));
      const already = own.filter(({ transaction }) => transaction === earn);
      const before = left - already.reduce((sum, { points }) => sum + points, 0);
      const points = before - Math.min(left, worth.get(place) ?? 0);
      if (points > 0)
        charges.push({ transaction: earn, programme: order.programme, pointType, points });
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
