import { Readable } from 'node:stream';
import { gatherRows } from './gather-rows.ts';
import type { Paper } from './paper.ts';
import { PAPER_POLICY } from './paper-style.ts';
import { renderCsv } from './render-csv.ts';
import { renderHtml } from './render-html.ts';
import { renderPdf } from './render-pdf.ts';
import { renderXlsx } from './render-xlsx.ts';

/** What a paper can be rendered to. */
export const PAPER_FORMATS = ['html', 'pdf', 'xlsx', 'csv'] as const;
export type PaperFormat = (typeof PAPER_FORMATS)[number];

/** How many rows each may have, since all of them are in memory while it is made; CSV goes out as it is read. */
export const LINES_MAX = { html: 10_000, pdf: 5_000, xlsx: 20_000 } as const;

export interface RenderedPaper {
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | Readable;
}

/** Formats that are made as a whole. */
export type PageFormat = keyof typeof LINES_MAX;
/** Makes a paper somewhere else than in the thread that asks; its rows are arrays. */
export type RenderApart = (paper: Paper, format: PageFormat) => Promise<Buffer>;

/** With fewer rows it is done before a thread had started. */
const ROWS_HERE_MAX = 300;

/**
 * Renders a paper. Throws the refusal `too_many_lines` where the format does not take as many; a CSV that fails half-way ends
 * without its end.
 *
 * @param justTable of a CSV: only the rows of its one table, under their titles
 * @param apart where long papers are made; absent: here
 */
export async function renderPaper(
  paper: Paper,
  format: PaperFormat,
  {
    fileName,
    justTable = false,
    apart,
  }: { fileName: string; justTable?: boolean; apart?: RenderApart },
): Promise<RenderedPaper> {
  const headers = {
    'content-disposition': `${format === 'html' ? 'inline' : 'attachment'}; filename="${fileName}.${format}"`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...(format === 'html' ? { 'content-security-policy': PAPER_POLICY } : {}),
  };
  const contentType = CONTENT_TYPES[format];
  if (format === 'csv')
    return { contentType, headers, body: Readable.from(renderCsv(paper, justTable)) };
  const rows = await gatherRows(paper, LINES_MAX[format]);
  const tables = paper.tables.map((table, index) => ({ ...table, rows: rows[index] ?? [] }));
  const count = rows.reduce((sum, each) => sum + each.length, 0);
  const make = apart !== undefined && count > ROWS_HERE_MAX ? apart : renderPages;
  return { contentType, headers, body: await make({ ...paper, tables }, format) };
}

const CONTENT_TYPES: Readonly<Record<PaperFormat, string>> = {
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
};

/** The bytes of a paper in a format that is made as a whole. */
export async function renderPages(paper: Paper, format: PageFormat): Promise<Buffer> {
  switch (format) {
    case 'html':
      return Buffer.from(await renderHtml(paper, LINES_MAX.html));
    case 'pdf':
      return renderPdf(paper, LINES_MAX.pdf);
    case 'xlsx':
      return renderXlsx(paper, LINES_MAX.xlsx);
  }
}
