import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';
import { afterEach, expect, test } from 'vitest';
import { answer, close, listen } from './testing/listening-server.ts';

const sdk = fileURLToPath(new URL('..', import.meta.url));
const root = dirname(sdk.replace(/\/$/, ''));
const modules = join(root, 'node_modules');
/** The console has 350 kB for everything. */
const GZIPPED_MAX = 8 * 1024;

afterEach(close);

test('in a browser it needs nothing of Node, and no more than 8 kB', async () => {
  const entry = join(sdk, 'src', 'index.ts');
  const made = (await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['source'] },
    build: { write: false, minify: true, lib: { entry, formats: ['es'] } },
  })) as Rollup.RollupOutput[];
  const chunks = made.flatMap(({ output }) => output).filter((each) => each.type === 'chunk');
  expect(chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])).toEqual(
    [],
  );
  const code = chunks.map((each) => each.code).join('');
  expect(code).not.toMatch(/\bnode:|\bprocess\.|\bBuffer\b|__vite-browser-external/);
  const size = gzipSync(code).length;
  process.stdout.write(`the SDK is ${size} B gzipped\n`);
  expect(size).toBeLessThanOrEqual(GZIPPED_MAX);
});

test('what would be published installs, type-checks and runs elsewhere', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hongmi-published-'));
  try {
    const files = [sdk, ...dependenciesOf(sdk)].map((each) => pack(each, folder));
    const consumer = join(folder, 'consumer');
    mkdirSync(consumer);
    write(consumer, 'package.json', JSON.stringify({ name: 'consumer', type: 'module' }));
    npm(['install', '--offline', '--no-audit', '--no-fund', ...files], consumer);

    const inside = execFileSync('tar', ['-tzf', files[0] ?? ''], { encoding: 'utf8' });
    for (const file of ['dist/index.js', 'dist/index.d.ts', 'LICENSE', 'README.md'])
      expect(inside).toContain(`package/${file}\n`);
    expect(inside).not.toMatch(/\.test\.|\/testing\/|tsbuildinfo|node_modules/);

    write(consumer, 'plain.js', PLAIN);
    write(consumer, 'typed.ts', `${PLAIN}${TYPED}`);
    write(
      consumer,
      'tsconfig.json',
      JSON.stringify({ compilerOptions: STRICT, files: ['typed.ts'] }),
    );
    const tsc = join(modules, 'typescript', 'bin', 'tsc');
    await runBeside([tsc, '-p', consumer], consumer);

    const member = { id: 'mem_x', programmes: ['green'] };
    for (const script of ['plain.js', 'out/typed.js']) {
      const { url, seen } = await listen(answer(201, member));
      const said = await runBeside([script, url], consumer);
      expect(said).toBe('mem_x\n');
      expect(seen).toMatchObject([{ method: 'POST', url: '/v1/members' }]);
      close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const PLAIN = `import { createClient, isRefusal } from '@hongmi/sdk';
const hongmi = createClient({ url: process.argv[2] ?? '', key: 'hm_test' });
try {
  const member = await hongmi.createMember({ phone: '13800138000' });
  console.log(member.id);
} catch (error) {
  if (!isRefusal(error, 'member_exists')) throw error;
}
`;
const TYPED = `
declare const console: { log(text: string): void };
declare const process: { argv: string[] };
const read = async (): Promise<string> => {
  for await (const rule of hongmi.pages('listRules', { programme: 'green' })) return rule.code;
  // @ts-expect-error there is no such field
  await hongmi.createMember({ telephone: '1' });
  return 'none';
};
export type Read = ReturnType<typeof read>;
`;
const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  target: 'ES2022',
  module: 'NodeNext',
  lib: ['ES2022', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  types: [],
  outDir: 'out',
};

/** Where the packages are that a package needs, and those that they need. */
function dependenciesOf(folder: string): string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const direct = Object.keys(dependencies).map((name) => {
    const places = [folder, sdk, root].map((each) => join(each, 'node_modules', name));
    const found = places.find((each) => existsSync(each));
    if (found === undefined) throw new Error(`${name} is not installed`);
    return found;
  });
  return [...new Set(direct.flatMap((each) => [each, ...dependenciesOf(each)]))];
}

/** The file that `npm publish` would send. */
function pack(folder: string, into: string): string {
  const said = npm(
    ['pack', '--json', '--ignore-scripts', '--pack-destination', into, folder],
    into,
  );
  const [{ filename }] = JSON.parse(said);
  return join(into, filename);
}

function npm(args: readonly string[], cwd: string): string {
  const { npm_execpath: script } = process.env;
  const isScript = script !== undefined && /npm-cli\.c?js$/.test(script);
  const [file, own] = isScript ? [process.execPath, [script]] : ['npm', []];
  return execFileSync(file, [...own, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' });
}

/** Runs a script while this process goes on serving. */
async function runBeside(args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd });
  return stdout;
}

function write(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}
