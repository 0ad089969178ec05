import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { AlreadyRunningError, acquire, readInstance } from './instance-lock.ts';
import { compilePlatform, runProgram, type TestProcess } from './postgres/test-process.ts';
import { identifySelf } from './process-identity.ts';

let home: string;
let compiled: string;
const programs: TestProcess[] = [];

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'hongmi-instance-'));
  compiled = mkdtempSync(join(tmpdir(), 'hongmi-compiled-'));
  compilePlatform(compiled);
});

afterEach(async () => {
  for (const program of programs.splice(0)) await program.kill();
});

afterAll(() => {
  for (const folder of [home, compiled]) rmSync(folder, { recursive: true, force: true });
});

const newDataDir = () => join(mkdtempSync(join(home, 'case-')), '数据');

function acquireInProcess(dataDir: string): TestProcess {
  const program = runProgram(
    compiled,
    `import { acquire } from './instance-lock.js';
     const lock = await acquire(${JSON.stringify(dataDir)}).catch((error) => print({ code: error.code, pid: error.instance?.pid }));
     if (lock) {
       await lock.publish('http://localhost:' + process.pid);
       print({ held: process.pid });
       setInterval(() => {}, 1000);
     }`,
  );
  programs.push(program);
  return program;
}

test('one server per data directory, found by others while it lives', async () => {
  const dataDir = newDataDir();
  expect(await readInstance(dataDir)).toBeUndefined();
  const lock = await acquire(dataDir);
  expect(await readInstance(dataDir)).toBeUndefined();
  const early = await acquire(dataDir).catch((error: unknown) => error);
  expect(early).toMatchObject({
    code: 'already_running',
    instance: { pid: process.pid, url: undefined },
  });

  await lock.publish('http://localhost:8080', new Date(0));
  expect(await readInstance(dataDir)).toEqual({ url: 'http://localhost:8080', pid: process.pid });
  expect(statSync(join(dataDir, 'server.json')).mode & 0o777).toBe(0o600);
  const { startedAt, processStart } = JSON.parse(
    readFileSync(join(dataDir, 'server.json'), 'utf8'),
  );
  expect(startedAt).toBe('1970-01-01T00:00:00.000Z');
  expect(processStart).toBe(identifySelf().start ?? null);
  const error = (await acquire(dataDir).catch((reason: unknown) => reason)) as AlreadyRunningError;
  expect(error).toBeInstanceOf(AlreadyRunningError);
  expect(error.message).toContain(`process ${process.pid}`);
  expect(error.message).toContain('http://localhost:8080');

  await lock.release();
  await lock.release();
  expect(await readInstance(dataDir)).toBeUndefined();
  await (await acquire(dataDir)).release();
});

test('a server killed with -9 leaves nothing in the way, and of many successors exactly one wins', async () => {
  const dataDir = newDataDir();
  for (let round = 0; round < 4; round++) {
    const starters = Array.from({ length: 5 }, () => acquireInProcess(dataDir));
    const answers = await Promise.all(starters.map((starter) => starter.next()));
    const winners = answers.filter((answer) => answer.held !== undefined);
    expect(winners).toHaveLength(1);
    const losers = answers.filter((answer) => answer.code === 'already_running');
    expect(losers.map((loser) => loser.pid)).toEqual(
      Array.from({ length: 4 }, () => winners[0]?.held),
    );
    expect((await readInstance(dataDir))?.pid).toBe(winners[0]?.held);
    for (const starter of starters) await starter.kill();
    expect(await readInstance(dataDir)).toBeUndefined();
  }
});

test('holders never overlap while processes contend and are killed', async () => {
  const dataDir = newDataDir();
  mkdirSync(dataDir);
  const contend = () => {
    const program = runProgram(
      compiled,
      `import { readFileSync, writeFileSync } from 'node:fs';
       import { waitForLock } from './process-lock.js';
       const mark = ${JSON.stringify(join(dataDir, 'inside'))};
       for (;;) {
         const lock = await waitForLock(${JSON.stringify(join(dataDir, 'locks'))}, 'contended', 60_000);
         for (let look = 0; look < 3; look++) {
           writeFileSync(mark, String(process.pid));
           await new Promise((resolve) => setTimeout(resolve, 1));
           if (readFileSync(mark, 'utf8') !== String(process.pid)) print({ overlap: true });
         }
         print({ overlap: false });
         await lock.release();
       }`,
    );
    programs.push(program);
    return program;
  };
  const survivor = contend();
  for (let victim = 0; victim < 4; victim++) {
    const program = contend();
    // Killed at some point of its second turn: inside, between or while taking over.
    for (let turn = 0; turn < 2; turn++) expect(await program.next()).toEqual({ overlap: false });
    await program.kill();
    expect(await survivor.next()).toEqual({ overlap: false });
  }
});

test('a process number taken by another process does not count as the server', async () => {
  const dataDir = newDataDir();
  const self = identifySelf();
  if (self.start === undefined) return; // a system that does not tell start times
  mkdirSync(join(dataDir, 'locks', 'server'), { recursive: true });
  const holder = { id: 'old', pid: process.pid, start: `${self.start}0` };
  writeFileSync(join(dataDir, 'locks', 'server', 'holder.json'), JSON.stringify(holder));
  const published = {
    pid: process.pid,
    url: 'http://localhost:1',
    startedAt: '',
    processStart: holder.start,
  };
  writeFileSync(join(dataDir, 'server.json'), JSON.stringify(published));
  expect(await readInstance(dataDir)).toBeUndefined();
  await (await acquire(dataDir)).release();
  expect(readdirSync(join(dataDir, 'locks')).filter((name) => name === 'server')).toEqual([]);
});

test('a damaged lock and a damaged server.json are taken for what they are: left by the dead', async () => {
  const dataDir = newDataDir();
  for (let round = 0; round < 2; round++) {
    mkdirSync(join(dataDir, 'locks', 'server'), { recursive: true });
    writeFileSync(join(dataDir, 'locks', 'server', 'holder.json'), '');
    writeFileSync(join(dataDir, 'server.json'), '{"pid":');
    chmodSync(join(dataDir, 'server.json'), 0o600);
    expect(await readInstance(dataDir)).toBeUndefined();
    await (await acquire(dataDir)).release();
  }
});
