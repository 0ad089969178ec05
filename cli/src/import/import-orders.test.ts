import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { ImportApi } from './api.ts';
import { importOrders } from './import-orders.ts';
import { readMapping } from './mapping.ts';
import { rejectsPlace } from './rejects.ts';
import { importInto, mappingWith, row, temporaryFolder, writeCsv } from './testing/files.ts';
import { createModelApi } from './testing/model-api.ts';

const samples = fileURLToPath(new URL('../../../samples/', import.meta.url));

/** An API that must not be asked anything. */
const untouchable = new Proxy({} as ImportApi, {
  get: () => expect.unreachable('the server was asked'),
});

describe('the sample month', () => {
  // By samples/check-online-retail.py, which shares no code with us.
  const expected = {
    lines: 42481,
    orders: 1400,
    members: 885,
    pointsEarned: 572051,
    pointsClawedBack: 8150,
    pointsOutstanding: 563901,
    rejected: { no_customer: 15631, unmatched: 391 },
  };
  const mapping = readMapping(readFileSync(join(samples, 'online-retail.mapping.json'), 'utf8'));
  const path = join(samples, 'online-retail-month.csv.gz');

  test('comes to what the independent check found, and again when it is there already', async () => {
    const rejects = join(temporaryFolder(), 'rejects.csv');
    const api = createModelApi();
    const first = await importInto(api, path, { mapping, rejects });
    expect(first.report).toEqual(expected);
    const told = readFileSync(rejects, 'utf8').split('\r\n');
    expect(told).toHaveLength(1 + 15631 + 391 + 1);
    expect((await importInto(api, path, { mapping, rejects })).report).toEqual(expected);
    expect(readFileSync(rejects, 'utf8').split('\r\n')).toEqual(told);
  });
});

