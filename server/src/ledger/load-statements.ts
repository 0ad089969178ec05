import type { Uuid } from '../kernel/id.ts';
import { TRANSACTION_JSON, type TransactionJson } from './record.ts';

const LOT_JSON = `json_build_array(l.id, l.seq, l.issuer, l.available_at_ms, l.expires_at_ms, l.issued, l.amount,
  l.remaining, l.held, l.expired, l.expired_recovered, l.returned, l.pending, l.member, l.point_type, l.slide_months,
  l.unit_cost, case when l.funders is not null then json_build_array(l.funders, l.funder_shares, l.root) end)`;

/** Rows of the price list `p`: what counts at the instant of the parameter, and what follows. */
const pricesSince = (since: string): string => `cross join lateral (select * from ledger.price p
      where p.programme = w.programme and p.point_type = w.point_type and p.merchant = w.merchant
        and p.from_ms >= coalesce((select q.from_ms from ledger.price q
          where q.programme = w.programme and q.point_type = w.point_type and q.merchant = w.merchant and q.from_ms <= ${since}
          order by q.from_ms desc limit 1), 0) offset 0) p`;
const PRICE_JSON = `json_build_array(p.programme, p.point_type, p.merchant, p.from_ms, p.issue_price, p.reimbursement, p.fee,
  p.issuing, p.accepting, p.funding, p.quota)`;
const ALLOTMENT_JSON = 'json_build_array(a.budget, a.granted, a.spent)';

/**
 * What a batch needs from the database, in one statement and so in one snapshot. Lateral joins walk an
 * index per wanted row; `offset 0` keeps the planner from turning one into a scan of the shard, and so
 * does writing `any (…)` as a join: planned on an empty table, it became a scan that compared every
 * transaction of the shard with every key.
 */
export const LOAD = `
  with priced as materialized (
    select p.* from unnest($16::int[], $17::int[], $18::uuid[]) as w (programme, point_type, merchant)
      ${pricesSince('$19::int8')}
  )
  select
    (select h.prices from ledger.head h where h.shard = $1) as "priceVersion",
    (select json_agg(${PRICE_JSON} order by p.from_ms) from priced p) as prices,
    (select json_agg(${TRANSACTION_JSON}) from unnest($2::text[]) as w (key)
      cross join lateral (select * from ledger.transaction t where t.shard = $1 and t.key = w.key offset 0) t) as replays,
    (select json_agg(json_build_array(a.member, a.point_type, a.programme, a.free, a.held, a.debt, a.earned,
        a.redeemed, a.expired, a.last_effective_at_ms,
        case when a.debt = 0 then null else (
          select json_agg(json_build_array(d.seq, d.lot, d.amount, d.remaining, e.to_role, e.to_owner,
              case when e.to_role = 5 then (select t.marks from ledger.transaction t where t.shard = $1 and t.id = d.lot) end)
            order by d.seq) from ledger.debt d
          cross join lateral (select * from ledger.entry e where e.shard = $1 and e.seq = d.seq offset 0) e
          where d.shard = $1 and d.member = a.member and d.point_type = a.point_type and d.remaining > 0) end))
      from unnest($3::uuid[], $4::int[]) as w (member, point_type)
      cross join lateral (select * from ledger.member_account a
        where a.shard = $1 and a.member = w.member and a.point_type = w.point_type offset 0) a) as accounts,
    (select json_agg(l.j) from unnest($3::uuid[], $4::int[], $5::int[]) as w (member, point_type, lots)
      cross join lateral (select ${LOT_JSON} as j
        from ledger.lot l where l.shard = $1 and l.member = w.member and l.point_type = w.point_type and l.open
        order by l.expires_at_ms, l.seq limit w.lots) l where w.lots > 0) as front,
    (select json_agg(json_build_array(c.member, c.name, c.value)) from unnest($6::uuid[], $7::text[]) as n (member, name)
      cross join lateral (select * from ledger.counter c
        where c.shard = $1 and c.member = n.member and c.name = n.name offset 0) c) as counters,
    (select json_agg(${ALLOTMENT_JSON}) from (select unnest($8::uuid[]) union select p.funding from priced p where p.funding is not null
        union select p.quota from priced p where p.quota is not null) as w (budget)
      cross join lateral (select * from ledger.allotment a
        where a.budget = w.budget and a.shard = $1 offset 0) a) as allotments,
    (select json_agg(json_build_array(w.programme, c.at)) from unnest($9::int[]) as w (programme)
      cross join lateral (select t.effective_at_ms as at from ledger.transaction t
        where t.shard = $1 and t.programme = w.programme and t.kind = 15
        order by t.effective_at_ms desc limit 1) c) as closed,
    (select json_agg(l.j) from unnest($10::uuid[], $11::int[], $12::int2[], $13::int8[]) as w (member, point_type, months, until)
      cross join lateral (select ${LOT_JSON} as j
        from ledger.lot l where l.shard = $1 and l.member = w.member and l.point_type = w.point_type and l.open
          and l.slide_months = w.months and l.expires_at_ms < w.until offset 0) l) as sliding,
    (select json_agg(json_build_array(w.member, w.point_type, c.open)) from unnest($14::uuid[], $15::int[]) as w (member, point_type)
      cross join lateral (select count(*) as open from (select from ledger.lot l
        where l.shard = $1 and l.member = w.member and l.point_type = w.point_type and l.open
          and l.slide_months is not null offset 0) l) c) as counted`;

