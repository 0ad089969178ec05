import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { bookDue } from '../../jobs/run-jobs.ts';
import { closedPeriod, standardPrices } from './test-books.ts';

type Body = Answered['body'];
const DAY = 24 * 3600_000;

let t: PointsTestApp;
let code: string;
let merchantId: string;
let programmes = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
beforeEach(async () => {
  programmes += 1;
  code = `books-${programmes}`;
  await t.ok('POST', '/programmes', {
    code,
    name: code,
    giftMax: 1_000_000,
    giftDayMax: 1_000_000,
  });
  merchantId = await t.merchant({ programme: code });
  t.clock.advance(DAY);
});
afterAll(() => t.close());

const iso = (ms: number): string => new Date(ms).toISOString();
const join = async (): Promise<string> => {
  const id = await t.member();
  await t.ok('POST', `/members/${id}/memberships`, { programme: code });
  return id;
};
const move = async (body: object): Promise<Body> =>
  (await t.ok('POST', '/transactions', body)).transaction;
const issue = (memberId: string, points: number, more: object = {}): Promise<Body> =>
  move({ kind: 'issue', merchantId, memberId, points, ...more });
const burn = (memberId: string, points: number): Promise<Body> =>
  move({ kind: 'burn', merchantId, memberId, points });
const close = async (): Promise<Body> => {
  t.clock.advance(1);
  await closedPeriod(t, code);
  return t.ok('POST', '/books/closings', { programme: code });
};
const rollForward = (period: Body): Promise<Body> =>
  t.ok('GET', `/books/periods/${period.id}/roll-forward`);
const totalOf = async (period: Body): Promise<Body> => (await rollForward(period)).totals[0];
const file = async (path: string): Promise<string> => {
  const answer = await t.app.inject({
    method: 'GET',
    url: `/v1${path}`,
    headers: { authorization: `Bearer ${await t.apiKey(['books:read'])}` },
  });
  expect(answer.statusCode).toBe(200);
  return answer.body;
};
/** What the ledger says is in the hands of members, debts aside. */
const outstanding = async (): Promise<number> => {
  const { rows } = await t.pool.query<{ sum: number }>(
    `select coalesce(sum(l.remaining), 0)::int8 as sum from ledger.lot l join programme p on p.id = l.programme where p.code = $1`,
    [code],
  );
  return rows[0]?.sum ?? 0;
};

