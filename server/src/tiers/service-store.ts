import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { texts, uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Ladder } from './ladder.ts';
import type { ServiceUse, Undone } from './service.ts';
import type { Days } from './window.ts';

interface Row extends Omit<ServiceUse, 'undone'> {
  readonly undoneAt: Instant | null;
  readonly reason: string | null;
  readonly actor: string | null;
  readonly undoneBy: Uuid | null;
}

const SELECT = `select u.id, u.programme, u.ladder, u.member, u.merchant, u.use_no as "useNo", u.service, u.tier, u.day::text as day,
    u.at_ms as at, u.used_by as by, d.at_ms as "undoneAt", d.reason, d.actor, d.undone_by as "undoneBy"
  from tier_service_use u left join tier_service_undo d on d.use = u.id`;

function useOf({ undoneAt, reason, actor, undoneBy, ...use }: Row): ServiceUse {
  const isUndone = undoneAt !== null && reason !== null && actor !== null && undoneBy !== null;
  return { ...use, undone: isUndone ? { at: undoneAt, reason, actor, by: undoneBy } : null };
}

/** False when the merchant has one of this number. */
export async function insertUse(tx: Transaction, use: ServiceUse): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into tier_service_use (id, programme, member, merchant, use_no, service, tier, day, at_ms, used_by, ladder)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (merchant, use_no) do nothing`,
    [
      use.id,
      use.programme,
      use.member,
      use.merchant,
      use.useNo,
      use.service,
      use.tier,
      use.day,
      use.at,
      use.by,
      use.ladder,
    ],
  );
  return rowCount === 1;
}

/** False when it was undone before. */
export async function insertUndo(tx: Transaction, use: Uuid, undone: Undone): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into tier_service_undo (use, at_ms, reason, actor, undone_by) values ($1, $2, $3, $4, $5)
     on conflict (use) do nothing`,
    [use, undone.at, undone.reason, undone.actor, undone.by],
  );
  return rowCount === 1;
}

export async function findUse(sql: Sql, id: Uuid): Promise<ServiceUse | undefined> {
  const { rows } = await sql.query<Row>(`${SELECT} where u.id = $1`, [id]);
  return rows[0] && useOf(rows[0]);
}

export async function findUseByNumber(
  sql: Sql,
  merchant: Uuid,
  useNo: string,
): Promise<ServiceUse | undefined> {
  const { rows } = await sql.query<Row>(`${SELECT} where u.merchant = $1 and u.use_no = $2`, [
    merchant,
    useNo,
  ]);
  return rows[0] && useOf(rows[0]);
}

/** The last uses of a member's services in a programme, or at one merchant of it, the latest first. */
export async function listUses(
  sql: Sql,
  programme: number,
  merchant: Uuid | null,
  members: readonly Uuid[],
  limit: number,
): Promise<ServiceUse[]> {
  const { rows } = await sql.query<Row>(
    `${SELECT} where u.programme = $1 and u.member = any ($2::uuid[]) and ($4::uuid is null or u.merchant = $4)
     order by u.at_ms desc, u.id desc limit $3`,
    [programme, uuids(members), limit, merchant],
  );
  return rows.map(useOf);
}

/** How often each of these services of a ladder was used in its period, by the member and whoever became part of them; in order. */
export async function countUses(
  sql: Sql,
  { programme, ladder }: Ladder,
  members: readonly Uuid[],
  asked: readonly (Days & { readonly service: string })[],
): Promise<number[]> {
  const { rows } = await sql.query<{ used: number }>(
    `select (select count(*) from tier_service_use u
        where u.programme = $1 and u.ladder = $6 and u.member = any ($2::uuid[]) and u.service = a.service
          and u.day >= a.since and u.day < a.until
          and not exists (select from tier_service_undo d where d.use = u.id))::int as used
      from unnest($3::text[], $4::text[]::date[], $5::text[]::date[]) with ordinality as a (service, since, until, place)
      order by a.place`,
    [
      programme,
      uuids(members),
      texts(asked, (each) => each.service),
      texts(asked, (each) => each.from),
      texts(asked, (each) => each.until),
      ladder,
    ],
  );
  return rows.map(({ used }) => used);
}
