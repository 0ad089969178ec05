import type { Uuid } from '../kernel/id.ts';
import { bools, int4s, int8s, texts, uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Ladder } from './ladder.ts';
import type { DayDone } from './standing.ts';

/** What an order or activity counts for on one ladder. */
export interface Counted extends Ladder {
  readonly deed: Uuid;
  readonly member: Uuid;
  readonly day: string;
  readonly spendFen: number;
  readonly points: number;
  /** It counts only if nobody counted it yet. */
  readonly isNew: boolean;
}

export interface MemberKey extends Ladder {
  readonly member: Uuid;
}

/**
 * Counts deeds as they are now: what they are worth less what was counted of them before goes to their days. The rows
 * of the members are locked. Answers whose days changed.
 */
export async function writeCounted(
  tx: Transaction,
  counted: readonly Counted[],
): Promise<(MemberKey & { readonly deeds: number })[]> {
  const { rows } = await tx.query<MemberKey & { deeds: number }>({
    name: 'tiers-count',
    text: `with told as (
        select * from unnest($1::uuid[], $2::int4[], $3::uuid[], $4::text[]::date[], $5::int8[], $6::int8[],
            $7::bool[], $8::uuid[])
          as t (deed, programme, member, day, spend_fen, points, is_new, ladder)
      ), changed as (
        select t.*, t.spend_fen - coalesce(c.spend_fen, 0) as more_fen, t.points - coalesce(c.points, 0) as more_points,
          (t.spend_fen > 0)::int - coalesce((c.spend_fen > 0)::int, 0) as more_orders
        from told t left join tier_counted c on c.deed = t.deed and c.ladder = t.ladder
        where c.deed is null or (not t.is_new and (t.spend_fen, t.points) is distinct from (c.spend_fen, c.points))
      ), kept as (
        insert into tier_counted (deed, ladder, programme, member, day, spend_fen, points)
        select deed, ladder, programme, member, day, spend_fen, points from changed
        on conflict (deed, ladder) do update set spend_fen = excluded.spend_fen, points = excluded.points
      ), added as (
        insert into tier_day (programme, ladder, member, day, spend_fen, orders, points)
        select programme, ladder, member, day, sum(more_fen), sum(more_orders), sum(more_points) from changed
        group by programme, ladder, member, day order by programme, ladder, member, day
        on conflict (programme, ladder, member, day) do update set spend_fen = tier_day.spend_fen + excluded.spend_fen,
          orders = tier_day.orders + excluded.orders, points = tier_day.points + excluded.points
      )
      select programme, ladder, member, count(*)::int as deeds from changed group by programme, ladder, member`,
    values: [
      uuids(counted, (each) => each.deed),
      int4s(counted, (each) => each.programme),
      uuids(counted, (each) => each.member),
      texts(counted, (each) => each.day),
      int8s(counted, (each) => each.spendFen),
      int8s(counted, (each) => each.points),
      bools(counted, (each) => each.isNew),
      uuids(counted, (each) => each.ladder),
    ],
  });
  return rows;
}

/** Whose days, and from which day on. */
export interface AskedDays extends Ladder {
  readonly members: readonly Uuid[];
  readonly from: string;
}

/** The days of each, with those of whoever became part of them, by day; answered in order. */
export async function readDays(sql: Sql, asked: readonly AskedDays[]): Promise<DayDone[][]> {
  const each = asked.flatMap(({ programme, ladder, members, from }, index) =>
    members.map((member) => ({ programme, ladder, member, from, index })),
  );
  const { rows } = await sql.query<DayDone & { index: number }>({
    name: 'tiers-days',
    text: `select a.index, d.day::text as day, sum(d.spend_fen)::int8 as "spendFen", sum(d.orders)::int4 as orders,
        sum(d.points)::int8 as points
      from unnest($1::int4[], $2::uuid[], $3::text[]::date[], $4::int4[], $5::uuid[])
        as a (programme, member, "from", index, ladder)
      join tier_day d on d.programme = a.programme and d.ladder = a.ladder and d.member = a.member and d.day >= a."from"
      group by a.index, d.day order by a.index, d.day`,
    values: [
      int4s(each, ({ programme }) => programme),
      uuids(each, ({ member }) => member),
      texts(each, ({ from }) => from),
      int4s(each, ({ index }) => index),
      uuids(each, ({ ladder }) => ladder),
    ],
  });
  const days: DayDone[][] = asked.map(() => []);
  for (const { index, ...day } of rows) days[index]?.push(day);
  return days;
}
