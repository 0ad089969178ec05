import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run, stubServer } from './testing/stub-shell.ts';

const PERIOD = 'clp_01h455vb4pex5vsknk084sn02q';
const MERCHANT = 'mer_01h455vb4pex5vsknk084sn02q';
const period = {
  ...{ id: PERIOD, programme: 'street', number: 3, state: 'closed', cutId: 'cut_1' },
  ...{ from: '2026-11-01T00:00:00.000Z', until: '2026-12-01T00:00:00.000Z' },
  ...{ begunAt: '2026-12-01T01:00:00.000Z', closedAt: '2026-12-01T01:00:01.000Z' },
  figuresSha256: 'ab'.repeat(32),
};

test('periods are listed, as a table and as JSON', async () => {
  const { env } = await stubServer({
    'GET /v1/clearing/periods?programme=street&limit=20': { items: [period], nextCursor: null },
    'GET /v1/clearing/periods?limit=20': { items: [], nextCursor: null },
  });
  const words = ['clearing', 'periods', '--programme', 'street'];
  const { code, out } = await run(words, env);
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`3 {2}${PERIOD} .* closed`));
  expect((await run([...words, '--lang', 'zh'], env)).out).toContain('已结清');
  expect(JSON.parse((await run([...words, '--json'], env)).out)).toEqual({
    items: [period],
    more: false,
  });
  expect((await run(['clearing', 'periods'], env)).out).toContain('nothing');
});

test('a period is closed, and told with the hash of its figures', async () => {
  const { env, asked } = await stubServer({ 'POST /v1/clearing/periods': period });
  const { code, out } = await run(
    ['clearing', 'close', '--until', period.until, '--programme', 'street'],
    env,
  );
  expect(code).toBe(0);
  expect(out).toContain(period.figuresSha256);
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ until: period.until, programme: 'street' });
  const missing = await run(['clearing', 'close'], env);
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('--until') });
});

/** Bytes that are no text. */
const PDF = Buffer.from([0x25, 0x50, 0x44, 0x46, 0x00, 0xff, 0xfe, 0xc3, 0x28]);

test('a statement is saved as the server sends it, in the language of the command', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hongmi-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = `/v1/clearing/periods/${PERIOD}/statements/${MERCHANT}`;
  const { env } = await stubServer({
    [`GET ${path}?format=pdf&lang=zh-CN&part=all`]: PDF,
    [`GET ${path}?format=csv&lang=en&part=lines`]: 'a statement',
  });
  const file = join(folder, 'statement.pdf');
  const words = ['clearing', 'statement', PERIOD, MERCHANT, '--file', file];
  expect(await run([...words, '--lang', 'zh'], env)).toMatchObject({ code: 0, err: '' });
  expect(readFileSync(file)).toEqual(PDF);
  expect(await run([...words, '--format', 'csv', '--part', 'lines'], env)).toMatchObject({
    code: 0,
    out: `Saved to ${file}.\n`,
  });
  expect(readFileSync(file, 'utf8')).toBe('"a statement"');
  // Refused: nothing is written.
  const other = join(folder, 'other.html');
  const refused = [...words.slice(0, 4), '--format', 'html', '--file', other];
  expect(await run(refused, env)).toMatchObject({ code: 1, out: '' });
  expect(() => readFileSync(other)).toThrow('ENOENT');
  const nowhere = [...words.slice(0, 4), '--lang', 'zh', '--file', join(folder, 'no', 'x')];
  expect(await run(nowhere, env)).toMatchObject({
    code: 1,
    err: expect.stringContaining('无法写入'),
  });
  const wrong: [string[], string][] = [
    [['clearing', 'statement', 'x', MERCHANT], 'clp_…'],
    [['clearing', 'statement', PERIOD, 'x'], 'mer_…'],
    [[...words, '--format', 'doc'], 'html|pdf'],
    [[...words, '--part', 'most'], 'all|summary'],
  ];
  for (const [each, told] of wrong)
    expect(await run(each, env)).toMatchObject({ code: 2, err: expect.stringContaining(told) });
});

test('terms, prices and dossiers are listed', async () => {
  const query = `merchantId=${MERCHANT}&limit=20`;
  const from = '2026-11-01T00:00:00.000Z';
  const page = (item: object) => ({ items: [item], nextCursor: null });
  const { env } = await stubServer({
    [`GET /v1/clearing/terms?${query}`]: page({
      ...{
        id: 'stm_1',
        merchantId: null,
        number: 2,
        from,
        state: 'in_force',
        settlement: 'prefund',
      },
    }),
    [`GET /v1/clearing/price-list?${query}`]: page({
      ...{ pointType: 'points', merchantId: MERCHANT, from, issuePriceMicroFen: 10_000_000 },
      ...{ reimbursementMicroFen: 9_512_340, feeMicroFen: 1, accepting: null },
      issuing: 'funding_exhausted',
    }),
    [`GET /v1/dossiers?${query}`]: page({
      ...{
        id: 'dos_1',
        merchantId: MERCHANT,
        kind: 'filing',
        documentNo: 'No 7',
        validUntil: from,
      },
      status: 'suspended',
    }),
  });
  const list = async (name: string) =>
    (await run(['clearing', name, '--merchant', MERCHANT], env)).out;
  expect(await list('terms')).toMatch(/stm_1 +\(standard\) +2 .* in force +prefunded/);
  expect(await list('price-list')).toMatch(/10 +9\.51234 +0\.000001 +funding_exhausted +yes/);
  expect(await list('dossiers')).toMatch(/dos_1 .* filing +No 7 .* suspended/);
});
