import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { PATIENCE_MS } from '../kernel/testing/patience.ts';
import type { Pool } from '../platform/database.ts';
import { createPool, databaseFailure } from '../platform/database.ts';
import type { TestDatabase } from '../platform/postgres/test-database.ts';
import { createTestDatabase } from '../platform/postgres/test-database.ts';
import { watchDatabase } from './watch-database.ts';

let database: TestDatabase;
let pool: Pool;
let door: Server | undefined;
let port = 0;
const open = new Set<Socket>();

// The database behind a door: closing it looks like its death, opening it like its return.
async function openDoor(): Promise<void> {
  const target = new URL(database.url);
  const made = createServer((outer) => {
    const inner = connect(Number(target.port), target.hostname);
    for (const socket of [outer, inner]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => open.delete(socket));
    }
    outer.pipe(inner).pipe(outer);
  });
  await new Promise<void>((resolve) => made.listen(port, '127.0.0.1', resolve));
  port = (made.address() as AddressInfo).port;
  door = made;
}

async function closeDoor(): Promise<void> {
  const closing = door;
  door = undefined;
  for (const socket of open) socket.destroy();
  await new Promise((resolve) =>
    closing === undefined ? resolve(undefined) : closing.close(resolve),
  );
}

beforeAll(async () => {
  database = await createTestDatabase();
  await openDoor();
  const url = new URL(database.url);
  url.host = `127.0.0.1:${port}`;
  pool = createPool({ url: url.href, name: 'watch-test', connectionsMax: 2 });
});
afterAll(async () => {
  await pool.end();
  await closeDoor();
  await database.drop();
});

test('a database that dies is revived, with a pause after a failed attempt', async () => {
  const clock = manualClock(0);
  const failures: string[] = [];
  let attempts = 0;
  const revive = async (): Promise<void> => {
    attempts += 1;
    if (attempts === 1) throw new Error('not yet');
    await openDoor();
  };
  const onError = (error: unknown): void => void failures.push((error as Error).message);
  const watch = watchDatabase({ pool, clock, revive, onError, everyMs: 5 });
  await pool.query('select 1');
  expect(attempts).toBe(0);

  await closeDoor();
  expect(await pool.query('select 1').catch(databaseFailure)).toBe('unavailable');
  watch.look();
  await vi.waitFor(() => expect(failures).toEqual(['not yet']));
  expect(attempts).toBe(1);
  clock.advance(2_999);
  watch.look();
  expect(await pool.query('select 1').catch(databaseFailure)).toBe('unavailable');
  expect(attempts).toBe(1);
  clock.advance(1);
  await vi.waitFor(() => expect(attempts).toBe(2));
  await vi.waitFor(async () =>
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]),
  );

  await watch.close();
  await closeDoor();
  watch.look();
  expect(attempts).toBe(2);
  await openDoor();
});

test('a pool that is full is no dead database, unless nobody else gets in either', async () => {
  const held = await Promise.all([pool.connect(), pool.connect()]);
  for (const client of held) client.on('error', () => {});
  let attempts = 0;
  const revive = async (): Promise<void> => {
    attempts += 1;
    await openDoor();
  };
  const patience = { timeout: PATIENCE_MS };
  const knocked = once(door as Server, 'connection');
  const watch = watchDatabase({
    pool,
    clock: manualClock(0),
    revive,
    onError: () => {},
    everyMs: 5,
  });
  try {
    // The look that the full pool kept waiting went past it, and was satisfied: the next one waits already.
    await knocked;
    await vi.waitFor(() => expect(pool.waitingCount).toBe(1), patience);
    expect(attempts).toBe(0);
    await closeDoor();
    await vi.waitFor(() => expect(attempts).toBe(1), patience);
  } finally {
    for (const client of held) client.release(true);
    await watch.close();
    if (door === undefined) await openDoor();
  }
});
