import fc from 'fast-check';
import { expect, it } from 'vitest';
import { testSeed } from '../../kernel/testing/seed.ts';
import type { Cell, ColumnKind } from './paper.ts';
import { measure, shareWidth, wrapText } from './pdf-text.ts';
import { plainCell, shownCell } from './show-cell.ts';

const ZONE = 'Asia/Shanghai';
const both = (kind: ColumnKind, cell: Cell): [string, string] => [
  plainCell(kind, cell, ZONE),
  shownCell(kind, cell, ZONE),
];

it('shows every kind of cell for programs and for people', () => {
  expect(both('points', 1_234_567)).toEqual(['1234567', '1,234,567']);
  expect(both('points', { points: -1_234_567n, scale: 3 })).toEqual(['-1234.567', '−1,234.567']);
  expect(both('points', { points: 100, scale: 2 })).toEqual(['1.00', '1.00']);
  expect(both('fen', 5)).toEqual(['0.05', '0.05']);
  expect(both('fen', -100_000)).toEqual(['-1000.00', '−1,000.00']);
  expect(both('fen', 0)).toEqual(['0.00', '0.00']);
  expect(both('microFen', 10_000_000)).toEqual(['0.10', '0.10']);
  expect(both('microFen', 1n)).toEqual(['0.00000001', '0.00000001']);
  expect(both('microFen', -123_456_789_012_300_000n)).toEqual([
    '-1234567890.123',
    '−1,234,567,890.123',
  ]);
  expect(both('instant', Date.parse('2026-11-30T15:59:59.999Z'))[0]).toBe('2026-11-30 23:59:59');
  expect(both('text', null)).toEqual(['', '']);
});

it('takes no cell for what it is not', () => {
  const wrong: [ColumnKind, Cell][] = [
    ['fen', '5'],
    ['fen', 0.5],
    ['points', 'many'],
    ['text', 5],
    ['instant', '2026-11-30'],
  ];
  for (const [kind, cell] of wrong) expect(() => plainCell(kind, cell, ZONE)).toThrow(TypeError);
});

it('wraps any text into lines that fit, and loses nothing of it but spaces', () => {
  const widthOf = (character: string): number => (character > '\u2e7f' ? 10 : 5);
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', '1', ' ', '-', '红', '米', '。', '😀'),
    maxLength: 80,
  });
  fc.assert(
    fc.property(text, fc.integer({ min: 10, max: 120 }), (given, width) => {
      const lines = wrapText(given, widthOf, width, 1_000);
      for (const line of lines) expect(measure(line, widthOf)).toBeLessThanOrEqual(width);
      expect(lines.join('').replaceAll(' ', '')).toBe(given.replaceAll(' ', ''));
    }),
    { seed: testSeed('papers'), numRuns: 1_000 },
  );
  expect(wrapText('one two three', widthOf, 40)).toEqual(['one two', 'three']);
  expect(wrapText('0123456789', widthOf, 25, 1)).toEqual(['0123…']);
});

it('gives columns the width of the page, figures first', () => {
  expect(shareWidth(300, [50, 50, 50], [50, 10, 10])).toEqual([100, 100, 100]);
  const shared = shareWidth(200, [60, 300, 100], [60, 30, 30]);
  expect(shared[0]).toBe(60);
  expect(shared.reduce((a, b) => a + b)).toBeCloseTo(200);
  expect(shareWidth(50, [60, 60], [40, 60])).toEqual([20, 30]);
});