describe('importOrders', () => {
  test('rounds half up to a fen and floors to a point', async () => {
    const path = writeCsv(temporaryFolder(), 'a.csv', [
      row('1', 'a', 1, '0.005', '9'),
      row('1', 'b', 3, '0.665', '9'),
      row('1', 'c', 1, '1.995', '9'),
    ]);
    const { report } = await importInto(createModelApi(), path);
    // 1 + 200 + 200 fen.
    expect(report.pointsEarned).toBe(4);
  });

  test('tells what rules look at, of the order as its first line says', async () => {
    const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID';
    const more = ['brand', 'zone', 'greenCertificate', 'channel', 'tender'];
    const path = writeCsv(
      temporaryFolder(),
      'a.csv',
      [
        `${row('1', 'a', 1, '1', '9')},sun,green,G-1,app,card`,
        `${row('1', 'b', 1, '1', '9')},,,,till,`,
        `${row('2', 'b', 1, '1', '9')},,,,,`,
      ],
      `${header},${more.join(',')}`,
    );
    const columns = { ...mappingWith().columns, ...Object.fromEntries(more.map((m) => [m, m])) };
    const api = createModelApi();
    await importInto(api, path, { mapping: mappingWith({ columns }) });
    const [first, second] = [...api.orders.values()].map(({ body }) => body);
    expect(first).toMatchObject({ channel: 'app', tenders: ['card'] });
    expect(first?.lines[0]).toMatchObject({ brand: 'sun', zone: 'green', greenCertificate: 'G-1' });
    for (const plain of [first?.lines[1], second?.lines[0]])
      expect(plain).not.toHaveProperty('brand');
    expect(second).not.toHaveProperty('channel');
    expect(second).not.toHaveProperty('tenders');
  });

  test('reads the file the same when gzipped, with CRLF, a mark or in GBK', async () => {
    const folder = temporaryFolder();
    const plain = writeCsv(folder, 'plain.csv', [
      row('1', '红米', 2, '10', '九'),
      row('C2', '红米', -1, '10', '九'),
    ]);
    const text = readFileSync(plain, 'utf8');
    const same = { orders: 1, pointsEarned: 20, pointsClawedBack: 10, rejected: {} };
    const variants: [string, Buffer, object][] = [
      ['a.csv.gz', gzipSync(text), {}],
      // Told by its first bytes, not by its name.
      ['b.csv', gzipSync(text), {}],
      ['c.csv', Buffer.from(text.replaceAll('\n', '\r\n')), {}],
      ['d.csv', Buffer.from(`\uFEFF${text}`), { encoding: 'gbk' }],
      ['e.csv', gbk(text), { encoding: 'gbk' }],
    ];
    for (const [name, bytes, changes] of variants) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      const api = createModelApi();
      const { report } = await importInto(api, path, { mapping: mappingWith(changes) });
      expect(report, name).toMatchObject(same);
      expect([...api.orders.values()][0]?.body.lines[0]?.sku).toBe('红米');
    }
  });

  test('the same content is the same source, packed or not', async () => {
    const folder = temporaryFolder();
    const plain = writeCsv(folder, 'plain.csv', [row('1', 'a', 2, '10', '9')]);
    const packed = join(folder, 'packed.csv.gz');
    writeFileSync(packed, gzipSync(readFileSync(plain)));
    const sources = [];
    for (const path of [plain, packed]) {
      const api = createModelApi();
      await importInto(api, path);
      sources.push([...api.orders.values()][0]?.body.source);
    }
    expect(sources[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(sources[1]).toBe(sources[0]);
  });

  test('only sales make members, and who bought nothing has nothing to bring back', async () => {
    const path = writeCsv(temporaryFolder(), 'a.csv', [
      row('C1', 'a', -1, '10', 'never'),
      row('2', 'a', 1, '10', 'buyer'),
      row('3', 'a', -1, '10', 'wrong'),
    ]);
    const api = createModelApi();
    const { report } = await importInto(api, path);
    expect([...api.members.keys()]).toEqual(['buyer']);
    expect(api.returns.size).toBe(0);
    expect(report).toMatchObject({
      orders: 1,
      members: 1,
      rejected: { unmatched: 1, non_positive_quantity: 1 },
    });
  });

  test('a later file brings back what an earlier one sold', async () => {
    const folder = temporaryFolder();
    const api = createModelApi();
    await importInto(api, writeCsv(folder, 'may.csv', [row('1', 'a', 3, '10', '9')]));
    const { report } = await importInto(
      api,
      writeCsv(folder, 'june.csv', [row('C2', 'a', -2, '10', '9')]),
    );
    expect(report).toMatchObject({
      lines: 1,
      orders: 0,
      members: 0,
      pointsClawedBack: 20,
      pointsOutstanding: -20,
      rejected: {},
    });
  });

  test('a longer export of the same orders adds what is new and reports all', async () => {
    const folder = temporaryFolder();
    const rows = [
      row('1', 'a', 3, '10', '9'),
      row('C2', 'a', -1, '10', '9'),
      row('3', 'b', 1, '7', '8'),
      row('C4', 'a', -2, '10', '9'),
      row('C5', 'b', -2, '7', '8'),
    ];
    const api = createModelApi();
    await importInto(api, writeCsv(folder, 'short.csv', rows.slice(0, 2)));
    const { report } = await importInto(api, writeCsv(folder, 'long.csv', rows));
    const fresh = await importInto(createModelApi(), join(folder, 'long.csv'));
    expect(report).toEqual(fresh.report);
    expect(report).toMatchObject({
      pointsEarned: 37,
      pointsClawedBack: 37,
      rejected: { unmatched: 1 },
    });
    expect(api.orders.size).toBe(2);
  });

  test('an order of the same number with other lines is rejected, not booked', async () => {
    const folder = temporaryFolder();
    const api = createModelApi();
    await importInto(api, writeCsv(folder, 'a.csv', [row('1', 'a', 3, '10', '9')]));
    const { report } = await importInto(
      api,
      writeCsv(folder, 'b.csv', [row('1', 'a', 3, '11', '9'), row('1', 'b', 1, '1', '9')]),
    );
    expect(report).toMatchObject({ orders: 0, pointsEarned: 0, rejected: { order_exists: 2 } });
    expect(readFileSync(join(folder, 'b.csv.rejects.csv'), 'utf8')).toContain('order_exists');
  });

  test('a refusal that would meet every order ends the import', async () => {
    const path = writeCsv(temporaryFolder(), 'a.csv', [row('1', 'a', 3, '10', '9')]);
    const api = {
      ...createModelApi(),
      sendOrders: async () => [{ refused: { code: 'backdating_not_allowed', detail: 'no' } }],
    };
    await expect(importInto(api, path)).rejects.toMatchObject({ code: 'import_refused' });
  });

  test('a file that changes while it is sent is told', async () => {
    const path = writeCsv(temporaryFolder(), 'a.csv', [row('1', 'a', 3, '10', '9')]);
    const api = createModelApi();
    const merchantId: ImportApi['merchantId'] = async (...args) => {
      writeFileSync(path, `${readFileSync(path, 'utf8')}${row('2', 'a', 1, '10', '9')}\n`);
      return api.merchantId(...args);
    };
    await expect(importInto({ ...api, merchantId }, path)).rejects.toMatchObject({
      code: 'file_changed',
    });
  });
});

describe('memory', () => {
  test('what is read ahead of the answers does not grow with the file', async () => {
    const lines = 60_000;
    const rows = Array.from({ length: lines }, (_, index) =>
      row(`${Math.floor(index / 7)}`, 'a', 1, '1', `${Math.floor(index / 70)}`),
    );
    const path = writeCsv(temporaryFolder(), 'a.csv', rows);
    const api = createModelApi();
    let answered = 0;
    let ahead = 0;
    const slow: ImportApi = {
      ...api,
      sendOrders: async (orders) => {
        // Slower than reading, so that only waiting for us can hold the reader back.
        await new Promise((resolve) => setTimeout(resolve, 2));
        for (const { lines } of orders) answered += lines.length;
        return orders.map(({ memberId }) => ({ answer: { memberId, points: 0 }, replayed: false }));
      },
    };
    const { report } = await importOrders({
      path,
      mapping: mappingWith(),
      rejects: rejectsPlace(path, undefined, '.'),
      connect: async () => slow,
      onProgress: (phase, done) => {
        if (phase === 'sending') ahead = Math.max(ahead, done * lines - answered);
      },
      explain: (reason) => reason,
      lanes: 2,
      limits: { items: 50, lines: 500 },
    });
    expect(report.orders).toBe(Math.ceil(lines / 7));
    expect(answered).toBe(lines);
    // Two lanes of 1,000 waiting and 500 under way, and what one or two reads of 256 KB hold.
    expect(ahead).toBeLessThan(3_000 + 2 * 8_000);
  });
});

describe('a file that cannot be read changes nothing', () => {
  const good = row('1', 'a', 1, '1', '9');
  const text = (...lines: string[]) => Buffer.from(lines.join('\n'));
  const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID';

  test.each<[string, string, Buffer, string]>([
    ['nothing in it', 'a.csv', Buffer.alloc(0), 'file_empty'],
    ['blank lines only', 'a.csv', text('', ''), 'file_empty'],
    ['an empty archive', 'a.csv.gz', gzipSync(''), 'file_empty'],
    [
      'a column missing',
      'a.csv',
      text(header.replace('CustomerID', 'Customer'), good),
      'column_missing',
    ],
    ['a column twice', 'a.csv', text(`${header},Quantity`, `${good},1`), 'column_twice'],
    [
      'a quote not closed on its last line',
      'a.csv',
      text(header, good, good.replace('Thing', '"Thing')),
      'csv_quote',
    ],
    [
      'bytes that are not UTF-8 on its last line',
      'a.csv',
      Buffer.concat([text(header, good, ''), Buffer.from([0xba, 0xec])]),
      'file_encoding',
    ],
    ['UTF-16', 'a.csv', Buffer.from(`\uFEFF${header}`, 'utf16le'), 'file_utf16'],
    ['no gzip', 'a.csv.gz', text(header, good), 'file_not_gzip'],
    [
      'half an archive',
      'a.csv.gz',
      gzipSync(text(header, good)).subarray(0, 60),
      'file_gzip_damaged',
    ],
    [
      'a spreadsheet',
      'a.csv',
      Buffer.from('PK\u0003\u0004 and so on', 'latin1'),
      'file_spreadsheet',
    ],
  ])('%s', async (_name, name, bytes, code) => {
    const folder = temporaryFolder();
    const path = join(folder, name);
    writeFileSync(path, bytes);
    await expect(importInto(untouchable, path)).rejects.toMatchObject({ code, exitCode: 2 });
    expect(existsSync(`${path}.rejects.csv`)).toBe(false);
  });

  test('no file, or a folder', async () => {
    const folder = temporaryFolder();
    await expect(importInto(untouchable, join(folder, 'x'))).rejects.toMatchObject({
      code: 'file_missing',
      exitCode: 2,
    });
    await expect(importInto(untouchable, folder)).rejects.toMatchObject({
      code: 'file_unreadable',
      exitCode: 2,
    });
  });

  test('rejects that would go into the file itself', async () => {
    const path = writeCsv(temporaryFolder(), 'a.csv', [good]);
    await expect(importInto(untouchable, path, { rejects: path })).rejects.toMatchObject({
      code: 'rejects_same',
      exitCode: 2,
    });
  });

  test('rejects that could not be written', async () => {
    const path = writeCsv(temporaryFolder(), 'a.csv', [good]);
    const rejects = join(path, 'not', 'here.csv');
    await expect(importInto(untouchable, path, { rejects })).rejects.toMatchObject({
      code: 'rejects_unwritable',
      exitCode: 2,
    });
  });
});

/** GBK of the few characters used here. */
function gbk(text: string): Buffer {
  const known: Record<string, number[]> = { 红: [0xba, 0xec], 米: [0xc3, 0xd7], 九: [0xbe, 0xc5] };
  return Buffer.from(
    [...text].flatMap((character) => known[character] ?? [character.charCodeAt(0)]),
  );
}
