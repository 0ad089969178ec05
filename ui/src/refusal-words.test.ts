import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fileOf, refusalWordsOf, SOURCES, targetOf } from '../../scripts/refusal-words.mjs';
import en from './generated/refusals-en.ts';
import zh from './generated/refusals-zh.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

test.each(['en', 'zh'] as const)('the words in %s are those of the documentation', (language) => {
  const made = fileOf(refusalWordsOf(read(SOURCES[language])));
  expect(read(targetOf(language)), 'run `npm run generate`').toBe(made);
});

test('both languages have words for the same codes', () => {
  expect(Object.keys(zh)).toEqual(Object.keys(en));
  expect(zh.insufficient_points).toBe('可用积分不足');
});
