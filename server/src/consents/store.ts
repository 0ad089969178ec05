import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { tell } from '../platform/news.ts';
import type { Consent, ConsentChange, ConsentSubject, NumberedChange } from './consent.ts';
import type { Notice } from './notice.ts';
import type { Purpose } from './purpose.ts';

const NOTICE = `purpose, version, zh, en, valid_from_ms as "validFrom", renews, ask_again_days as "askAgainDays",
  created_at_ms as "createdAt", created_by as "createdBy"`;
const CHANGE = `c.member, c.number, c.purpose, c.merchant, c.state, c.version, c.channel, c.guardian,
  c.changed_at_ms as "changedAt", c.changed_by as "changedBy"`;
/** When a later notice ends a consent to the version that the row `c` names. */
const ENDS_AT = `(select min(n.valid_from_ms) from consent_notice n
  where n.purpose = c.purpose and n.version > c.version and n.renews)`;

// Any number; with the hash of the purpose it is the lock of who makes its next version.
const LOCK = 0x686d6e6f;

/** Keeps the versions of a purpose's notice in one order: made one after another. */
export async function lockNotices(tx: Transaction, purpose: Purpose): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [LOCK, purpose]);
}

/** The purpose's notices are locked. */
export async function insertNotice(tx: Transaction, notice: Notice): Promise<void> {
  await tx.query(
    `insert into consent_notice (purpose, version, zh, en, valid_from_ms, renews, ask_again_days, created_at_ms, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      notice.purpose,
      notice.version,
      notice.zh,
      notice.en,
      notice.validFrom,
      notice.renews,
      notice.askAgainDays,
      notice.createdAt,
      notice.createdBy,
    ],
  );
  if (notice.renews) await tell(tx, 'consents');
}

/** Those of these members who ever said whether a merchant may receive their data; not what they said. */
export async function readSpokeOf(
  sql: Sql,
  merchant: Uuid,
  members: readonly Uuid[],
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ member: Uuid }>({
    name: 'consents-spoke-of',
    text: `select a.member from unnest($1::uuid[]) as a (member) where exists (select from consent_change c
        where c.member = a.member and c.purpose = 'share_with_merchant' and c.merchant = $2)`,
    values: [uuids(members), merchant],
  });
  return rows.map((row) => row.member);
}

/** All versions of a purpose's notice, oldest first. */
export async function readNotices(sql: Sql, purpose: Purpose): Promise<Notice[]> {
  const { rows } = await sql.query<Notice>(
    `select ${NOTICE} from consent_notice where purpose = $1 order by version`,
    [purpose],
  );
  return rows;
}

/** Notices by purpose and version, after one, with whether it is the one in force at `now`. */
export async function listNotices(
  sql: Sql,
  filter: { readonly purpose: Purpose | null; readonly now: Instant },
  after: readonly [purpose: string, version: number],
  limit: number,
): Promise<(Notice & { readonly inForce: boolean })[]> {
  const { rows } = await sql.query<Notice & { readonly inForce: boolean }>(
    `select ${NOTICE}, version = (select max(o.version) from consent_notice o
        where o.purpose = n.purpose and o.valid_from_ms <= $2) is true as "inForce"
      from consent_notice n where ($1::text is null or purpose = $1) and (purpose, version) > ($3, $4)
      order by purpose, version limit $5`,
    [filter.purpose, filter.now, ...after, limit],
  );
  return rows;
}

/** Whether there is such a member, and whether it has become part of another one. */
export type Locked = 'member' | 'absorbed' | undefined;

/** Keeps all that is about a member's consents in one order; what refers to the member does not wait for it. */
export async function lockMember(tx: Transaction, member: Uuid): Promise<Locked> {
  const { rows } = await tx.query<{ absorbed: boolean }>(
    'select merged_into is not null as absorbed from member where id = $1 for no key update',
    [member],
  );
  if (rows[0] === undefined) return undefined;
  return rows[0].absorbed ? 'absorbed' : 'member';
}

/** The latest about each subject, of those that name `merchant`, or of all. */
export async function readConsents(
  sql: Sql,
  member: Uuid,
  merchant: Uuid | null,
): Promise<Consent[]> {
  const { rows } = await sql.query<Consent>({
    name: 'read-consents',
    text: `select ${CHANGE}, n.ask_again_days as "askAgainDays", ${ENDS_AT} as "endsAt" from (
        select distinct on (purpose, merchant) * from consent_change
        where member = $1 and ($2::uuid is null or merchant = $2) order by purpose, merchant, number desc
      ) c join consent_notice n using (purpose, version) order by c.purpose, c.merchant nulls first`,
    values: [member, merchant],
  });
  return rows;
}

/** The latest about one subject. */
export async function readConsent(
  sql: Sql,
  member: Uuid,
  { purpose, merchant }: ConsentSubject,
): Promise<Consent | undefined> {
  const { rows } = await sql.query<Consent>({
    name: 'read-consent',
    text: `select ${CHANGE}, n.ask_again_days as "askAgainDays", ${ENDS_AT} as "endsAt"
      from consent_change c join consent_notice n using (purpose, version)
      where c.member = $1 and c.purpose = $2 and c.merchant is not distinct from $3::uuid order by c.number desc limit 1`,
    values: [member, purpose, merchant],
  });
  return rows[0];
}

/** Writes into the register, and tells every process. The member is locked. */
export async function insertChange(tx: Transaction, change: ConsentChange): Promise<void> {
  await tx.query({
    name: 'insert-consent-change',
    text: `insert into consent_change (member, purpose, merchant, state, version, channel, guardian, changed_at_ms, changed_by)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      change.member,
      change.purpose,
      change.merchant,
      change.state,
      change.version,
      change.channel,
      change.guardian,
      change.changedAt,
      change.changedBy,
    ],
  });
  await tell(tx, 'consent', change.member);
}

/** A member's register by age, after the entry `after`: what names `merchant`, or all. */
export async function listChanges(
  sql: Sql,
  member: Uuid,
  merchant: Uuid | null,
  after: number,
  limit: number,
): Promise<NumberedChange[]> {
  const { rows } = await sql.query<NumberedChange>(
    `select ${CHANGE} from consent_change c
      where c.member = $1 and c.number > $3 and ($2::uuid is null or c.merchant = $2) order by c.number limit $4`,
    [member, merchant, after, limit],
  );
  return rows;
}

/** Until when a member is under 14; null: not known to be. */
export async function readMinority(sql: Sql, member: Uuid): Promise<Instant | null> {
  const { rows } = await sql.query<{ until: Instant }>({
    name: 'read-minority',
    text: 'select until_ms as until from member_minority where member = $1',
    values: [member],
  });
  return rows[0]?.until ?? null;
}

export async function writeMinority(
  tx: Transaction,
  member: Uuid,
  until: Instant,
  by: { readonly at: Instant; readonly key: Uuid },
): Promise<void> {
  await tx.query(
    `insert into member_minority (member, until_ms, set_at_ms, set_by) values ($1, $2, $3, $4)
     on conflict (member) do update set until_ms = $2, set_at_ms = $3, set_by = $4`,
    [member, until, by.at, by.key],
  );
  await tell(tx, 'consent', member);
}
