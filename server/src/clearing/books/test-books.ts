import { createHash } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { newId, readId, type Uuid } from '../../kernel/id.ts';
import { closeCut } from '../../ledger/cuts/store.ts';
import { writePrices } from '../../ledger/price-list.ts';
import { type Pool, withTransaction } from '../../platform/database.ts';

/** What of a test's application is needed here. */
interface Played {
  readonly pool: Pool;
  readonly clock: Clock;
  ok(method: string, path: string, body?: unknown): Promise<{ readonly id: string }>;
}

/**
 * A closed period of clearing that ends now, with the ledger's cut and no figures: what the books need of one. Answers its id.
 */
export async function closedPeriod(t: Played, programme = 'default'): Promise<Uuid> {
  const until = t.clock.now();
  const cut = await t.ok('POST', '/ledger/cuts', { programme, at: new Date(until).toISOString() });
  const cutId = readId('cut', cut.id) as Uuid;
  await closeCut(t.pool, cutId);
  const id = newId(until);
  await t.pool.query(
    `insert into clearing_period (id, programme, number, from_ms, until_ms, cut, begun_at_ms, state, closed_at_ms, figures_hash, sum_fen)
      select $1, p.id, coalesce(max(c.number), 0) + 1, coalesce(max(c.until_ms), $3::int8 - 86400000), $3, $4, $3, 'closed', $3, $5, 0
      from programme p left join clearing_period c on c.programme = p.id where p.code = $2 group by p.id`,
    [id, programme, until, cutId, createHash('sha256').update('').digest()],
  );
  return id;
}

/** Standard prices of a programme's usual points from now on, in micro-fen a point. */
export async function standardPrices(
  t: Played,
  {
    issue,
    reimbursement = issue,
    fee = 0,
  }: { issue: number; reimbursement?: number; fee?: number },
  programme = 'default',
): Promise<void> {
  const { rows } = await t.pool.query<{ programme: number; pointType: number }>(
    `select p.id as programme, y.id as "pointType" from programme p join point_type y on y.programme = p.id and y.code = 'points'
      where p.code = $1`,
    [programme],
  );
  const [{ programme: id, pointType } = { programme: 0, pointType: 0 }] = rows;
  const from = t.clock.now();
  const open = { issuing: null, accepting: null, funding: null, quota: null };
  const row = { pointType, from, issuePrice: issue, reimbursement, fee, ...open };
  await withTransaction(t.pool, (tx) => writePrices(tx, id, null, [row], from));
}
