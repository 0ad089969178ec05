import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { moment } from './table.ts';
import { run, stubServer } from './testing/stub-shell.ts';

const MEMBER = 'mem_01h455vb4pex5vsknk084sn02q';
const LOT = 'lot_01h455vb4pex5vsknk084sn02q';

function dataDir(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hongmi-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, '.data'));
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, '.data', name), text);
  return folder;
}

describe('usage', () => {
  test('help lists every command, and tells each', async () => {
    const { code, out } = await run(['help']);
    expect(code).toBe(0);
    expect(out).toContain('import orders FILE');
    expect((await run([])).out).toBe(out);
    expect((await run(['--help'])).out).toBe(out);
    expect((await run(['help', 'import'])).out).toContain('import orders FILE');
    expect((await run(['help', 'import', 'orders'])).out).toContain('--rejects FILE');
    expect((await run(['import', 'orders', '--help'])).out).toContain('--rejects FILE');
    expect((await run(['help', 'keys'])).out).not.toContain('import');
    expect((await run(['keys', '--help'])).out).toBe((await run(['help', 'keys'])).out);
    expect((await run(['help'], { LANG: 'zh_CN.UTF-8' })).out).toContain('导入');
  });

  test.each<[string[], string]>([
    [['frobnicate'], 'no command'],
    [['import'], 'no command'],
    [['balance'], 'Missing MEMBER'],
    [['balance', 'a', 'b'], 'Unexpected "b"'],
    [['balance', '--colour', 'red', 'x'], 'no option --colour'],
    [['balance', 'x', '--json=yes'], 'Option --json'],
    [['help', 'frobnicate'], 'no command "frobnicate"'],
    [['import', 'orders', 'x.csv'], 'Missing --mapping'],
    [['import', 'orders', 'x.csv', '--mapping'], 'Option --mapping lacks its value'],
    [['import', 'orders', 'x.csv', '--mapping', 'nowhere.json'], 'no file'],
    [['keys', 'create', 'x'], 'Missing --scopes'],
    [['keys', 'create', 'x', '--scopes', 'points:eat'], 'no scope "points:eat"'],
    [['members', 'find', 'x', '--limit', '0'], '--limit 1'],
    [['members', 'find', ' '], 'names no member'],
    [['trail', 'mem_1'], 'lot_…'],
    [['keys', 'revoke', 'x'], 'key_…'],
    [['explain', 'mem_1'], 'ord_…, act_…'],
    [['explain', '-'], 'no explanation'],
    [['scenarios', 'S2', 'S8'], 'no scenario "S8"'],
    [['pack', 'show', 'butcher'], 'no pack "butcher"'],
    [['pack', 'show', '../package'], 'no pack'],
    [['pack', 'apply', 'hotel', '--merchant', 'x'], 'mer_…'],
    [['pack', 'apply', 'hotel', '--merchant', 'mer_1', '--new-merchant', 'x'], 'does not go with'],
  ])('%j is wrong usage', async (words, message) => {
    const { code, out, err } = await run(words);
    expect(err).toContain(message);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test('with --json failures are JSON too', async () => {
    const { code, out, err } = await run(['balance', '?', '--json'], {
      HONGMI_URL: 'http://localhost:1',
      HONGMI_KEY: 'x',
    });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(JSON.parse(err)).toEqual({
      error: { code: 'member_bad', message: expect.stringContaining('names no member') },
    });
  });
});

describe('the server', () => {
  test('is the one of HONGMI_URL, which needs a key', async () => {
    const { env, asked } = await stubServer({
      'GET /v1/keys?limit=20': { items: [], nextCursor: null },
    });
    expect((await run(['keys', 'list', '--json'], env)).out).toBe(
      '{\n  "items": [],\n  "more": false\n}\n',
    );
    expect(asked).toMatchObject([{ key: 'Bearer hm_stub' }]);
    expect(await run(['keys', 'list'], { ...env, HONGMI_KEY: ' ' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('HONGMI_KEY'),
    });
    expect(await run(['keys', 'list'], { ...env, HONGMI_URL: 'localhost' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('localhost'),
    });
  });

  test('or the one that runs from the data directory, with its root key', async () => {
    const { env, asked } = await stubServer({
      'GET /v1/keys?limit=20': { items: [], nextCursor: null },
    });
    const url = env.HONGMI_URL?.replace('/v1/', '') ?? '';
    const here = dataDir({
      'server.json': JSON.stringify({ url, pid: process.pid }),
      'root-key': 'hm_root\n',
    });
    expect((await run(['keys', 'list'], {}, here)).code).toBe(0);
    expect((await run(['keys', 'list'], { HONGMI_DATA_DIR: join(here, '.data') })).code).toBe(0);
    expect((await run(['keys', 'list'], { HONGMI_KEY: 'hm_other' }, here)).code).toBe(0);
    expect((await run(['keys', 'list'], { HONGMI_ROOT_KEY: 'hm_given' }, here)).code).toBe(0);
    expect(asked.map(({ key }) => key)).toEqual(
      ['hm_root', 'hm_root', 'hm_other', 'hm_given'].map((key) => `Bearer ${key}`),
    );
  });

  test('none runs', async () => {
    const dead = JSON.stringify({ url: 'http://127.0.0.1:1', pid: 2 ** 22 + 1 });
    for (const here of [
      dataDir({}),
      dataDir({ 'server.json': dead, 'root-key': 'x' }),
      dataDir({ 'server.json': '{' }),
    ]) {
      expect(await run(['keys', 'list'], {}, here)).toMatchObject({
        code: 1,
        err: expect.stringContaining('npm start'),
      });
    }
    const noKey = dataDir({
      'server.json': JSON.stringify({ url: 'http://127.0.0.1:1', pid: process.pid }),
    });
    expect(await run(['keys', 'list'], {}, noKey)).toMatchObject({
      code: 1,
      err: expect.stringContaining('ENOENT'),
    });
  });

  test('refuses: the problem is told', async () => {
    const { env } = await stubServer({});
    expect(await run(['balance', MEMBER], env)).toEqual({
      code: 1,
      out: '',
      err: `no /v1/members/${MEMBER}/balance (not_found)\n`,
    });
  });

  test('export does not make a database where there is none, and says so in the language asked for', async () => {
    const words = ['export', 'ledger', 'x.jsonl'];
    const exporting = (more: string[]) => run([...words, ...more], {}, dataDir({}));
    expect(await exporting([])).toMatchObject({
      code: 1,
      err: expect.stringContaining('no database'),
    });
    for (const lang of [['--lang', 'zh'], ['--lang=zh']])
      expect(await exporting(lang)).toMatchObject({
        code: 1,
        err: expect.stringContaining('没有数据库'),
      });
    expect(await exporting(['--lang', 'fr'])).toMatchObject({ code: 2 });
  });

  test('verify tells what is wrong with an export, without a database', async () => {
    const words = ['verify', '--from-export', 'missing.jsonl'];
    expect(await run(words, {}, dataDir({}))).toMatchObject({
      code: 2,
      err: expect.stringContaining('no file /nowhere/missing.jsonl'),
    });
    const file = join(dataDir({ 'a.jsonl': 'id,points\n' }), '.data', 'a.jsonl');
    expect(await run(['verify', '--from-export', file, '--lang', 'zh'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('不是完整的导出文件'),
    });
    expect(await run(['verify', '--from-export', file, '--keys', file])).toMatchObject({
      code: 2,
      err: expect.stringContaining('does not hold public keys'),
    });
  });

  test('verify checks a proof with public keys and no database', async () => {
    const folder = join(dataDir({ 'proof.json': '{}', keys: 'ab'.repeat(32) }), '.data');
    const proof = ['verify', '--proof', join(folder, 'proof.json')];
    const keys = ['--keys', join(folder, 'keys')];
    expect(await run(proof)).toMatchObject({ code: 2, err: expect.stringContaining('--keys') });
    expect(await run([...proof, ...keys, '--receipt', 'x'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--receipt'),
    });
    expect(await run([...proof, ...keys])).toMatchObject({
      code: 2,
      err: expect.stringContaining('is no answer of GET /v1/ledger/proofs'),
    });
  });

  test('verify does not make a database where there is none', async () => {
    expect(await run(['verify'], {}, dataDir({}))).toMatchObject({
      code: 1,
      err: expect.stringContaining('no database'),
    });
  });
});

describe('industry packs', () => {
  test('are listed and shown without a server, in the language asked for', async () => {
    const { code, out } = await run(['pack', 'list']);
    expect({ code, lines: out.split('\n').length }).toEqual({ code: 0, lines: 15 });
    expect(out).toMatch(/^fruit-shop +Fruit shop +3 +3$/m);
    expect((await run(['pack', 'list', '--lang', 'zh'])).out).toContain('水果店');
    const shown = (await run(['pack', 'show', 'fruit-shop'])).out;
    expect(shown).toContain('Melons earn double from Monday to Friday');
    expect(shown).toContain('- ¥20 a day for 30 days: 600 points.');
    expect((await run(['pack', 'show', 'fruit-shop', '--lang', 'zh'])).out).toContain(
      '周一至周五买瓜双倍',
    );
    const told = JSON.parse((await run(['pack', 'show', 'green-bank-card', '--json'])).out);
    expect(told.rules[0].body.terms.funders).toEqual([{ merchant: '$merchant', share: 1 }]);
  });
});

describe('what is shown', () => {
  const member = {
    id: MEMBER,
    name: '王小明',
    phoneLastFour: '8000',
    externalIds: { pos: '红 1' },
    programmes: ['default'],
    createdAt: '2026-01-02T03:04:05.000Z',
  };
  const lot = {
    id: LOT,
    programme: 'default',
    pointType: 'points',
    memberId: MEMBER,
    issuerId: 'mer_1',
    transactionId: 'txn_1',
    state: 'available',
    issued: 44,
    amount: 44,
    remaining: 33,
    held: 0,
    expired: 0,
    returned: 11,
    availableAt: '2026-01-02T03:04:05.000Z',
  };

  test('a balance, by external id', async () => {
    const balances = [
      {
        programme: 'default',
        pointType: 'points',
        available: 1234,
        pending: 5,
        held: 0,
        debt: 0,
        lifetimeEarned: 9,
        lifetimeRedeemed: 0,
        lifetimeExpired: 0,
        expiring: [{ at: '2026-05-02T12:00:00.000Z', points: 7 }],
      },
    ];
    const { env } = await stubServer({
      'GET /v1/members?externalSystem=pos&externalId=%E7%BA%A2+1': {
        items: [member],
        nextCursor: null,
      },
      [`GET /v1/members/${MEMBER}/balance`]: { balances },
    });
    const { out, code } = await run(['balance', 'pos:红 1'], env);
    expect(code).toBe(0);
    expect(out).toMatch(/default\/points +1,234 +5 +0/);
    expect(out).toContain(`7 points expire on ${moment('2026-05-02T12:00:00.000Z')}`);
    expect(JSON.parse((await run(['balance', MEMBER, '--json'], env)).out)).toEqual({
      memberId: MEMBER,
      balances,
    });
    expect(await run(['balance', 'pos:2'], env)).toMatchObject({ code: 1 });
  });

  test('members, found by what was typed', async () => {
    const page = { items: [member], nextCursor: null };
    const { env, asked } = await stubServer({
      'GET /v1/members?phone=%2B86+138&limit=20': page,
      'GET /v1/members?phoneLastFour=8000&limit=20': page,
      'GET /v1/members?externalSystem=pos&externalId=a%3Ab&limit=20': page,
      [`GET /v1/members/${MEMBER}`]: member,
      'GET /v1/members/search?q=%E7%8E%8B%E5%B0%8F&limit=20': {
        items: [{ member, foundBy: 'name' }],
        nextCursor: null,
      },
    });
    for (const text of ['+86 138', '8000', 'pos:a:b', '王小'])
      expect((await run(['members', 'find', text], env)).out, text).toContain('…8000');
    expect((await run(['members', 'show', MEMBER], env)).out).toContain('pos:红 1');
    expect((await run(['members', 'show', MEMBER], env)).out).toContain('王小明');
    expect(asked).toHaveLength(6);
  });

  test('lists follow their pages up to the limit', async () => {
    const { env } = await stubServer({
      [`GET /v1/members/${MEMBER}/lots?open=true&limit=3`]: { items: [lot, lot], nextCursor: 'c' },
      [`GET /v1/members/${MEMBER}/lots?open=true&limit=3&cursor=c`]: {
        items: [lot, lot],
        nextCursor: 'd',
      },
    });
    const { out, err } = await run(['lots', MEMBER, '--open', '--limit', '3'], env);
    expect(out.match(/lot_/g)).toHaveLength(3);
    expect(err).toContain('--limit');
  });

  test('a trail, with names where they may be read', async () => {
    const step = {
      kind: 'issue',
      entry: 'issue',
      points: 44,
      remaining: 44,
      at: '2026-01-02T03:04:05.000Z',
      recordedAt: '2026-01-02T03:04:05.000Z',
      transactionId: 'txn_1',
      merchantId: 'mer_1',
      orderId: 'ord_1',
      orderNo: '536791',
    };
    const back = {
      ...step,
      kind: 'return',
      entry: 'recover',
      points: 11,
      remaining: 33,
      orderId: undefined,
      orderNo: undefined,
      returnId: 'ret_1',
    };
    const funders = [
      { merchantId: 'mer_1', share: 2 },
      { merchantId: 'mer_2', share: 1 },
    ];
    const given = { ...lot, ruleVersionId: 'rver_1', funders };
    const trail = { lot: given, summary: { issued: 44 }, steps: [step, back], nextCursor: null };
    const { env } = await stubServer({
      [`GET /v1/lots/${LOT}/trail?limit=200`]: trail,
      'GET /v1/merchants/mer_1': { id: 'mer_1', name: '礼品店' },
      'GET /v1/rule-versions/rver_1': { code: 'melon', number: 3, body: { name: '瓜季双倍' } },
    });
    const { out } = await run(['trail', LOT], { ...env, LANG: 'zh_CN.UTF-8' });
    expect(out).toContain('由 礼品店 发放');
    expect(out).toContain('规则 瓜季双倍 (melon)，第 3 版');
    expect(out).toContain('按份额出资：礼品店 2, mer_2 1');
    expect(out).toMatch(/发放 +44 +44 +礼品店, 订单 536791 +txn_1/);
    expect(out).toMatch(/收回 +11 +33 +礼品店, 退货单 ret_1/);
    expect(JSON.parse((await run(['trail', LOT, '--json'], env)).out).steps).toHaveLength(2);
  });

  test('a new key’s secret, once', async () => {
    const key = {
      id: 'key_1',
      name: 'till',
      scopes: ['orders:write'],
      merchantId: null,
      secret: 'hm_secret',
    };
    const { env, asked } = await stubServer({ 'POST /v1/keys': key });
    const { out } = await run(
      ['keys', 'create', 'till', '--scopes', 'orders:write, points:read', '--merchant', 'mer_1'],
      env,
    );
    expect(out).toContain('hm_secret');
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      name: 'till',
      scopes: ['orders:write', 'points:read'],
      merchantId: 'mer_1',
    });
  });
});

describe('merge', () => {
  const OTHER = MEMBER.replace(/.$/, 'r');
  const path = `/v1/members/${MEMBER}/merges`;
  const why = ['--actor', 'Li Na', '--reason', 'one person'];
  const move = { programme: 'default', pointType: 'points', points: 70, debt: 5 };

  test('absorbs the first member into the second, and tells what moved', async () => {
    const merged = { id: 'mrg_1', status: 'done', moves: [move] };
    const lookUp = 'GET /v1/members?externalSystem=pos&externalId=C-1';
    const { env, asked } = await stubServer({
      [lookUp]: { items: [{ id: OTHER }], nextCursor: null },
      [`POST ${path}`]: merged,
    });
    const { code, out } = await run(['merge', 'pos:C-1', MEMBER, ...why], env);
    expect({ code, out }).toEqual({
      ...{ code: 0, out: 'default/points: 70 points, 5 of debt\nMerged (mrg_1).\n' },
    });
    const body = JSON.parse(asked.at(-1)?.body ?? '');
    expect(body).toEqual({ from: OTHER, actor: 'Li Na', reason: 'one person' });
    const asJson = await run(['merge', OTHER, MEMBER, ...why, '--json'], env);
    expect(JSON.parse(asJson.out)).toEqual(merged);
  });

  test('only asks with --dry-run, and needs to know who and why', async () => {
    const { env, asked } = await stubServer({ [`POST ${path}`]: { dryRun: true, moves: [move] } });
    const { out } = await run(['merge', OTHER, MEMBER, ...why, '--dry-run'], env);
    expect(out).toContain('Nothing was changed.');
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({ dryRun: true });
    const { code, err } = await run(['merge', OTHER, MEMBER, '--actor', 'Li Na'], env);
    expect({ code, asked: asked.length }).toEqual({ code: 2, asked: 1 });
    expect(err).toContain('--reason');
  });
});
