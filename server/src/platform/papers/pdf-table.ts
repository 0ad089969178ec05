import { isFigure, type Paper, type PaperTable, type Row } from './paper.ts';
import { FILL, type FontName, INK, LINE, type Sheet, SOFT } from './pdf-sheet.ts';
import { measure, shareWidth, wrapText } from './pdf-text.ts';
import { showRows } from './show-rows.ts';

/** More columns than these do not stand on an upright page. */
const UPRIGHT_COLUMNS_MAX = 8;
const PAD = 4;
/** Widths are those of the first rows; what is longer further down wraps. */
const MEASURED_ROWS = 300;
/** Text is not made narrower than this many characters of a figure. */
const TEXT_LEAST = 9;
/** The server has other things to do than this paper. */
const ROWS_AT_ONCE = 100;
const EMPTY = { 'zh-CN': '没有记录。', en: 'There is nothing to show.' } as const;

export function isWide({ columns }: PaperTable): boolean {
  return columns.length > UPRIGHT_COLUMNS_MAX;
}

/** Draws a table from where the sheet stands, over as many pages as it takes. */
export async function drawTable(
  sheet: Sheet,
  { timeZone, language }: Paper,
  table: PaperTable,
  rows: readonly Row[],
): Promise<void> {
  const size = isWide(table) ? 6.6 : 8;
  const lineHeight = size * 1.45;
  const { columns, title, note, totals = [] } = table;
  sheet.room(60);
  sheet.text(title, sheet.left, sheet.y, { font: 'bold', size: 11, color: INK });
  sheet.y += 18;
  if (note !== undefined) drawNote(sheet, note);
  if (rows.length === 0 && totals.length === 0) {
    sheet.text(EMPTY[language], sheet.left, sheet.y, { font: 'plain', size: 8, color: SOFT });
    sheet.y += 14;
    return;
  }
  const shown = showRows(table, rows, timeZone);
  const measured = [...shown.rows.slice(0, MEASURED_ROWS), ...shown.totals];
  const widths = widthsOf(sheet, table, size, measured);

  const draw = (cells: readonly string[], font: FontName, color: string, fill?: string): void => {
    const widthOf = sheet.widthIn(font, size);
    const wrapped = cells.map((cell, index) =>
      wrapText(cell, widthOf, (widths[index] ?? 0) - 2 * PAD + 0.01),
    );
    const height = Math.max(...wrapped.map((lines) => lines.length)) * lineHeight + PAD + 1;
    if (fill === undefined && sheet.room(height)) drawHead();
    if (fill !== undefined) sheet.box(sheet.left, sheet.y, sheet.width, height, fill);
    let x = sheet.left;
    for (const [index, lines] of wrapped.entries()) {
      const width = widths[index] ?? 0;
      const isRight = isFigure(columns[index]?.kind ?? 'text');
      for (const [number, line] of lines.entries()) {
        const y = sheet.y + PAD / 2 + number * lineHeight;
        sheet.text(line, isRight ? x + width - PAD : x + PAD, y, { font, size, color, isRight });
      }
      x += width;
    }
    sheet.y += height;
    sheet.rule(sheet.y, LINE);
  };
  const drawHead = (): void =>
    draw(
      columns.map((each) => each.title),
      'bold',
      SOFT,
      FILL,
    );

  sheet.room(3 * lineHeight + 20);
  drawHead();
  for (const [index, row] of shown.rows.entries()) {
    draw(row, 'plain', INK);
    if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1)
      await new Promise((resolve) => setImmediate(resolve));
  }
  for (const row of shown.totals) draw(row, 'bold', INK);
}

function drawNote(sheet: Sheet, note: string): void {
  for (const line of wrapText(note, sheet.widthIn('plain', 7.5), sheet.width)) {
    sheet.text(line, sheet.left, sheet.y - 2, { font: 'plain', size: 7.5, color: SOFT });
    sheet.y += 11;
  }
  sheet.y += 2;
}

function widthsOf(
  sheet: Sheet,
  { columns }: PaperTable,
  size: number,
  rows: readonly (readonly string[])[],
): number[] {
  const [plain, bold] = [sheet.widthIn('bold', size), sheet.widthIn('bold', size)];
  const wanted = columns.map(({ title }, index) => {
    let width = measure(title, bold);
    for (const row of rows) width = Math.max(width, measure(row[index] ?? '', plain));
    return width + 2 * PAD;
  });
  const least = columns.map(({ kind }, index) => {
    const most = wanted[index] ?? 0;
    return isFigure(kind) ? most : Math.min(most, plain('0') * TEXT_LEAST + 2 * PAD);
  });
  return shareWidth(sheet.width, wanted, least);
}