describe('a period of the books', () => {
  it('tells what became of points, at what their lots cost', async () => {
    await standardPrices(t, { issue: 10_000_000 }, code);
    const memberId = await join();
    await issue(memberId, 100);
    const used = await burn(memberId, 30);
    await move({ kind: 'refund', memberId, transactionId: used.id, points: 10 });
    const period = await close();
    expect(period).toMatchObject({ programme: code, number: 1, until: iso(t.clock.now()) });
    const { totals, cohorts } = await rollForward(period);
    const points = {
      ...{ opening: 0, issued: 100, moved: 0, takenBack: 0 },
      ...{ redeemed: 20, settled: 0, expired: 0, closing: 80 },
    };
    const fen = {
      ...{ opening: 0, issued: 1000, moved: 0, takenBack: 0, redeemed: 200, settled: 0 },
      ...{ breakage: 0, catchUp: 0, closing: 800 },
    };
    expect(totals).toEqual([{ pointType: 'points', points, fen }]);
    expect(cohorts).toEqual([
      { pointType: 'points', vintage: '2026-03', breakagePpm: null, points, fen },
    ]);
  });

  it('ends with what is in the hands of members, whatever was done', async () => {
    await standardPrices(t, { issue: 1_234_567 }, code);
    const [one, two] = [await join(), await join()];
    const earn = await issue(one, 1_000);
    await issue(one, 50, { expiresAt: iso(t.clock.now() + 2 * DAY) });
    const held = await move({
      ...{ kind: 'hold', merchantId, memberId: one, points: 300 },
      expiresAt: iso(t.clock.now() + DAY),
    });
    await move({ kind: 'capture', memberId: one, holdId: held.holdId, points: 200 });
    await t.ok('POST', '/transfers', {
      programme: code,
      giverId: one,
      receiverId: two,
      points: 90,
      purpose: 'family_gift',
    });
    await burn(two, 40);
    await burn(one, 600);
    // Most of it was spent: the rest is taken, and a debt is made.
    await move({ kind: 'return', memberId: one, transactionId: earn.id, points: 900 });
    await issue(one, 30);
    const first = await close();
    expect((await totalOf(first)).points.closing).toBe(await outstanding());
    t.clock.advance(3 * DAY);
    await bookDue(t.jobs);
    await issue(two, 7);
    const second = await close();
    const total = await totalOf(second);
    expect(total.points.opening).toBe((await totalOf(first)).points.closing);
    expect(total.fen.opening).toBe((await totalOf(first)).fen.closing);
    expect(total.points.closing).toBe(await outstanding());
    expect(total.fen.closing).toBe(Math.round(((await outstanding()) * 1_234_567) / 1_000_000));
  });

  it('keeps what takes effect after it out, though it was recorded before the cut was marked', async () => {
    await standardPrices(t, { issue: 10_000_000 }, code);
    const memberId = await join();
    await issue(memberId, 10);
    t.clock.advance(DAY);
    const until = t.clock.now();
    t.clock.advance(DAY);
    await issue(memberId, 5);
    // The cut is at a time that is over: what came since is of the next period.
    await cutAt(until);
    const first = await t.ok('POST', '/books/closings', { programme: code });
    expect((await totalOf(first)).points).toMatchObject({ issued: 10, closing: 10 });
    const second = await close();
    expect((await totalOf(second)).points).toMatchObject({ opening: 10, issued: 5, closing: 15 });
  });

  const cutAt = async (until: number): Promise<void> => {
    const now = t.clock.now();
    t.clock.set(until);
    try {
      await closedPeriod(t, code);
    } finally {
      t.clock.set(now);
    }
  };

  it('never changes: it is closed once, by whoever comes first, and says the same whenever it is asked', async () => {
    await standardPrices(t, { issue: 3_333_333 }, code);
    const memberId = await join();
    await issue(memberId, 100);
    await burn(memberId, 33);
    t.clock.advance(1);
    await closedPeriod(t, code);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => t.call('POST', '/books/closings', { programme: code })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    const period = answers.find(({ status }) => status === 201)?.body;
    const csv = await file(`/books/periods/${period.id}/roll-forward.csv`);
    expect(createHash('sha256').update(csv).digest('hex')).toBe(period.figuresHash);
    await burn(memberId, 10);
    await close();
    expect(await file(`/books/periods/${period.id}/roll-forward.csv`)).toBe(csv);
    expect((await t.ok('GET', `/books/periods?programme=${code}`)).items).toHaveLength(2);
    expect(await t.ok('GET', `/books/periods/${period.id}`)).toEqual(period);
  });

  it('is a paper, in both languages, of the same bytes whenever it is asked for', async () => {
    await standardPrices(t, { issue: 10_000_000 }, code);
    await issue(await join(), 100);
    const period = await close();
    const auth = { authorization: `Bearer ${await t.apiKey(['books:read'])}` };
    for (const [lang, words] of [
      ['en', 'Liability for points'],
      ['zh', '积分负债滚动表'],
    ] as const)
      for (const format of ['html', 'pdf', 'xlsx']) {
        const url = `/v1/books/periods/${period.id}/paper?format=${format}&lang=${lang}`;
        const [one, other] = [
          await t.app.inject({ method: 'GET', url, headers: auth }),
          await t.app.inject({ method: 'GET', url, headers: auth }),
        ];
        expect(one.statusCode).toBe(200);
        expect(one.rawPayload.equals(other.rawPayload)).toBe(true);
        if (format === 'html') {
          expect(one.body).toContain(words);
          expect(one.body).toContain('10.00');
        } else
          expect(one.rawPayload.toString('latin1', 0, 4)).toBe(
            format === 'pdf' ? '%PDF' : 'PK\x03\x04',
          );
      }
  });

  it('is closed by a job, one after the other', async () => {
    await standardPrices(t, { issue: 1_000_000 }, code);
    for (let month = 0; month < 3; month += 1) {
      await issue(await join(), 10);
      t.clock.advance(1);
      await closedPeriod(t, code);
    }
    expect(await t.jobs.others?.books?.()).toBe(3);
    expect(await t.jobs.others?.books?.()).toBe(0);
    const { items } = await t.ok('GET', `/books/periods?programme=${code}&limit=2`);
    expect(items.map((each: Body) => each.number)).toEqual([1, 2]);
  });

  it('is for operators, each of its own programme', async () => {
    await issue(await join(), 10);
    const period = await close();
    const other = await t.ok('POST', '/keys', {
      name: `elsewhere of ${code}`,
      scopes: ['books:read', 'books:write'],
      programme: 'default',
    });
    const refused = async (method: string, path: string, body?: object): Promise<string> =>
      (await t.call(method, `/books/${path}`, body, { auth: other.secret })).body.code;
    for (const path of ['', '/roll-forward', '/roll-forward.csv', '/journal'])
      expect(await refused('GET', `periods/${period.id}${path}`)).toBe('book_period_not_found');
    for (const path of ['periods', 'estimates', 'values'])
      expect(await refused('GET', `${path}?programme=${code}`)).toBe('programme_not_found');
    expect(await refused('POST', 'closings', { programme: code })).toBe('programme_not_found');
    await expect(t.apiKey(['books:read'], merchantId)).rejects.toThrow('operator_only');
  });
});

