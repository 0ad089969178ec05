import { showInstant } from '../../kernel/clock.ts';
import { gatherRows } from './gather-rows.ts';
import { type ColumnKind, isFigure, type Paper, type PaperTable, type Row } from './paper.ts';
import { PAPER_STYLE } from './paper-style.ts';
import { shownCell } from './show-cell.ts';
import { showRows } from './show-rows.ts';

const EMPTY = { 'zh-CN': '没有记录。', en: 'There is nothing to show.' } as const;
const TABLE = { 'zh-CN': '可左右滚动的表格', en: 'table that scrolls sideways' } as const;

/**
 * A paper as one HTML page that needs nothing else: no script, no link, no image. To be sent with `PAPER_POLICY`. At most
 * `linesMax` rows, else `too_many_lines`.
 */
export async function renderHtml(paper: Paper, linesMax: number): Promise<string> {
  const rows = await gatherRows(paper, linesMax);
  const { language, title, subtitle, facts, notes, timeZone } = paper;
  const shown = facts.map((fact) => ({
    isMain: fact.isMain === true,
    html: `<div><dt>${escaped(fact.name)}</dt><dd>${escaped(shownCell(fact.kind, fact.value, timeZone))}</dd></div>`,
  }));
  const listed = (isMain: boolean): string => {
    const list = shown.filter((fact) => fact.isMain === isMain).map(({ html }) => html);
    return list.length === 0
      ? ''
      : `<dl class="${isMain ? 'main' : 'facts'}">${list.join('')}</dl>\n`;
  };
  const sections = paper.tables.map((table, index) => showTable(paper, table, rows[index] ?? []));
  const end = notes.map((note) => `<p>${escaped(note)}</p>`).join('');
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="date" content="${showInstant(paper.at)}">
<title>${escaped(`${title} · ${subtitle}`)}</title>
<style>${PAPER_STYLE}</style>
</head>
<body>
<main>
<header><h1>${escaped(title)}</h1><p class="sub">${escaped(subtitle)}</p></header>
${listed(true)}${listed(false)}${sections.join('')}${end === '' ? '' : `<footer class="notes">${end}</footer>\n`}</main>
</body>
</html>
`;
}

function showTable({ language, timeZone }: Paper, table: PaperTable, rows: readonly Row[]): string {
  const { title, note, columns } = table;
  const head = columns
    .map((each) => `<th scope="col"${classOf(each.kind, true)}>${escaped(each.title)}</th>`)
    .join('');
  const shown = showRows(table, rows, timeZone);
  const line = (row: readonly string[]): string => {
    const cells = columns.map(
      ({ kind }, index) => `<td${classOf(kind)}>${escaped(row[index] ?? '')}</td>`,
    );
    return `<tr>${cells.join('')}</tr>\n`;
  };
  const foot = shown.totals.length === 0 ? '' : `<tfoot>${shown.totals.map(line).join('')}</tfoot>`;
  const label = escaped(`${title}: ${TABLE[language]}`);
  // Who has no mouse scrolls what has the focus.
  const body =
    rows.length === 0 && foot === ''
      ? `<p class="none">${EMPTY[language]}</p>`
      : `<div class="wide" role="region" tabindex="0" aria-label="${label}"><table><thead><tr>${head}</tr></thead><tbody>
${shown.rows.map(line).join('')}</tbody>${foot}</table></div>`;
  const small = note === undefined ? '' : `<p>${escaped(note)}</p>`;
  return `<section><h2>${escaped(title)}</h2>${small}${body}</section>\n`;
}

function classOf(kind: ColumnKind, isHead = false): string {
  if (isFigure(kind)) return ' class="f"';
  if (isHead || kind === 'text') return '';
  return kind === 'id' ? ' class="i"' : ' class="t"';
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
}
