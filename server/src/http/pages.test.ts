import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../kernel/clock.ts';
import { createLog } from '../platform/log.ts';
import { createApp } from './app.ts';
import { DATA_POLICY, NONCE_MARK } from './pages.ts';

const PAGE = `<!doctype html><meta name="csp-nonce" content="${NONCE_MARK}"><style nonce="${NONCE_MARK}"></style><p>console</p>`;
const SCRIPT = 'console.log("a script of some length, so that it is worth compressing");'.repeat(9);
const SECRET = 'nobody may read this';
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

let scene: string;
let app: FastifyInstance;
let secure: FastifyInstance;
beforeAll(async () => {
  scene = mkdtempSync(join(tmpdir(), 'hongmi-pages-'));
  const folder = join(scene, 'dist');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  write('dist/index.html', PAGE);
  write('dist/icon.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  write('dist/assets/main-Ab12.js', SCRIPT);
  write('dist/assets/main-Ab12.js.br', brotliCompressSync(SCRIPT));
  write('dist/assets/main-Ab12.js.gz', gzipSync(SCRIPT));
  write('dist/assets/plain-Cd34.css', 'p{color:red}');
  write('dist/sw.js', SCRIPT);
  write('dist/.env', SECRET);
  write('secret.txt', SECRET);
  app = await open(false);
  secure = await open(true);
});
afterAll(async () => {
  await app.close();
  await secure.close();
  rmSync(scene, { recursive: true, force: true });
});

function write(name: string, bytes: string | Buffer): void {
  writeFileSync(join(scene, name), bytes);
}

function open(isHttps: boolean): Promise<FastifyInstance> {
  const folders = { '/console/': join(scene, 'dist'), '/later/': join(scene, 'later') };
  return createApp({
    authenticate: async () => {
      throw new Error('pages ask for nobody');
    },
    sql: undefined as never,
    clock: systemClock,
    log: createLog('silent'),
    version: '0.0.0',
    features: [],
    pages: { folders, isHttps },
  });
}

const get = (url: string, headers: Record<string, string> = {}, from = app) =>
  from.inject({ method: 'GET', url, headers });
const visit = (url: string) => get(url, { accept: BROWSER });

test('the page is at every address below, with a nonce of its own each time', async () => {
  const nonces = new Set<string>();
  for (const path of ['', 'members/mem_01', 'rules/spring.sale?tab=versions', 'a/b/c%20d']) {
    const page = await visit(`/console/${path}`);
    expect([page.statusCode, page.headers['cache-control']], path).toEqual([200, 'no-cache']);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers.etag ?? page.headers['last-modified']).toBeUndefined();
    const [, nonce = ''] = /'nonce-([\w-]{24})'/.exec(policyOf(page)) ?? [];
    expect(page.body).toBe(PAGE.replaceAll(NONCE_MARK, nonce));
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(4);
});

test('who does not say what it takes gets the page at its own address', async () => {
  const page = await get('/console/', { accept: '*/*' });
  expect([page.statusCode, page.headers['content-type']]).toEqual([
    200,
    'text/html; charset=utf-8',
  ]);
});

test('a page runs its own scripts only, and tells others nothing', async () => {
  const { headers } = await visit('/console/');
  const policy = policyOf({ headers });
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-/);
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  for (const directive of ["base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"])
    expect(policy.split('; ')).toContain(directive);
  expect(headers).toMatchObject({
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  });
  expect(headers['permissions-policy']).toContain('microphone=()');
  expect(headers['strict-transport-security']).toBeUndefined();
});

test('by https, browsers are told to stay there', async () => {
  const { headers } = await get('/console/', { accept: BROWSER }, secure);
  expect(headers['strict-transport-security']).toContain('max-age=31536000');
});

test('hashed files are kept for a year and come as they were compressed', async () => {
  const url = '/console/assets/main-Ab12.js';
  const plain = await get(url);
  expect(plain.body).toBe(SCRIPT);
  expect(plain.headers['content-encoding']).toBeUndefined();
  const brotli = await get(url, { 'accept-encoding': 'gzip, deflate, br' });
  expect(brotli.headers['content-encoding']).toBe('br');
  expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(SCRIPT);
  const gzip = await get(url, { 'accept-encoding': 'gzip' });
  expect(gzip.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(gzip.rawPayload).toString()).toBe(SCRIPT);
  const style = await get('/console/assets/plain-Cd34.css', { 'accept-encoding': 'br, gzip' });
  expect(style.body).toBe('p{color:red}');
  for (const { headers } of [plain, brotli, gzip, style])
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': DATA_POLICY,
      vary: 'accept-encoding',
    });
  expect(brotli.headers['content-type']).toBe('application/javascript; charset=utf-8');
  const tags = [plain, brotli, gzip].map(({ headers }) => headers.etag);
  expect(new Set(tags).size).toBe(3);
});