describe('estimates', () => {
  const estimate = (more: object = {}): Promise<Answered> =>
    t.call('POST', '/books/estimates', {
      programme: code,
      pointType: 'points',
      actor: 'Lin',
      ...more,
    });

  it('release in proportion to use, and catch up when they change', async () => {
    await standardPrices(t, { issue: 90_000_000 }, code);
    const memberId = await join();
    const override = { breakagePpm: 30_000, reason: 'as every year' };
    expect((await estimate({ override })).body).toMatchObject({
      number: 1,
      method: 'override',
      breakagePpm: 30_000,
      history: { cohorts: 0, sufficient: false, breakagePpm: null },
    });
    await issue(memberId, 10_000);
    expect((await totalOf(await close())).fen).toMatchObject({ issued: 900_000, closing: 900_000 });
    await burn(memberId, 4_500);
    const second = (await totalOf(await close())).fen;
    expect(second.opening - second.closing).toBe(417_526);
    await estimate({ override: { breakagePpm: 10_000, reason: 'more come back' } });
    await burn(memberId, 4_000);
    const third = (await totalOf(await close())).fen;
    expect(third.opening - third.closing).toBe(355_201);
    expect(third.catchUp).toBe(-8_435);
    const { items } = await t.ok('GET', `/books/estimates?programme=${code}`);
    expect(items.map((each: Body) => each.number)).toEqual([1, 2]);
  });

  it('are nothing while history is too short, and say so; and then what cohorts say, with its error', async () => {
    await standardPrices(t, { issue: 10_000_000 }, code);
    expect((await estimate()).body).toMatchObject({
      breakagePpm: 0,
      method: 'statistical',
      reason: null,
      history: { cohorts: 0, sufficient: false, standardErrorPpm: null },
    });
    await close();
    for (const used of [80, 60, 70]) {
      t.clock.advance(31 * DAY);
      const memberId = await join();
      await issue(memberId, 100, { expiresAt: iso(t.clock.now() + 20 * DAY) });
      await burn(memberId, used);
      await close();
      t.clock.advance(21 * DAY);
      await bookDue(t.jobs);
      await close();
    }
    expect((await estimate()).body).toMatchObject({
      number: 2,
      breakagePpm: 300_000,
      history: { cohorts: 3, sufficient: true, breakagePpm: 300_000, standardErrorPpm: 57_735 },
    });
  });

  it('are not of the past, and can be rehearsed', async () => {
    await issue(await join(), 10);
    const period = await close();
    expect((await estimate({ from: period.until })).body.code).toBe('book_estimate_backdated');
    expect(
      (await estimate({ from: iso(Date.parse(period.until) + 1), dryRun: true })).body,
    ).toMatchObject({
      dryRun: true,
      number: 1,
    });
    expect((await t.ok('GET', `/books/estimates?programme=${code}`)).items).toEqual([]);
    expect((await estimate({ pointType: 'nothing' })).body.code).toBe('point_type_not_found');
    expect((await estimate({ programme: 'nowhere' })).body.code).toBe('programme_not_found');
  });
});

describe('values of points without a price', () => {
  it('count from a month on that no closed books tell of', async () => {
    const value = (vintage: string, valueMicroFen: number): Promise<Answered> =>
      t.call('POST', '/books/values', {
        ...{ programme: code, pointType: 'points', vintage, valueMicroFen },
        ...{ reason: 'catalogue', actor: 'Lin' },
      });
    const memberId = await join();
    await issue(memberId, 100);
    expect((await totalOf(await close())).fen.closing).toBe(0);
    const month = iso(t.clock.now()).slice(0, 7);
    expect((await value(month, 5_000_000)).body.code).toBe('book_value_backdated');
    t.clock.advance(32 * DAY);
    const next = iso(t.clock.now()).slice(0, 7);
    expect((await value(next, 5_000_000)).status).toBe(201);
    expect((await value(next, 6_000_000)).body.code).toBe('book_value_backdated');
    await issue(memberId, 10);
    expect((await totalOf(await close())).fen).toMatchObject({ issued: 50, closing: 50 });
    expect((await t.ok('GET', `/books/values?programme=${code}`)).items).toHaveLength(1);
  });
});

it('splits a price as the published example does', async () => {
  const query = 'priceFen=10000000&goodsFen=10000000&points=10000&valueMicroFen=100000000';
  expect(await t.ok('GET', `/books/allocation?${query}&breakagePpm=30000`)).toEqual({
    goodsFen: 9_115_770,
    pointsFen: 884_230,
  });
  const nothing = 'priceFen=1&goodsFen=0&points=1&valueMicroFen=0';
  expect((await t.call('GET', `/books/allocation?${nothing}`)).body.code).toBe(
    'nothing_to_allocate',
  );
});
