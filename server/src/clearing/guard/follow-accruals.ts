import type { Uuid } from '../../kernel/id.ts';
import { KINDS, SOURCE_KINDS } from '../../ledger/command.ts';
import { ENTRY_KINDS, PLATFORM } from '../../ledger/transaction.ts';
import { type Pool, type Sql, type Transaction, withTransaction } from '../../platform/database.ts';

/** Of which rewards redemptions are, by their ids; what is not known is absent. */
export type RewardsOf = (
  sql: Sql,
  redemptions: readonly Uuid[],
) => Promise<ReadonlyMap<Uuid, Uuid>>;

export interface FollowOptions {
  readonly pool: Pool;
  readonly shards: number;
  readonly rewardsOf: RewardsOf;
}

/** Accruals counted in one transaction: some tenths of a second, so that nobody waits for it. */
const CHUNK = 20_000;
/** As many chunks are counted of a shard in one round; the rest in the next. */
const CHUNKS_MAX = 50;

/** Counts the accruals that came since the last time, by pair, by day and by reward; answers how many shards had any. */
export async function followAccruals({ pool, shards, rewardsOf }: FollowOptions): Promise<number> {
  let moved = 0;
  for (let shard = 0; shard < shards; shard += 1) {
    let chunks = 0;
    while (chunks < CHUNKS_MAX && (await countChunk(pool, shard, rewardsOf))) chunks += 1;
    if (chunks > 0) moved += 1;
  }
  return moved;
}

/**
 * Counts the next accruals of a shard and moves its cursor, together; false: there are none. A shard's sequence is given out behind its
 * locked head, so that nothing is ever committed behind what was read. Points that settle a debt (kind 3) are taken by nobody.
 */
async function countChunk(pool: Pool, shard: number, rewardsOf: RewardsOf): Promise<boolean> {
  return await withTransaction(pool, async (tx) => {
    await tx.query('insert into guard_walk (shard, seq) values ($1, 0) on conflict do nothing', [
      shard,
    ]);
    const { rows: walks } = await tx.query<{ seq: number }>(
      'select seq from guard_walk where shard = $1 for update',
      [shard],
    );
    const after = walks[0]?.seq ?? 0;
    const { rows } = await tx.query<{ until: number | null }>(
      `select max(seq) as until from (
        select seq from ledger.accrual where shard = $1 and seq > $2 order by seq limit $3) a`,
      [shard, after, CHUNK],
    );
    const until = rows[0]?.until ?? null;
    if (until === null) return false;
    await tx.query(
      `insert into guard_pair as g (programme, point_type, payer, taker, points, last_at_ms)
        select programme, point_type, payer, taker, sum(points), max(effective_at_ms) from ledger.accrual
        where shard = $1 and seq > $2 and seq <= $3 and kind in (1, 2)
        group by programme, point_type, payer, taker order by programme, point_type, payer, taker
        on conflict (programme, point_type, payer, taker) do update
          set points = g.points + excluded.points, last_at_ms = greatest(g.last_at_ms, excluded.last_at_ms)`,
      [shard, after, until],
    );
    await tx.query(
      `insert into guard_day as g (programme, point_type, taker, day, points)
        select a.programme, a.point_type, a.taker,
          (to_timestamp(a.effective_at_ms / 1000.0) at time zone p.time_zone)::date as day, sum(a.points)
        from ledger.accrual a join programme p on p.id = a.programme
        where a.shard = $1 and a.seq > $2 and a.seq <= $3 and a.kind in (1, 2)
        group by a.programme, a.point_type, a.taker, 4 order by a.programme, a.point_type, a.taker, 4
        on conflict (programme, point_type, taker, day) do update set points = g.points + excluded.points`,
      [shard, after, until],
    );
    await countRewards(tx, [shard, after, until], rewardsOf);
    await tx.query('update guard_walk set seq = $2 where shard = $1', [shard, until]);
    return true;
  });
}

/**
 * Counts the same accruals by the reward they are of: that of the redemption which took the points, or whose points came back, or
 * whose overdraft is repaid.
 */
async function countRewards(
  tx: Transaction,
  place: readonly [shard: number, after: number, until: number],
  rewardsOf: RewardsOf,
): Promise<void> {
  const { rows } = await tx.query<{ seq: number; redemption: Uuid }>(
    `select seq, redemption from (
      select a.seq, case when e.kind <> ${ENTRY_KINDS.repay} and t.source_kind = ${SOURCE_KINDS.redemption} then t.source
          when b.source_kind = ${SOURCE_KINDS.redemption} then b.source end as redemption
        from ledger.accrual a
        join ledger.entry e on e.shard = a.shard and e.seq = a.seq and e.seq > $2 and e.seq <= $3
        -- Found one by one: no plan may walk all transactions of the ledger for a chunk of them.
        cross join lateral (
          select id, kind, source_kind, source, subject from ledger.transaction where shard = a.shard and id = e.transaction offset 0) t
        -- What overdrew, or what is refunded by hand: such a refund names no redemption itself.
        left join lateral (
          select source_kind, source from ledger.transaction
          where shard = a.shard and id = case when e.kind = ${ENTRY_KINDS.repay} then e.ref when t.kind = ${KINDS.refund} then t.subject end
          offset 0) b on true
        where a.shard = $1 and a.seq > $2 and a.seq <= $3 and a.kind in (1, 2) and a.place = 0) s
      where redemption is not null`,
    [...place],
  );
  const rewards = await rewardsOf(tx, [...new Set(rows.map(({ redemption }) => redemption))]);
  const known = rows.flatMap(({ seq, redemption }) => {
    const reward = rewards.get(redemption);
    return reward === undefined ? [] : [{ seq, reward }];
  });
  await tx.query(
    `insert into guard_reward_day as g (programme, point_type, reward, taker, day, points, owed, due, fee)
      select a.programme, a.point_type, coalesce(r.reward, $6) as reward, a.taker,
        (to_timestamp(a.effective_at_ms / 1000.0) at time zone p.time_zone)::date as day,
        sum(a.points), sum(a.owed), sum(a.due), sum(a.fee)
      from ledger.accrual a join programme p on p.id = a.programme
        left join unnest($4::int8[], $5::uuid[]) as r (seq, reward) on r.seq = a.seq
      where a.shard = $1 and a.seq > $2 and a.seq <= $3 and a.kind in (1, 2)
      group by a.programme, a.point_type, 3, a.taker, 5 order by a.programme, a.point_type, 3, a.taker, 5
      on conflict (programme, point_type, reward, taker, day) do update set points = g.points + excluded.points,
        owed = g.owed + excluded.owed, due = g.due + excluded.due, fee = g.fee + excluded.fee`,
    [...place, known.map(({ seq }) => seq), known.map(({ reward }) => reward), PLATFORM],
  );
}
