import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { PointsPart } from '../../kernel/reward.ts';
import { int4s, int8s, texts, uuids } from '../../platform/columns.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Donation, EntryKind, Fund, FundBody, MonthSum } from './fund.ts';

const FUND = `select f.id, f.programme, f.code, c.number, c.body, c.changed_at_ms as "changedAt" from fund f
  join lateral (select * from fund_change c where c.fund = f.id order by c.number desc limit 1) c on true`;

export async function findFund(
  sql: Sql,
  programme: number,
  code: string,
): Promise<Fund | undefined> {
  const { rows } = await sql.query<Fund>({
    name: 'fund-by-code',
    text: `${FUND} where f.programme = $1 and f.code = $2`,
    values: [programme, code],
  });
  return rows[0];
}

export async function listFunds(
  sql: Sql,
  programme: number,
  after: Uuid | null,
  limit: number,
): Promise<Fund[]> {
  const { rows } = await sql.query<Fund>(
    `${FUND} where f.programme = $1 and ($2::uuid is null or f.id > $2) order by f.id limit $3`,
    [programme, after, limit],
  );
  return rows;
}

/** Makes a fund, or finds the one of this code; locked until the transaction ends. */
export async function lockFund(
  tx: Transaction,
  made: {
    readonly id: Uuid;
    readonly programme: number;
    readonly code: string;
    readonly at: Instant;
  },
): Promise<Uuid> {
  const { rows } = await tx.query<{ id: Uuid }>(
    `insert into fund (id, programme, code, last_at_ms) values ($1, $2, $3, $4)
      on conflict (programme, code) do update set last_at_ms = fund.last_at_ms returning id`,
    [made.id, made.programme, made.code, made.at],
  );
  const [found] = rows;
  if (found === undefined) throw new Error('what is made or found is there');
  return found.id;
}

export async function insertChange(
  tx: Transaction,
  fund: Uuid,
  body: FundBody,
  by: { readonly at: Instant; readonly key: Uuid; readonly actor: string },
): Promise<void> {
  await tx.query(
    `insert into fund_change (fund, number, body, changed_at_ms, changed_by, actor)
      select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5 from fund_change where fund = $1`,
    [fund, JSON.stringify(body), by.at, by.key, by.actor],
  );
}

/** Locks funds until the transaction ends; answers the instant that an entry of each has which is made at its instant. */
export async function lockEntries(
  tx: Transaction,
  made: ReadonlyMap<Uuid, Instant>,
): Promise<ReadonlyMap<Uuid, Instant>> {
  const ids = [...made.keys()];
  await tx.query('select from fund where id = any ($1::uuid[]) order by id for update', [
    uuids(ids),
  ]);
  const { rows } = await tx.query<{ id: Uuid; at: Instant }>(
    `update fund f set last_at_ms = greatest(f.last_at_ms, n.at) from unnest($1::uuid[], $2::int8[]) as n (id, at)
      where f.id = n.id returning f.id, f.last_at_ms as at`,
    [uuids(ids), int8s([...made.values()])],
  );
  return new Map(rows.map((row) => [row.id, row.at]));
}

export async function insertDonations(
  tx: Transaction,
  kind: Exclude<EntryKind, 'paid'>,
  list: readonly Donation[],
): Promise<void> {
  await tx.query({
    name: 'fund-entries-insert',
    text: `insert into fund_entry (id, fund, kind, merchant, fen, at_ms, redemption, points, fund_number)
      select id, fund, $9, merchant, fen, at, redemption, points::jsonb, number
      from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int8[], $5::int8[], $6::uuid[], $7::text[], $8::int4[])
        as n (id, fund, merchant, fen, at, redemption, points, number)`,
    values: [
      uuids(list, (each) => each.id),
      uuids(list, (each) => each.fund),
      uuids(list, (each) => each.merchant),
      int8s(list, (each) => each.fen),
      int8s(list, (each) => each.at),
      uuids(list, (each) => each.redemption),
      texts(list, (each) => JSON.stringify(each.points)),
      int4s(list, (each) => each.number),
      kind,
    ],
  });
}

/** A merchant owes a fund so much more; of funds that are locked. */
export async function addDue(
  tx: Transaction,
  fund: Uuid,
  merchant: Uuid,
  fen: number,
): Promise<void> {
  await tx.query(
    `insert into fund_due (fund, merchant, fen) values ($1, $2, $3)
      on conflict (fund, merchant) do update set fen = fund_due.fen + excluded.fen`,
    [fund, merchant, fen],
  );
}

