import { type manualClock, showInstant } from '../../kernel/clock.ts';
import { readId, type Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Sql } from '../../platform/database.ts';

/** What of the whole application is needed for it: the one that tests make. */
export interface App {
  readonly pool: Sql;
  readonly clock: ReturnType<typeof manualClock>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  ok(method: string, path: string, body?: unknown): Promise<any>;
  merchant(options: { readonly programme: string }): Promise<string>;
}

const HOUR = 3_600_000;
let made = 0;

/** A cleared programme in which one merchant pays for points and another takes them: 10 fen owed, 9 received, 1 of them a fee. */
export interface Cleared {
  readonly programme: string;
  /** Has a funding account, with nothing in it. */
  readonly issuer: string;
  readonly taker: string;
  readonly account: string;
  book(kind: 'deposit' | 'withdrawal', fen: number): Promise<void>;
  /** Issues 500 points, of which so many are used at the taker, or another; closes that. Answers the period's id. */
  closed(used?: number, at?: string): Promise<string>;
}

export async function createCleared(t: App): Promise<Cleared> {
  made += 1;
  const programme = `cleared-by-${made}`;
  await t.ok('POST', '/programmes', { code: programme, name: programme });
  const issuer = await t.merchant({ programme });
  const taker = await t.merchant({ programme });
  const told = { programme, merchantId: issuer, alertFen: 0, actor: 'Li Lei' };
  const account = (await t.ok('POST', '/clearing/funding/accounts', told)).id;
  const { rows } = await t.pool.query<{ budget: Uuid }>(
    'select budget from funding_account where id = $1',
    [readId('fundingAccount', account)],
  );
  const price = (merchant: Uuid, funding: Uuid | null): Promise<unknown> =>
    t.pool.query(
      `insert into ledger.price (programme, point_type, merchant, from_ms, issue_price, reimbursement, fee, funding)
        select p.id, y.id, $1, $2, 10000000, 9000000, 1000000, $3 from programme p join point_type y on y.programme = p.id
        where p.code = $4`,
      [merchant, t.clock.now(), funding, programme],
    );
  await price(PLATFORM, null);
  await price(readId('merchant', issuer) as Uuid, rows[0]?.budget ?? null);
  let booked = 0;
  return {
    ...{ programme, issuer, taker, account },
    async book(kind, fen) {
      booked += 1;
      const paidOn = showInstant(t.clock.now()).slice(0, 10);
      const entry = { kind, fen, reference: `${programme} ${booked}`, paidOn, actor: 'Li Lei' };
      await t.ok('POST', `/clearing/funding/accounts/${account}/entries`, entry);
    },
    async closed(used = 400, at = taker) {
      const memberId = (await t.ok('POST', '/members', { programme })).id;
      const move = { memberId, pointType: 'points' };
      const [issued, burnt] = [
        { ...move, merchantId: issuer, kind: 'issue', points: 500 },
        { ...move, merchantId: at, kind: 'burn', points: used },
      ];
      await t.ok('POST', '/transactions', issued);
      await t.ok('POST', '/transactions', burnt);
      t.clock.advance(HOUR);
      const until = showInstant(t.clock.now());
      return (await t.ok('POST', '/clearing/periods', { programme, until })).id;
    },
  };
}
