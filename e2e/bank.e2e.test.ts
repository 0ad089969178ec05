import { randomBytes } from 'node:crypto';
import { testSeed } from '@hongmi/server/kernel/testing/seed';
import { administer, withDatabase } from '@hongmi/server/platform/postgres/test-database';
import { afterAll, expect, inject, it } from 'vitest';
import { auditDatabase, reconcile, repeatAll } from './audit.ts';
import { createDice, openBank, type Send, visit } from './bank.ts';
import { type Caller, createCaller } from './caller.ts';
import { freePort, interrupt, makeScene, startServer } from './running-server.ts';

const CLIENTS = 24;
const VISITS = 30;

const scene = makeScene();
afterAll(() => scene.clear());

it('keeps its books with racing clients on few members, every request sent twice and again later', async () => {
  const dataDir = scene.dir('data 数据');
  const port = await freePort();
  const server = await startServer({ dataDir, port });
  const caller = createCaller(`http://127.0.0.1:${port}`);
  await race([caller, caller], () => auditDatabase(dataDir));
  expect((await interrupt(server)).code).toBe(0);
});

it('keeps its books when two servers share a database and every request goes to both', async () => {
  const admin = inject('adminDatabaseUrl');
  const name = `e2e_shared_${process.pid}`;
  const url = withDatabase(admin, name);
  const env = { DATABASE_URL: url, HONGMI_MASTER_KEY: randomBytes(32).toString('hex') };
  await administer(admin, `CREATE DATABASE ${name}`);
  try {
    const [one, two] = [await freePort(), await freePort()];
    const servers = [
      await startServer({ dataDir: scene.dir('one'), port: one, env }),
      await startServer({ dataDir: scene.dir('two'), port: two, env }),
    ];
    const callers = [one, two].map((port) => createCaller(`http://127.0.0.1:${port}`));
    await race(callers, () => auditDatabase(scene.dir('none'), url));
    for (const server of servers) expect((await interrupt(server)).code).toBe(0);
  } finally {
    await administer(admin, `DROP DATABASE ${name} WITH (FORCE)`);
  }
});

/** Clients that send every request to each caller at the same moment; the first caller keeps the rest of the books. */
async function race(callers: readonly Caller[], audit: () => Promise<number>): Promise<void> {
  const seed = testSeed('bank');
  const [caller, other] = callers as [Caller, Caller];
  const bank = await openBank(caller, 4, 2);
  const send: Send = async (body, key) => {
    const answers = await Promise.all(
      callers.map((each) => each.once('POST', '/transactions', body, key)),
    );
    // One of the two is told that it is the repetition.
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
  await repeatAll(bank, ({ body, key }) => other.once('POST', '/transactions', body, key));
  await reconcile(other, bank);
  expect(await audit()).toBe(bank.slips.length);
}
