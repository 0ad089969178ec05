import { once } from 'node:events';
import { connect } from 'node:net';
import { PATIENCE_MS } from '@hongmi/server/kernel/testing/patience';
import { testSeed } from '@hongmi/server/kernel/testing/seed';
import { prepareDatabase } from '@hongmi/server/main/prepare-database';
import { administer, withDatabase } from '@hongmi/server/platform/postgres/test-database';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { auditDatabase, reconcile, repeatAll, statusOf } from './audit.ts';
import { createDice, openBank, visit } from './bank.ts';
import { type Answered, type Caller, createCaller } from './caller.ts';
import {
  type Ended,
  freePort,
  makeScene,
  ROOT_KEY,
  type ServerProcess,
  startServer,
} from './running-server.ts';
import { countAnswered, reachUnderLoad } from './under-load.ts';

// Two processes that serve and two that do the jobs, on one database, as a role that owns nothing.

const CLIENTS = 12;
/** Acknowledgements between two restarts: enough that each falls into full traffic. */
const VISITS_BETWEEN = 100;

const scene = makeScene();
const admin = inject('adminDatabaseUrl');
const role = `e2e_processes_${process.pid}`;
const owner = withDatabase(admin, role);
const serverUrl = new URL(owner);
serverUrl.username = role;
serverUrl.password = role;

interface Place {
  readonly role: 'api' | 'worker';
  readonly name: string;
  readonly port: number;
  process: ServerProcess;
}
const places: Place[] = [];
const env = (of: Place['role']) => ({
  HONGMI_ROLE: of,
  DATABASE_URL: serverUrl.href,
  HONGMI_MASTER_KEY: '22'.repeat(32),
  HONGMI_SEAL_KEY: '33'.repeat(32),
});
const startAt = (of: Place['role'], name: string, port: number) =>
  startServer({ dataDir: scene.dir(name), port, env: env(of) });

beforeAll(async () => {
  await administer(admin, `create role ${role} login password '${role}'`);
  await administer(admin, `create database ${role} template template0`);
  await prepareDatabase(owner, serverUrl.href);
  for (const of of ['api', 'api', 'worker', 'worker'] as const) {
    const name = `${of} ${places.length}`;
    const port = await freePort();
    places.push({ role: of, name, port, process: await startAt(of, name, port) });
  }
});
afterAll(async () => {
  for (const place of places) place.process.child.kill('SIGKILL');
  for (const place of places) await place.process.ended;
  await scene.clear();
  await administer(admin, `drop database ${role} with (force)`);
  await administer(admin, `drop role ${role}`);
});

const urlOf = (place: Place): string => `http://127.0.0.1:${place.port}`;
const callers = (): Caller[] =>
  places.filter((place) => place.role === 'api').map((place) => createCaller(urlOf(place)));

/** Ends a process as a supervisor does, and starts it again. */
async function restart(place: Place): Promise<Ended> {
  place.process.child.kill('SIGTERM');
  const ended = await place.process.ended;
  place.process = await startAt(place.role, place.name, place.port);
  return ended;
}

it('restarts each process in turn under load, and a client that tries again sees no error', async () => {
  const seed = testSeed('processes');
  const both = callers();
  const [caller] = both as [Caller];
  const bank = await openBank(caller, 6, 2);
  const refused: string[] = [];
  let turn = 0;
  // To each server in turn; a connection that fails sends the same request to the other one.
  const send = async (body: object, key: string): Promise<Answered[]> => {
    for (let tries = 0; tries < 1_000; tries += 1) {
      turn += 1;
      const to = both[turn % both.length] as Caller;
      const answer = await to.once('POST', '/transactions', body, key).catch(() => undefined);
      if (answer !== undefined && answer.status < 500) return [answer];
      if (answer !== undefined) refused.push(answer.text);
    }
    throw new Error('nobody answers');
  };
  let stopped = false;
  const clients = Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      const dice = createDice(seed + client);
      for (let i = 0; !stopped; i += 1) await visit(bank, dice, `p${client}-${i}`, send);
    }),
  );
  clients.catch(() => undefined);
  const more = (): Promise<void> => {
    const wanted = countAnswered(bank) + VISITS_BETWEEN;
    const lastWords = (): string => places.map((place) => place.process.lastWords()).join('\n');
    return reachUnderLoad(() => countAnswered(bank) >= wanted, { lastWords }, clients);
  };
  for (const place of places) {
    await more();
    const { code, signal, stderr } = await restart(place);
    expect({ code, signal }, stderr).toEqual({ code: 0, signal: null });
    // A busy machine makes connections late, which is a warning; an error would not be passed over.
    const told = stderr.split('\n').filter((line) => !line.startsWith('{"level":40,'));
    expect(told.join('\n')).toBe('Stopping ...\n');
  }
  await more();
  stopped = true;
  await clients;

  expect(refused).toEqual([]);
  expect(bank.slips.map(statusOf).filter((status) => status !== 201 && status !== 422)).toEqual([]);
  await reconcile(caller, bank);
  await repeatAll(bank, ({ body, key }) => caller.until('POST', '/transactions', body, key));
  expect(await auditDatabase(scene.dir('none'), owner)).toBe(bank.slips.length);
});

