import type { Pool } from 'pg';

/**
 * What must hold of any ledger at any time, as queries that return a row for each breach. They use
 * only the tables, so they judge whoever wrote them.
 */
const INVARIANTS: Readonly<Record<string, string>> = {
  'an entry moves points and names two accounts, or neither': `
    select shard, seq from ledger.entry
     where points < 0 or (from_role = 0) <> (to_role = 0) or (from_role = 0) <> (from_owner is null)
        or (to_role = 0) <> (to_owner is null) or (from_role = 0 and kind not in (7, 13))`,
  'the accounts of a shard add up to zero, by point type': `
    select shard, point_type, sum(points) from (
      select shard, point_type, free + held - debt as points from ledger.member_account
      union all select shard, point_type, balance from ledger.counter_account) a
     group by shard, point_type having sum(points) <> 0`,
  'an account holds what its open lots and debts add up to': `
    select a.shard, a.member, a.point_type from ledger.member_account a
      left join (select shard, member, point_type, sum(remaining - held) as free, sum(held) as held
                   from ledger.lot where open group by 1, 2, 3) l using (shard, member, point_type)
      left join (select shard, member, point_type, sum(remaining) as debt from ledger.debt group by 1, 2, 3) d
        using (shard, member, point_type)
     where (a.free, a.held, a.debt) <> (coalesce(l.free, 0), coalesce(l.held, 0), coalesce(d.debt, 0))`,
  'no figure of an account leaves the safe range': `
    select shard, member, point_type, earned from ledger.member_account
     where greatest(free + held, debt, earned, redeemed, expired) > 9007199254740991 or least(redeemed, expired) < 0`,
  'every lot, debt and hold belongs to an account': `
    select shard, member, point_type from (
      select shard, member, point_type from ledger.lot union select shard, member, point_type from ledger.debt
      union select shard, member, point_type from ledger.hold
      except select shard, member, point_type from ledger.member_account) x`,
  'what a lot has set aside is what open holds pin of it': `
    select l.shard, l.id from ledger.lot l
      left join (select h.shard, p.lot, sum(p.points) as pinned from ledger.hold h
                   cross join lateral unnest(h.lots, h.points) as p (lot, points) where h.open group by 1, 2) p
        on p.shard = l.shard and p.lot = l.id
     where l.held <> coalesce(p.pinned, 0)`,
  'a hold has left what it pins': `
    select shard, id from ledger.hold h
     where open and remaining <> (select coalesce(sum(p), 0) from unnest(h.points) p)`,
  'a lot is what its entries made of it': `
    select l.shard, l.id from ledger.lot l
      join (select shard, lot,
              sum(case kind when 1 then 0 when 2 then -points when 5 then -points when 6 then -points when 8 then -points
                            when 12 then points else 0 end) as change,
              sum(case kind when 3 then points when 4 then -points when 5 then -points else 0 end) as held,
              sum(points) filter (where kind = 6) as expired, sum(points) filter (where kind = 9) as recovered
              from ledger.entry group by 1, 2) e on e.shard = l.shard and e.lot = l.id
     where (l.remaining, l.held, l.expired, l.expired_recovered)
        <> (l.amount + e.change, e.held, coalesce(e.expired, 0), coalesce(e.recovered, 0))`,
  'a member account is what its entries made of it': `
    select a.shard, a.member, a.point_type from ledger.member_account a
      left join (select shard, owner, point_type, sum(points) filter (where role = 1) as free,
                        sum(points) filter (where role = 2) as held, sum(-points) filter (where role = 3) as debt
                   from (select shard, from_owner as owner, point_type, from_role as role, -points as points from ledger.entry
                         union all select shard, to_owner, point_type, to_role, points from ledger.entry) m
                  where role between 1 and 3 group by 1, 2, 3) e
        on (e.shard, e.owner, e.point_type) = (a.shard, a.member, a.point_type)
     where (a.free, a.held, a.debt) <> (coalesce(e.free, 0), coalesce(e.held, 0), coalesce(e.debt, 0))`,
  'a counter account is what its entries made of it': `
    select shard, role, owner, point_type from (
      select shard, role, owner, point_type, balance from ledger.counter_account
      union all select shard, from_role, from_owner, point_type, points from ledger.entry where from_role > 3
      union all select shard, to_role, to_owner, point_type, -points from ledger.entry where to_role > 3) m
     group by 1, 2, 3, 4 having sum(balance) <> 0`,
  'the last transaction of an account tells its balance': `
    select a.shard, a.member from ledger.member_account a
      join lateral (select balance_after from ledger.transaction t
                     where (t.shard, t.member, t.point_type) = (a.shard, a.member, a.point_type)
                     order by block desc, position desc limit 1) t on true
     where t.balance_after <> a.free + a.held - a.debt
       -- A conversion into this account is a transaction of the other one.
       and not exists (select from ledger.transaction c
             join ledger.entry e on e.shard = c.shard and e.seq >= c.entry_first and e.seq < c.entry_first + c.entries
            where c.shard = a.shard and c.member = a.member and c.kind = 14 and c.point_type <> a.point_type
              and e.point_type = a.point_type)`,
  'a transfer arrives or comes back, once': `
    select source from ledger.transaction where kind in (12, 13) and refusal is null and source_kind = 3
     group by source having count(*) > 1`,
  'what arrives was sent': `
    select i.shard, i.id from ledger.transaction i left join ledger.transaction o on o.id = i.source and o.kind = 11
     where i.kind = 12 and i.refusal is null and (o.points is distinct from i.points or o.refusal is not null)`,
  'only transfers and conversions touch the accounts between': `
    select e.shard, e.seq from ledger.entry e join ledger.transaction t on t.shard = e.shard and t.id = e.transaction
     where (8 in (e.from_role, e.to_role)) > (t.kind in (11, 12, 13)) or (9 in (e.from_role, e.to_role)) > (t.kind = 14)
        or (e.point_type <> t.point_type and t.kind <> 14)`,
  'who pays for points owes what they cost, each its part': `
    select a.shard, a.seq from ledger.accrual a
      join ledger.entry e on e.shard = a.shard and e.seq = a.seq join ledger.lot l on l.shard = e.shard and l.id = e.lot
     where a.kind in (1, 2) group by a.shard, a.seq, a.kind, e.points, l.unit_cost
    having (abs(sum(a.points)), abs(sum(a.owed))) is distinct from (e.points::numeric, e.points::numeric * l.unit_cost)`,
  'what is taken back was given, and is of the opposite sign': `
    select shard, seq from ledger.accrual
     where kind <> 2 and least(points, owed, due, fee) < 0 or fee > due and kind <> 2 or kind = 3 and (owed <> due or fee <> 0)`,
  'a use that was given back to the end is worth nothing to anybody': `
    select b.shard, b.id, a.payer, a.taker from ledger.transaction b
      join lateral (select x.payer, x.taker, x.owed, x.due, x.fee, x.points from ledger.transaction t
          join ledger.accrual x on x.shard = t.shard and x.seq >= t.entry_first and x.seq < t.entry_first + t.entries
          join ledger.entry e on e.shard = x.shard and e.seq = x.seq
         where t.shard = b.shard and (t.id = b.id or t.subject = b.id and t.kind = 9 and t.refusal is null)
           and (x.kind = 2 or x.kind = 1 and e.transaction = b.id)) a on true
     where b.kind in (2, 4) and b.refusal is null and b.points = (select sum(r.points) from ledger.transaction r
         where r.shard = b.shard and r.subject = b.id and r.kind = 9 and r.refusal is null)
     group by b.shard, b.id, a.payer, a.taker
    having (sum(a.points), sum(a.owed), sum(a.due), sum(a.fee)) <> (0, 0, 0, 0)`,
  'nobody draws more than there is': `
    select b.id from ledger.budget b join ledger.allotment a on a.budget = b.id group by b.id having sum(a.spent) > b.total`,
  'a refusal moves nothing': `select shard, id from ledger.transaction where refusal is not null and entries > 0`,
  'entries are numbered without a gap and belong to their transaction': `
    select t.shard, t.id from ledger.transaction t
      left join ledger.entry e on e.shard = t.shard and e.transaction = t.id
     group by t.shard, t.id
    having count(e.seq) <> t.entries or min(e.seq) <> t.entry_first or max(e.seq) <> t.entry_first + t.entries - 1`,
  'a block counts its transactions and entries': `
    select b.shard, b.number from ledger.block b
      left join (select shard, block, count(*) as n, sum(entries) as entries, min(position) as first, max(position) as last,
                        array_agg(id order by position) as ids from ledger.transaction group by 1, 2) t on t.shard = b.shard and t.block = b.number
     where (cardinality(b.transactions), b.entries, t.last - t.first + 1) is distinct from (t.n, t.entries, t.n)
        or b.transactions <> t.ids`,
  'blocks follow each other: number, hash, first entry, time': `
    select shard, number from (
      select b.*, lag(number, 1, 0::bigint) over w as before, lag(hash) over w as hash_before,
             lag(recorded_at_ms) over w as recorded_before, lag(entry_first + entries) over w as entry_next
        from ledger.block b window w as (partition by shard order by number)) b
     where number <> before + 1 or previous_hash <> coalesce(hash_before, previous_hash)
        or recorded_at_ms < coalesce(recorded_before, recorded_at_ms)
        or entry_first <> coalesce(entry_next, entry_first)`,
  'the head is the last block': `
    select h.shard from ledger.head h
      left join lateral (select * from ledger.block b where b.shard = h.shard order by number desc limit 1) b on true
     where h.block <> coalesce(b.number, 0)
        or (b.number is not null and (h.hash, h.recorded_at_ms) <> (b.hash, b.recorded_at_ms))
        or h.entries <> (select count(*) from ledger.entry e where e.shard = h.shard)`,
  "a member's applied transactions never go back in effective time": `
    select shard, id, key, effective_at_ms, before from (
      select shard, id, key, effective_at_ms, lag(effective_at_ms) over
             (partition by shard, member, point_type order by block, position) as before
        from ledger.transaction where refusal is null) t
     where effective_at_ms < before`,
};

/** Every breach of the ledger's invariants, one line each; an intact ledger has none. */
export async function findBreaches(pool: Pick<Pool, 'query'>): Promise<string[]> {
  const each = Object.entries(INVARIANTS).map(async ([name, sql]) => {
    const { rows } = await pool.query(sql);
    return rows.map((row) => `${name}: broken by ${JSON.stringify(row)}`);
  });
  return (await Promise.all(each)).flat();
}
