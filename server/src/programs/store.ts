import type { Instant } from '../kernel/clock.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { tell } from '../platform/news.ts';
import { isDated } from './dated.ts';
import type { PointType, PointTypeTerms } from './point-type.ts';
import type {
  ConversionRate,
  DatedChange,
  Programme,
  ReturnPolicy,
  Settings,
} from './programme.ts';
import type { NumberedChange, ProgrammeChange } from './programme-change.ts';

interface Row {
  id: number;
  code: string;
  name: string;
  time_zone: string;
  sandbox: boolean;
  clock_offset_ms: number;
  return_policy: ReturnPolicy;
  refund_grace_days: number;
  adjust_limit: number;
  gift_max: number;
  gift_day_max: number;
  offline_day_max: number;
  rule_notice_days: number;
  merchants_register_members: boolean;
  members_join_themselves: boolean;
  tiered: boolean;
  created_at: Instant;
  point_types: PointType[];
  conversions: ConversionRate[] | null;
  changes: DatedChange[] | null;
}

const SELECT = `select p.id, p.code, p.name, p.time_zone, p.sandbox, p.clock_offset_ms, p.return_policy,
  p.refund_grace_days, p.adjust_limit, p.gift_max, p.gift_day_max, p.offline_day_max, p.rule_notice_days, p.merchants_register_members,
  p.members_join_themselves,
  exists (select from tier_scheme s where s.programme = p.id) as tiered, p.created_at,
  (select json_agg(json_build_object('id', t.id, 'code', t.code, 'name', t.name, 'scale', t.scale,
     'expiryPolicy', t.expiry_policy, 'slideMonths', t.slide_months, 'transferable', t.transferable, 'guidance', case when t.guidance_points is not null
       then json_build_object('points', t.guidance_points, 'fen', t.guidance_fen) end) order by t.id)
   from point_type t where t.programme = p.id) as point_types,
  (select json_agg(json_build_object('from', f.code, 'to', t.code, 'num', r.num, 'den', r.den) order by f.id, t.id)
   from conversion_rate r join point_type f on f.id = r.from_type join point_type t on t.id = r.to_type
   where r.programme = p.id) as conversions,
  (select json_agg(json_build_object('from', c.from_ms, 'before', c.before, 'after', c.after) order by c.number)
   from programme_change c where c.programme = p.id) as changes
  from programme p`;

function programmeOf(row: Row): Programme {
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    timeZone: row.time_zone,
    sandbox: row.sandbox,
    clockOffsetMs: row.clock_offset_ms,
    returnPolicy: row.return_policy,
    refundGraceDays: row.refund_grace_days,
    adjustLimit: row.adjust_limit,
    giftMax: row.gift_max,
    giftDayMax: row.gift_day_max,
    offlineDayMax: row.offline_day_max,
    ruleNoticeDays: row.rule_notice_days,
    merchantsRegisterMembers: row.merchants_register_members,
    membersJoinThemselves: row.members_join_themselves,
    tiered: row.tiered,
    pointTypes: row.point_types ?? [],
    conversions: row.conversions ?? [],
    changes: (row.changes ?? []).filter(isDated),
    createdAt: row.created_at,
  };
}

/** Every programme: there are few, and all are kept in memory. */
export async function readProgrammes(sql: Sql): Promise<Programme[]> {
  const { rows } = await sql.query<Row>({
    name: 'read-programmes',
    text: `${SELECT} order by p.id`,
  });
  return rows.map(programmeOf);
}

/** One programme with all that is announced, locked against a concurrent change; what refers to it does not wait for that. */
export async function lockProgramme(tx: Transaction, code: string): Promise<Programme | undefined> {
  // A statement that waits for the lock reads point types and rates as they were when it began to wait.
  await tx.query('select from programme where code = $1 for no key update', [code]);
  const { rows } = await tx.query<Row>(`${SELECT} where p.code = $1`, [code]);
  return rows[0] === undefined ? undefined : programmeOf(rows[0]);
}

export interface ProgrammeToMake
  extends Omit<Programme, 'id' | 'pointTypes' | 'tiered' | 'changes'> {
  readonly pointTypes: readonly Omit<PointType, 'id'>[];
}

