import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import type { SentLot } from './command.ts';
import { readTermsOfLots, termsSent } from './read-terms.ts';
import type { Transaction } from './transaction.ts';

/** What a transfer_out sent, for its transfer_in: from what it recorded and the terms its lots were made with, which never change. */
export async function readSent(
  sql: Sql,
  { entries, effectiveAt }: Pick<Transaction, 'entries' | 'effectiveAt'>,
): Promise<{ readonly lots: readonly SentLot[]; readonly debt: number }> {
  const takes = entries.filter((entry) => entry.kind === 'take');
  const terms = await readTermsOfLots(
    sql,
    takes.map((entry) => entry.lot),
  );
  const lots = takes.map(({ lot, points, expiresAt }) => {
    const made = terms.get(lot);
    if (made === undefined) throw new Error(`lot ${lot} was sent and is not there`);
    // The lot's own expiry may have been extended since it was made, or since it was sent.
    return { ...termsSent(made, effectiveAt), lot, points, expiresAt };
  });
  const repaid = entries.filter((entry) => entry.kind === 'repay');
  return { lots, debt: repaid.reduce((sum, entry) => sum + entry.points, 0) };
}

/** Lots that arrived by these transfers and came from one of `origins`. A transfer arrives in the shard of its receiver. */
export async function readArrived(
  sql: Sql,
  shard: number,
  transfers: readonly Uuid[],
  origins: readonly Uuid[],
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ lot: Uuid }>({
    name: 'ledger-arrived',
    text: `select e.lot from unnest($2::uuid[]) as w (id)
      cross join lateral (select * from ledger.transaction t
        where t.shard = $1 and t.source = w.id and t.kind = 12 and t.refusal is null offset 0) t
      cross join lateral (select * from ledger.entry e
        where e.shard = $1 and e.seq >= t.entry_first and e.seq < t.entry_first + t.entries offset 0) e
      where e.kind = 1 and e.ref = any ($3::uuid[]) order by e.seq`,
    values: [shard, uuids(transfers), uuids(origins)],
  });
  return rows.map((row) => row.lot);
}

/** One account that holds points or owes some. */
export interface OpenAccount {
  readonly member: Uuid;
  readonly programme: number;
  readonly pointType: number;
}

/** Those of the members' accounts that are not empty. All live in one shard. */
export async function readOpenAccounts(
  sql: Sql,
  shard: number,
  members: readonly Uuid[],
): Promise<OpenAccount[]> {
  const { rows } = await sql.query<OpenAccount>({
    name: 'ledger-open-accounts',
    text: `select a.member, a.programme, a.point_type as "pointType" from unnest($2::uuid[]) as w (member)
      cross join lateral (select * from ledger.member_account a
        where a.shard = $1 and a.member = w.member and (a.free > 0 or a.held > 0 or a.debt > 0) offset 0) a
      order by a.member, a.point_type`,
    values: [shard, uuids(members)],
  });
  return rows;
}
