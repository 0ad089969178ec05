import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createClient, type HongmiClient } from '@hongmi/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playCommand } from '../cli/src/commands/scenarios.ts';
import { speaker } from '../cli/src/messages.ts';
import { play } from '../cli/src/scenarios/play.ts';
import type { Scenario } from '../cli/src/scenarios/scenario.ts';
import { SCENARIOS } from '../cli/src/scenarios/scenarios.ts';
import {
  freePort,
  interrupt,
  makeScene,
  ROOT_KEY,
  type ServerProcess,
  startServer,
} from './running-server.ts';

const COMMAND = fileURLToPath(new URL('../scripts/scenarios.mjs', import.meta.url));

let scene: ReturnType<typeof makeScene>;
let url: string;
let server: ServerProcess;
let hongmi: HongmiClient;
beforeAll(async () => {
  scene = makeScene();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  hongmi = createClient({ url, key: ROOT_KEY });
  server = await startServer({ dataDir: scene.dir('data'), port });
});
afterAll(async () => {
  await interrupt(server);
  await scene.clear();
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
    },
  );

  test('those that gave nothing say why', async () => {
    const [, fruitShop] = SCENARIOS;
    const { reasons } = await play(fruitShop as Scenario, hongmi);
    expect(reasons.map(({ explanation }) => explanation.noPointsReason)).toEqual([
      undefined,
      'below_one_point',
    ]);
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
    expect(stdout).toMatch(/^2 个场景的 20 个数字全部相符。\n$/m);
  });

  test('tells programs the same', async () => {
    const { code, stdout } = await run(['S2', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      figures: 3,
      differing: 0,
      scenarios: [
        {
          id: 'S2',
          title: { zh: '水果店', en: 'Fruit shop' },
          figures: [
            { name: { en: 'points after 30 days' }, expected: 600, found: 600, asExpected: true },
            { expected: 100, found: 100 },
            { expected: 0, found: 0 },
          ],
          reasons: [{ explanation: { points: 20 } }, { explanation: { points: 0 } }],
        },
      ],
    });
  });

  test('marks a figure that is different, and ends with 1', async () => {
    const wrong: Scenario = {
      ...(SCENARIOS[1] as Scenario),
      play: (stage) =>
        (SCENARIOS[1] as Scenario).play({
          ...stage,
          figure: (name, expected, found) =>
            stage.figure(name, expected === 600 ? 601 : expected, found),
        }),
    };
    let out = '';
    const shell = {
      env: { HONGMI_URL: url, HONGMI_KEY: ROOT_KEY },
      ...{ here: '/nowhere', home: '/nowhere', say: speaker('en') },
      out(text: string) {
        out += text;
      },
      ...{ err: () => {}, progress: () => {}, endProgress: () => {} },
    };
    const args = { positionals: ['S2'], options: {}, flags: new Set<string>() };
    expect(await playCommand([wrong]).run(args, shell)).toBe(1);
    expect(out).toMatch(/^points after 30 days +601 +600 {2}✗ DIFFERENT$/m);
    expect(out).toMatch(/^left after 500 were spent +100 +100 {2}✓$/m);
    expect(out).toContain('1 of 3 figures are DIFFERENT from what was expected.');
  });

  test('knows what there is not', async () => {
    const { code, stdout, stderr } = await run(['S99', '--json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'scenario_unknown', message: expect.stringContaining('S1 S2 S3') },
    });
  });

  test('says which scenario could not be played to its end', async () => {
    const { id } = await hongmi
      .POST('/v1/keys', {
        params: { header: { 'Idempotency-Key': 'half' } },
        body: { name: 'half', scopes: ['programmes:write'] },
      })
      .then(({ data }) => ({ id: data?.secret ?? '' }));
    const { code, stderr } = await run(['S1'], { HONGMI_KEY: id });
    expect(code).toBe(1);
    expect(stderr).toContain('scope_missing');
  });

  test('without a server starts one, and leaves nothing of it', async () => {
    const temporary = scene.dir('temporary');
    mkdirSync(temporary);
    const env = { HONGMI_URL: '', TMPDIR: temporary, LANG: 'C' };
    const { code, stdout, stderr } = await run(['S5'], env);
    expect(stderr).toBe('Starting a server for it, which goes away afterwards ...\n');
    expect(code).toBe(0);
    expect(stdout).toContain('All 7 figures of 1 scenarios are as expected.');
    expect(readdirSync(temporary)).toEqual([]);
  });
});

async function run(words: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [COMMAND, ...words], {
    env: { ...process.env, HONGMI_URL: url, HONGMI_KEY: ROOT_KEY, LANG: 'C', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}
