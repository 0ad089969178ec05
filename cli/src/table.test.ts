import { expect, onTestFinished, test, vi } from 'vitest';
import { count, displayWidth, facts, harmless, moment, table } from './table.ts';

test('aligns where characters are wide, and titles too', () => {
  const text = table(
    [{ title: '商家' }, { title: '积分', align: 'right' }],
    [
      ['红米好物', '5'],
      ['shop', '1,234'],
      ['e\u0301', ''],
    ],
  );
  expect(text).toBe('商家       积分\n红米好物      5\nshop      1,234\ne\u0301\n');
});

test.each([
  ['abc', 3],
  ['积分', 4],
  ['ａ：', 4],
  ['한글', 4],
  ['😀', 2],
  ['e\u0301', 1],
  ['…—“”', 4],
])('%s takes %d columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('names and values line up', () => {
  expect(
    facts([
      ['行数', '1'],
      ['Orders', '22'],
      ['nothing', ''],
    ]),
  ).toBe('行数     1\nOrders   22\nnothing\n');
});

test('a name cannot command the terminal', () => {
  expect(harmless('a\u001b[31mb\u202ec\nd')).toBe('a\ufffd[31mb\ufffdc\ufffdd');
  expect(table([{ title: 'x' }], [['\u001b]0;title\u0007']])).not.toContain('\u001b');
});

test('numbers are grouped', () => {
  expect([0, 999, 8902670, -20].map(count)).toEqual(['0', '999', '8,902,670', '-20']);
});

test.each([
  ['Asia/Shanghai', '2026-03-01 08:00'],
  ['America/New_York', '2026-02-28 19:00'],
])('an instant is told in the time of the machine: %s', (zone, told) => {
  vi.stubEnv('TZ', zone);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(moment('2026-03-01T00:00:00.000Z')).toBe(told);
});
