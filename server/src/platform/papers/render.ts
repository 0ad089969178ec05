import { Readable } from 'node:stream';
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
  readonly body: string | Buffer | Readable;
}

/**
 * Renders a paper. Throws the refusal `too_many_lines` where the format does not take as many; a CSV that fails half-way ends
 * without its end.
 *
 * @param justTable of a CSV: only the rows of its one table, under their titles
 */
export async function renderPaper(
  paper: Paper,
  format: PaperFormat,
  { fileName, justTable = false }: { fileName: string; justTable?: boolean },
): Promise<RenderedPaper> {
  const headers = {
    'content-disposition': `${format === 'html' ? 'inline' : 'attachment'}; filename="${fileName}.${format}"`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
  switch (format) {
    case 'html':
      return {
        contentType: 'text/html; charset=utf-8',
        headers: { ...headers, 'content-security-policy': PAPER_POLICY },
        body: await renderHtml(paper, LINES_MAX.html),
      };
    case 'pdf':
      return {
        contentType: 'application/pdf',
        headers,
        body: await renderPdf(paper, LINES_MAX.pdf),
      };
    case 'xlsx':
      return {
        contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        headers,
        body: await renderXlsx(paper, LINES_MAX.xlsx),
      };
    case 'csv':
      return {
        contentType: 'text/csv; charset=utf-8',
        headers,
        body: Readable.from(renderCsv(paper, justTable)),
      };
  }
}
