import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openServer } from './own-server.ts';
import { partOf, typeWalk } from './typed-walk.ts';

const own = openServer('all');

test.each([
  ['rules.md', '### Step by step'],
  ['rules.zh-CN.md', '### 一步一步来'],
])('the melon season of docs/%s can be typed as it stands', async (name, heading) => {
  const text = readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');
  const [, rule = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
  const folder = own.dir(name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'melon-season.json'), rule);
  const { shown, found } = await typeWalk(partOf(text, heading), { port: own.port, folder });
  expect(shown).toHaveLength(3);
  expect(found).toEqual(shown);
});
