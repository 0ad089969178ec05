import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';

/** One entry of the register. */
export interface Erasure {
  readonly id: Uuid;
  readonly member: Uuid;
  /** How many transactions lost their free text by it. */
  readonly transactions: number;
  readonly actor: string;
  readonly reason: string;
  readonly erasedAt: Instant;
}

/**
 * Erases free text, request fingerprint and salt of every transaction of a member so far. Points,
 * entries and the chain stay, and the chain still verifies. It cannot be undone.
 */
export async function eraseMember(
  tx: Transaction,
  shard: number,
  asked: Omit<Erasure, 'transactions'>,
): Promise<Erasure> {
  const { id, member, actor, reason, erasedAt } = asked;
  const { rows } = await tx.query<{ transactions: number }>(
    'select transactions from ledger.erase($1, $2::smallint, $3, $4, $5, $6)',
    [id, shard, member, actor, reason, erasedAt],
  );
  return { ...asked, transactions: rows[0]?.transactions ?? 0 };
}

/** The erasures of a member, newest first. */
export async function readErasures(sql: Sql, member: Uuid): Promise<Erasure[]> {
  const { rows } = await sql.query<Erasure>(
    `select id, member, transactions, actor, reason, erased_at_ms as "erasedAt"
      from ledger.erasure where member = $1 order by erased_at_ms desc, id desc`,
    [member],
  );
  return rows;
}

/** Up to which block each member of a shard was erased. */
export async function readErased(sql: Sql, shard: number): Promise<Map<Uuid, number>> {
  const { rows } = await sql.query<{ member: Uuid; last: number }>(
    'select member, max(last_block) as last from ledger.erasure where shard = $1 group by member',
    [shard],
  );
  return new Map(rows.map(({ member, last }) => [member, last]));
}
