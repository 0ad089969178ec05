import { mkdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openServer } from './own-server.ts';
import { partOf, typeWalk } from './typed-walk.ts';

const own = openServer('all');

test.each([
  ['clearing.md', '## An example to check by hand', 'street'],
  ['clearing.zh-CN.md', '## 一个可以手算的例子', 'avenue'],
])(
  'the example of docs/%s can be typed as it stands, and comes out to the fen',
  async (name, heading, programme) => {
    const text = readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');
    const folder = own.dir(name);
    mkdirSync(folder);
    // Both play on one server, each in a programme of its own.
    const walk = partOf(text, heading).replaceAll('street', programme);
    const { shown, found } = await typeWalk(walk, { port: own.port, folder });
    expect(shown).toHaveLength(4);
    expect(found).toEqual(shown);
  },
);
