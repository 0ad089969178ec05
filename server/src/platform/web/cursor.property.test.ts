import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCursor, readPageStart, writeCursor } from './cursor.ts';

const position = fc.array(fc.oneof(fc.string(), fc.maxSafeInteger()), { maxLength: 4 });

test('a cursor gives back its position, to its own list only', () => {
  fc.assert(
    fc.property(position, (given) => {
      const cursor = writeCursor('members', given);
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(readCursor('members', cursor)).toEqual(JSON.parse(JSON.stringify(given)));
      expect(readCursor('merchants', cursor)).toBeUndefined();
    }),
  );
});

test('an altered cursor is refused', () => {
  fc.assert(
    fc.property(position, fc.nat(), fc.constantFrom(...'Az09-_=!'), (given, where, letter) => {
      const cursor = writeCursor('members', given);
      const at = where % cursor.length;
      fc.pre(cursor[at] !== letter);
      expect(
        readCursor('members', cursor.slice(0, at) + letter + cursor.slice(at + 1)),
      ).toBeUndefined();
    }),
  );
  for (const text of ['', 'x', '红', 'AAAA', 'A'.repeat(500)])
    expect(readCursor('members', text)).toBeUndefined();
});

test('a forged position that is no id is refused before it reaches the database', () => {
  expect(readPageStart('keys', writeCursor('keys', ["'; drop table member"]))).toBeUndefined();
  expect(readPageStart('keys', undefined)).toEqual({ after: null });
});
