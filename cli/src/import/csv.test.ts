import { describe, expect, test } from 'vitest';
import type { Failure } from '../failure.ts';
import { readCsv, writeCsvLine } from './csv.ts';
import { decodeBlocks, type Encoding } from './decode.ts';

async function read(
  bytes: string | Buffer,
  options: { encoding?: Encoding; delimiter?: string; chunk?: number } = {},
) {
  const buffer = Buffer.from(bytes as string);
  const { encoding = 'utf-8', delimiter = ',', chunk = 3 } = options;
  async function* chunks() {
    for (let at = 0; at < buffer.length; at += chunk) yield buffer.subarray(at, at + chunk);
  }
  const rows: string[][] = [];
  for await (const records of readCsv(decodeBlocks(chunks(), encoding), delimiter)) {
    for (const record of records) rows.push([...record]);
  }
  return { rows };
}

async function failureOf(
  bytes: string | Buffer,
  options?: Parameters<typeof read>[1],
): Promise<[string, unknown]> {
  const failure = await read(bytes, options).then(
    () => undefined,
    (error: Failure) => error,
  );
  expect(failure?.exitCode).toBe(2);
  return [failure?.code ?? '', failure?.facts.line];
}

describe('readCsv', () => {
  test('reads quotes, doubled quotes, line feeds in cells, blank lines and every line ending', async () => {
    const { rows } = await read('a,b\r\n"x ""y""","1\n2"\n\n,\r"",z"z"\r\n"last"');
    expect(rows).toEqual([['a', 'b'], ['x "y"', '1\n2'], ['', ''], ['', 'z"z"'], ['last']]);
  });

  test('takes other delimiters', async () => {
    expect((await read('a;b,c\n"1;2";3', { delimiter: ';' })).rows).toEqual([
      ['a', 'b,c'],
      ['1;2', '3'],
    ]);
    expect((await read('a\tb\n', { delimiter: '\t' })).rows).toEqual([['a', 'b']]);
  });

  test.each([1, 2, 3, 5, 1000])(
    'does not depend on how the file is cut (%d bytes)',
    async (chunk) => {
      const { rows } = await read('\uFEFF红米,"好\r\n物"\r\n积分,£\r\n', { chunk });
      expect(rows).toEqual([
        ['红米', '好\r\n物'],
        ['积分', '£'],
      ]);
    },
  );

  test('reads GBK, and UTF-8 where a mark says so', async () => {
    const gbk = Buffer.from([0xba, 0xec, 0xc3, 0xd7, 0x2c, 0x31, 0x0a]);
    expect((await read(gbk, { encoding: 'gbk' })).rows).toEqual([['红米', '1']]);
    expect((await read('\uFEFF红米,1\n', { encoding: 'gbk' })).rows).toEqual([['红米', '1']]);
  });

  test('names the line whose bytes are not text', async () => {
    const gbk = Buffer.concat([
      Buffer.from('a,b\n"1\n2",好\n'),
      Buffer.from([0xba, 0xec, 0x2c, 0x31, 0x0a]),
    ]);
    expect(await failureOf(gbk)).toEqual(['file_encoding', 4]);
    expect(await failureOf(gbk, { chunk: 4096 })).toEqual(['file_encoding', 4]);
    expect(await failureOf(Buffer.from([0x61, 0x0a, 0xff]), { encoding: 'gbk' })).toEqual([
      'file_encoding',
      2,
    ]);
  });

  test('knows UTF-16', async () => {
    expect((await failureOf(Buffer.from('\uFEFFa,b\n', 'utf16le')))[0]).toBe('file_utf16');
  });

  test('names the line on which a quote went wrong', async () => {
    expect(await failureOf('a,b\n1,2\n3,"4\n5,6\n')).toEqual(['csv_quote', 3]);
    expect(await failureOf('a,b\n1,2\n3,"4" x\n')).toEqual(['csv_quote', 3]);
    expect(await failureOf('a,b\n1,2\n3,"4" x\n', { chunk: 4096 })).toEqual(['csv_quote', 3]);
  });

  test('gives up on a quote that swallows the file, without reading it all', async () => {
    async function* endless() {
      yield { text: 'a,"b\n', line: 1 };
      for (let line = 2; ; line += 1) yield { text: `${'x'.repeat(100_000)}\n`, line };
    }
    await expect(
      (async () => {
        for await (const _ of readCsv(endless(), ',')) expect.unreachable();
      })(),
    ).rejects.toMatchObject({ code: 'csv_quote', facts: { line: 1 } });
  });

  test('gives up on a file without lines', async () => {
    expect(await failureOf(Buffer.alloc(5 * 1024 * 1024, 'x'), { chunk: 1 << 18 })).toEqual([
      'line_too_long',
      1,
    ]);
  });
});

describe('writeCsvLine', () => {
  test('what it writes is read again', async () => {
    const rows = [['a', 'b,c', 'd"e', ' f ', '', 'g\nh'], ['', ''], ['']];
    const text = rows.map((row) => writeCsvLine(row, ',')).join('');
    expect((await read(text)).rows).toEqual(rows);
  });
});
