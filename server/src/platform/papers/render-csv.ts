import { stringify } from 'csv-stringify/sync';
import type { Cell, ColumnKind, Paper, PaperTable } from './paper.ts';
import { plainCell } from './show-cell.ts';

// Without it, spreadsheets take UTF-8 for the code page of their machine.
const BOM = '\ufeff';
const ROWS_AT_ONCE = 500;
/** What spreadsheets take for the beginning of a formula, in full width too; CVE-2014-3524 is only the oldest of its kind. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
/** From twelve digits on, and with zeros in front, a spreadsheet makes another number of it. */
const LONG_NUMBER = /^(\d{12,}|0\d+)$/;

/**
 * A paper as CSV: UTF-8 with a mark, CRLF, its parts with an empty line between them. `justTable`: nothing but the rows of
 * its only table under their titles, for programs.
 *
 * A text that begins like a formula gets an apostrophe in front, a number that is a name a tabulator behind.
 */
export async function* renderCsv(paper: Paper, justTable = false): AsyncGenerator<string> {
  const { timeZone } = paper;
  yield BOM;
  if (!justTable) {
    const head = [[harmless(paper.title)], [harmless(paper.subtitle)]];
    const facts = paper.facts.map(({ name, kind, value }) => [
      harmless(name),
      csvCell(kind, value, timeZone),
    ]);
    yield lines([...head, ...facts]);
  }
  for (const [index, table] of paper.tables.entries()) {
    if (!justTable) yield lines([[], [harmless(table.title)]]);
    else if (index > 0) throw new TypeError('only one table can stand without its title');
    yield* tableLines(table, timeZone);
    if (justTable || table.totals === undefined) continue;
    yield lines(table.totals.map((row) => cellsOf(table, row, timeZone)));
  }
  if (!justTable && paper.notes.length > 0)
    yield lines([[], ...paper.notes.map((note) => [harmless(note)])]);
}

async function* tableLines(table: PaperTable, timeZone: string): AsyncGenerator<string> {
  let waiting: string[][] = [table.columns.map(({ title }) => harmless(title))];
  for await (const row of table.rows) {
    waiting.push(cellsOf(table, row, timeZone));
    if (waiting.length < ROWS_AT_ONCE) continue;
    yield lines(waiting);
    waiting = [];
  }
  yield lines(waiting);
}

function cellsOf({ columns }: PaperTable, row: readonly Cell[], timeZone: string): string[] {
  return columns.map(({ kind }, index) => csvCell(kind, row[index] ?? null, timeZone));
}

function csvCell(kind: ColumnKind, cell: Cell, timeZone: string): string {
  const plain = plainCell(kind, cell, timeZone);
  if (kind !== 'text' && kind !== 'id') return plain;
  return LONG_NUMBER.test(plain) ? `${plain}\t` : harmless(plain);
}

function harmless(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function lines(rows: readonly (readonly string[])[]): string {
  return stringify(rows as string[][], { record_delimiter: 'windows' });
}
