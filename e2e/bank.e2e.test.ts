import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditDatabase, reconcile, repeatAll } from './audit.ts';
import { createDice, openBank, visit } from './bank.ts';
import { createCaller } from './caller.ts';
import {
  freePort,
  interrupt,
  makeScene,
  type ServerProcess,
  startServer,
} from './running-server.ts';

const CLIENTS = 24;
const VISITS = 30;

const scene = makeScene();
const dataDir = scene.dir('data 数据');
let server: ServerProcess;
let url: string;
beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  server = await startServer({ dataDir, port });
});
afterAll(async () => {
  await interrupt(server);
  await scene.clear();
});

it('keeps its books with racing clients on few members, every request sent twice and again later', async () => {
  const seed = randomInt(2 ** 31);
  console.info(`bank: seed ${seed}`);
  const caller = createCaller(url);
  const bank = await openBank(caller, 4, 2);
  const send = async (body: object, key: string) => {
    // Twice at the same moment: one of the two is told that it is the repetition.
    const answers = await Promise.all(
      [1, 2].map(() => caller.once('POST', '/transactions', body, key)),
    );
    return answers.sort((a, b) => Number(a.replayed) - Number(b.replayed));
  };
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      const dice = createDice(seed + client);
      for (let i = 0; i < VISITS; i += 1) await visit(bank, dice, `c${client}-${i}`, send);
    }),
  );
  expect(bank.slips).toHaveLength(CLIENTS * VISITS);
  for (const { key, answers } of bank.slips) {
    const [first, second] = answers;
    expect(second?.text, key).toBe(first?.text);
    expect([first?.replayed, second?.replayed], key).toEqual([false, true]);
    expect([201, 422], `${key}: ${first?.text}`).toContain(first?.status);
  }
  const kinds = new Set(
    bank.slips.filter((slip) => slip.answers[0]?.status === 201).map((slip) => slip.body.kind),
  );
  expect([...kinds].sort()).toEqual([
    'burn',
    'capture',
    'hold',
    'issue',
    'refund',
    'release',
    'return',
  ]);

  await reconcile(caller, bank);
  await repeatAll(bank, ({ body, key }) => caller.once('POST', '/transactions', body, key));
  await reconcile(caller, bank);
  expect(await auditDatabase(dataDir)).toBe(bank.slips.length);
});
