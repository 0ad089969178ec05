import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import { MERCHANT_OF } from './read.ts';
import {
  type RecordedTransaction,
  readTransaction,
  TRANSACTION_JSON,
  type TransactionJson,
} from './record.ts';

/** A lot as its member may see it. */
export interface LotShown {
  readonly id: Uuid;
  readonly programme: number;
  readonly pointType: number;
  readonly member: Uuid;
  readonly issuer: Uuid;
  /** Who pays for it, by `shares`; null: the issuer alone. */
  readonly funders: readonly Uuid[] | null;
  readonly shares: readonly number[] | null;
  /** The version of the rule that gave it, if one did. */
  readonly ruleVersion: Uuid | null;
  readonly transaction: Uuid;
  readonly issued: number;
  readonly amount: number;
  readonly remaining: number;
  readonly held: number;
  readonly expired: number;
  readonly returned: number;
  readonly availableAt: Instant;
  /** Not booked as available yet, and not released before its time. */
  readonly pending: boolean;
  readonly expiresAt: Instant | null;
  /** By how many months what its member does extends it; null: it lapses when it says. */
  readonly slideMonths: number | null;
  /** The account's last effective time: nothing happens to the lot before, whatever the clock says. */
  readonly notBefore: Instant;
}

export const LOT_COLUMNS = `l.id, l.programme, l.point_type as "pointType", l.member, l.issuer, l.funders,
  l.funder_shares as shares, l.rule_version as "ruleVersion", l.transaction, l.issued,
  l.amount, l.remaining, l.held, l.expired, l.returned, l.available_at_ms as "availableAt", l.pending,
  l.expires_at_ms as "expiresAt", l.slide_months as "slideMonths", (select a.last_effective_at_ms from ledger.member_account a
    where a.shard = l.shard and a.member = l.member and a.point_type = l.point_type) as "notBefore"`;

/** Where a page of a member's records goes on: before this block and position (or entry). */
export interface Before {
  readonly block: number;
  readonly position: number;
}

const FROM_THE_END: Before = { block: Number.MAX_SAFE_INTEGER, position: 0 };

/** A member's transactions, newest first, refusals among them. With `merchant` or `programme`, only those that concern it. */
export async function readMemberTransactions(
  sql: Sql,
  shard: number,
  member: Uuid,
  page: {
    readonly before: Before | null;
    readonly limit: number;
    readonly merchant: Uuid | null;
    readonly programme: number | null;
  },
): Promise<RecordedTransaction[]> {
  const { block, position } = page.before ?? FROM_THE_END;
  const { rows } = await sql.query<{ json: TransactionJson }>({
    name: page.merchant === null ? 'ledger-member-transactions' : 'ledger-member-transactions-at',
    text: `select ${TRANSACTION_JSON} as json from (
        select * from ledger.transaction t
        where t.shard = $1 and t.member = $2 and (t.block, t.position) < ($3, $4)
          and ($6::int is null or t.programme = $6) ${page.merchant === null ? '' : `and ${MERCHANT_OF} = $7`}
        order by t.block desc, t.position desc limit $5
      ) t join ledger.block b on b.shard = $1 and b.number = t.block
      order by t.block desc, t.position desc`,
    values: [
      shard,
      member,
      block,
      position,
      page.limit,
      page.programme,
      ...(page.merchant === null ? [] : [page.merchant]),
    ],
  });
  return rows.map((row) => readTransaction(row.json));
}

/** A lot and where the list goes on after it. */
export interface PlacedLot {
  readonly lot: LotShown;
  readonly block: number;
  /** Number of the entry that made it: a transaction may make several. */
  readonly position: number;
}

/**
 * A member's lots, newest first. The index of lots covers only open ones, so the rest are reached
 * through the transactions that made them.
 */
export async function readMemberLots(
  sql: Sql,
  shard: number,
  member: Uuid,
  page: {
    readonly before: Before | null;
    readonly limit: number;
    readonly merchant: Uuid | null;
    readonly programme: number | null;
    readonly open: boolean;
  },
): Promise<PlacedLot[]> {
  const { block, position } = page.before ?? FROM_THE_END;
  const made = `ledger.transaction t
    cross join lateral (
      select e.lot from ledger.entry e
      where e.shard = t.shard and e.seq >= t.entry_first and e.seq < t.entry_first + t.entries and e.kind = 1
    ) e join ledger.lot l on l.shard = $1 and l.id = e.lot
    where t.shard = $1 and t.member = $2 and t.kind in (1, 9, 10, 12, 14) and t.refusal is null`;
  const open = `ledger.lot l join ledger.transaction t on t.shard = l.shard and t.id = l.transaction
    where l.shard = $1 and l.member = $2 and l.open`;
  const { rows } = await sql.query<LotShown & { block: number; position: number }>({
    name: page.open ? 'ledger-member-lots-open' : 'ledger-member-lots',
    text: `select ${LOT_COLUMNS}, t.block, l.seq as position from ${page.open ? open : made}
        and (t.block, l.seq) < ($3, $4) and ($6::uuid is null or l.issuer = $6)
        and ($7::int is null or l.programme = $7)
      order by t.block desc, l.seq desc limit $5`,
    values: [shard, member, block, position, page.limit, page.merchant, page.programme],
  });
  return rows.map(({ block, position, ...lot }) => ({ lot, block, position }));
}

/** The programmes in which a member has an account. */
export async function readProgrammesOf(sql: Sql, shard: number, member: Uuid): Promise<number[]> {
  const { rows } = await sql.query<{ programme: number }>({
    name: 'ledger-programmes-of',
    text: 'select distinct programme from ledger.member_account where shard = $1 and member = $2',
    values: [shard, member],
  });
  return rows.map(({ programme }) => programme);
}
