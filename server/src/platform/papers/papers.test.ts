import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { inflateSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import readXlsxFile from 'read-excel-file/node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RefusalError } from '../../kernel/refusal.ts';
import type { Paper } from './paper.ts';
import { PAPER_POLICY, PAPER_STYLE } from './paper-style.ts';
import { PAPER_FORMATS, type PaperFormat, renderPaper } from './render.ts';
import { samplePaper } from './testing/sample-paper.ts';

afterEach(() => void vi.restoreAllMocks());

async function bytesOf(paper: Paper, format: PaperFormat, justTable = false): Promise<Buffer> {
  const { body } = await renderPaper(paper, format, { fileName: 'statement', justTable });
  return body instanceof Readable ? await buffer(body) : Buffer.from(body);
}

describe.each(PAPER_FORMATS)('a paper as %s', (format) => {
  it('is the same whenever and however often it is rendered', async () => {
    const first = await bytesOf(samplePaper('zh-CN', 30), format);
    vi.spyOn(Date, 'now').mockReturnValue(Date.parse('2031-05-06T07:08:09Z'));
    const [again, beside] = await Promise.all([
      bytesOf(samplePaper('zh-CN', 30), format),
      bytesOf(samplePaper('zh-CN', 30), format),
    ]);
    expect(again.equals(first)).toBe(true);
    expect(beside.equals(first)).toBe(true);
    expect((await bytesOf(samplePaper('zh-CN', 31), format)).equals(first)).toBe(false);
  });

  it('is refused, or not, when it is long', async () => {
    const rendered = bytesOf(samplePaper('en', 20_001), format);
    if (format === 'csv') expect((await rendered).length).toBeGreaterThan(2_000_000);
    else {
      const refused = await rendered.catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(RefusalError);
      expect((refused as RefusalError).refusal.code).toBe('too_many_lines');
    }
  });
});

describe('CSV', () => {
  it('has a mark, formulas made harmless, long numbers as text and figures as they are', async () => {
    const text = (await bytesOf(samplePaper(), 'csv', true)).toString();
    expect(text.startsWith('\ufeff')).toBe(true);
    expect(text.endsWith('\r\n')).toBe(true);
    const rows: string[][] = parse(text, { bom: true });
    expect(rows[0]?.slice(0, 3)).toEqual(['时间', '交易', '订单']);
    expect(rows[1]).toEqual([
      '2026-11-30 23:56:57',
      'txn_01h455vb4pex5vsknk00000000',
      '202611300000000123\t',
      `'=HYPERLINK("http://example.org")`,
      '123.45',
      '0.10',
      '-12345.67890123',
      '1234.56',
      '晨曦书店',
    ]);
    expect(rows).toHaveLength(4);
  });

  it('says all that the paper says, part by part', async () => {
    const text = (await bytesOf(samplePaper(), 'csv')).toString().slice(1);
    const rows = text.trimEnd().split('\r\n');
    expect(rows.slice(0, 7)).toEqual([
      '结算对账单',
      '晨曦书店 · 2026 年 11 月',
      '应付,123456.78',
      '应收,9876.54',
      '净额,-113580.24',
      '编号,000123456789\t',
      '截止,2026-12-01 00:00:00',
    ]);
    expect(rows.at(-1)).toBe('平台不持有商户资金。');
  });
});

describe('XLSX', () => {
  it('has numbers where there are figures, times where there are instants, and text for all names', async () => {
    const bytes = await bytesOf(samplePaper(), 'xlsx');
    const sheets = await readXlsxFile(bytes);
    expect(sheets.map(({ sheet }) => sheet)).toEqual(['结算对账单', '明细']);
    const [head, first] = sheets[1]?.data ?? [];
    expect(head).toContain('未取整金额');
    expect(first).toEqual([
      new Date('2026-11-30T23:56:57Z'),
      'txn_01h455vb4pex5vsknk00000000',
      '202611300000000123',
      '=HYPERLINK("http://example.org")',
      123.45,
      0.1,
      -12345.67890123,
      1234.56,
      '晨曦书店',
    ]);
    const cover = sheets[0]?.data ?? [];
    expect(cover.find(([name]) => name === '净额')?.[1]).toBe(-113580.24);
    expect(cover.find(([name]) => name === '编号')?.[1]).toBe('000123456789');
  });

  it('keeps as text what a double cannot hold', async () => {
    const paper = samplePaper();
    const facts = [{ name: 'much', kind: 'fen', value: 123_456_789_012_345_678n }] as const;
    const sheets = await readXlsxFile(await bytesOf({ ...paper, facts, tables: [] }, 'xlsx'));
    expect(sheets[0]?.data.at(3)?.[1]).toBe('1234567890123456.78');
  });
});

describe('PDF', () => {
  it('has its Chinese in it to be found, its pages counted, and no time but the paper’s', async () => {
    const bytes = await bytesOf(samplePaper('zh-CN', 100), 'pdf');
    const text = bytes.toString('latin1');
    expect(text.startsWith('%PDF-')).toBe(true);
    const times = text.match(/\(D:\d+Z\)/g) ?? [];
    expect(new Set(times)).toEqual(new Set(['(D:20261130160000Z)']));
    expect(text.match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(3);
    expect(text).toContain('/Lang (zh-CN)');
    // Which characters the glyphs of the fonts in it stand for: what is searched and copied.
    const maps = streamsOf(bytes).filter((each) => each.includes('beginbfrange'));
    const known = new Set(
      maps.flatMap((map) => (map.match(/<[0-9a-f]{4}>/g) ?? []).map((each) => each.slice(1, 5))),
    );
    for (const character of '结算对账单明细未取整金额第页共')
      expect([...known]).toContain(character.charCodeAt(0).toString(16));
    // A font of seven thousand characters is not in it as a whole.
    expect(bytes.length).toBeLessThan(80_000);
  });
});

function streamsOf(pdf: Buffer): string[] {
  const streams: string[] = [];
  for (let at = pdf.indexOf('stream\n'); at >= 0; at = pdf.indexOf('stream\n', at + 7)) {
    const end = pdf.indexOf('\nendstream', at);
    if (pdf.subarray(at - 3, at).toString() === 'end' || end < 0) continue;
    try {
      streams.push(inflateSync(pdf.subarray(at + 7, end)).toString('latin1'));
    } catch {
      // Not every stream is compressed.
    }
  }
  return streams;
}

describe('HTML', () => {
  it('needs nothing else, and lets nothing that it was told become markup', async () => {
    const html = (await bytesOf(samplePaper(), 'html')).toString();
    expect(html).toContain('<html lang="zh-CN">');
    expect(html).toContain('团购券 1 &lt;b&gt;&amp;amp;');
    expect(html).toContain('−113,580.24');
    expect(html).not.toMatch(/<script|<link|<img|style=|onclick|javascript:|url\(/);
    expect(html).toContain(`<style>${PAPER_STYLE}</style>`);
    expect(PAPER_POLICY).toContain("default-src 'none'");
    expect(PAPER_POLICY).not.toContain('unsafe');
  });

  it('says that there is nothing in a table without rows', async () => {
    const [table] = samplePaper('en', 0).tables;
    if (table === undefined) throw new Error('it has a table');
    const { totals: _, ...bare } = table;
    const html = await bytesOf({ ...samplePaper('en', 0), tables: [bare] }, 'html');
    expect(html.toString()).toContain('There is nothing to show.');
  });
});
