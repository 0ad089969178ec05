import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSealer } from '../platform/seal.ts';
import { askedGrams, foldName, gramsOf, maskName, nameMatches } from './name.ts';

const sealer = createSealer(randomBytes(32));
// Few characters, so that names share them; one beyond the basic plane, and forms that fold to others.
const name = fc
  .array(fc.constantFrom('王', '小', '明', 'A', 'a', 'Ａ', ' ', '·', '𠮷', 'é'), {
    minLength: 1,
    maxLength: 8,
  })
  .map((characters) => characters.join(''));

test('whoever has a text in their name is found under its grams', () => {
  fc.assert(
    fc.property(name, name, (called, typed) => {
      const folded = foldName(typed);
      if (folded === '' || !nameMatches(called, folded)) return;
      const own = new Set(gramsOf(sealer, called));
      expect(askedGrams(sealer, folded).every((gram) => own.has(gram))).toBe(true);
    }),
  );
});

test('a part of a name that is cut out of it means it', () => {
  fc.assert(
    fc.property(name, fc.nat(), fc.nat(), (called, from, length) => {
      const characters = [...foldName(called)];
      const start = characters.length === 0 ? 0 : from % characters.length;
      const part = characters.slice(start, start + 2 + (length % 6)).join('');
      if ([...part].length > 1) expect(nameMatches(called, part)).toBe(true);
    }),
  );
});

test.each([
  ['王小明', '王*明'],
  ['李雷', '李*'],
  ['欧阳小明', '欧**明'],
  ['𠮷野家', '𠮷*家'],
  ['王', '*'],
  ['Elizabeth Bennet', 'E***t'],
])('%s is masked as %s', (called, masked) => {
  expect(maskName(called)).toBe(masked);
});

test('forms that look alike are one name', () => {
  for (const written of ['ＷＡＮＧ　小明', 'wang小明', ' Wang 小 明 ', 'Wang·小明'])
    expect(foldName(written)).toBe('wang小明');
});

test('one character begins a name, two stand anywhere in it', () => {
  expect(nameMatches('王小明', '王')).toBe(true);
  expect(nameMatches('王小明', '明')).toBe(false);
  expect(nameMatches('王小明', '小明')).toBe(true);
  expect(nameMatches('王小明', '王明')).toBe(false);
  expect(askedGrams(sealer, '')).toEqual([]);
});
