import { showId, type Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import { roleName } from '../record.ts';
import { about, aboutCounterAccount, aboutMember, type Subject } from './finding.ts';

/** A column that repeats what the chain says, and says something else. */
export interface Repeat {
  readonly subject: Subject;
  readonly field: string;
  readonly stored: string;
  readonly replayed: string;
}

interface Row {
  readonly what: 'head' | 'hold' | 'account' | 'other' | 'debtor' | 'debt';
  readonly id: Uuid;
  readonly role: number | null;
  readonly field: string;
  readonly stored: string | null;
  readonly said: string | null;
}

const ROWS_MAX = 100;

/**
 * Columns that the tables keep a second time for those who read them: what an open hold repeats of its
 * transaction (a capture pays the merchant that the hold names), the programme of a point type, who
 * owes a debt and in what order it is repaid, when the last block was recorded. An export has none of them.
 */
const REPEATS = `
  with programmes as (select * from unnest($2::int[], $3::int[]) p (point_type, programme))
  select 'head' as what, null::uuid as id, null::int as role, 'recorded_at_ms' as field, h.recorded_at_ms::text as stored,
      b.recorded_at_ms::text as said
    from ledger.head h join ledger.block b on b.shard = h.shard and b.number = h.block
    where h.shard = $1 and h.recorded_at_ms <> b.recorded_at_ms
  union all
  select 'hold', h.id, null, f.field, f.stored, f.said
    from ledger.hold h join ledger.transaction t on t.shard = h.shard and t.id = h.id
    cross join lateral (values ('merchant', h.merchant::text, t.merchant::text), ('programme', h.programme::text, t.programme::text),
      ('point_type', h.point_type::text, t.point_type::text)) f (field, stored, said)
    where h.shard = $1 and h.open and f.stored is distinct from f.said
  union all
  select 'account', a.member, null, 'programme', a.programme::text, p.programme::text
    from programmes p join ledger.member_account a on a.point_type = p.point_type
    where a.shard = $1 and a.programme <> p.programme
  union all
  select 'other', a.owner, a.role, 'programme', a.programme::text, p.programme::text
    from programmes p join ledger.counter_account a on a.point_type = p.point_type
    where a.shard = $1 and a.programme <> p.programme
  union all
  select 'debtor', a.member, null, 'debt', a.debt::text, coalesce(d.owed, 0)::text
    from (select * from ledger.member_account where shard = $1 and debt <> 0) a
    left join (select member, point_type, sum(remaining) as owed from ledger.debt where shard = $1 and remaining > 0 group by 1, 2) d
      on d.member = a.member and d.point_type = a.point_type
    where a.debt <> coalesce(d.owed, 0)
  union all
  select 'debt', d.lot, null, f.field, f.stored, f.said
    from ledger.debt d
    left join lateral (select * from ledger.entry e where e.shard = d.shard and e.seq = d.seq and e.lot = d.lot offset 0) e on true
    cross join lateral (values ('amount', d.amount::text, e.points::text), ('seq', d.seq::text, e.seq::text)) f (field, stored, said)
    where d.shard = $1 and d.remaining > 0 and f.stored is distinct from f.said
  limit ${ROWS_MAX}`;

/** `programmes`: of each point type, as the chain has it. */
export async function readRepeats(
  client: Sql,
  shard: number,
  programmes: ReadonlyMap<number, number>,
): Promise<Repeat[]> {
  const values = [shard, [...programmes.keys()], [...programmes.values()]];
  const { rows } = await client.query<Row>(REPEATS, values);
  return rows.map(({ what, id, role, field, stored, said }) => ({
    subject: subjectOf(what, id, role),
    field,
    stored: String(stored),
    replayed: String(said),
  }));
}

function subjectOf(what: Row['what'], id: Uuid, role: number | null): Subject {
  switch (what) {
    case 'head':
      return { code: 'head', facts: {} };
    case 'hold':
      return about('hold', id);
    case 'debt':
      return { code: 'debt', facts: { id: showId('lot', id) } };
    case 'other':
      return aboutCounterAccount(roleName(role ?? 0), id);
    default:
      return aboutMember(id);
  }
}
