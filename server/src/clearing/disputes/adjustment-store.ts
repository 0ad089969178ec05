import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Adjustment, NewAdjustment } from './adjustment.ts';

const ADJUSTMENT = `select a.id, a.programme, a.payer, a.payee, a.fen, a.reason, a.evidence, a.evidence_hash as "evidenceHash", a.dispute,
    a.needs_second as "needsSecond", a.actor, a.made_by as "madeBy", a.made_at_ms as "madeAt", d.approved,
    d.decided_at_ms as "decidedAt", d.decided_by as "decidedBy", t.period
  from clearing_adjustment a
  left join clearing_adjustment_decision d on d.adjustment = a.id
  left join clearing_adjusted t on t.adjustment = a.id`;

export async function findAdjustment(sql: Sql, id: Uuid): Promise<Adjustment | undefined> {
  const { rows } = await sql.query<Adjustment>(`${ADJUSTMENT} where a.id = $1`, [id]);
  return rows[0];
}

/** The adjustment that settles a dispute, if it was upheld. */
export async function findAdjustmentOf(sql: Sql, dispute: Uuid): Promise<Adjustment | undefined> {
  const { rows } = await sql.query<Adjustment>(`${ADJUSTMENT} where a.dispute = $1`, [dispute]);
  return rows[0];
}

/** Adjustments of a programme that a merchant pays or receives (null: all), the oldest first. */
export async function listAdjustments(
  sql: Sql,
  programme: number,
  merchant: Uuid | null,
  after: Uuid | null,
  limit: number,
): Promise<Adjustment[]> {
  const { rows } = await sql.query<Adjustment>(
    `${ADJUSTMENT} where a.programme = $1 and ($2::uuid is null or a.payer = $2 or a.payee = $2) and ($3::uuid is null or a.id > $3)
      order by a.id limit $4`,
    [programme, merchant, after, limit],
  );
  return rows;
}

/** Whoever adjusts in a programme waits for the other, until that one's transaction ends. */
export async function lockAdjustments(tx: Transaction, programme: number): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtext('hongmi adjustments'), $1)", [programme]);
}

/**
 * What the same person adjusted between the same two since then, in either direction, without a second one; in fen. The same is who has
 * the key, or gives the name: one person may have several keys, and anybody can write another name.
 */
export async function readAlone(
  tx: Transaction,
  { programme, payer, payee, madeBy, actor }: NewAdjustment,
  since: Instant,
): Promise<number> {
  const { rows } = await tx.query<{ fen: number }>(
    `select coalesce(sum(fen), 0)::int8 as fen from clearing_adjustment
      where programme = $1 and made_at_ms > $2 and not needs_second and (payer, payee) in (($3, $4), ($4, $3))
        and (made_by = $5 or actor = $6)`,
    [programme, since, payer, payee, madeBy, actor],
  );
  return rows[0]?.fen ?? 0;
}

export async function insertAdjustment(
  tx: Transaction,
  each: Omit<Adjustment, 'approved' | 'decidedAt' | 'decidedBy' | 'period'>,
): Promise<void> {
  await tx.query(
    `insert into clearing_adjustment (id, programme, payer, payee, fen, reason, evidence, evidence_hash, dispute, needs_second, actor, made_by,
        made_at_ms)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      ...[each.id, each.programme, each.payer, each.payee, each.fen, each.reason, each.evidence],
      ...[each.evidenceHash, each.dispute, each.needsSecond, each.actor, each.madeBy, each.madeAt],
    ],
  );
}

/** Answers whether it was not decided before. */
export async function insertDecision(
  tx: Transaction,
  adjustment: Uuid,
  decision: {
    readonly approved: boolean;
    readonly actor: string;
    readonly by: Uuid;
    readonly at: Instant;
  },
): Promise<boolean> {
  const { approved, actor, by, at } = decision;
  const { rowCount } = await tx.query(
    `insert into clearing_adjustment_decision (adjustment, approved, actor, decided_by, decided_at_ms)
      values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [adjustment, approved, actor, by, at],
  );
  return rowCount === 1;
}