/** What commands that act on earlier transactions need besides; most batches have none. */
export const LOAD_SUBJECTS = `
  with subject as (
    select t.* from unnest($2::uuid[]) as w (id)
      cross join lateral (select * from ledger.transaction t where t.shard = $1 and t.id = w.id offset 0) t
  ), pinned as (
    select h.* from unnest($2::uuid[]) as w (id)
      cross join lateral (select * from ledger.hold h where h.shard = $1 and h.id = w.id offset 0) h
  ), marked as materialized (
    select s.id, s.marks from subject s where s.marks is not null
    union
    select t.id, t.marks from subject s
      cross join lateral (select t.id, t.marks from ledger.transaction t
        where t.shard = $1 and t.id = s.subject and s.kind = 4 offset 0) t where t.marks is not null
  ), named as (
    select e.lot from subject s cross join lateral (select e.lot from ledger.entry e
      where e.shard = $1 and e.seq >= s.entry_first and e.seq < s.entry_first + s.entries offset 0) e
    union
    select unnest(h.lots) from pinned h
    union
    select unnest($3::uuid[])
  ), priced as materialized (
    select p.* from (select h.programme, h.point_type, h.merchant from pinned h
        -- What was overdrawn (14) the merchant may have to give back as points of its own.
        union select s.programme, s.point_type, e.to_owner from subject s cross join lateral (select * from ledger.entry e
          where e.shard = $1 and e.seq >= s.entry_first and e.seq < s.entry_first + s.entries offset 0) e
        where s.kind = 2 and e.kind = 14) as w
      ${pricesSince('$4::int8')}
  )
  select
    (select json_agg(${PRICE_JSON} order by p.from_ms) from priced p) as prices,
    (select json_agg(${ALLOTMENT_JSON}) from (
        -- What a hold or a burn drew on is in its marks; of a capture, in those of its hold.
        select distinct split_part(m.mark, ' ', 2)::uuid from marked, unnest(marked.marks) as m (mark)
        where starts_with(m.mark, 'budget ')) as w (budget)
      cross join lateral (select * from ledger.allotment a
        where a.budget = w.budget and a.shard = $1 offset 0) a) as allotments,
    (select json_agg(json_build_array(m.id, m.marks)) from marked m) as marked,
    (select json_agg(l.j) from named n
      cross join lateral (select ${LOT_JSON} as j from ledger.lot l where l.shard = $1 and l.id = n.lot offset 0) l) as named,
    (select json_agg(json_build_array(h.id, h.programme, h.point_type, h.member, h.merchant, h.expires_at_ms, h.lots,
        h.points, h.remaining)) from pinned h) as holds,
    (select json_agg(${TRANSACTION_JSON}) from subject t) as subjects,
    (select json_agg(json_build_array(t.subject, t.points)) from unnest($2::uuid[]) as w (id)
      cross join lateral (select * from ledger.transaction t
        where t.shard = $1 and t.subject = w.id and t.kind in (9, 13) and t.refusal is null offset 0) t) as refunds`;

