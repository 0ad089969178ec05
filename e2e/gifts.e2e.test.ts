import { testSeed } from '@hongmi/server/kernel/testing/seed';
import { expect, it } from 'vitest';
import { auditDatabase } from './audit.ts';
import { createDice } from './bank.ts';
import { createCaller, type Result } from './caller.ts';
import { openServer } from './own-server.ts';
import { reachUnderLoad } from './under-load.ts';

const MEMBERS = 16;
const REQUESTS = 160;
const GIFTS = 8;
const CLIENTS = 16;
const KILLS = 3;
/** Less than most would give, so that many gifts are refused. */
const POINTS = 400;

const own = openServer('each');

/** What is decided about an item: whether it was asked before is another matter. */
const decided = ({ status, transfer, problem }: Result): unknown =>
  status === 'refused' ? problem.code : transfer;

it('gives every gift once and loses none while the server is killed', async () => {
  const seed = testSeed('gifts');
  const dice = createDice(seed);
  const caller = createCaller(own.url);
  const shop = { name: 'Shop', category: 'test', earnRatio: { points: 1, perFen: 100 } };
  const merchantId = (await caller.until('POST', '/merchants', shop)).body.id;
  const members: string[] = [];
  while (members.length < MEMBERS) {
    const memberId = (await caller.until('POST', '/members', {})).body.id;
    const issue = { kind: 'issue', memberId, merchantId, points: POINTS };
    expect((await caller.until('POST', '/transactions', issue)).status).toBe(201);
    members.push(memberId);
  }
  const requests = Array.from({ length: REQUESTS }, (_, request) => ({
    key: `gifts-${request}`,
    transfers: Array.from({ length: GIFTS }, () => {
      const giver = dice(MEMBERS);
      const receiver = (giver + 1 + dice(MEMBERS - 1)) % MEMBERS;
      const [giverId, receiverId] = [members[giver], members[receiver]];
      return { giverId, receiverId, points: 1 + dice(60), purpose: 'friend_gift' };
    }),
    results: [] as readonly Result[],
  }));
  const queue = [...requests];
  let done = 0;
  const client = async (): Promise<void> => {
    for (let request = queue.shift(); request !== undefined; request = queue.shift()) {
      const { key, transfers } = request;
      const { status, text, body } = await caller.until(
        'POST',
        '/transfers/bulk',
        { transfers },
        key,
      );
      expect(status, text).toBe(200);
      request.results = body.results;
      done += 1;
    }
  };
  const load = Promise.all(Array.from({ length: CLIENTS }, client));
  // A client that fails early fails the test below.
  load.catch(() => undefined);
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const from = (kill * REQUESTS) / (KILLS + 1) - CLIENTS;
    await reachUnderLoad(() => done >= from, own.process, load);
    await own.kill();
    await own.start();
  }
  await load;
  expect(caller.failures).toEqual([]);
  expect(caller.repeats).toBeGreaterThan(0);

  let arrived = 0;
  let refused = 0;
  const balances = new Map(members.map((member) => [member, POINTS]));
  for (const { key, transfers, results } of requests) {
    const again = await caller.until('POST', '/transfers/bulk', { transfers }, key);
    expect(again.body.results.map(decided)).toEqual(results.map(decided));
    for (const [place, { status, transfer, problem }] of again.body.results.entries()) {
      const { giverId = '', receiverId = '', points } = transfers[place] ?? { points: 0 };
      if (status === 'refused') {
        expect(problem.code).toBe('insufficient_points');
        refused += 1;
        continue;
      }
      expect([status, transfer.status]).toEqual(['replayed', 'arrived']);
      balances.set(giverId, (balances.get(giverId) ?? 0) - points);
      balances.set(receiverId, (balances.get(receiverId) ?? 0) + points);
      arrived += 1;
    }
  }
  expect(arrived + refused).toBe(REQUESTS * GIFTS);
  for (const member of members) {
    const { body } = await caller.until('GET', `/members/${member}/balance`);
    expect(body.balances[0]?.available, member).toBe(balances.get(member));
  }
  expect(await auditDatabase(own.dataDir)).toBe(MEMBERS + 2 * arrived + refused);
});
