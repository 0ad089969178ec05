import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { ReturnCommand } from '../ledger/command.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Merge, Move, MoveStatus } from './merge.ts';

const MERGE = `id, absorbed, survivor, reason, actor, open, request_key as "requestKey", fingerprint,
  recorded_at_ms as "recordedAt"`;
const MOVE = `id, merge, absorbed, survivor, programme, point_type as "pointType", status, points, debt,
  recorded_at_ms as "recordedAt"`;

export async function insertMerge(tx: Transaction, merge: Merge): Promise<void> {
  await tx.query(
    `insert into member_merge (id, absorbed, survivor, reason, actor, request_key, fingerprint, recorded_at_ms)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      merge.id,
      merge.absorbed,
      merge.survivor,
      merge.reason,
      merge.actor,
      merge.requestKey,
      merge.fingerprint,
      merge.recordedAt,
    ],
  );
}

export async function findMergeByKey(sql: Sql, key: string): Promise<Merge | undefined> {
  const { rows } = await sql.query<Merge>(
    `select ${MERGE} from member_merge where request_key = $1`,
    [key],
  );
  return rows[0];
}

/** The merge that absorbed a member. */
export async function findMergeOf(sql: Sql, absorbed: Uuid): Promise<Merge | undefined> {
  const { rows } = await sql.query<Merge>(`select ${MERGE} from member_merge where absorbed = $1`, [
    absorbed,
  ]);
  return rows[0];
}

/** Merges a member took part in, on either side, oldest first. */
export async function readMergesOf(sql: Sql, member: Uuid): Promise<Merge[]> {
  const { rows } = await sql.query<Merge>(
    `select ${MERGE} from member_merge where survivor = $1 or absorbed = $1 order by recorded_at_ms, id`,
    [member],
  );
  return rows;
}

const WAITING = `recorded_at_ms < $1 and ($2::int8 is null or (recorded_at_ms, id) > ($2, $3::uuid))
  order by recorded_at_ms, id limit $4`;

function waiting(
  before: Instant,
  after: { readonly recordedAt: Instant; readonly id: Uuid } | null,
  limit: number,
): unknown[] {
  return [before, after?.recordedAt ?? null, after?.id ?? null, limit];
}

/** Merges open since before `before`, oldest first, behind `after`. */
export async function readOpenMerges(
  sql: Sql,
  before: Instant,
  after: Merge | null,
  limit: number,
): Promise<Merge[]> {
  const { rows } = await sql.query<Merge>(
    `select ${MERGE} from member_merge where open and ${WAITING}`,
    waiting(before, after, limit),
  );
  return rows;
}

export async function closeMerge(sql: Sql, id: Uuid): Promise<void> {
  await sql.query('update member_merge set open = false where id = $1 and open', [id]);
}

/** Absorbed members by id, after `after`. */
export async function readAbsorbedPage(
  sql: Sql,
  after: Uuid | null,
  limit: number,
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ absorbed: Uuid }>(
    `select absorbed from member_merge where $1::uuid is null or absorbed > $1 order by absorbed limit $2`,
    [after, limit],
  );
  return rows.map((row) => row.absorbed);
}

/** Begins a move, or finds the one under way: an account is moved by one at a time. */
export async function openMove(sql: Sql, move: Omit<Move, 'status'>): Promise<Move> {
  await sql.query(
    `insert into account_move (id, merge, absorbed, survivor, programme, point_type, recorded_at_ms)
      values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [
      move.id,
      move.merge,
      move.absorbed,
      move.survivor,
      move.programme,
      move.pointType,
      move.recordedAt,
    ],
  );
  const found = await findOpenMove(sql, move);
  // It may have ended meanwhile, by whoever was faster: then this one never was.
  return found ?? { ...move, status: 'idle' };
}

export async function findOpenMove(
  sql: Sql,
  { absorbed, pointType }: Pick<Move, 'absorbed' | 'pointType'>,
): Promise<Move | undefined> {
  const { rows } = await sql.query<Move>(
    `select ${MOVE} from account_move where absorbed = $1 and point_type = $2 and status = 'open'`,
    [absorbed, pointType],
  );
  return rows[0];
}

/** Notes how a move ended. It ends only once: whoever else brought it there found the same. */
export async function endMove(
  sql: Sql,
  id: Uuid,
  status: Exclude<MoveStatus, 'open'>,
  what: { readonly points: number; readonly debt: number } | null,
): Promise<void> {
  await sql.query(
    `update account_move set status = $2, points = $3, debt = $4 where id = $1 and status = 'open'`,
    [id, status, what?.points ?? null, what?.debt ?? null],
  );
}

/** Moves away from these members, oldest first. */
export async function readMovesOf(sql: Sql, absorbed: readonly Uuid[]): Promise<Move[]> {
  const { rows } = await sql.query<Move>(
    `select ${MOVE} from account_move where absorbed = any ($1::uuid[]) order by recorded_at_ms, id`,
    [absorbed],
  );
  return rows;
}

/** Moves open since before `before`, oldest first, behind `after`. */
export async function readOpenMoves(
  sql: Sql,
  before: Instant,
  after: Move | null,
  limit: number,
): Promise<Move[]> {
  const { rows } = await sql.query<Move>(
    `select ${MOVE} from account_move where status = 'open' and ${WAITING}`,
    waiting(before, after, limit),
  );
  return rows;
}

/** A return that is not known to be carried on to the survivor. */
export interface AbsorbedReturn {
  readonly id: Uuid;
  readonly command: ReturnCommand;
}

export interface WaitingReturn extends AbsorbedReturn {
  readonly recordedAt: Instant;
}

export async function insertAbsorbedReturn(
  sql: Sql,
  { id, command }: AbsorbedReturn,
  now: Instant,
): Promise<void> {
  await sql.query('insert into absorbed_return (id, command, recorded_at_ms) values ($1, $2, $3)', [
    id,
    JSON.stringify(command),
    now,
  ]);
}

export async function deleteAbsorbedReturn(sql: Sql, id: Uuid): Promise<void> {
  await sql.query('delete from absorbed_return where id = $1', [id]);
}

/** Those that wait since before `before`, oldest first, behind `after`. */
export async function readAbsorbedReturns(
  sql: Sql,
  before: Instant,
  after: WaitingReturn | null,
  limit: number,
): Promise<WaitingReturn[]> {
  const { rows } = await sql.query<WaitingReturn>(
    `select id, command, recorded_at_ms as "recordedAt" from absorbed_return where ${WAITING}`,
    waiting(before, after, limit),
  );
  return rows;
}
