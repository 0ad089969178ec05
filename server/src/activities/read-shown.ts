import type { Uuid } from '../kernel/id.ts';
import { int4s, texts, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';

/** A receipt with goods that are said to be green, and what they are green for. */
interface Receipt {
  readonly merchant: Uuid;
  readonly member: Uuid;
  readonly number: string;
  readonly behaviours: readonly string[];
}

/** Whether each was shown, to its merchant or by its member, as evidence of one of these behaviours, and paid. Answers in order. */
export async function readShownReceipts(
  sql: Sql,
  receipts: readonly Receipt[],
): Promise<boolean[]> {
  const each = receipts.flatMap(({ behaviours, ...receipt }, place) =>
    behaviours.map((behaviour) => ({ ...receipt, behaviour, place })),
  );
  const { rows } = await sql.query<{ place: number }>({
    name: 'activities-shown',
    text: `select distinct r.place from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int4[])
        as r (merchant, member, number, behaviour, place)
      where exists (
        select from activity a where a.evidence = r.number and a.behaviour = r.behaviour
          and (a.merchant = r.merchant or a.member = r.member)
          and exists (select from activity_award w where w.activity = a.id)
      )`,
    values: [
      uuids(each, ({ merchant }) => merchant),
      uuids(each, ({ member }) => member),
      texts(each, ({ number }) => number),
      texts(each, ({ behaviour }) => behaviour),
      int4s(each, ({ place }) => place),
    ],
  });
  const shown = new Set(rows.map(({ place }) => place));
  return receipts.map((_, place) => shown.has(place));
}
