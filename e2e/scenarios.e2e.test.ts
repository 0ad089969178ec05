import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, type Hongmi } from '@hongmi/sdk';
import { reach } from '@hongmi/server/kernel/testing/patience';
import { beforeAll, describe, expect, test } from 'vitest';
import { playCommand } from '../cli/src/commands/scenarios.ts';
import { speaker } from '../cli/src/messages.ts';
import { play } from '../cli/src/scenarios/play.ts';
import { beautyShop } from '../cli/src/scenarios/s5-beauty-shop.ts';
import type { Played, Scenario } from '../cli/src/scenarios/scenario.ts';
import { SCENARIOS } from '../cli/src/scenarios/scenarios.ts';
import { openServer } from './own-server.ts';
import { outputOf, ROOT_KEY } from './running-server.ts';

const COMMAND = fileURLToPath(new URL('../scripts/scenarios.mjs', import.meta.url));

const own = openServer('all');
let url: string;
let hongmi: Hongmi;
const played = new Map<string, Played['reasons']>();
const reasonsOf = (id: string) =>
  played.get(id)?.map(({ explanation }) => explanation.noPointsReason);
beforeAll(() => {
  url = own.url;
  hongmi = createClient({ url, key: ROOT_KEY });
});

describe('every figure of', () => {
  test.each(SCENARIOS.map((each) => [each.id, each.title.en, each] as const))(
    '%s %s comes out exactly',
    async (_, __, scenario) => {
      const { figures, reasons } = await play(scenario, hongmi);
      expect(figures.length).toBeGreaterThan(2);
      expect(figures.map(({ name, found }) => [name.en, found])).toEqual(
        figures.map(({ name, expected }) => [name.en, expected]),
      );
      expect(reasons.length).toBeGreaterThan(0);
      for (const { explanation } of reasons) expect(explanation.rules).not.toEqual([]);
      played.set(scenario.id, reasons);
    },
  );

  test('some that gave nothing says why', () => {
    expect(reasonsOf('S2')).toEqual([undefined, undefined, 'below_one_point']);
    expect(reasonsOf('S11')).toEqual(['already_claimed']);
  });
});

describe('the command', () => {
  test('plays on a server that is named, again and again, and shows figures and reasons', async () => {
    // They were played there before: what is used up for good is so under names of a play's own.
    const { code, stdout, stderr } = await run(['S14', 's11'], { LANG: 'zh_CN.UTF-8' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^S11 学校与社区$[\s\S]*^S14 退货$/m);
    expect(stdout).toMatch(/^数字 +应为 +实为$/m);
    expect(stdout).toMatch(/^记欠分：成为欠分 +200 +200 {2}✓$/m);
    expect(stdout).toContain('为什么：另一个计划里的同一张单子');
    expect(stdout).toContain('没有积分：这份凭证已经奖过，在这里或在别处。');
    expect(stdout).toMatch(/收回 +100 → 0/);
    expect(stdout).toMatch(/^20 个数字全部相符。\n$/m);
  });

  test('tells programs the same', async () => {
    const { code, stdout } = await run(['S10', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      figures: 10,
      differing: 0,
      scenarios: [
        {
          id: 'S10',
          title: { zh: '绿色银行卡', en: 'Green bank card' },
          figures: [
            { name: { en: 'green points by cash' }, expected: 200, found: 200, asExpected: true },
            { expected: 500, found: 500 },
            { expected: 300, found: 300 },
            { expected: 200, found: 200 },
            { expected: 200, found: 200 },
            { expected: 1900, found: 1900 },
            { expected: 2000, found: 2000 },
            { expected: 400, found: 400 },
            { expected: 2, found: 2 },
            { expected: 0, found: 0 },
          ],
          reasons: [{ explanation: { points: 200 } }],
        },
      ],
    });
  });

  test('marks a figure that is different, and ends with 1', async () => {
    const wrong: Scenario = {
      ...beautyShop,
      play: (stage) =>
        beautyShop.play({
          ...stage,
          figure: (name, expected, found) =>
            stage.figure(name, name.en === 'for registering' ? 101 : expected, found),
        }),
    };
    const { shell, told } = listen();
    const args = { positionals: ['S5'], options: {}, flags: new Set<string>() };
    expect(await playCommand([wrong]).run(args, shell)).toBe(1);
    const out = told();
    expect(out).toMatch(/^for registering +101 +100 {2}✗ DIFFERENT$/m);
    expect(out).toMatch(/^left after a sample, at once +0 +0 {2}✓$/m);
    expect(out).toContain('1 of 8 figures are DIFFERENT from what was expected.');
  });

  test('knows what there is not', async () => {
    const { code, stdout, stderr } = await run(['S99', '--json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'scenario_unknown', message: expect.stringContaining('S1 S2 S3') },
    });
  });

  test('says which scenario could not be played to its end, and why', async () => {
    const broken: Scenario = {
      ...beautyShop,
      async play({ town: build }) {
        const town = await build({ packs: ['fruit-shop'] });
        const shop = town.merchant('fruit-shop');
        await town.spend(shop, await town.register(shop), { points: 1 });
      },
    };
    const args = { positionals: [], options: {}, flags: new Set<string>() };
    await expect(playCommand([broken]).run(args, listen().shell)).rejects.toMatchObject({
      code: 'scenario_stopped',
      facts: { id: 'S5', code: 'insufficient_points' },
      exitCode: 1,
    });
  });

  test('whose key may not do it says so', async () => {
    const { secret } = await hongmi.createKey(
      { name: 'half', scopes: ['programmes:write'] },
      { idempotencyKey: 'half' },
    );
    const { code, stderr } = await run(['S1'], { HONGMI_KEY: String(secret) });
    expect(code).toBe(1);
    expect(stderr).toContain('scope_missing');
  });

  test('interrupted with a server of its own, leaves nothing of it', async () => {
    const temporary = own.dir('interrupted');
    mkdirSync(temporary);
    const { child, ended } = start(['S5'], { HONGMI_URL: '', TMPDIR: temporary });
    const isUnderWay = () =>
      readdirSync(temporary).some((own) => readdirSync(join(temporary, own)).length > 0);
    await reach(isUnderWay, () => 'no server was begun', ended);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('without a server starts one, and leaves nothing of it', async () => {
    const temporary = own.dir('temporary');
    mkdirSync(temporary);
    const env = { HONGMI_URL: '', TMPDIR: temporary, LANG: 'C' };
    const { code, stdout, stderr } = await run(['S5'], env);
    expect(stderr).toBe('Starting a server for it, which goes away afterwards ...\n');
    expect(code).toBe(0);
    expect(stdout).toContain('All 8 figures are as expected.');
    expect(readdirSync(temporary)).toEqual([]);
  });
});

/** The shell of a command that is run in this process, on the server of this test. */
function listen() {
  let out = '';
  const shell = {
    env: { HONGMI_URL: url, HONGMI_KEY: ROOT_KEY },
    ...{ here: '/nowhere', home: '/nowhere', say: speaker('en') },
    out(text: string) {
      out += text;
    },
    input: async () => '',
    ...{ err: () => {}, progress: () => {}, endProgress: () => {} },
  };
  return { shell, told: () => out };
}

function start(words: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [COMMAND, ...words], {
    env: { ...process.env, HONGMI_URL: url, HONGMI_KEY: ROOT_KEY, LANG: 'C', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, ended: outputOf(child) };
}

function run(words: readonly string[], env: Record<string, string> = {}) {
  return start(words, env).ended;
}
