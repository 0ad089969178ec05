import { KINDS, SOURCE_KINDS } from '../ledger/command.ts';
import { ENTRY_KINDS, PLATFORM, ROLES } from '../ledger/transaction.ts';
import { int2s, int8s } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';

/** Entries of a shard that are to be counted: from one until before another. */
export interface Span {
  readonly shard: number;
  readonly from: number;
  readonly until: number;
}

/** Makes a cursor for each shard that has none. */
export async function beginWalks(sql: Sql): Promise<void> {
  await sql.query(
    `insert into insight_walk (shard, next_seq) select shard, 0 from ledger.head h
     where not exists (select from insight_walk w where w.shard = h.shard) on conflict do nothing`,
  );
}

/**
 * Takes the turn of counting the shards that have something new, until the transaction ends; so many entries of each. Those
 * that another process counts meanwhile are left out. Entries are numbered from 0, without a gap.
 */
export async function takeTurns(tx: Transaction, page: number): Promise<Span[]> {
  const { rows } = await tx.query<Span>(
    `select w.shard, w.next_seq as "from", least(w.next_seq + $1, h.entries) as until
     from insight_walk w join ledger.head h on h.shard = w.shard
     where h.entries > w.next_seq order by w.shard for update of w skip locked`,
    [page],
  );
  return rows;
}

export async function moveOn(tx: Transaction, spans: readonly Span[]): Promise<void> {
  await tx.query(
    `update insight_walk w set next_seq = s.until from unnest($1::int2[], $2::int8[]) s (shard, until)
     where w.shard = s.shard`,
    [int2s(spans, ({ shard }) => shard), int8s(spans, ({ until }) => until)],
  );
}

const { member, held, debt, issuer, acquirer, breakage, adjustment, in_transit, conversion } =
  ROLES;
const OWN = `(${member}, ${held})`;

/** Points of entries that go to a role, less those that come from it. */
const net = (role: number): string =>
  `case ${role} when to_role then points when from_role then -points else 0 end`;
const when = (condition: string, points = 'points'): string =>
  `case when ${condition} then ${points} else 0 end`;

/** What an entry adds to the figures of whoever is on its other side: who gave its points, or took them. */
const OF_OTHER_SIDE = {
  issued: when(`from_role = ${issuer}`),
  returned: when(`to_role = ${issuer}`),
  adjusted: `-(${net(adjustment)})`,
  redeemed: when(`to_role = ${acquirer}`),
  refunded: when(`from_role = ${acquirer}`),
  donated: when('is_donation', net(acquirer)),
} as const;
/** What a transaction adds to them: counted where its first entry is. */
const OF_TRANSACTION = {
  earns: when(`is_first and transaction_kind = ${KINDS.issue}`, '1'),
  redemptions: when(`is_first and transaction_kind in (${KINDS.burn}, ${KINDS.capture})`, '1'),
} as const;
/** What it adds to the figures of who issued the lot; debts are about no points that anybody has. */
const OF_LOT = {
  used: when(`${debt} not in (from_role, to_role)`, net(acquirer)),
  expired: net(breakage),
  transferred: when(
    `source_kind = ${SOURCE_KINDS.transfer}
    and (to_role = ${in_transit} or transaction_kind = ${KINDS.transfer_return})`,
    net(in_transit),
  ),
  converted: when(`to_role = ${conversion}`),
  outstanding: 'change',
  priced: when('unit_cost is not null', 'change'),
  cost_micro: 'change * coalesce(unit_cost, 0)::numeric',
} as const;
const COLUMNS = [OF_OTHER_SIDE, OF_TRANSACTION, OF_LOT].flatMap((part) => Object.keys(part));

/** Whose figures a row of a moved entry goes into: 0 everybody's, 1 the other side's, 2 those of the lot's issuer. */
const sums = (part: Readonly<Record<string, string>>, places: string): string =>
  Object.entries(part)
    .map(
      ([name, value]) => `coalesce(sum(${value}) filter (where place in ${places}), 0) as ${name}`,
    )
    .join(', ');

const ACTIVE = `(${KINDS.issue}, ${KINDS.burn}, ${KINDS.capture})`;
/** What moves no points, or only between a member's own: it changes no figure. */
const MEANINGLESS = `(${ENTRY_KINDS.pin}, ${ENTRY_KINDS.unpin}, ${ENTRY_KINDS.mature}, ${ENTRY_KINDS.extend})`;

/** As many days and months before the newest one are known of a member; the sign is no bit of it. */
const BITS = 62;
/** Where a day or month that is so many before the newest one stands; 0: nowhere. */
const bit = (before: string): string =>
  `case when ${before} < ${BITS} then 1::int8 << (${before}) else 0 end`;
/** The bits of something as they stand from a newer day on: what is too old falls off the end. */
const shifted = (bits: string, by: string): string =>
  `case when ${by} < ${BITS} then (${bits} << (${by})) & ${2n ** BigInt(BITS) - 1n} else 0 end`;
const MONTH = '(extract(year from day) * 12 + extract(month from day))::int';

