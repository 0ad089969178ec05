import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { arm, disarm } from './formula.ts';
import { importInto, mappingWith, row, temporaryFolder, writeCsv } from './testing/files.ts';
import { createModelApi } from './testing/model-api.ts';

const table = (path: string) =>
  readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .split('\r\n')
    .slice(0, -1)
    .map((line) => line.split(','));

describe('rejected lines', () => {
  test('keep their columns, and say which line of which file they were and why', async () => {
    const folder = temporaryFolder();
    const path = writeCsv(folder, 'a.csv', [row('1', 'a', 1, '1', '9'), row('2', 'b', 2, '2', '')]);
    const { rejectsPath } = await importInto(createModelApi(), path);
    expect(rejectsPath).toBe(`${path}.rejects.csv`);
    const [header, line] = table(`${path}.rejects.csv`);
    expect(header).toEqual([
      'reject_line',
      'reject_reason',
      'reject_detail',
      'reject_source',
      'InvoiceNo',
      'StockCode',
      'Description',
      'Quantity',
      'InvoiceDate',
      'UnitPrice',
      'CustomerID',
    ]);
    expect(line).toEqual([
      '2',
      'no_customer',
      'no_customer',
      expect.stringMatching(/^[0-9a-f]{64}$/),
      '2',
      'b',
      'Thing',
      '2',
      '2026-01-02 03:04',
      '2',
      '',
    ]);
    expect(readFileSync(`${path}.rejects.csv`).subarray(0, 3)).toEqual(
      Buffer.from([0xef, 0xbb, 0xbf]),
    );
  });

  test('without any there is no file', async () => {
    const folder = temporaryFolder();
    const { rejectsPath } = await importInto(
      createModelApi(),
      writeCsv(folder, 'a.csv', [row('1', 'a', 1, '1', '9')]),
    );
    expect(rejectsPath).toBeNull();
    expect(readdirSync(folder)).toEqual(['a.csv']);
  });

  test('of a return matched in part only the rest remains', async () => {
    const path = writeCsv(temporaryFolder(), 'a.csv', [
      row('1', 'a', 3, '1', '9'),
      row('C2', 'a', -5, '1', '9'),
    ]);
    const { report } = await importInto(createModelApi(), path);
    expect(report.rejected).toEqual({ unmatched: 1 });
    expect(table(`${path}.rejects.csv`)[1]?.slice(0, 3)).toEqual(['2', 'unmatched', '2/5']);
    expect(table(`${path}.rejects.csv`)[1]?.[7]).toBe('-2');
  });

  test('a file with corrections is not overwritten by another import', async () => {
    const folder = temporaryFolder();
    const path = writeCsv(folder, 'a.csv', [row('2', 'b', 2, '2', '')]);
    const first = await importInto(createModelApi(), path);
    const again = await importInto(createModelApi(), path);
    expect(again.rejectsPath).toBe(first.rejectsPath);
    writeFileSync(first.rejectsPath ?? '', 'corrected');
    const third = await importInto(createModelApi(), path);
    expect(basename(third.rejectsPath ?? '')).toBe('a.csv.rejects.2.csv');
    expect(readFileSync(first.rejectsPath ?? '', 'utf8')).toBe('corrected');
    expect(readdirSync(folder)).toHaveLength(3);
  });

  test.runIf(process.getuid?.() !== 0)(
    'go elsewhere when the folder cannot be written',
    async () => {
      const folder = temporaryFolder();
      const path = writeCsv(folder, 'a.csv', [row('2', 'b', 2, '2', '')]);
      chmodSync(folder, 0o500);
      const { rejectsPath } = await importInto(createModelApi(), path);
      chmodSync(folder, 0o700);
      expect(rejectsPath).not.toContain(folder);
    },
  );

  test('formulas are disarmed for spreadsheets and whole again for us', async () => {
    const folder = temporaryFolder();
    const skus = ['=cmd()', '+1+1', '-a', '@x', "'=kept", "'quoted", '-5', '007'];
    const path = writeCsv(
      folder,
      'a.csv',
      skus.map((sku, index) => row(String(index), sku, 1, '1', '')),
    );
    await importInto(createModelApi(), path);
    const rows = table(`${path}.rejects.csv`);
    expect(rows.slice(1).map((cells) => cells[5])).toEqual([
      "'=cmd()",
      "'+1+1",
      "'-a",
      "'@x",
      "''=kept",
      "'quoted",
      '-5',
      '007',
    ]);
    const corrected = rows.map((cells, index) =>
      (index === 0 ? cells : [...cells.slice(0, -1), '9']).join(','),
    );
    writeFileSync(`${path}.rejects.csv`, corrected.join('\r\n'));
    const api = createModelApi();
    await importInto(api, `${path}.rejects.csv`);
    expect([...api.orders.values()].map(({ body }) => body.lines[0]?.sku)).toEqual(skus);
  });

  test.each(['=1', "'=1", "''+", '-5.5', '+1', "'", "'a", '', 'a=1', '\t1'])(
    'arming %j can be undone',
    (cell) => {
      expect(disarm(arm(cell))).toBe(cell);
      expect(/^[=+\-@\t\r]/.test(arm(cell)) && !/^[+-]?\d+(\.\d+)?$/.test(cell)).toBe(false);
    },
  );
});

