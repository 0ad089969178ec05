import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import en from './generated/refusals-en.ts';
import zh from './generated/refusals-zh.ts';

const ROW = /^\| `([a-z][a-z0-9_]*)` \| (\d{3}) \| (.+) \|$/;

/** The words for each code, from the tables of a page of the documentation, without its links and marks of code. */
function wordsIn(page: string): Record<string, string> {
  const words: Record<string, string> = {};
  for (const line of readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8').split(
    '\n',
  )) {
    const [, code, , said] = ROW.exec(line) ?? [];
    if (code !== undefined && said !== undefined)
      words[code] = said.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').replaceAll('`', '');
  }
  return words;
}

// `npm run generate` writes the files anew.
test.each([
  ['en', 'api.md'],
  ['zh', 'api.zh-CN.md'],
])('the words in %s are those of docs/%s', async (language, page) => {
  const made = `export default ${JSON.stringify(wordsIn(page), null, 2)} as Readonly<Record<string, string>>;\n`;
  await expect(made).toMatchFileSnapshot(`./generated/refusals-${language}.ts`);
});

test('both languages have words for the same codes', () => {
  expect(Object.keys(zh)).toEqual(Object.keys(en));
  expect(zh.insufficient_points).toBe('可用积分不足');
});
