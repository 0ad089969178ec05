import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reach } from '@hongmi/server/kernel/testing/patience';
import { describe, expect, test } from 'vitest';
import { openServer } from './own-server.ts';
import { outputOf, ROOT_KEY } from './running-server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const HONGMI = join(root, 'scripts', 'hongmi.mjs');
const MONTH = join(root, 'samples', 'online-retail-month.csv.gz');
const MAPPING = join(root, 'samples', 'online-retail.mapping.json');
/** The whole year is not in the repository; give its path to include it. */
const YEAR = process.env.ONLINE_RETAIL_FILE ?? '';

// Both by samples/check-online-retail.py, which shares no code with us.
const MONTH_REPORT = {
  lines: 42481,
  orders: 1400,
  members: 885,
  pointsEarned: 572051,
  pointsClawedBack: 8150,
  pointsOutstanding: 563901,
  rejected: { no_customer: 15631, unmatched: 391 },
};
const YEAR_REPORT = {
  lines: 541909,
  orders: 18536,
  members: 4339,
  pointsEarned: 8902670,
  pointsClawedBack: 516114,
  pointsOutstanding: 8386556,
  rejected: { no_customer: 135080, unmatched: 1389 },
};
/** Points left after the month, by the same program with --members. */
const MONTH_POINTS: Readonly<Record<string, number>> = {
  17850: 5379,
  14606: 1230,
  12748: 4159,
  15311: 2629,
  17841: 2465,
  13089: 5830,
};

const own = openServer('each');

describe('the sample month', () => {
  test('comes to exactly what it must, once', async () => {
    expect(await importFile(MONTH)).toEqual(MONTH_REPORT);
    for (const [customer, points] of Object.entries(MONTH_POINTS)) {
      expect(await availableTo(customer), customer).toBe(points);
    }
    const heads = await readHeads();
    expect(await importFile(MONTH)).toEqual(MONTH_REPORT);
    expect(await readHeads()).toEqual(heads);
    await expectVerified();
  });

  test('goes on after the importer was killed in the middle, as often as that happens', async () => {
    const left: number[] = [];
    for (const blocks of [1, 20, 40]) {
      const importing = hongmi('import', 'orders', MONTH, '--mapping', MAPPING, '--json');
      const done = outputOf(importing);
      await reach(
        async () => importing.exitCode !== null || (await countBlocks()) >= blocks,
        standsStill,
      );
      importing.kill('SIGKILL');
      await done;
      left.push(await countBlocks());
    }
    expect(await importFile(MONTH)).toEqual(MONTH_REPORT);
    // Killed too late, it would have nothing to go on with.
    expect(left[0]).toBeLessThan(await countBlocks());
    expect(await importFile(MONTH)).toEqual(MONTH_REPORT);
    await expectVerified();
  });

  test('lives through a kill of the server', async () => {
    const importing = hongmi('import', 'orders', MONTH, '--mapping', MAPPING, '--json');
    const done = outputOf(importing);
    await reach(async () => (await countBlocks()) > 0, standsStill);
    await own.kill();
    expect(importing.exitCode).toBeNull();
    await own.start();
    const { code, stdout, stderr } = await done;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(MONTH_REPORT);
    expect(await importFile(MONTH)).toEqual(MONTH_REPORT);
    await expectVerified();
  });
});

describe.runIf(YEAR !== '')('the whole year', () => {
  test('comes to exactly what it must, on top of the month as well', async () => {
    expect(await importFile(MONTH)).toEqual(MONTH_REPORT);
    expect(await importFile(YEAR)).toEqual(YEAR_REPORT);
    expect(await importFile(YEAR)).toEqual(YEAR_REPORT);
    expect(await importFile(MONTH)).toEqual(MONTH_REPORT);
    await expectVerified();
  });
});

function hongmi(...words: string[]): ChildProcess {
  const env = {
    ...process.env,
    HONGMI_DATA_DIR: own.dataDir,
    HONGMI_ROOT_KEY: ROOT_KEY,
    LANG: 'C',
  };
  const args =
    words[0] === 'import' ? [...words, '--rejects', join(own.dataDir, 'rejects.csv')] : words;
  return spawn(process.execPath, [HONGMI, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(...words: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await outputOf(hongmi(...words, '--json'));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

const importFile = (path: string) => run('import', 'orders', path, '--mapping', MAPPING);

async function availableTo(customer: string): Promise<number | undefined> {
  const told = (await run('balance', `online-retail:${customer}`)) as {
    balances: { available: number }[];
  };
  return told.balances[0]?.available;
}

async function expectVerified(): Promise<void> {
  expect(await run('verify')).toMatchObject({ ok: true, findings: [] });
}

async function readHeads(): Promise<{ heads: { block: number }[] }> {
  const headers = { authorization: `Bearer ${ROOT_KEY}` };
  const response = await fetch(`${own.url}/v1/ledger/heads`, { headers });
  return (await response.json()) as { heads: { block: number }[] };
}

const standsStill = (): string => `the import stands still:\n${own.process.lastWords()}`;

async function countBlocks(): Promise<number> {
  return (await readHeads()).heads.reduce((sum, { block }) => sum + block, 0);
}