/** The terms of lots, which only a conversion needs. */
export const LOAD_TERMS = `
  select json_agg(json_build_array(l.id, l.issuer, l.funders, l.funder_shares, l.rule_version, encode(l.evidence, 'hex'),
      l.unit_cost, l.available_at_ms, l.expires_at_ms, l.slide_months, l.root)) as terms
    from unnest($2::uuid[]) as w (id)
    cross join lateral (select * from ledger.lot l where l.shard = $1 and l.id = w.id offset 0) l`;

export type TermsJson = [
  id: Uuid,
  issuer: Uuid,
  funders: Uuid[] | null,
  shares: number[] | null,
  ruleVersion: Uuid | null,
  evidence: string | null,
  unitCost: number | null,
  availableAt: number,
  expiresAt: number | null,
  slideMonths: number | null,
  root: Uuid | null,
];
export type LotJson = [
  id: Uuid,
  seq: number,
  issuer: Uuid,
  availableAt: number,
  expiresAt: number | null,
  issued: number,
  amount: number,
  remaining: number,
  held: number,
  expired: number,
  expiredRecovered: number,
  returned: number,
  pending: boolean,
  member: Uuid,
  pointType: number,
  slideMonths: number | null,
  unitCost: number | null,
  paying: [funders: Uuid[], shares: number[] | null, root: Uuid | null] | null,
];
export type PriceJson = [
  programme: number,
  pointType: number,
  merchant: Uuid,
  from: number,
  issuePrice: number,
  reimbursement: number,
  fee: number,
  issuing: string | null,
  accepting: string | null,
  funding: Uuid | null,
  quota: Uuid | null,
];
export type AllotmentJson = [budget: Uuid, granted: number, spent: number];
/** The row that {@link LOAD} answers. */
export interface Loaded {
  priceVersion: number;
  prices: PriceJson[] | null;
  replays: TransactionJson[] | null;
  accounts:
    | [
        member: Uuid,
        pointType: number,
        programme: number,
        free: number,
        held: number,
        debt: number,
        earned: number,
        redeemed: number,
        expired: number,
        lastEffectiveAt: number,
        debts:
          | [
              seq: number,
              lot: Uuid,
              amount: number,
              remaining: number,
              toRole: number,
              toOwner: Uuid | null,
              marks: string[] | null,
            ][]
          | null,
      ][]
    | null;
  front: LotJson[] | null;
  counters: [member: Uuid, name: string, value: number][] | null;
  allotments: AllotmentJson[] | null;
  closed: [programme: number, at: number][] | null;
  sliding: LotJson[] | null;
  counted: [member: Uuid, pointType: number, open: number][] | null;
}
/** The row that {@link LOAD_SUBJECTS} answers. */
export interface LoadedSubjects {
  prices: PriceJson[] | null;
  allotments: AllotmentJson[] | null;
  marked: [transaction: Uuid, marks: string[]][] | null;
  named: LotJson[] | null;
  holds:
    | [
        id: Uuid,
        programme: number,
        pointType: number,
        member: Uuid,
        merchant: Uuid | null,
        expiresAt: number,
        lots: Uuid[],
        points: number[],
        remaining: number,
      ][]
    | null;
  subjects: TransactionJson[] | null;
  refunds: [burn: Uuid, points: number][] | null;
}
