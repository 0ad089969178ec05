import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  freePort,
  interrupt,
  makeScene,
  outputOf,
  ROOT_KEY,
  type ServerProcess,
  startServer,
} from './running-server.ts';

const HONGMI = fileURLToPath(new URL('../scripts/hongmi.mjs', import.meta.url));

let scene: ReturnType<typeof makeScene>;
let port: number;
let server: ServerProcess;
beforeAll(async () => {
  scene = makeScene();
  port = await freePort();
  server = await startServer({ dataDir: scene.dir('data'), port });
});
afterAll(async () => {
  await interrupt(server);
  await scene.clear();
});

test.each([
  ['rules.md', '### Step by step'],
  ['rules.zh-CN.md', '### 一步一步来'],
])('the melon season of docs/%s can be typed as it stands', async (name, heading) => {
  const text = readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');
  const [, rule = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
  const walk = text.slice(text.indexOf(heading)).split('\n### ')[0] ?? '';
  const folder = scene.dir(name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'melon-season.json'), rule);

  const shown: string[] = [];
  const script = [...walk.matchAll(/^```(sh|console)\n([\s\S]*?)^```$/gm)].map(([, kind, code]) => {
    if (kind === 'sh') return code;
    const [command = '', ...lines] = (code ?? '').split('\n');
    shown.push(lines.join('\n'));
    return `echo ====; ${command.replace(/^\$ /, '')}`;
  });
  expect(shown).toHaveLength(3);
  const { code, stdout, stderr } = await bash(asHere(script.join('\n')), folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain('urn:hongmi:problem');
  const [, ...explained] = stdout.split('====\n');
  expect(explained.map((each) => each.replace(/^\{.*\n/gm, ''))).toEqual(shown);
});

/** The server of this test, in place of that of the folder. */
function asHere(script: string): string {
  const here = script
    .replace('npm run -s hongmi --', `"${process.execPath}" "${HONGMI}"`)
    .replace('http://localhost:8080', `http://127.0.0.1:${port}`)
    .replace('$(cat .data/root-key)', ROOT_KEY);
  expect(here.match(/localhost|\.data|npm/g)).toBeNull();
  return here;
}

async function bash(script: string, cwd: string) {
  const env = { ...process.env, HONGMI_URL: `http://127.0.0.1:${port}`, HONGMI_KEY: ROOT_KEY };
  const child = spawn('bash', ['-eu', '-c', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return outputOf(child);
}
