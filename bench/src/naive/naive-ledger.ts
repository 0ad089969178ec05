import { sha256 } from '@hongmi/server/kernel/hash';
import { newId, shardOfMember, type Uuid } from '@hongmi/server/kernel/id';
import { createPool, type Sql } from '@hongmi/server/platform/database';

interface NaiveCommand {
  readonly key: string;
  readonly kind: 'issue' | 'burn';
  readonly member: Uuid;
  readonly merchant: Uuid;
  readonly points: number;
  readonly detail: string | null;
}

export interface NaiveAnswer {
  readonly id: Uuid;
  /** The lot made, or the first one taken from. */
  readonly lot: Uuid;
  readonly balanceAfter: number;
}

export interface NaiveLedger {
  apply(command: NaiveCommand): Promise<NaiveAnswer | 'not_enough'>;
  close(): Promise<void>;
}

export const NAIVE_SHARDS = 16;
// On four cores 4 and 8 connections were slower, 16, 24 and 32 alike.
const CONNECTIONS = 24;
const [KIND_ISSUE, KIND_BURN, ENTRY_ISSUE, ENTRY_TAKE] = [1, 2, 1, 2];
const [ROLE_MEMBER, ROLE_ISSUER, ROLE_ACQUIRER] = [1, 4, 5];
const NOTHING = Buffer.alloc(0);

/**
 * The ledger as most would write it first: one transaction per request, the member's row locked, a
 * statement per step, on the same tables through the same driver with prepared statements. It is let
 * off what the ledger does besides: no hash chain, no merchants' accounts, no look-up of member and
 * merchant.
 */
export async function createNaiveLedger(url: string): Promise<NaiveLedger> {
  const pool = createPool({ url, name: 'bench-naive', connectionsMax: CONNECTIONS });
  await pool.query('select 1');
  return {
    async apply(command) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const answer = await applyIn(client, command);
        await client.query(answer === 'not_enough' ? 'rollback' : 'commit');
        return answer;
      } catch (error) {
        await client.query('rollback');
        throw error;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

async function applyIn(client: Sql, command: NaiveCommand): Promise<NaiveAnswer | 'not_enough'> {
  const { key, kind, member, merchant, points, detail } = command;
  const shard = shardOfMember(member, NAIVE_SHARDS);
  const now = Date.now();
  const fingerprint = sha256(`${kind} ${member} ${merchant} ${points}`);
  const claimed = await client.query({
    name: 'naive-claim',
    text: `insert into idempotent_answer (tenant, key, fingerprint, status, body) values ('operator', $1, $2, 201, '')
      on conflict do nothing`,
    values: [key, fingerprint],
  });
  if (claimed.rowCount === 0) throw new Error('a bench run never repeats a key');

  let account = await lockAccount(client, shard, member);
  if (account === undefined) {
    await client.query({
      name: 'naive-open-account',
      text: `insert into ledger.member_account (shard, member, point_type, programme, free, held, debt, earned, redeemed, expired,
        last_effective_at_ms) values ($1, $2, 1, 1, 0, 0, 0, 0, 0, 0, $3) on conflict do nothing`,
      values: [shard, member, now],
    });
    account = await lockAccount(client, shard, member);
  }
  const free = account?.free ?? 0;
  if (kind === 'burn' && free < points) return 'not_enough';

  const id = newId(now, shard);
  const balanceAfter = kind === 'issue' ? free + points : free - points;
  await client.query({
    name: 'naive-transaction',
    text: `insert into ledger.transaction (shard, id, block, position, key, fingerprint, kind, programme, point_type, member, points,
      effective_at_ms, merchant, balance_after, entry_first, entries, detail, salt, commitment, leaf)
      values ($1, $2, 0, 0, $3, $4, $5, 1, 1, $6, $7, $8, $9, $10, 0, 1, $11, $12, $12, $12)`,
    values: [
      shard,
      id,
      key,
      fingerprint,
      kind === 'issue' ? KIND_ISSUE : KIND_BURN,
      member,
      points,
      now,
      merchant,
      balanceAfter,
      detail,
      NOTHING,
    ],
  });
  const lot =
    kind === 'issue'
      ? await makeLot(client, command, { shard, id, now })
      : await takeLots(client, command, { shard, id });
  await client.query({
    name: 'naive-account',
    text: `update ledger.member_account set free = $3, earned = earned + $4, redeemed = redeemed + $5, last_effective_at_ms = $6
      where shard = $1 and member = $2 and point_type = 1`,
    values: [
      shard,
      member,
      balanceAfter,
      kind === 'issue' ? points : 0,
      kind === 'burn' ? points : 0,
      now,
    ],
  });
  return { id, lot, balanceAfter };
}

async function lockAccount(
  client: Sql,
  shard: number,
  member: Uuid,
): Promise<{ readonly free: number } | undefined> {
  const found = await client.query<{ free: number }>({
    name: 'naive-lock',
    text: 'select free from ledger.member_account where shard = $1 and member = $2 and point_type = 1 for update',
    values: [shard, member],
  });
  return found.rows[0];
}

interface Written {
  readonly shard: number;
  readonly id: Uuid;
}

async function makeLot(
  client: Sql,
  command: NaiveCommand,
  { shard, id, now }: Written & { readonly now: number },
): Promise<Uuid> {
  const lot = newId(now, shard);
  const { member, merchant, points } = command;
  await client.query({
    name: 'naive-lot',
    text: `insert into ledger.lot (shard, id, seq, transaction, programme, point_type, member, issuer, available_at_ms, issued, amount,
      remaining, pending, open) values ($1, $2, nextval('naive_seq'), $3, 1, 1, $4, $5, $6, $7, $7, $7, false, true)`,
    values: [shard, lot, id, member, merchant, now, points],
  });
  await insertEntry(client, { shard, id }, [
    ENTRY_ISSUE,
    ROLE_ISSUER,
    merchant,
    ROLE_MEMBER,
    member,
    points,
    lot,
  ]);
  return lot;
}

async function takeLots(client: Sql, command: NaiveCommand, { shard, id }: Written): Promise<Uuid> {
  const { member, merchant, points } = command;
  const lots = await client.query<{ id: Uuid; remaining: number }>({
    name: 'naive-lots',
    text: `select id, remaining from ledger.lot where shard = $1 and member = $2 and point_type = 1 and open
      order by expires_at_ms, seq limit 32 for update`,
    values: [shard, member],
  });
  let missing = points;
  for (const lot of lots.rows) {
    if (missing === 0) break;
    const taken = Math.min(missing, lot.remaining);
    missing -= taken;
    await client.query({
      name: 'naive-take',
      text: 'update ledger.lot set remaining = remaining - $3, open = remaining > $3 where shard = $1 and id = $2',
      values: [shard, lot.id, taken],
    });
    await insertEntry(client, { shard, id }, [
      ENTRY_TAKE,
      ROLE_MEMBER,
      member,
      ROLE_ACQUIRER,
      merchant,
      taken,
      lot.id,
    ]);
  }
  if (missing > 0) throw new Error('more than 32 lots for one burn');
  return lots.rows[0]?.id as Uuid;
}

async function insertEntry(
  client: Sql,
  { shard, id }: Written,
  values: readonly (string | number)[],
): Promise<void> {
  await client.query({
    name: 'naive-entry',
    text: `insert into ledger.entry (shard, seq, transaction, kind, programme, point_type, from_role, from_owner, to_role, to_owner, points, lot)
      values ($1, nextval('naive_seq'), $2, $3, 1, 1, $4, $5, $6, $7, $8, $9)`,
    values: [shard, id, ...values],
  });
}
