import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { readId } from '../../kernel/id.ts';
import { standardPrices } from '../books/test-books.ts';

type Body = Answered['body'];
const DAY = 24 * 3600_000;

let t: PointsTestApp;
let code: string;
let programmes = 0;
let grocer: string;
let cinema: string;
let period: Body;
let books: Body;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const iso = (ms: number): string => new Date(ms).toISOString();
const move = async (body: object): Promise<Body> =>
  (await t.ok('POST', '/transactions', body)).transaction;
const member = async (): Promise<string> => {
  const id = await t.member();
  await t.ok('POST', `/members/${id}/memberships`, { programme: code });
  return id;
};
const closePeriod = async (): Promise<Body> => {
  t.clock.advance(1);
  return t.ok('POST', '/clearing/periods', { programme: code, until: iso(t.clock.now()) });
};
const closeBooks = (): Promise<Body> => t.ok('POST', '/books/closings', { programme: code });
const reconcile = (): Promise<Body> =>
  t.ok('POST', '/clearing/reconciliation', { programme: code });
const sql = (text: string, values: unknown[] = []): Promise<unknown> => t.pool.query(text, values);
const codes = (made: Body): string[] => [
  ...new Set<string>(made.findings.map((each: Body) => each.code)),
];

/** Two merchants, points of one used at the other, a period closed, and some more since. */
beforeEach(async () => {
  programmes += 1;
  code = `reconcile-${programmes}`;
  await t.ok('POST', '/programmes', { code, name: code, returnPolicy: 'debt' });
  [grocer, cinema] = [await t.merchant({ programme: code }), await t.merchant({ programme: code })];
  t.clock.advance(DAY);
  await standardPrices(t, { issue: 1_234_567, reimbursement: 1_100_000, fee: 50_001 }, code);
  const one = await member();
  const earn = await move({ kind: 'issue', merchantId: grocer, memberId: one, points: 100 });
  const used = await move({ kind: 'burn', merchantId: cinema, memberId: one, points: 61 });
  await move({ kind: 'refund', memberId: one, transactionId: used.id, points: 7 });
  await move({ kind: 'burn', merchantId: grocer, memberId: one, points: 5 });
  // Most is used: what is taken back becomes a debt, which the next points repay.
  await move({ kind: 'return', memberId: one, transactionId: earn.id, points: 90 });
  await move({ kind: 'issue', merchantId: cinema, memberId: one, points: 80 });
  period = await closePeriod();
  books = await closeBooks();
  await move({ kind: 'issue', merchantId: grocer, memberId: one, points: 33 });
  await move({ kind: 'burn', merchantId: cinema, memberId: one, points: 20 });
});