/** It owes so much less, if it owes that much; else answers what it owes. */
export async function takeDue(
  tx: Transaction,
  fund: Uuid,
  merchant: Uuid,
  fen: number,
): Promise<number | null> {
  const { rowCount } = await tx.query(
    'update fund_due set fen = fen - $3 where fund = $1 and merchant = $2 and fen >= $3',
    [fund, merchant, fen],
  );
  return rowCount === 1 ? null : await dueOf(tx, fund, merchant);
}

/** What a merchant has not paid over yet. */
export async function dueOf(sql: Sql, fund: Uuid, merchant: Uuid): Promise<number> {
  const { rows } = await sql.query<{ fen: number }>(
    'select fen from fund_due where fund = $1 and merchant = $2',
    [fund, merchant],
  );
  return rows[0]?.fen ?? 0;
}

const DONATION = `select e.id, e.fund, e.merchant, e.fen, e.points, e.at_ms as at, e.redemption, e.fund_number as number
  from fund_entry e where e.kind = 'donated'`;

export async function findDonation(sql: Sql, redemption: Uuid): Promise<Donation | undefined> {
  const { rows } = await sql.query<Donation>(`${DONATION} and e.redemption = $1`, [redemption]);
  return rows[0];
}

export async function findDonationById(sql: Sql, id: Uuid): Promise<Donation | undefined> {
  const { rows } = await sql.query<Donation>(`${DONATION} and e.id = $1`, [id]);
  return rows[0];
}

/** When a donation was given back; null: it was not. */
export async function givenBackAt(sql: Sql, redemption: Uuid): Promise<Instant | null> {
  const { rows } = await sql.query<{ at: Instant }>(
    `select at_ms as at from fund_entry where kind = 'given_back' and redemption = $1`,
    [redemption],
  );
  return rows[0]?.at ?? null;
}

/** A fund as it was when something was given to it. */
export async function findFundAt(
  sql: Sql,
  { fund, number }: Pick<Donation, 'fund' | 'number'>,
): Promise<Fund> {
  const { rows } = await sql.query<Fund>(
    `select f.id, f.programme, f.code, c.number, c.body, c.changed_at_ms as "changedAt" from fund f
      join fund_change c on c.fund = f.id where f.id = $1 and c.number = $2`,
    [fund, number],
  );
  const [found] = rows;
  if (found === undefined) throw new Error(`fund ${fund} has no number ${number}`);
  return found;
}

export interface Payment {
  readonly id: Uuid;
  readonly fund: Uuid;
  readonly merchant: Uuid;
  readonly fen: number;
  readonly at: Instant;
  readonly reference: string;
  /** The day that its proof bears. */
  readonly paidOn: string;
  readonly actor: string;
  readonly by: Uuid;
}

/** False when the merchant has one of this reference. */
export async function insertPayment(tx: Transaction, each: Payment): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into fund_entry (id, fund, kind, merchant, fen, at_ms, reference, paid_on, actor, made_by)
      values ($1, $2, 'paid', $3, $4, $5, $6, $7::date, $8, $9) on conflict (fund, merchant, reference) do nothing`,
    [
      ...[each.id, each.fund, each.merchant, each.fen, each.at],
      ...[each.reference, each.paidOn, each.actor, each.by],
    ],
  );
  return rowCount === 1;
}

/** What happened in each month of the time zone, by kind. */
export async function sumMonths(sql: Sql, fund: Uuid, timeZone: string): Promise<MonthSum[]> {
  const month = `to_char(to_timestamp(e.at_ms / 1000.0) at time zone $2, 'YYYY-MM')`;
  const sums = await sql.query<Omit<MonthSum, 'points'>>(
    `select ${month} as month, e.kind, count(*)::int as count, sum(e.fen)::int8 as fen from fund_entry e
      where e.fund = $1 group by 1, 2`,
    [fund, timeZone],
  );
  const points = await sql.query<{ month: string; kind: EntryKind } & PointsPart>(
    `select ${month} as month, e.kind, p ->> 'pointType' as "pointType", sum((p ->> 'points')::int8)::int8 as points
      from fund_entry e, jsonb_array_elements(e.points) as p where e.fund = $1 group by 1, 2, 3 order by 3`,
    [fund, timeZone],
  );
  return sums.rows.map((each) => ({
    ...each,
    points: points.rows
      .filter(({ month: name, kind }) => name === each.month && kind === each.kind)
      .map(({ pointType, points: count }) => ({ pointType, points: count })),
  }));
}
