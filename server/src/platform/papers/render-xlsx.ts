import writeXlsxFile, { type CellObject, type Row as SheetRow } from 'write-excel-file/node';
import { localTime } from '../../kernel/calendar.ts';
import { gatherRows } from './gather-rows.ts';
import { type Cell, type ColumnKind, isFigure, type Paper, type PaperTable } from './paper.ts';
import { plainCell } from './show-cell.ts';
import { stampZip } from './stamp-zip.ts';

/** A spreadsheet counts with doubles: a figure of more digits would become another one, and stays text. */
const DIGITS_MAX = 15;
const WIDTH_MIN = 10;
const WIDTH_MAX = 44;
/** What spreadsheets refuse in the name of a sheet, and how long one may be. */
const NOT_IN_NAMES = /[\\/?*[\]:]/g;
const NAME_MAX = 31;
const HEAD = { fontWeight: 'bold', backgroundColor: '#EEF1F5', wrap: true } as const;
const FORMATS = { fen: '#,##0.00', microFen: '#,##0.00######' } as const;

/**
 * A paper as an Excel workbook: a sheet with what it says in all, and one for each table, whose figures are numbers and whose
 * times are times of the paper's zone. The whole workbook is in memory: at most `linesMax` rows, else `too_many_lines`.
 */
export async function renderXlsx(paper: Paper, linesMax: number): Promise<Buffer> {
  const rows = await gatherRows(paper, linesMax);
  const names = new Set<string>();
  const sheets = [
    { sheet: sheetName(paper.title, names), data: cover(paper), columns: [{ width: 34 }, {}] },
    ...paper.tables.map((table, index) => {
      const data = sheetRows(table, rows[index] ?? [], paper.timeZone);
      return {
        ...{ sheet: sheetName(table.title, names), data, stickyRowsCount: 1 },
        columns: table.columns.map((_, column) => ({ width: widthOf(data, column) })),
      };
    }),
  ];
  for (const { columns } of sheets) for (const column of columns) column.width ??= WIDTH_MAX;
  return stampZip(await writeXlsxFile(sheets as never).toBuffer(), paper.at);
}

function cover(paper: Paper): SheetRow[] {
  return [
    [{ value: paper.title, fontWeight: 'bold', fontSize: 16 }],
    [{ value: paper.subtitle, textColor: '#5B6573' }],
    [],
    ...paper.facts.map(({ name, kind, value, isMain }) => [
      { value: name },
      { ...sheetCell(kind, value, paper.timeZone), ...(isMain ? { fontWeight: 'bold' } : {}) },
    ]),
    [],
    ...paper.notes.map((note) => [{ value: note, textColor: '#5B6573' }]),
  ] as SheetRow[];
}

function sheetRows(table: PaperTable, rows: readonly (readonly Cell[])[], timeZone: string) {
  const cells = (row: readonly Cell[]): CellObject[] =>
    table.columns.map(({ kind }, index) => sheetCell(kind, row[index] ?? null, timeZone));
  const head = table.columns.map(({ title, kind }) => ({
    ...{ value: title, ...HEAD },
    ...(isFigure(kind) ? { align: 'right' as const } : {}),
  }));
  const totals = (table.totals ?? []).map((row) =>
    cells(row).map((cell) => ({ ...cell, ...TOTAL })),
  );
  return [head, ...rows.map(cells), ...totals];
}
const TOTAL = { fontWeight: 'bold', topBorderStyle: 'thin' } as const;

function sheetCell(kind: ColumnKind, cell: Cell, timeZone: string): CellObject {
  const plain = plainCell(kind, cell, timeZone);
  if (plain === '') return {};
  if (kind === 'instant') return { value: wallDate(cell as number, timeZone), ...TIME };
  // A cell that is told to be text is never taken for a formula.
  if (!isFigure(kind)) return { value: plain, type: String, format: '@' };
  if (plain.replace(/\D/g, '').length > DIGITS_MAX)
    return { value: plain, type: String, format: '@', align: 'right' };
  return { value: Number(plain), type: Number, format: formatOf(kind, plain) };
}
const TIME = { type: Date, format: 'yyyy-mm-dd hh:mm:ss' } as const;

function formatOf(kind: ColumnKind, plain: string): string {
  if (kind === 'fen' || kind === 'microFen') return FORMATS[kind];
  const decimals = plain.split('.', 2)[1]?.length ?? 0;
  return decimals === 0 ? '#,##0' : `#,##0.${'0'.repeat(decimals)}`;
}

/** Spreadsheets know no time zones: what a clock of the zone shows, as if it were UTC. */
function wallDate(at: number, timeZone: string): Date {
  const { year, month, day, hour, minute } = localTime(at, timeZone);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, Math.floor(at / 1000) % 60));
}

/** In characters; those of Chinese take two. */
function widthOf(data: readonly (readonly CellObject[])[], column: number): number {
  let width = WIDTH_MIN;
  for (const row of data.slice(0, 200)) {
    const { value } = row[column] ?? {};
    const text = value instanceof Date ? '0000-00-00 00:00:00' : String(value ?? '');
    let taken = 3;
    for (const character of text) taken += character > '\u2e7f' ? 2 : 1;
    width = Math.max(width, taken);
  }
  return Math.min(width, WIDTH_MAX);
}

function sheetName(title: string, taken: Set<string>): string {
  const base = title.replace(NOT_IN_NAMES, ' ').slice(0, NAME_MAX);
  let name = base;
  for (let number = 2; taken.has(name.toLowerCase()); number += 1)
    name = `${base.slice(0, NAME_MAX - 4)} ${number}`;
  taken.add(name.toLowerCase());
  return name;
}
