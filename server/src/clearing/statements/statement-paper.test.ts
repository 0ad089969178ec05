import { expect, it } from 'vitest';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Cell, Paper, PaperTable, Row } from '../../platform/papers/paper.ts';
import { createSealer } from '../../platform/seal.ts';
import type { Line } from '../periods/period.ts';
import { formatOf, languageOf } from './routes.ts';
import { lineFor, memberFor } from './statement-lines.ts';
import { paperOf, type StatementPart } from './statement-paper.ts';
import { sampleLines, sampleScene, sampleStatement } from './testing/sample-statement.ts';
import { wordsIn } from './words.ts';

const HAN = /\p{Script=Han}/u;

const paper = (part: StatementPart, language: 'zh-CN' | 'en' = 'zh-CN'): Paper =>
  paperOf(sampleStatement(), sampleScene(language), part, sampleLines(25));

async function rowsOf(table: PaperTable | undefined): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of table?.rows ?? []) rows.push(row);
  return rows;
}

const big = (cell: Cell | undefined): bigint => {
  if (typeof cell === 'bigint' || typeof cell === 'number') return BigInt(cell);
  throw new Error(`${typeof cell} is no figure`);
};

it('shows how what is exact becomes what is settled, line by line and in all', async () => {
  for (const table of paper('summary').tables.slice(0, 3)) {
    const rows = await rowsOf(table);
    for (const [, , , carriedIn, exact, carry, fen] of [...rows, ...(table.totals ?? [])])
      expect(big(carriedIn) + big(exact) - big(carry)).toBe(big(fen) * 1_000_000n);
    const total = table.totals?.[0];
    for (const column of [3, 4, 5, 6])
      expect(rows.reduce((sum, row) => sum + big(row[column]), 0n)).toBe(big(total?.[column]));
  }
});

it('adds the lines up to what is settled', async () => {
  const [table] = paper('lines').tables;
  const totals = table?.totals ?? [];
  for (const column of [11, 12, 13]) {
    const [exact, carriedIn, carry, settled] = totals.map((row) => big(row[column]));
    expect((exact ?? 0n) + (carriedIn ?? 0n) + (carry ?? 0n)).toBe(settled);
  }
  expect(await rowsOf(table)).toHaveLength(25);
  expect(table?.columns).toHaveLength(14);
});

it('tells what became of issued points so that it adds up', async () => {
  const table = paper('summary').tables.at(-1);
  const rows = await rowsOf(table);
  for (const pick of [
    (row: Row) => BigInt((row[2] as { points: number }).points),
    (row: Row) => big(row[3]),
  ]) {
    const figures = rows.map(pick);
    const closing = figures.pop();
    expect(figures.reduce((sum, each) => sum + each, 0n)).toBe(closing);
  }
});

it('is all in one language, but for names', () => {
  const english = paper('all', 'en');
  const own = [
    english.title,
    ...english.notes,
    ...english.facts.map(({ name }) => name),
    ...english.tables.flatMap(({ title, note, columns }) => [
      title,
      note ?? '',
      ...columns.map((column) => column.title),
    ]),
  ];
  expect(own.filter((text) => HAN.test(text))).toEqual([]);
  const chinese = Object.entries(wordsIn('zh-CN'));
  expect(chinese.filter(([, text]) => !HAN.test(text)).map(([name]) => name)).toEqual([]);
  const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [name, text] of chinese)
    expect(places(text), name).toEqual(places(wordsIn('en')[name as 'title']));
});

it('names a month by its name, and says what is to be paid', () => {
  expect(paper('all').subtitle).toBe('晨曦书店 · 第 11 期 · 2026 年 11 月');
  expect(paper('all').facts.map(({ value }) => value)).toContain('商户付款 4,988.20 元');
  const { period, ...statement } = sampleStatement();
  const shorter = { ...statement, period: { ...period, until: period.until - 1_000 } };
  expect(paperOf(shorter, sampleScene('en'), 'all', sampleLines(0)).subtitle).toBe(
    '晨曦书店 · Period 11 · 2026-11-01 00:00:00 to 2026-11-30 23:59:59',
  );
});

it('leaves out of a line what is not for its reader', () => {
  const { merchant } = sampleStatement();
  const [other] = [...sampleStatement().names.keys()].filter((id) => id !== merchant);
  if (other === undefined) throw new Error('there is another');
  const line: Line = {
    ...({
      shard: 1,
      seq: 2,
      place: 0,
      kind: 'use',
      effectiveAt: 0,
      pointType: 1,
      points: 3,
    } as const),
    ...{ payer: merchant, taker: other, exact: { owed: 30n, due: 27n, fee: 1n } },
    ...{ transaction: merchant, lot: merchant, issuer: merchant, unitCost: 10 },
    source: { kind: 'redemption', id: other },
    lotSource: { kind: 'order', id: merchant },
  };
  const [payer, taker, platform] = [merchant, other, PLATFORM].map((who) =>
    lineFor(line, who, 'm', 9),
  );
  expect(payer).toMatchObject({ owed: 30n, due: null, fee: null, price: 10 });
  expect(payer?.reference).toMatch(/^ord_/);
  expect(taker).toMatchObject({ owed: null, due: 27n, fee: 1n, price: 9 });
  expect(taker?.reference).toMatch(/^rdm_/);
  expect(platform).toMatchObject({ owed: 30n, due: 27n, fee: 1n, price: 10 });
});

it('knows a member by a name that a restart does not change, and that differs between merchants', () => {
  const [one, other] = [...sampleStatement().names.keys()];
  if (one === undefined || other === undefined) throw new Error('there are two');
  const sealers = [1, 1, 2].map((fill) => createSealer(Buffer.alloc(32, fill)));
  const [first, restarted, foreign] = sealers.map((sealer) => memberFor(sealer, one, other));
  expect(first).toMatch(/^m-[0-9a-f]{24}$/);
  expect(restarted).toBe(first);
  expect(foreign).not.toBe(first);
  expect(memberFor(createSealer(Buffer.alloc(32, 1)), other, other)).not.toBe(first);
  expect(memberFor(createSealer(Buffer.alloc(32, 1)), PLATFORM, other)).toMatch(/^mem_/);
});

it('comes as what is accepted', () => {
  expect(formatOf(undefined)).toBe('json');
  expect(formatOf('*/*')).toBe('json');
  expect(formatOf('image/png, TEXT/HTML;q=0.8, application/json')).toBe('html');
  expect(formatOf('application/pdf')).toBe('pdf');
  expect(languageOf(undefined)).toBe('zh-CN');
  expect(languageOf('zh-TW,en')).toBe('zh-CN');
  expect(languageOf('de-DE,zh')).toBe('en');
});
