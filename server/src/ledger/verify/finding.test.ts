import { expect, test } from 'vitest';
import { coded, problem, tellFinding } from './finding.ts';
import { FINDINGS_EN } from './findings-en.ts';
import { FINDINGS_ZH } from './findings-zh.ts';

const places = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '').sort();

test('both languages fill the same places, and Chinese says it in Chinese', () => {
  for (const part of ['subjects', 'findings'] as const) {
    const chinese: Readonly<Record<string, string>> = FINDINGS_ZH[part];
    for (const [code, text] of Object.entries(FINDINGS_EN[part])) {
      expect(places(chinese[code] ?? ''), code).toEqual(places(text));
      expect(chinese[code], code).toMatch(/\p{Script=Han}/u);
    }
  }
});

test('a finding is told in either language', () => {
  const subject = { code: 'sealOfFile', facts: { number: 7 } } as const;
  const finding = coded({}, subject, problem('seals_missing', { last: 4 }));
  expect(finding.about).toBe('seal 7 of the file');
  expect(finding.message).toBe('it follows seal 4: seals between them are missing');
  expect(tellFinding(finding, 'zh')).toEqual({
    about: '文件中的封印 7',
    message: '它接在封印 4 之后：中间的封印缺失',
  });
});