/** The new programme; undefined when its code is taken. */
export async function insertProgramme(
  tx: Transaction,
  make: ProgrammeToMake,
): Promise<Programme | undefined> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into programme (code, name, time_zone, sandbox, return_policy, refund_grace_days, adjust_limit, gift_max,
       gift_day_max, rule_notice_days, merchants_register_members, clock_offset_ms, created_at, members_join_themselves,
       offline_day_max)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, to_timestamp($13::float8 / 1000), $14, $15)
     on conflict (code) do nothing returning id`,
    [
      make.code,
      make.name,
      make.timeZone,
      make.sandbox,
      make.returnPolicy,
      make.refundGraceDays,
      make.adjustLimit,
      make.giftMax,
      make.giftDayMax,
      make.ruleNoticeDays,
      make.merchantsRegisterMembers,
      make.clockOffsetMs,
      make.createdAt,
      make.membersJoinThemselves,
      make.offlineDayMax,
    ],
  );
  const id = rows[0]?.id;
  if (id === undefined) return undefined;
  for (const each of make.pointTypes) await insertPointType(tx, id, each);
  await insertConversions(tx, id, make.conversions);
  await tell(tx, 'programmes');
  return await lockProgramme(tx, make.code);
}

/** The programme was locked, and has no point type with this code. */
export async function insertPointType(
  tx: Transaction,
  programme: number,
  { code, name, scale, expiryPolicy, slideMonths, transferable, guidance }: Omit<PointType, 'id'>,
): Promise<void> {
  await tx.query(
    `insert into point_type (programme, code, name, scale, expiry_policy, transferable, guidance_points, guidance_fen, slide_months)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      programme,
      code,
      name,
      scale,
      JSON.stringify(expiryPolicy),
      transferable,
      guidance?.points ?? null,
      guidance?.fen ?? null,
      slideMonths,
    ],
  );
}

/** Writes the terms of a point type, all of them. */
export async function updatePointType(
  tx: Transaction,
  id: number,
  { name, expiryPolicy, slideMonths, transferable, guidance }: PointTypeTerms,
): Promise<void> {
  await tx.query(
    `update point_type set name = $2, expiry_policy = $3, transferable = $4, guidance_points = $5, guidance_fen = $6,
       slide_months = $7 where id = $1`,
    [
      id,
      name,
      JSON.stringify(expiryPolicy),
      transferable,
      guidance?.points ?? null,
      guidance?.fen ?? null,
      slideMonths,
    ],
  );
}

export async function setClockOffset(tx: Transaction, id: number, offsetMs: number): Promise<void> {
  await tx.query('update programme set clock_offset_ms = $2 where id = $1', [id, offsetMs]);
  await tell(tx, 'programmes');
}

/** Writes the settings of a programme, all of them. */
export async function updateSettings(tx: Transaction, id: number, to: Settings): Promise<void> {
  await tx.query(
    `update programme set return_policy = $2, refund_grace_days = $3, adjust_limit = $4, gift_max = $5, gift_day_max = $6,
       rule_notice_days = $7, merchants_register_members = $8, members_join_themselves = $9, offline_day_max = $10 where id = $1`,
    [
      id,
      to.returnPolicy,
      to.refundGraceDays,
      to.adjustLimit,
      to.giftMax,
      to.giftDayMax,
      to.ruleNoticeDays,
      to.merchantsRegisterMembers,
      to.membersJoinThemselves,
      to.offlineDayMax,
    ],
  );
  await tx.query('delete from conversion_rate where programme = $1', [id]);
  await insertConversions(tx, id, to.conversions);
}

async function insertConversions(
  tx: Transaction,
  id: number,
  rates: readonly ConversionRate[],
): Promise<void> {
  await tx.query(
    `insert into conversion_rate (programme, from_type, to_type, num, den)
     select $1, f.id, t.id, r.num, r.den from unnest($2::text[], $3::text[], $4::int8[], $5::int8[]) as r ("from", "to", num, den)
     join point_type f on f.programme = $1 and f.code = r.from join point_type t on t.programme = $1 and t.code = r.to`,
    [
      id,
      rates.map((each) => each.from),
      rates.map((each) => each.to),
      rates.map((each) => each.num),
      rates.map((each) => each.den),
    ],
  );
}

/** Writes down who changed what, and tells every process. */
export async function insertChange(tx: Transaction, change: ProgrammeChange): Promise<void> {
  const { programme, changedAt, changedBy, from, before, after } = change;
  await tx.query(
    `insert into programme_change (programme, changed_at_ms, changed_by, from_ms, before, after) values ($1, $2, $3, $4, $5, $6)`,
    [programme, changedAt, changedBy, from, JSON.stringify(before), JSON.stringify(after)],
  );
  await tell(tx, 'programmes');
}

/** Changes of a programme's settings by age, after the one with the number `after`. */
export async function listChanges(
  sql: Sql,
  programme: number,
  after: number,
  limit: number,
): Promise<NumberedChange[]> {
  const { rows } = await sql.query<NumberedChange>(
    `select number, programme, changed_at_ms as "changedAt", changed_by as "changedBy", from_ms as "from", before, after from programme_change
     where programme = $1 and number > $2 order by number limit $3`,
    [programme, after, limit],
  );
  return rows;
}