test('a service worker may fetch what its pages may, and is never kept for long', async () => {
  const { headers } = await get('/console/sw.js');
  expect(headers).toMatchObject({
    'cache-control': 'no-cache',
    'content-type': 'application/javascript; charset=utf-8',
    'content-security-policy': "default-src 'none'; connect-src 'self'; frame-ancestors 'none'",
  });
});

test('other files are asked for again, and not sent again while they stay the same', async () => {
  const icon = await get('/console/icon.svg');
  expect(icon.headers).toMatchObject({
    'cache-control': 'no-cache',
    'content-type': 'image/svg+xml',
  });
  const again = () => get('/console/icon.svg', { 'if-none-match': String(icon.headers.etag) });
  expect([(await again()).statusCode, (await again()).body]).toEqual([304, '']);
  utimesSync(join(scene, 'dist/icon.svg'), new Date(0), new Date(0));
  expect((await again()).statusCode).toBe(200);
  for (const way of ['index.html', 'assets%2f..%2findex.html', '.%2findex.html', '%2findex.html'])
    expect((await visit(`/console/${way}`)).body, way).not.toContain(NONCE_MARK);
});

test('HEAD says the same without a body', async () => {
  for (const url of ['/console/', '/console/assets/main-Ab12.js']) {
    const head = await app.inject({ method: 'HEAD', url, headers: { accept: BROWSER } });
    expect([head.statusCode, head.body]).toEqual([200, '']);
    expect(Number(head.headers['content-length'])).toBeGreaterThan(0);
  }
});

test('a file that is missing is 404, not a page that a browser takes for a script', async () => {
  const missing = [
    await visit('/console/assets/main-Old0.js'),
    await get('/console/logo.png', { accept: 'image/avif,image/webp,*/*;q=0.8' }),
    await get('/console/members'),
    await visit('/elsewhere'),
    await get('/'),
  ];
  for (const { statusCode, headers, body } of missing) {
    expect([statusCode, JSON.parse(body).code]).toEqual([404, 'not_found']);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': DATA_POLICY,
    });
  }
});

test('nothing outside the folder is readable, and nothing that is hidden', async () => {
  const ways = [
    '../secret.txt',
    '..%2fsecret.txt',
    '%2e%2e/secret.txt',
    '%2e%2e%2fsecret.txt',
    'assets/../../secret.txt',
    'assets%2f..%2f..%2fsecret.txt',
    '..%5csecret.txt',
    '%252e%252e%252fsecret.txt',
    `%2f${join(scene, 'secret.txt')}`,
    `${join(scene, 'secret.txt')}`,
    'secret.txt%00.js',
    'icon.svg%00',
    '.env',
    'assets/..%2f.env',
  ];
  for (const way of ways)
    for (const accept of [BROWSER, '*/*']) {
      const { statusCode, body } = await get(`/console/${way}`, { accept });
      expect(body, way).not.toContain(SECRET);
      expect([200, 400, 404], way).toContain(statusCode);
    }
});

test('what has no slash yet, and the root, lead to the page', async () => {
  const root = await visit('/');
  expect([root.statusCode, root.headers.location]).toEqual([302, '/console/']);
  const bare = await visit('/console?lang=en');
  expect([bare.statusCode, bare.headers.location]).toEqual([308, '/console/?lang=en']);
});

test('what is not built says so, and is there once it is', async () => {
  const absent = await visit('/later/');
  expect([absent.statusCode, absent.headers['retry-after']]).toEqual([503, '10']);
  expect(absent.body).toContain('npm run build');
  mkdirSync(join(scene, 'later'));
  write('later/index.html', PAGE);
  expect((await visit('/later/deep/link')).statusCode).toBe(200);
});

test('the page that describes the API keeps its own policy', async () => {
  const docs = await visit('/docs/static/index.html');
  expect(policyOf(docs)).toContain("script-src 'self'");
});

function policyOf({ headers }: { headers: Record<string, unknown> }): string {
  return String(headers['content-security-policy']);
}