describe('ledger, clearing and books', () => {
  it('say the same, and what was compared is shown', async () => {
    const readLast = () => t.ok('GET', `/clearing/reconciliation?programme=${code}`);
    expect(await readLast()).toEqual({ last: null });
    const made = await reconcile();
    expect(made).toMatchObject({ programme: code, ok: true, differences: 0, findings: [] });
    expect(made.checks).toBeGreaterThan(10);
    const [points] = made.outstanding;
    expect(points.lotPoints).toBe(points.accountPoints);
    expect(points.lotPoints).toBe(points.bookPoints);
    expect(points.lotMicroFen).toBe(points.bookMicroFen);
    expect(Number(points.lotMicroFen)).toBe(Number(points.lotPoints) * 1_234_567);
    expect(made.money).toMatchObject({ closedPeriods: 1, closedBooks: 1 });
    expect(await readLast()).toEqual({ last: made });
  });

  it('say the same over many periods, with late things and refunds of what was closed', async () => {
    const memberId = await member();
    await move({ kind: 'issue', merchantId: grocer, memberId, points: 500 });
    let last: Body;
    for (let month = 0; month < 4; month += 1) {
      const used = await move({ kind: 'burn', merchantId: cinema, memberId, points: 37 });
      if (last !== undefined)
        await move({ kind: 'refund', memberId, transactionId: last.id, points: 11 });
      last = used;
      t.clock.advance(20 * DAY);
      await closePeriod();
      await closeBooks();
    }
    const made = await reconcile();
    expect(made.findings).toEqual([]);
    expect(made.money.closedPeriods).toBe(5);
    // Once looked through, periods are looked through in turn; nothing is found then, either.
    expect((await reconcile()).checks).toBeLessThan(made.checks);
    expect((await reconcile()).ok).toBe(true);
  });

  it('are reconciled by a job, once a day and after a period was closed', async () => {
    const job = async (): Promise<number> => (await t.jobs.others?.clearingReconciled?.()) ?? -1;
    expect(await job()).toBeGreaterThanOrEqual(1);
    expect(await job()).toBe(0);
    t.clock.advance(1);
    await closePeriod();
    expect(await job()).toBe(1);
    await closeBooks();
    expect(await job()).toBe(1);
    t.clock.advance(DAY);
    expect(await job()).toBeGreaterThanOrEqual(1);
  });

  it('are compared where nothing is cleared, too: then lots and accounts are all there is', async () => {
    const bare = `bare-${programmes}`;
    await t.ok('POST', '/programmes', { code: bare, name: bare });
    const merchantId = await t.merchant({ programme: bare });
    const memberId = await t.member();
    await t.ok('POST', `/members/${memberId}/memberships`, { programme: bare });
    await move({ kind: 'issue', merchantId, memberId, points: 12 });
    const made = await t.ok('POST', '/clearing/reconciliation', { programme: bare });
    expect(made).toMatchObject({
      ok: true,
      outstanding: [{ lotPoints: '12', accountPoints: '12', bookPoints: null }],
      money: { closedPeriods: 0, closedBooks: 0, owedMicroFen: '0' },
    });
  });

  it('are shown as a page, in both languages', async () => {
    await reconcile();
    for (const [lang, words] of [
      ['en', 'Everything adds up'],
      ['zh', '全部相符'],
    ]) {
      const page = await t.app.inject({
        method: 'GET',
        url: `/v1/clearing/reconciliation.html?programme=${code}&lang=${lang}`,
        headers: { authorization: `Bearer ${await t.apiKey(['books:read'])}` },
      });
      expect(page.headers['content-type']).toContain('text/html');
      expect(page.body).toContain(words);
    }
  });

  it('can be rehearsed: nothing is written', async () => {
    const made = await t.ok('POST', '/clearing/reconciliation', { programme: code, dryRun: true });
    expect(made).toMatchObject({ dryRun: true, differences: 0 });
    expect(await t.ok('GET', `/clearing/reconciliation?programme=${code}`)).toEqual({ last: null });
  });
});

