import type { Certificate, Charge } from '../certificates/certificate.ts';
import type { GivenOn } from '../certificates/given-on.ts';
import type { Uuid } from '../kernel/id.ts';
import { readTransactions } from '../ledger/read.ts';
import { readKept } from '../ledger/read-kept.ts';
import type { Pool } from '../platform/database.ts';
import { UNSETTLED } from '../platform/unsettled.ts';

const PAGE = 500;

/** What activities gave on certificates. */
export const activitiesOn: GivenOn = {
  async hasUnsettled(sql, certificate) {
    const { rows } = await sql.query<{ found: boolean }>(
      `select exists (select from unsettled u join activity a on a.id = u.id
        where u.kind = $1 and a.certificate = $2) as found`,
      [UNSETTLED.activity, certificate],
    );
    return rows[0]?.found === true;
  },
  async *walkUncharged(pool, certificate) {
    for (let last: Given | undefined; ; ) {
      const awards: Given[] = await readUncharged(pool, certificate, last ?? null);
      if (awards.length === 0) return;
      last = awards.at(-1);
      const earns = await readTransactions(
        pool,
        awards.map(({ transaction }) => transaction),
      );
      const kept = await readKept(pool, earns.values());
      yield awards.map(({ transaction, programme, pointType }): Charge => {
        return { transaction, programme, pointType, points: kept.get(transaction) ?? 0 };
      });
    }
  },
  async chargesNow(pool, charges) {
    const earns = await readTransactions(
      pool,
      charges.map(({ transaction }) => transaction),
    );
    const own = [...earns.values()].filter(
      ({ transaction }) => transaction.source?.kind === 'activity',
    );
    const kept = await readKept(pool, own);
    return charges.flatMap((charge) => {
      const points = kept.get(charge.transaction);
      return points === undefined ? [] : { ...charge, points };
    });
  },
};

/** An award on a certificate, and its place in the walk over them. */
interface Given {
  readonly activity: Uuid;
  readonly place: number;
  readonly transaction: Uuid;
  readonly programme: number;
  readonly pointType: number;
}

async function readUncharged(
  pool: Pool,
  { id }: Certificate,
  after: Given | null,
): Promise<Given[]> {
  const { rows } = await pool.query<Given>(
    `select a.id as activity, w.place, w.transaction, a.programme, w.point_type as "pointType"
      from activity a join activity_award w on w.activity = a.id
      where a.certificate = $1 and ($2::uuid is null or a.id >= $2 and (a.id, w.place) > ($2, $3))
        and not exists (select from unsettled u where u.id = a.id)
        and not exists (select from certificate_charge c where c.transaction = w.transaction)
      order by a.id, w.place limit $4`,
    [id, after?.activity ?? null, after?.place ?? null, PAGE],
  );
  return rows;
}
