import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';

/** False when there is no such member. */
export async function setBirthday(
  tx: Transaction,
  member: Uuid,
  kept: { readonly sealed: Buffer; readonly index: Buffer } | null,
  now: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update member set birthday_sealed = $2, birthday_index = $3, birthday_given_at_ms = $4 where id = $1',
    [member, kept?.sealed ?? null, kept?.index ?? null, kept === null ? null : now],
  );
  return rowCount === 1;
}

/** Somebody whose birthday it is, and where they joined. */
export interface Celebrant {
  readonly member: Uuid;
  readonly merchant: Uuid;
}

/** Members of a programme by age who were born on one of these days (by index), were there before `before` and had said so. */
export async function readCelebrants(
  sql: Sql,
  asked: {
    readonly programme: number;
    readonly days: readonly Buffer[];
    /** By the machine's clock. */
    readonly before: Instant;
    readonly after: Uuid | null;
    readonly limit: number;
  },
): Promise<Celebrant[]> {
  const { rows } = await sql.query<Celebrant>({
    name: 'members-celebrants',
    text: `select m.id as member, s.merchant from member m join membership s on s.member = m.id and s.programme = $1
      where m.birthday_index = any ($2::bytea[]) and m.birthday_given_at_ms < $3 and s.joined_at < to_timestamp($3::float8 / 1000)
        and s.merchant is not null and m.merged_into is null and ($4::uuid is null or m.id > $4)
      order by m.id limit $5`,
    values: [asked.programme, [...asked.days], asked.before, asked.after, asked.limit],
  });
  return rows;
}
