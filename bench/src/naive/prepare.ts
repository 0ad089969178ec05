import { readId, shardOfMember } from '@hongmi/server/kernel/id';
import { createPool, type Sql } from '@hongmi/server/platform/database';
import { migrate } from '@hongmi/server/platform/migrate';
import { NAIVE_SHARDS } from './naive-ledger.ts';

const DATABASE = 'bench_naive';

/** A database of the naive ledger's own beside the ledger's, with an account and a lot for every member. */
export async function prepareNaiveDatabase(
  serverUrl: string,
  members: readonly string[],
  merchant: string,
  points: number,
): Promise<string> {
  await withClient(serverUrl, (client) => client.query(`create database ${DATABASE}`));
  const url = new URL(serverUrl);
  url.pathname = `/${DATABASE}`;
  await migrate(url.href);
  const ids = members.map((shown) => readId('member', shown));
  const shards = ids.map((id) => (id === undefined ? 0 : shardOfMember(id, NAIVE_SHARDS)));
  await withClient(url.href, async (client) => {
    await client.query('create sequence naive_seq cache 100');
    await client.query(
      `insert into ledger.member_account (shard, member, point_type, programme, free, held, debt, earned, redeemed, expired, last_effective_at_ms)
       select shard, member, 1, 1, $3::int8, 0, 0, $3, 0, 0, 0 from unnest($1::int2[], $2::uuid[]) as m (shard, member)`,
      [shards, ids, points],
    );
    await client.query(
      `insert into ledger.lot (shard, id, seq, transaction, programme, point_type, member, issuer, available_at_ms, issued, amount, remaining, pending, open)
       select shard, gen_random_uuid(), nextval('naive_seq'), gen_random_uuid(), 1, 1, member, $3, 0, $4::int8, $4, $4, false, true
       from unnest($1::int2[], $2::uuid[]) as m (shard, member)`,
      [shards, ids, readId('merchant', merchant), points],
    );
    await client.query('vacuum analyze ledger.member_account, ledger.lot');
  });
  return url.href;
}

/** One connection for a while; statements may take as long as they need. */
export async function withClient<T>(url: string, work: (client: Sql) => Promise<T>): Promise<T> {
  const pool = createPool({ url, name: 'bench', connectionsMax: 1, statementTimeoutMs: 0 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
