import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { IDLE_MAX_MS, LASTS_MAX_MS } from '../sessions/limits.ts';

/** The number that codes of a session begin with. */
export async function readNumber(sql: Sql, session: Uuid): Promise<number | undefined> {
  const { rows } = await sql.query<{ number: number }>(
    'select code_number as number from member_session where id = $1',
    [session],
  );
  return rows[0]?.number;
}

/** A session as its codes say it, which may be over. */
export interface CodeSession {
  readonly id: Uuid;
  /** Who its member is now. */
  readonly member: Uuid;
  readonly begunAt: Instant;
  /** When it was ended, or lapses if it is not used. */
  readonly endsAt: Instant;
}

export async function findByNumber(sql: Sql, number: number): Promise<CodeSession | undefined> {
  const { rows } = await sql.query<CodeSession>({
    name: 'member-session-by-number',
    text: `select s.id, case when m.merged_into is null then m.id else survivor_of(m.id) end as member,
        s.begun_at_ms as "begunAt",
        least(s.ended_at_ms, s.begun_at_ms + ${LASTS_MAX_MS}, s.seen_at_ms + ${IDLE_MAX_MS}) as "endsAt"
      from member_session s join member m on m.id = s.member where s.code_number = $1`,
    values: [number],
  });
  return rows[0];
}

/** How many wrong codes of a number a merchant told in the window that began then. */
export interface Wrong {
  readonly since: Instant;
  readonly count: number;
}

/** How many wrong ones were counted; and nobody else counts there until the transaction ends: of many guesses at once each sees those before it. */
export async function lockWrong(
  tx: Transaction,
  number: number,
  merchant: Uuid,
): Promise<Wrong | undefined> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `member code ${number} ${merchant}`,
  ]);
  const { rows } = await tx.query<Wrong>(
    'select since_ms as since, count from member_code_wrong where number = $1 and merchant = $2',
    [number, merchant],
  );
  return rows[0];
}

/** Counts a wrong one, in the window that is open (`opened` after) or a new one. */
export async function noteWrong(
  tx: Transaction,
  number: number,
  merchant: Uuid,
  { now, opened }: { readonly now: Instant; readonly opened: Instant },
): Promise<void> {
  // Some of those that count no more, of whom nobody else is just counting.
  await tx.query(
    `delete from member_code_wrong w using (select number, merchant from member_code_wrong where since_ms <= $1
        order by number, merchant limit 100 for update skip locked) old
      where (w.number, w.merchant) = (old.number, old.merchant)`,
    [opened],
  );
  await tx.query(
    `insert into member_code_wrong as w (number, merchant, since_ms, count) values ($1, $2, $3, 1)
      on conflict (number, merchant) do update set
        count = case when w.since_ms > $4 then w.count + 1 else 1 end,
        since_ms = case when w.since_ms > $4 then w.since_ms else $3 end`,
    [number, merchant, now, opened],
  );
}

/** Where a code was shown first: here, unless somebody else was before. Those of before `kept` are forgotten. */
export async function claimCode(
  tx: Transaction,
  code: { readonly number: number; readonly step: number; readonly merchant: Uuid },
  { now, kept }: { readonly now: Instant; readonly kept: Instant },
): Promise<Uuid> {
  const { number, step, merchant } = code;
  await tx.query('delete from member_code_shown where shown_at_ms <= $1', [kept]);
  // An update that changes nothing: whoever comes second waits for the first, and sees whose it is.
  const { rows } = await tx.query<{ merchant: Uuid }>(
    `insert into member_code_shown as c (number, step, merchant, shown_at_ms) values ($1, $2, $3, $4)
      on conflict (number, step) do update set merchant = c.merchant returning c.merchant`,
    [number, step, merchant, now],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('every code is somewhere first');
  return row.merchant;
}
