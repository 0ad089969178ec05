import { copyOut } from '../../platform/copy-out.ts';
import { RowFields } from '../../platform/copy-rows.ts';
import type { Sql } from '../../platform/database.ts';
import { elementsIfAny, int64sOf } from './rows.ts';
import type { StateReader } from './source.ts';

/** Tells the state of a shard as its tables keep it, lots first. */
export async function readState(client: Sql, shard: number, to: StateReader): Promise<void> {
  // Whole shards are read, for which the settings of the write path do not suit.
  await client.query('set local enable_seqscan = on');
  const read = (
    select: string,
    fields: number,
    tell: (row: RowFields) => unknown,
  ): Promise<void> => {
    const row = new RowFields(fields);
    return copyOut(client, `${select} shard = ${shard}`, (bytes, at) => tell(row.read(bytes, at)));
  };
  await read(
    `select id, member, point_type, expires_at_ms, remaining, held, expired, expired_recovered, returned, pending,
      slide_months, root from ledger.lot where`,
    12,
    (row) =>
      to.lot({
        id: row.bytes(0) as Buffer,
        member: row.bytes(1) as Buffer,
        pointType: row.int4(2),
        expiresAt: row.int8OrNull(3),
        remaining: row.int8(4),
        held: row.int8(5),
        expired: row.int8(6),
        expiredRecovered: row.int8(7),
        returned: row.int8(8),
        pending: row.bool(9),
        slideMonths: row.isNull(10) ? null : row.int2(10),
        root: row.bytes(11),
      }),
  );
  await read(
    `select member, point_type, free, held, debt, earned, redeemed, expired, last_effective_at_ms
      from ledger.member_account where`,
    9,
    (row) =>
      to.account({
        member: row.bytes(0) as Buffer,
        pointType: row.int4(1),
        free: row.int8(2),
        held: row.int8(3),
        debt: row.int8(4),
        earned: row.int8(5),
        redeemed: row.int8(6),
        expired: row.int8(7),
        lastEffectiveAt: row.int8(8),
      }),
  );
  await read(
    'select role, owner, point_type, balance::text from ledger.counter_account where',
    4,
    (row) =>
      to.counterAccount({
        role: row.int2(0),
        owner: row.bytes(1) as Buffer,
        pointType: row.int4(2),
        balance: BigInt(row.text(3) as string),
      }),
  );
  await read(
    'select id, member, expires_at_ms, remaining, lots, points from ledger.hold where',
    6,
    (row) => {
      const points = int64sOf(row, 5);
      return to.hold({
        id: row.bytes(0) as Buffer,
        member: row.bytes(1) as Buffer,
        expiresAt: row.int8(2),
        remaining: row.int8(3),
        lots: elementsIfAny(row, 4, 16).map((at, index) => ({
          lot: row.row.subarray(at, at + 16),
          points: points[index] ?? 0,
        })),
      });
    },
  );
  await read('select member, name, value from ledger.counter where', 3, (row) =>
    to.counter({
      member: row.bytes(0) as Buffer,
      name: row.text(1) as string,
      value: row.int8(2),
    }),
  );
  await read('select budget, spent from ledger.allotment where', 2, (row) =>
    to.allotment({ budget: row.bytes(0) as Buffer, spent: row.int8(1) }),
  );
  // Home is no shard's; it is looked at once.
  await read(
    `select b.id, b.lent, coalesce(a.granted, 0)::int8
      from (select 0 as shard, * from ledger.budget) b
      left join (select budget, sum(granted) as granted from ledger.allotment group by budget) a on a.budget = b.id
      where (b.lent <> coalesce(a.granted, 0) or b.lent > b.total) and`,
    3,
    (row) =>
      to.unequalBudget({
        budget: row.bytes(0) as Buffer,
        lent: row.int8(1),
        granted: row.int8(2),
      }),
  );
  await read('select hash, transaction from ledger.claim where', 2, (row) =>
    to.claim({ hash: row.bytes(0) as Buffer, transaction: row.bytes(1) }),
  );
  await read('select lot, remaining from ledger.debt where', 2, (row) =>
    to.debt({ lot: row.bytes(0) as Buffer, remaining: row.int8(1) }),
  );
}
