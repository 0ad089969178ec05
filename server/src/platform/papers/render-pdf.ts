import PDFDocument from 'pdfkit';
import { loadFonts } from './fonts.ts';
import { gatherRows } from './gather-rows.ts';
import type { Paper, PaperFact } from './paper.ts';
import { createSheet, INK, LINE, MARK, type Sheet, SOFT } from './pdf-sheet.ts';
import { drawTable, isWide } from './pdf-table.ts';
import { wrapText } from './pdf-text.ts';
import { shownCell } from './show-cell.ts';

const TILES_IN_ROW = 5;
const TILE_HEIGHT = 44;
const FACT_HEIGHT = 17;
const GAP = 18;

/**
 * A paper as a PDF of A4 pages, tables with many columns across: a font with Chinese is in it, its text can be found and copied,
 * and the heads of tables stand on every page. At most `linesMax` rows, else `too_many_lines`.
 */
export async function renderPdf(paper: Paper, linesMax: number): Promise<Buffer> {
  const rows = await gatherRows(paper, linesMax);
  const fonts = await loadFonts();
  const at = new Date(paper.at);
  const doc = new PDFDocument({
    ...{ autoFirstPage: false, bufferPages: true, lang: paper.language, displayTitle: true },
    info: {
      ...{ Title: `${paper.title} · ${paper.subtitle}`, Producer: 'Hongmi', Creator: 'Hongmi' },
      ...{ CreationDate: at, ModDate: at },
    },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  const sheet = createSheet(doc, fonts);
  sheet.addPage(false);
  drawHead(sheet, paper);
  drawFacts(sheet, paper);
  for (const [index, table] of paper.tables.entries()) {
    if (isWide(table) !== sheet.isAcross) sheet.addPage(isWide(table));
    else sheet.y += GAP;
    await drawTable(sheet, paper, table, rows[index] ?? []);
  }
  drawNotes(sheet, paper);
  numberPages(sheet, paper);
  doc.end();
  return done;
}

function drawHead(sheet: Sheet, { title, subtitle }: Paper): void {
  sheet.box(sheet.left, sheet.y, 28, 3, MARK);
  sheet.y += 14;
  for (const line of wrapText(title, sheet.widthIn('bold', 20), sheet.width)) {
    sheet.text(line, sheet.left, sheet.y, { font: 'bold', size: 20, color: INK });
    sheet.y += 27;
  }
  for (const line of wrapText(subtitle, sheet.widthIn('plain', 10), sheet.width)) {
    sheet.text(line, sheet.left, sheet.y, { font: 'plain', size: 10, color: SOFT });
    sheet.y += 15;
  }
  sheet.y += 10;
}

function drawFacts(sheet: Sheet, { facts, timeZone }: Paper): void {
  const value = (fact: PaperFact): string => shownCell(fact.kind, fact.value, timeZone);
  const main = facts.filter(({ isMain }) => isMain === true);
  for (let first = 0; first < main.length; first += TILES_IN_ROW) {
    const row = main.slice(first, first + TILES_IN_ROW);
    const width = sheet.width / row.length;
    for (const [index, fact] of row.entries()) {
      const x = sheet.left + index * width;
      sheet.frame(x, sheet.y, width, TILE_HEIGHT, LINE);
      sheet.text(fact.name, x + 9, sheet.y + 7, { font: 'plain', size: 8, color: SOFT });
      sheet.text(value(fact), x + 9, sheet.y + 20, { font: 'bold', size: 13, color: INK });
    }
    sheet.y += TILE_HEIGHT;
  }
  if (main.length > 0) sheet.y += 12;
  const others = facts.filter(({ isMain }) => isMain !== true);
  const nameIn = sheet.widthIn('plain', 8.5);
  for (const fact of others) {
    const name = wrapText(fact.name, nameIn, sheet.width * 0.42, 1)[0] ?? '';
    const lines = wrapText(value(fact), nameIn, sheet.width * 0.55);
    sheet.room(lines.length * 12 + 6);
    sheet.text(name, sheet.left, sheet.y + 3, { font: 'plain', size: 8.5, color: SOFT });
    for (const [index, line] of lines.entries()) {
      const color = INK;
      const size = 8.5;
      const x = sheet.left + sheet.width;
      sheet.text(line, x, sheet.y + 3 + index * 12, { font: 'plain', size, color, isRight: true });
    }
    sheet.y += FACT_HEIGHT + (lines.length - 1) * 12;
    sheet.rule(sheet.y, LINE);
  }
}

function drawNotes(sheet: Sheet, { notes }: Paper): void {
  if (notes.length === 0) return;
  sheet.y += GAP;
  for (const note of notes) {
    const lines = wrapText(note, sheet.widthIn('plain', 8), sheet.width);
    for (const line of lines) {
      sheet.room(12);
      sheet.text(line, sheet.left, sheet.y, { font: 'plain', size: 8, color: SOFT });
      sheet.y += 12;
    }
    sheet.y += 3;
  }
}

function numberPages(sheet: Sheet, { language, title, subtitle }: Paper): void {
  sheet.eachPage((number, count) => {
    const page =
      language === 'zh-CN' ? `第 ${number} 页，共 ${count} 页` : `Page ${number} of ${count}`;
    const look = { font: 'plain', size: 7.5, color: SOFT } as const;
    const line = wrapText(
      `${title} · ${subtitle}`,
      sheet.widthIn('plain', 7.5),
      sheet.width - 110,
      1,
    );
    sheet.text(line[0] ?? '', sheet.left, sheet.bottom + 14, look);
    sheet.text(page, sheet.left + sheet.width, sheet.bottom + 14, { ...look, isRight: true });
  });
}
