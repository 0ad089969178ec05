import type { PaperTable, Row } from './paper.ts';
import { shownCell } from './show-cell.ts';

/** The cells of a table as people read them, all figures of a column with as many decimals as the longest of them. */
export function showRows(
  { columns, totals = [] }: PaperTable,
  rows: readonly Row[],
  timeZone: string,
): { readonly rows: string[][]; readonly totals: string[][] } {
  const show = (row: Row): string[] =>
    columns.map(({ kind }, index) => shownCell(kind, row[index] ?? null, timeZone));
  const shown = { rows: rows.map(show), totals: totals.map(show) };
  for (const [index, { kind }] of columns.entries()) {
    if (kind !== 'microFen') continue;
    const all = [...shown.rows, ...shown.totals];
    let most = 0;
    for (const row of all) most = Math.max(most, decimalsOf(row[index] ?? ''));
    for (const row of all) {
      const cell = row[index] ?? '';
      if (cell !== '') row[index] = cell + '0'.repeat(most - decimalsOf(cell));
    }
  }
  return shown;
}

function decimalsOf(cell: string): number {
  const point = cell.indexOf('.');
  return point < 0 ? 0 : cell.length - point - 1;
}
