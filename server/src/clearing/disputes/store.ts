import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { LinePlace, PairPlace } from '../periods/period.ts';
import type { Dispute, DisputeState, DisputeStep } from './dispute.ts';

type Row = Omit<Dispute, 'line'> & { [K in keyof LinePlace]: LinePlace[K] | null };

const DISPUTE = `select id, programme, period, merchant, other, payer, taker, point_type as "pointType", shard, seq, place, fen, reason,
    raised_at_ms as "raisedAt", due_at_ms as "dueAt", raised_by as "raisedBy", actor, state, ended_at_ms as "endedAt",
    upheld_fen as "upheldFen"
  from dispute`;

const toDispute = ({ shard, seq, place, ...row }: Row): Dispute => ({
  ...row,
  line: shard === null || seq === null || place === null ? null : { shard, seq, place },
});

export async function findDispute(sql: Sql, id: Uuid): Promise<Dispute | undefined> {
  const { rows } = await sql.query<Row>(`${DISPUTE} where id = $1`, [id]);
  return rows.map(toDispute)[0];
}

/** The same, locked until the transaction ends. */
export async function lockDispute(tx: Transaction, id: Uuid): Promise<Dispute | undefined> {
  const { rows } = await tx.query<Row>(`${DISPUTE} where id = $1 for update`, [id]);
  return rows.map(toDispute)[0];
}

/** Disputes of a programme to which a merchant is a side (null: all), in a state (null: any), the oldest first. */
export async function listDisputes(
  sql: Sql,
  asked: {
    readonly programme: number;
    readonly merchant: Uuid | null;
    readonly state: DisputeState | null;
  },
  after: Uuid | null,
  limit: number,
): Promise<Dispute[]> {
  const { rows } = await sql.query<Row>(
    `${DISPUTE} where programme = $1 and ($2::uuid is null or merchant = $2 or other = $2) and ($3::text is null or state = $3)
        and ($4::uuid is null or id > $4)
      order by id limit $5`,
    [asked.programme, asked.merchant, asked.state, after, limit],
  );
  return rows.map(toDispute);
}

/** What a merchant has claimed of a pair, or of a line of it. */
export interface Claim {
  readonly line: LinePlace | null;
  readonly isOpen: boolean;
  /** What was upheld, or while it is open all that is disputed. */
  readonly fen: number;
}

/**
 * What a merchant claims, or got, of a pair of a period and its lines, by all its disputes; what was upheld and then not paid, because
 * the second person rejected it, counts for nothing. Until the transaction ends nobody else disputes anything of the period.
 */
export async function lockClaims(
  tx: Transaction,
  period: Uuid,
  merchant: Uuid,
  { payer, taker, pointType }: PairPlace,
): Promise<Claim[]> {
  await tx.query('select from clearing_period where id = $1 for no key update', [period]);
  const { rows } = await tx.query<LinePlace & Claim>(
    `select shard, seq, place, ended_at_ms is null as "isOpen", coalesce(upheld_fen, fen) as fen from dispute d
      where period = $1 and merchant = $2 and payer = $3 and taker = $4 and point_type = $5
        and state in ('open', 'escalated', 'upheld')
        and not exists (select from clearing_adjustment a join clearing_adjustment_decision s on s.adjustment = a.id
          where a.dispute = d.id and not s.approved)`,
    [period, merchant, payer, taker, pointType],
  );
  return rows.map(({ shard, seq, place, isOpen, fen }) => ({
    line: shard === null ? null : { shard, seq, place },
    ...{ isOpen, fen },
  }));
}

export async function insertDispute(tx: Transaction, dispute: Dispute): Promise<void> {
  const { line } = dispute;
  await tx.query(
    `insert into dispute (id, programme, period, merchant, other, payer, taker, point_type, shard, seq, place, fen, reason, raised_at_ms,
        due_at_ms, raised_by, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    [
      ...[dispute.id, dispute.programme, dispute.period, dispute.merchant, dispute.other],
      ...[dispute.payer, dispute.taker, dispute.pointType],
      ...[line?.shard ?? null, line?.seq ?? null, line?.place ?? null],
      ...[dispute.fen, dispute.reason, dispute.raisedAt, dispute.dueAt, dispute.raisedBy],
      dispute.actor,
    ],
  );
}

export async function setState(
  tx: Transaction,
  id: Uuid,
  set: {
    readonly state: DisputeState;
    readonly endedAt: Instant | null;
    readonly upheldFen: number | null;
  },
): Promise<void> {
  await tx.query('update dispute set state = $2, ended_at_ms = $3, upheld_fen = $4 where id = $1', [
    id,
    set.state,
    set.endedAt,
    set.upheldFen,
  ]);
}

/** Of a dispute that is locked, or was just made. */
export async function insertStep(
  tx: Transaction,
  dispute: Uuid,
  step: Omit<DisputeStep, 'number'>,
): Promise<void> {
  await tx.query(
    `insert into dispute_step (dispute, number, kind, merchant, text, file_name, file_hash, fen, actor, made_by, at_ms)
      select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10 from dispute_step where dispute = $1`,
    [
      ...[dispute, step.kind, step.merchant, step.text, step.fileName, step.fileHash, step.fen],
      ...[step.actor, step.madeBy, step.at],
    ],
  );
}

/** How often somebody (the nil merchant: the operator) added evidence to a dispute. */
export async function countEvidence(sql: Sql, dispute: Uuid, merchant: Uuid): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `select count(*)::int4 as count from dispute_step where dispute = $1 and merchant = $2 and kind = 'evidence'`,
    [dispute, merchant],
  );
  return rows[0]?.count ?? 0;
}

/** How many disputes wait to be decided, and how many of them for too long. */
export async function countOpen(sql: Sql): Promise<{ open: number; escalated: number }> {
  const { rows } = await sql.query<{ open: number; escalated: number }>(
    `select count(*) filter (where state = 'open')::int4 as open, count(*) filter (where state = 'escalated')::int4 as escalated
      from dispute where state in ('open', 'escalated')`,
  );
  return rows[0] ?? { open: 0, escalated: 0 };
}

export async function readSteps(sql: Sql, dispute: Uuid): Promise<DisputeStep[]> {
  const { rows } = await sql.query<DisputeStep>(
    `select number, kind, merchant, text, file_name as "fileName", file_hash as "fileHash", fen, actor, made_by as "madeBy", at_ms as at
      from dispute_step where dispute = $1 order by number`,
    [dispute],
  );
  return rows;
}

/** Escalates what was to be decided by now; answers how many that were. */
export async function escalateDue(
  tx: Transaction,
  programme: number,
  now: Instant,
): Promise<number> {
  const { rowCount } = await tx.query(
    `with late as (
        update dispute set state = 'escalated' where programme = $1 and state = 'open' and due_at_ms <= $2 returning id)
      insert into dispute_step (dispute, number, kind, merchant, text, actor, at_ms)
        select l.id, (select max(number) + 1 from dispute_step s where s.dispute = l.id), 'escalated', $3,
          'not decided in time', 'clock', $2 from late l`,
    [programme, now, PLATFORM],
  );
  return rowCount ?? 0;
}
