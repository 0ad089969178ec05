import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp, START } from '../http/test-points-app.ts';

let t: PointsTestApp;
let programmes = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

/** A programme with points and leaves, and how to issue them to a member. */
async function stage(timeZone = 'Asia/Shanghai') {
  programmes += 1;
  const code = `e${programmes}`;
  const pointTypes = ['points', 'leaves'].map((each) => ({ code: each, name: each }));
  await t.ok('POST', '/programmes', { code, name: code, timeZone, pointTypes });
  const merchantId = await t.merchant({ programme: code });
  const memberId = (await t.ok('POST', '/members', { programme: code })).id;
  const issue = (points: number, expiresAt: string | null, pointType = 'points') =>
    t.ok('POST', '/transactions', {
      ...{ kind: 'issue', merchantId, memberId, points, expiresAt, pointType },
    });
  const calendar = async (query = ''): Promise<Answered['body']> =>
    t.ok('GET', `/members/${memberId}/expiry${query}`);
  return { code, merchantId, memberId, issue, calendar };
}

describe('the calendar of what expires when', () => {
  it('adds up the points of a day, by the last day on which they can be spent', async () => {
    const { code, issue, calendar } = await stage();
    await issue(5, '2026-05-31T16:00:00Z');
    await issue(7, '2026-05-31T16:00:00Z');
    await issue(1, '2026-05-31T02:00:00Z');
    await issue(3, '2026-05-31T16:00:00.001Z', 'leaves');
    await issue(9, null);
    expect(await calendar()).toEqual({
      items: [
        {
          ...{ day: '2026-05-31', programme: code, pointType: 'points', points: 13 },
          at: '2026-05-31T02:00:00.000Z',
        },
        {
          ...{ day: '2026-06-01', programme: code, pointType: 'leaves', points: 3 },
          at: '2026-05-31T16:00:00.001Z',
        },
      ],
      nextCursor: null,
    });
  });

  it('has the days of the programme', async () => {
    const { issue, calendar } = await stage('America/New_York');
    await issue(5, '2026-05-31T16:00:00Z');
    await issue(5, '2026-06-01T04:00:00Z');
    const { items } = await calendar();
    expect(items).toMatchObject([{ day: '2026-05-31', points: 10 }]);
  });

  it('has neither what is spent or held, nor what has lapsed, booked or not', async () => {
    const { merchantId, memberId, issue, calendar } = await stage();
    await issue(5, '2026-03-02T00:00:00Z');
    await issue(7, '2026-04-02T00:00:00Z');
    await issue(9, '2026-05-02T00:00:00Z');
    const at = { merchantId, memberId };
    await t.ok('POST', '/transactions', { kind: 'burn', ...at, points: 6 });
    await t.ok('POST', '/transactions', { kind: 'hold', ...at, points: 4, expiresInSeconds: 60 });
    const left = async () =>
      (await calendar()).items.map(({ day, points }: Answered['body']) => [day, points]);
    expect(await left()).toEqual([
      ['2026-04-02', 2],
      ['2026-05-02', 9],
    ]);
    t.clock.set(Date.parse('2026-04-01T23:59:59.999Z'));
    expect(await left()).toHaveLength(2);
    t.clock.advance(1);
    expect(await left()).toEqual([['2026-05-02', 9]]);
    t.clock.set(START);
  });

  it('goes on page by page, over all point types, however many lots there are', async () => {
    const { code, merchantId, memberId, calendar } = await stage();
    const transactions = Array.from({ length: 1_000 }, (_, n) => ({
      ...{ kind: 'issue', merchantId, memberId, points: 1, idempotencyKey: `${code}-${n}` },
      pointType: n % 2 === 0 ? 'points' : 'leaves',
      expiresAt: new Date(START + (1 + (n % 50)) * 24 * 3600_000).toISOString(),
    }));
    await t.ok('POST', '/transactions/bulk', { transactions });
    const seen: Answered['body'][] = [];
    let query = '?limit=20';
    for (let page = 0; page < 10; page += 1) {
      const { items, nextCursor } = await calendar(query);
      seen.push(...items);
      if (nextCursor === null) break;
      expect(items).toHaveLength(20);
      query = `?limit=20&cursor=${nextCursor}`;
    }
    expect(seen).toHaveLength(50);
    expect(new Set(seen.map(({ points }) => points))).toEqual(new Set([20]));
    const keys = seen.map(({ day, pointType }) => `${day} ${pointType}`);
    expect(new Set(keys).size).toBe(50);
    expect(seen.map(({ day }) => day)).toEqual(seen.map(({ day }) => day).sort());
  });

  it('is of a member that there is, in the programme that the key reaches', async () => {
    const [own, other] = [await stage(), await stage()];
    await own.issue(5, '2026-05-31T16:00:00Z');
    const nobody = 'mem_01h455vb4pex5vsknk084sn02q';
    expect((await t.call('GET', `/members/${nobody}/expiry`)).body.code).toBe('member_not_found');
    const bad = await t.call('GET', `/members/${own.memberId}/expiry?cursor=nothing`);
    expect(bad.body.code).toBe('cursor_invalid');
    const ask = async (programme: string): Promise<Answered> => {
      const { secret: auth } = await t.ok('POST', '/keys', {
        ...{ name: programme, scopes: ['points:read'], programme },
      });
      return t.call('GET', `/members/${own.memberId}/expiry`, undefined, { auth });
    };
    expect((await ask(own.code)).body.items).toHaveLength(1);
    expect((await ask(other.code)).body.code).toBe('member_not_found');
    await t.ok('POST', `/members/${own.memberId}/memberships`, { programme: other.code });
    const joined = (await t.ok('POST', '/members', { programme: other.code })).id;
    expect((await t.ok('GET', `/members/${joined}/expiry`)).items).toEqual([]);
  });
});