/** Imports a file, corrects its rejects and imports those. */
async function correct(
  rows: readonly string[],
  change: (cells: string[]) => string[],
  mapping = mappingWith(),
) {
  const folder = temporaryFolder();
  const path = writeCsv(folder, 'a.csv', rows);
  const api = createModelApi();
  const first = await importInto(api, path, { mapping });
  const rejects = first.rejectsPath ?? '';
  const [header = [], ...lines] = table(rejects);
  const save = (corrected: readonly string[][]) =>
    writeFileSync(
      rejects,
      `\uFEFF${[header, ...corrected].map((cells) => cells.join(',')).join('\r\n')}\r\n`,
    );
  save(lines.map(change));
  const second = await importInto(api, rejects, { mapping });
  return {
    api,
    first: first.report,
    second: second.report,
    rejects,
    lines,
    save,
    again: () => importInto(api, rejects, { mapping }),
  };
}

const withCustomer = (cells: string[]) => [...cells.slice(0, -1), '9'];

describe('corrected lines', () => {
  test('become the order they always were, also with a mapping in another encoding', async () => {
    const rows = [row('1', 'a', 2, '10', ''), row('1', 'b', 1, '5.5', '')];
    // The rejects file is UTF-8 with a mark whatever the mapping says.
    const change = (cells: string[]) => withCustomer(cells.with(6, '红米'));
    const mapping = mappingWith({ encoding: 'gb18030' });
    const { api, second, again } = await correct(rows, change, mapping);
    expect(second).toMatchObject({
      lines: 2,
      orders: 1,
      members: 1,
      pointsEarned: 25,
      rejected: {},
    });
    expect([...api.orders.keys()]).toEqual(['1']);
    expect([...api.orders.values()][0]?.body.lines[0]?.name).toBe('红米');
    expect((await again()).report).toEqual(second);
    expect(api.orders.size).toBe(1);
  });

  test('of an order that is there already become one beside it, once', async () => {
    const rows = [
      row('1', 'a', 1, '10', '9'),
      row('1', 'b', 1, 'x', '9'),
      row('1', 'c', 1, 'y', '9'),
    ];
    const { api, second, again } = await correct(rows, (cells) => [...cells.slice(0, 9), '7', '9']);
    expect(second).toMatchObject({ lines: 2, orders: 1, pointsEarned: 14, rejected: {} });
    expect([...api.orders.keys()]).toEqual(['1', '1+2']);
    expect((await again()).report).toEqual(second);
    expect(api.orders.size).toBe(2);
  });

  test('of a return find only what was bought before them', async () => {
    const rows = [
      row('1', 'a', 1, '10', '9'),
      row('C2', 'a', -2, '10', ''),
      row('3', 'a', 1, '10', '9'),
    ];
    const { second, again } = await correct(rows, withCustomer);
    expect(second).toMatchObject({ orders: 0, pointsClawedBack: 10, rejected: { unmatched: 1 } });
    expect((await again()).report).toEqual(second);
  });

  test('of a return are asked for again when an earlier file came in the meantime, and found once', async () => {
    const folder = temporaryFolder();
    const june = writeCsv(folder, 'june.csv', [
      row('1', 'b', 1, '1', '9'),
      row('C2', 'a', -3, '10', '9'),
    ]);
    const api = createModelApi();
    const first = await importInto(api, june);
    const rejects = first.rejectsPath ?? '';
    expect((await importInto(api, rejects)).report.rejected).toEqual({ unmatched: 1 });
    await importInto(api, writeCsv(folder, 'may.csv', [row('0', 'a', 2, '10', '9')]));
    const found = await importInto(api, rejects);
    expect(found.report).toMatchObject({ pointsClawedBack: 20, rejected: { unmatched: 1 } });
    await importInto(api, writeCsv(folder, 'april.csv', [row('00', 'a', 2, '10', '9')]));
    expect((await importInto(api, rejects)).report).toMatchObject({
      pointsClawedBack: 30,
      rejected: {},
    });
    expect((await importInto(api, rejects)).report).toMatchObject({
      pointsClawedBack: 30,
      rejected: {},
    });
    expect([...api.balances().values()]).toEqual([11]);
    // The file itself is answered as the first time.
    expect((await importInto(api, june)).report).toEqual(first.report);
  });

  test('of a return are not taken twice when they are corrected again after they were found', async () => {
    const rows = [
      row('1', 'a', 5, '10', '9'),
      row('1', 'b', 5, '10', '9'),
      row('C2', 'x', -1, '10', '9'),
    ];
    const { api, second, again, save, lines } = await correct(rows, (cells) => [
      ...cells.slice(0, 5),
      'a',
      ...cells.slice(6),
    ]);
    expect(second).toMatchObject({ pointsClawedBack: 10, rejected: {} });
    save(lines.map((cells) => [...cells.slice(0, 5), 'b', ...cells.slice(6)]));
    expect((await again()).report).toMatchObject({
      pointsClawedBack: 0,
      rejected: { return_exists: 1 },
    });
    expect([...api.balances().values()]).toEqual([90]);
  });

  test('that are still wrong are rejected again under their first line and file', async () => {
    const { first, second, rejects, lines } = await correct(
      [row('1', 'a', 1, '10', '9'), row('2', 'a', 1, 'x', '9')],
      (cells) => cells,
    );
    expect(second).toEqual({
      ...first,
      lines: 1,
      orders: 0,
      members: 0,
      pointsEarned: 0,
      pointsOutstanding: 0,
    });
    expect(table(`${rejects}.rejects.csv`)[1]).toEqual(lines[0]);
  });
});