describe('whoever changes a figure behind our back', () => {
  const tampered: readonly [what: string, change: () => Promise<unknown>, found: string[]][] = [
    [
      'a pair',
      () =>
        sql(
          'update clearing_pair set owed_fen = owed_fen + 1 where period = $1 and payer <> taker',
          [uuid(period.id)],
        ),
      ['figures', 'pair', 'carried'],
    ],
    [
      'a position and the one that pays for it',
      () =>
        sql(
          `update clearing_position set due_fen = due_fen + d.fen, net_fen = net_fen + d.fen from (
            select merchant, case row_number() over (order by merchant) when 1 then 1 else -1 end as fen
            from clearing_position where period = $1 order by merchant limit 2) d
            where period = $1 and clearing_position.merchant = d.merchant`,
          [uuid(period.id)],
        ),
      ['figures', 'position'],
    ],
    [
      'an accrual of a closed period',
      () =>
        sql(
          `update ledger.accrual a set owed = owed + 1000000 where (a.shard, a.seq, a.place) = (
            select shard, seq, place from ledger.accrual where kind = 1 and payer <> taker
              and programme = (select id from programme where code = $1) order by effective_at_ms limit 1)`,
          [code],
        ),
      ['pair', 'position', 'books_accruals'],
    ],
    [
      'a cohort of the books',
      () =>
        sql(
          'update book_cohort set redeemed = redeemed - 1, settled = settled + 1 where period = $1',
          [uuid(books.id)],
        ),
      ['books_figures', 'cohort'],
    ],
    [
      'how much of a cohort is left',
      () => sql('update book_cohort set issued = issued + 9 where period = $1', [uuid(books.id)]),
      ['lots_books', 'books_figures', 'cohort'],
    ],
    [
      'a cohort away',
      () => sql('delete from book_cohort where period = $1', [uuid(books.id)]),
      ['lots_books', 'worth_books', 'books_figures', 'cohort'],
    ],
    [
      'what a lot holds',
      () =>
        sql(
          'update ledger.lot set amount = amount + 5, issued = issued + 5, remaining = remaining + 5 where open and programme = (select id from programme where code = $1)',
          [code],
        ),
      ['lots_accounts', 'lots_books', 'worth_books'],
    ],
    [
      'an account',
      () =>
        sql(
          'update ledger.member_account set free = free + 5 where programme = (select id from programme where code = $1)',
          [code],
        ),
      ['lots_accounts', 'accounts_balance'],
    ],
  ];

  it.each(tampered)(
    '%s, is found out, and what it is about is named',
    async (_what, change, found) => {
      expect((await reconcile()).ok).toBe(true);
      await change();
      const made = await reconcile();
      expect(made.ok).toBe(false);
      expect(codes(made).sort()).toEqual([...found].sort());
      for (const finding of made.findings) {
        expect(finding.expected).not.toBe(finding.found);
        expect(finding.message).not.toBe('');
        expect(finding.messageZh).toMatch(/\p{Script=Han}/u);
        expect(finding.seen).toBe(1);
      }
      const about = made.findings.map((each: Body) => each.about).join('\n');
      if (found.includes('pair')) expect(about).toMatch(/clp_\w+ points mer_\w+ → mer_\w+/);
      if (found.includes('position')) expect(about).toMatch(/clp_\w+ (mer_\w+|platform)/);
      if (found.includes('cohort')) expect(about).toMatch(/bkp_\w+ points \d{4}-\d\d/);
      // Seen again it is the same finding.
      const again = await reconcile();
      expect(again.findings.map((each: Body) => [each.id, each.seen])).toEqual(
        made.findings.map((each: Body) => [each.id, 2]),
      );
    },
  );

  it('a payment, is found out', async () => {
    const account = {
      programme: code,
      holder: 'Co',
      bank: 'Bank',
      cnaps: '102290000012',
      actor: 'Lin',
    };
    const auth = await t.apiKey(['clearing:write']);
    const put = async (more: object) => {
      const { number } = await t.ok('PUT', '/clearing/settlement-accounts', {
        ...{ ...account, ...more },
      });
      const said = { programme: code, number, actor: 'Han', ...more };
      await t.ok('POST', '/clearing/settlement-accounts/confirmations', said, { auth });
    };
    await put({ role: 'custody', accountNumber: '6222000000000000' });
    for (const merchantId of [grocer, cinema])
      await put({ role: 'merchant', merchantId, accountNumber: '6222000000000001' });
    await t.ok('POST', `/clearing/periods/${period.id}/payments`, { actor: 'Lin' });
    expect((await reconcile()).findings).toEqual([]);
    await sql('update payment_instruction set fen = fen + 1 where period = $1', [uuid(period.id)]);
    const made = await reconcile();
    expect(codes(made)).toEqual(['payment']);
    expect(made.findings[0].about).toMatch(/clp_\w+ mer_\w+/);
  });

  it('and puts it right again, has it resolved', async () => {
    await sql('update clearing_pair set fee = fee + 1 where period = $1', [uuid(period.id)]);
    expect((await reconcile()).ok).toBe(false);
    await sql('update clearing_pair set fee = fee - 1 where period = $1', [uuid(period.id)]);
    expect((await reconcile()).findings).toEqual([]);
  });
});

/** The UUID in a shown id. */
function uuid(shown: string): string {
  const kind = shown.startsWith('clp') ? 'clearingPeriod' : 'bookPeriod';
  const id = readId(kind, shown);
  if (id === undefined) throw new Error(`no ${kind}: ${shown}`);
  return id;
}
