import { describe, expect, test } from 'vitest';
import { COMMANDS } from './commands.ts';
import { isMessageCode, languageOf, speaker, word } from './messages.ts';
import { ENGLISH } from './messages-en.ts';
import { CHINESE } from './messages-zh.ts';

const places = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '').sort();

test('both languages fill the same places', () => {
  for (const [code, text] of Object.entries(ENGLISH)) {
    if (isMessageCode(code)) expect(places(CHINESE[code]), code).toEqual(places(text));
  }
});

test('Chinese says it in Chinese', () => {
  const untranslated = Object.entries(CHINESE).filter(([, text]) => !/\p{Script=Han}/u.test(text));
  expect(untranslated.map(([code]) => code)).toEqual([
    'refused',
    'import_title',
    'explained_then',
    'finding',
    'finding_place',
    'proof_seal_of',
  ]);
  for (const { name, help } of COMMANDS) expect(help.zh, name).toMatch(/\p{Script=Han}/u);
});

describe('languageOf', () => {
  test.each<[Record<string, string>, string]>([
    [{}, 'en'],
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LANG: 'C.UTF-8' }, 'en'],
    [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'en_US.UTF-8' }, 'en'],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'zh_TW' }, 'zh'],
    [{ LANG: 'zh_CN.UTF-8', LC_ALL: '' }, 'zh'],
    [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_CN' }, 'zh'],
  ])('%j is %s', (env, language) => {
    expect(languageOf(env)).toBe(language);
  });
});

test('a speaker fills places and leaves facts alone', () => {
  expect(speaker('en')('server_silent', { url: 'http://x', detail: '{url}' })).toBe(
    'No answer from http://x: {url}',
  );
});

test('words of the API that are new are shown as they are', () => {
  const say = speaker('zh');
  expect(word(say, 'kind', 'burn')).toBe('使用');
  expect(word(say, 'kind', 'teleport')).toBe('teleport');
});
