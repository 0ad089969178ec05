import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

test('is read back by another program as it was', () => {
  const rows = [
    ['名称', '备注', '积分'],
    ['红米鲜果店', '说 "好", 两行\n都在', 1_200],
    ['', null, -5],
  ];
  expect(parse(csvOf(rows), { bom: true })).toEqual([
    ['名称', '备注', '积分'],
    ['红米鲜果店', '说 "好", 两行\n都在', '1200'],
    ['', '', '-5'],
  ]);
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('%j is no formula', (text) => {
  const [[cell = ''] = []] = parse(csvOf([[text]]), { bom: true }) as string[][];
  expect(cell).toBe(`'${text}`);
});
