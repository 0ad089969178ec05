import { type Pool, withTransaction } from '../../platform/database.ts';

/** Accruals counted in one transaction: some tenths of a second, so that nobody waits for it. */
const CHUNK = 20_000;
/** As many chunks are counted of a shard in one round; the rest in the next. */
const CHUNKS_MAX = 50;

/** Counts the accruals that came since the last time, by pair and by day; answers how many shards had any. */
export async function followAccruals({
  pool,
  shards,
}: {
  readonly pool: Pool;
  readonly shards: number;
}): Promise<number> {
  let moved = 0;
  for (let shard = 0; shard < shards; shard += 1) {
    let chunks = 0;
    while (chunks < CHUNKS_MAX && (await countChunk(pool, shard))) chunks += 1;
    if (chunks > 0) moved += 1;
  }
  return moved;
}

/**
 * Counts the next accruals of a shard and moves its cursor, together; false: there are none. A shard's sequence is given out behind its
 * locked head, so that nothing is ever committed behind what was read. Points that settle a debt (kind 3) are taken by nobody.
 */
async function countChunk(pool: Pool, shard: number): Promise<boolean> {
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
    await tx.query('update guard_walk set seq = $2 where shard = $1', [shard, until]);
    return true;
  });
}
