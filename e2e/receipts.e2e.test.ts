import { testSeed } from '@hongmi/server/kernel/testing/seed';
import { expect, it } from 'vitest';
import { auditDatabase } from './audit.ts';
import { createDice } from './bank.ts';
import { type Answered, createCaller } from './caller.ts';
import { openServer } from './own-server.ts';
import { reachUnderLoad } from './under-load.ts';

const MEMBERS = 12;
const RECEIPTS = 120;
/** Claimed for this many members each, by clients of whom some give up when the server dies. */
const RIVALS = 4;
const CLIENTS = 24;
const KILLS = 2;
const POINTS = 10;
/** Enough for most receipts: the last ones find the budget used up. */
const BUDGET = (RECEIPTS - 15) * POINTS;

const own = openServer('each');

it('pays each receipt once and never more than the budget while the server is killed', async () => {
  const seed = testSeed('receipts');
  const dice = createDice(seed);
  const caller = createCaller(own.url);
  const shop = { name: 'Shop', category: 'test', earnRatio: { points: 1, perFen: 100 } };
  const merchantId = (await caller.until('POST', '/merchants', shop)).body.id;
  const members: string[] = [];
  while (members.length < MEMBERS)
    members.push((await caller.until('POST', '/members', {})).body.id);
  const budget = (await caller.until('POST', '/budgets', { name: 'receipts', total: BUDGET })).body
    .id;
  const visits = Array.from({ length: RECEIPTS * RIVALS }, (_, visit) => ({
    receipt: Math.floor(visit / RIVALS),
    key: `visit-${visit}`,
    body: {
      kind: 'issue',
      memberId: members[(visit * 5) % MEMBERS],
      merchantId,
      points: POINTS,
      claims: [{ scope: 'receipt', fact: `R-${Math.floor(visit / RIVALS)}` }],
      limits: [{ budget: 'receipts', mode: 'all' }],
    },
    // A client that never comes back leaves whatever it claimed to the others and to the job.
    givesUp: dice(3) === 0,
    answer: undefined as Answered | undefined,
  }));

  const queue = [...visits];
  let done = 0;
  const client = async (): Promise<void> => {
    for (let visit = queue.shift(); visit !== undefined; visit = queue.shift()) {
      const { body, key, givesUp } = visit;
      visit.answer = givesUp
        ? await caller.once('POST', '/transactions', body, key).catch(() => undefined)
        : await caller.until('POST', '/transactions', body, key);
      done += 1;
    }
  };
  const load = Promise.all(Array.from({ length: CLIENTS }, client));
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const from = (kill * visits.length) / (KILLS + 1) - visits.length / 8;
    await reachUnderLoad(() => done >= from, own.process, load);
    await own.kill();
    await own.start();
  }
  await load;
  expect(caller.failures).toEqual([]);
  expect(caller.repeats).toBeGreaterThan(0);

  // Everybody asks once more: who was answered is answered the same, and nothing stays undecided.
  const owners = new Map<number, string>();
  for (const { receipt, key, body, answer } of visits) {
    const again = await caller.until('POST', '/transactions', body, key);
    if (answer?.status === 201 || answer?.status === 422) expect(again.text).toBe(answer.text);
    if (again.status !== 201) {
      expect(['already_claimed', 'budget_exhausted']).toContain(again.body.code);
      continue;
    }
    expect(owners.get(receipt), `receipt ${receipt} paid twice`).toBeUndefined();
    owners.set(receipt, again.body.transaction.id);
  }
  expect(owners.size * POINTS).toBe(BUDGET);
  const { text } = await caller.until('GET', `/budgets/${budget}`);
  expect(JSON.parse(text)).toMatchObject({ total: BUDGET, spent: BUDGET, left: 0 });
  expect(await auditDatabase(own.dataDir)).toBe(visits.length);
});