it('tells clients of kept connections that it stops, and answers what they sent', async () => {
  const [place] = places as [Place];
  const socket = connect(place.port, '127.0.0.1');
  await once(socket, 'connect');
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  const head = `POST /v1/members HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ROOT_KEY}\r\n`;
  const body = '{"externalIds":{"e2e":"kept"}}';
  // A request is under way while the signal arrives: its body is still to come.
  socket.write(
    `${head}Idempotency-Key: kept\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  const live = await fetch(`${urlOf(place)}/v1/health/live`);
  expect(live.status).toBe(200);
  place.process.child.kill('SIGTERM');
  // From now on nobody can connect.
  await expect
    .poll(
      () =>
        createCaller(urlOf(place))
          .once('GET', '/health/live')
          .then(String, () => 'refused'),
      {
        timeout: PATIENCE_MS,
      },
    )
    .toBe('refused');
  socket.write(body);
  await once(socket, 'close');
  expect(heard).toMatch(/^HTTP\/1\.1 201 /);
  expect(heard.toLowerCase()).toContain('connection: close');
  expect((await place.process.ended).code).toBe(0);
  place.process = await startAt(place.role, place.name, place.port);
});

it('refuses a key on every process within seconds of its revocation, and agrees on a sandbox’s clock', async () => {
  const [one, two] = callers() as [Caller, Caller];
  const other = places[1] as Place;
  const made = await one.until('POST', '/keys', { name: 'till', scopes: ['members:read'] }, 'make');
  const { id, secret } = made.body as unknown as { id: string; secret: string };
  const ask = async (): Promise<number> =>
    (
      await fetch(`${urlOf(other)}/v1/keys`, {
        headers: { authorization: `Bearer ${secret}` },
      })
    ).status;
  // Known there, and without the scope.
  expect(await ask()).toBe(403);
  const revokedAt = Date.now();
  expect((await one.until('DELETE', `/keys/${id}`, undefined, 'revoke')).status).toBe(200);
  while ((await ask()) !== 401) expect(Date.now() - revokedAt).toBeLessThan(9_000);
  console.info(`processes: a revoked key was refused elsewhere after ${Date.now() - revokedAt} ms`);

  const code = 'sandbox-e2e';
  await one.until('POST', '/programmes', { code, name: 'Sandbox', sandbox: true }, 'sandbox');
  const now = '2031-01-01T00:00:00.000Z';
  expect((await two.until('PUT', `/programmes/${code}/clock`, { now }, 'clock')).status).toBe(200);
  for (const each of [one, two]) {
    const { body } = await each.until('GET', '/programmes');
    const shown = (body.items as unknown as { code: string; now: string }[]).find(
      (item) => item.code === code,
    );
    expect(Date.parse(shown?.now ?? '') - Date.parse(now)).toBeGreaterThanOrEqual(0);
    expect(Date.parse(shown?.now ?? '') - Date.parse(now)).toBeLessThan(60_000);
  }
});

it('a worker answers for its health and nothing else', async () => {
  const worker = createCaller(urlOf(places[2] as Place));
  expect((await worker.once('GET', '/health')).status).toBe(200);
  expect((await worker.once('GET', '/keys')).status).toBe(404);
  expect((await worker.once('POST', '/transactions', {})).status).toBe(404);
});
