import type { CloseDeps } from '../../clearing/periods/close-period.ts';
import { newId, readId, type Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Pool } from '../../platform/database.ts';
import { createPointsTestApp, type PointsTestApp } from '../test-points-app.ts';

/** A programme in which every point that is issued is accrued at once, as if it were used, at prices that leave rests. */
export interface AccruingProgramme {
  readonly code: string;
  readonly id: number;
  readonly merchants: readonly Uuid[];
}

export interface Accruing {
  readonly t: PointsTestApp;
  readonly deps: CloseDeps;
  programme(options?: { merchants?: number }): Promise<AccruingProgramme>;
  /** Issues points, which accrues them; the taker is one of the merchants, by the member. */
  accrue(
    programme: AccruingProgramme,
    merchant: number,
    points: number,
    at?: number,
  ): Promise<void>;
}

// The ledger itself accrues what is used; here whatever is issued is, so that tests of closing say in one call what accrues,
// and it is still written in the ledger's own transactions.
const TRIGGER = `
  create table accruing (programme int, place int, merchant uuid, primary key (programme, place));
  create function accrue() returns trigger language plpgsql as $$
  begin
    insert into ledger.accrual
      select new.shard, new.seq, 0, 1, new.programme, new.point_type, t.effective_at_ms, l.issuer, a.merchant, new.points,
        new.points * 7000001, new.points * 5000003, new.points * 100001
      from ledger.transaction t, ledger.lot l, accruing a
      where t.id = new.transaction and t.shard = new.shard and l.id = new.lot and l.shard = new.shard and a.programme = new.programme
        and a.place = (new.points + new.seq) % (select count(*) from accruing b where b.programme = new.programme);
    return null;
  end $$;
  create constraint trigger accrue after insert on ledger.entry deferrable initially deferred
    for each row when (new.kind = 1) execute function accrue()`;

export async function createAccruing(): Promise<Accruing> {
  const t = await createPointsTestApp();
  await t.pool.query(TRIGGER);
  const { programmes, shards } = t.jobs;
  const names = {
    programmeCode: (id: number) => programmes.byId(id)?.code ?? '',
    pointTypeCode: () => 'points',
  };
  const deps: CloseDeps = {
    ...{ pool: t.pool, clock: t.clock, ledger: t.ledger, shards, names },
    programmeClock: programmes.programmeClock,
  };
  let made = 0;
  return {
    t,
    deps,
    async programme({ merchants: count = 3 } = {}) {
      made += 1;
      const code = `cleared-${made}`;
      await t.ok('POST', '/programmes', { code, name: code });
      const shown = [];
      for (let place = 0; place < count; place += 1)
        shown.push(await t.merchant({ programme: code }));
      const merchants = shown.map((id) => readId('merchant', id) as Uuid);
      const id = (await programmes.find(code))?.id ?? 0;
      await t.pool.query(
        'insert into accruing select $1, place - 1, m from unnest($2::uuid[]) with ordinality as n (m, place)',
        [id, merchants],
      );
      await startPrices(t.pool, id, t.clock.now());
      return { code, id, merchants };
    },
    async accrue({ id, merchants }, merchant, points, at) {
      const issuer = merchants[merchant] as Uuid;
      const [type] = programmes.byId(id)?.pointTypes ?? [];
      const member = newId(t.clock.now(), Math.floor(points) % shards);
      const answer = await t.ledger.submit({
        ...{ kind: 'issue', key: `accrue ${newId(t.clock.now())}`, programme: id },
        ...{ pointType: type?.id ?? 0, member, merchant: issuer, points },
        effectiveAt: at ?? null,
      });
      if (answer.transaction === undefined) throw new Error(JSON.stringify(answer));
    },
  };
}

/** The standard prices of a programme's point types, of which these tests need nothing but their beginning. */
export async function startPrices(pool: Pool, programme: number, from: number): Promise<void> {
  await pool.query(
    `insert into ledger.price (programme, point_type, merchant, from_ms, issue_price, reimbursement, fee)
      select $1, id, $2, $3, 7000001, 5000003, 100001 from point_type where programme = $1`,
    [programme, PLATFORM, from],
  );
}
