import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  freePort,
  interrupt,
  makeScene,
  type ServerProcess,
  startServer,
} from './running-server.ts';
import { partOf, typeWalk } from './typed-walk.ts';

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
  const folder = scene.dir(name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'melon-season.json'), rule);
  const { shown, found } = await typeWalk(partOf(text, heading), { port, folder });
  expect(shown).toHaveLength(3);
  expect(found).toEqual(shown);
});