// Transactions, lots and redemptions are found one by one (offset 0): no plan may walk all of the ledger for a page of it.
// What is added to is locked in one order, so that processes at different shards wait for each other and never in a circle.
const COUNT_PAGE = `
  with moved as materialized (
    select e.programme, e.point_type, e.from_role, e.to_role, e.points, t.member, t.kind as transaction_kind, t.source_kind,
      e.seq = t.entry_first as is_first, l.issuer, l.unit_cost, coalesce(d.is_donation, false) as is_donation,
      (to_timestamp(t.effective_at_ms / 1000.0) at time zone p.time_zone)::date as day,
      case when e.from_role in (${issuer}, ${acquirer}, ${adjustment}) then e.from_owner
        when e.to_role in (${issuer}, ${acquirer}, ${adjustment}) then e.to_owner end as other_side,
      (case when e.to_role in ${OWN} then e.points else 0 end) - (case when e.from_role in ${OWN} then e.points else 0 end) as change
    from unnest($1::int2[], $2::int8[], $3::int8[]) s (shard, first, until)
    cross join lateral (
      select * from ledger.entry e where e.shard = s.shard and e.seq >= s.first and e.seq < s.until
        and e.kind not in ${MEANINGLESS} offset 0) e
    join programme p on p.id = e.programme
    cross join lateral (select * from ledger.transaction t where t.id = e.transaction and t.shard = e.shard offset 0) t
    left join lateral (select issuer, unit_cost from ledger.lot l where l.id = e.lot and l.shard = e.shard offset 0) l on true
    left join lateral (
      select case when t.source_kind is not null or t.kind <> ${KINDS.refund} then t.source
        else (select s.source from ledger.transaction s where s.id = t.subject and s.shard = t.shard) end as id
      where ${acquirer} in (e.from_role, e.to_role)) o on true
    left join lateral (
      select r.terms #>> '{fulfilment,kind}' = 'donation' as is_donation from redemption r where r.id = o.id offset 0) d on true
  ), summed as (
    insert into insight_day as i (programme, merchant, point_type, day, ${COLUMNS.join(', ')})
    select programme, w.merchant, point_type, day, ${sums(OF_OTHER_SIDE, '(0, 1)')}, ${sums(OF_TRANSACTION, '(0, 1)')},
      ${sums(OF_LOT, '(0, 2)')}
    from moved cross join lateral (values (0, '${PLATFORM}'::uuid), (1, other_side), (2, issuer)) w (place, merchant)
    where w.merchant is not null
    group by programme, w.merchant, point_type, day order by programme, w.merchant, point_type, day
    on conflict (programme, merchant, point_type, day) do update
      set ${COLUMNS.map((name) => `${name} = i.${name} + excluded.${name}`).join(', ')}
  ), acted as (
    select programme, w.merchant, member, day, ${MONTH} as month
    from moved cross join lateral (values ('${PLATFORM}'::uuid), (other_side)) w (merchant)
    where is_first and transaction_kind in ${ACTIVE} and w.merchant is not null
    group by programme, w.merchant, member, day
  ), newest as (
    -- What is known of each member, as it is to be read from the newest day on.
    select n.*, coalesce(${shifted('a.days', 'n.day - a.day')}, 0) as days_known,
      coalesce(${shifted('a.months', 'n.month - a.month')}, 0) as months_known
    from (
      select p.programme, p.merchant, p.member, greatest(max(p.day), max(a.day)) as day, greatest(max(p.month), max(a.month)) as month
      from acted p left join insight_active a using (programme, merchant, member)
      group by p.programme, p.merchant, p.member) n
    left join insight_active a using (programme, merchant, member)
  ), fresh as (
    select distinct p.programme, p.merchant, p.member, u.unit, u.first_day as day
    from acted p join newest n using (programme, merchant, member)
      cross join lateral (values
        ('d'::"char", p.day, ${bit('n.day - p.day')}, n.days_known),
        ('m'::"char", date_trunc('month', p.day)::date, ${bit('n.month - p.month')}, n.months_known)) u (unit, first_day, bit, known)
    -- What was so long ago that nothing is known of it counts.
    where u.bit = 0 or u.known & u.bit = 0
  ), known as (
    insert into insight_active (programme, merchant, member, day, days, month, months)
    select n.programme, n.merchant, n.member, n.day, n.days_known | bit_or(${bit('n.day - p.day')}),
      n.month, n.months_known | bit_or(${bit('n.month - p.month')})
    from newest n join acted p using (programme, merchant, member)
    group by n.programme, n.merchant, n.member, n.day, n.month, n.days_known, n.months_known
    on conflict (programme, merchant, member) do update
      set day = excluded.day, days = excluded.days, month = excluded.month, months = excluded.months
  )
  insert into insight_active_count as c (programme, merchant, unit, day, members)
  select programme, merchant, unit, day, count(*) from fresh
  group by programme, merchant, unit, day order by programme, merchant, unit, day
  on conflict (programme, merchant, unit, day) do update set members = c.members + excluded.members`;

/** Adds what these entries did to the sums of their days. */
export async function countPage(tx: Transaction, spans: readonly Span[]): Promise<void> {
  await tx.query({
    name: 'insights-count',
    text: COUNT_PAGE,
    values: [
      int2s(spans, ({ shard }) => shard),
      int8s(spans, ({ from }) => from),
      int8s(spans, ({ until }) => until),
    ],
  });
}
