import { readId } from '@hongmi/server/kernel/id';
import { findRunning } from '@hongmi/server/platform/postgres/embedded';
import { Pool } from 'pg';
import { expect } from 'vitest';
import type { Shop } from './shop.ts';

/** What stands in a redemption's row, and in the books beside it. */
interface Found {
  readonly id: string;
  readonly state: string;
  readonly quantity: number;
  readonly vouchers: Readonly<Record<string, number>>;
  /** Of each type of points, as agreed, and as taken less what was given back. */
  readonly price: Readonly<Record<string, number>>;
  readonly taken: Readonly<Record<string, number>>;
}

const FOUND = `
  select r.id, r.state, r.quantity,
    (select coalesce(json_object_agg(v.state, v.count), '{}') from (
      select state, count(*) from voucher where redemption = r.id group by state) v) as vouchers,
    (select json_object_agg(p ->> 'pointType', (p ->> 'points')::int) from jsonb_array_elements(r.parts) p) as price,
    (select coalesce(json_object_agg(t.point_type, t.points), '{}') from (
      -- 2 burn, 4 capture, 9 refund
      select point_type, sum(case kind when 9 then -points else points end) as points
      from ledger.transaction where source_kind = 6 and source = r.id and kind in (2, 4, 9) and refusal is null
      group by point_type) t) as taken
  from redemption r where r.merchant = $1`;

const STOCKS = `
  select s.total, s.reserved, s.sold,
    (select coalesce(sum(quantity), 0) from redemption r where r.reward = s.reward and r.state = 'fulfilled') as units,
    (select coalesce(sum(used), 0) from reward_count c where c.name like s.reward || '/member/%') as counted,
    (select coalesce(sum((c ->> 'units')::int), 0) from redemption r, jsonb_array_elements(r.counts) c
      where r.reward = s.reward and r.state = 'fulfilled') as counts
  from reward_stock s where s.reward = any ($1)`;

const ACCOUNTS = `
  select sum(free)::int as free, sum(held)::int as held, sum(debt)::int as debt
  from ledger.member_account where member = any ($1)`;

/**
 * Holds what shoppers were told against the tables themselves: what is sold is what was handed out, nothing is set aside or held
 * any more, and the points that are gone are the prices of what they have. Answers how many transactions that was.
 */
export async function auditShop(dataDir: string, shop: Shop): Promise<number> {
  const url = await findRunning(dataDir);
  if (url === undefined) throw new Error('the database does not run');
  const pool = new Pool({ connectionString: url, max: 1 });
  const rowsOf = async <R extends object>(text: string, values: unknown[]): Promise<R[]> =>
    (await pool.query<R>(text, values)).rows;
  try {
    const members = shop.members.map((id) => readId('member', id));
    const found = await rowsOf<Found>(FOUND, [readId('merchant', shop.merchantId)]);
    assertAsTold(found, shop);
    for (const each of found) assertPaid(each);

    for (const { total, reserved, sold, units, counted, counts } of await rowsOf<
      Record<'total' | 'reserved' | 'sold' | 'units' | 'counted' | 'counts', string | null>
    >(STOCKS, [shop.rewards.map((id) => readId('reward', id))])) {
      expect([reserved, sold, counted]).toEqual(['0', units, counts]);
      if (total !== null) expect(Number(sold)).toBeLessThanOrEqual(Number(total));
    }

    const taken = found.flatMap((each) => Object.values(each.taken));
    const gone = taken.reduce((sum, points) => sum + points, 0);
    expect(await rowsOf(ACCOUNTS, [members])).toEqual([
      { free: shop.given - gone, held: 0, debt: 0 },
    ]);
    expect(await rowsOf('select id from unsettled where kind = 8', [])).toEqual([]);
    const [all] = await rowsOf<{ count: number }>(
      'select count(*)::int from ledger.transaction where member = any ($1)',
      [members],
    );
    return all?.count ?? 0;
  } finally {
    await pool.end();
  }
}

/** Every request is one row, which is what its answer said. */
function assertAsTold(found: readonly Found[], { wanted }: Shop): void {
  const ids = (state: string): string[] =>
    found.flatMap((each) => (each.state === state ? each.id : [])).sort();
  const told = (isCancelled: boolean): (string | undefined)[] =>
    wanted
      .filter((each) => each.status === 201 && each.isCancelled === isCancelled)
      .map(({ told: { id } }) => readId('redemption', id))
      .sort();
  expect(ids('fulfilled')).toEqual(told(false));
  expect(told(false)).not.toEqual([]);
  expect(ids('cancelled')).toEqual(told(true));
  expect(ids('refused')).toHaveLength(wanted.filter(({ status }) => status !== 201).length);
  expect(found).toHaveLength(wanted.length);
}

/** What was handed out is paid, what was not is not. */
function assertPaid({ id, state, quantity, vouchers, price, taken }: Found): void {
  const hasIt = state === 'fulfilled';
  const zero = Object.fromEntries(Object.keys(taken).map((pointType) => [pointType, 0]));
  expect(taken, `${id} ${state}`).toEqual(hasIt ? price : zero);
  const handedOut = hasIt ? { open: quantity } : { void: quantity };
  expect(vouchers, `${id} ${state}`).toEqual(state === 'refused' ? {} : handedOut);
}
