// Builds the pages that browsers load, compresses their files, and puts them in the place of the old ones at
// once. Plain JavaScript without packages, like ensure.mjs, which calls it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const PAGES = ['console', 'h5', 'till'];
/** Workspaces whose sources only end up in pages. */
export const BUNDLED = ['ui', ...PAGES];
/** What the pages are made of beside their own folder. */
const SHARED = ['ui', 'sdk/src', 'sdk/package.json', 'package-lock.json', 'tsconfig.base.json'];
const NOT_SOURCES = new Set(['dist', 'node_modules', '.tsbuildinfo']);
/** The state of the sources that a folder was built from, beside what was built. */
const STAMP = '.hongmi-pages';

/** Pages and pictures that are packed already are sent as they are: a page gets a new nonce each time. */
const COMPRESSED = new Set(['.css', '.js', '.json', '.map', '.svg', '.ttf', '.txt', '.wasm']);
/** Below that, the header that names the encoding eats what it saves. */
const BYTES_MIN = 1024;

export function arePagesBuilt() {
  return pages().every((page) => read(join(root, page, 'dist', STAMP)) === stateOf(page));
}

/** Builds what has changed. Throws with what the bundler said. Not to be run twice at a time: ensure.mjs holds a lock. */
export async function buildPages() {
  for (const page of pages()) {
    // Taken before: a file saved while the bundler runs makes the next start build again.
    const state = stateOf(page);
    const place = join(root, page, 'dist');
    if (read(join(place, STAMP)) === state) continue;
    const fresh = join(root, 'tmp', 'pages', page);
    bundle(page, fresh);
    await compressAll(fresh);
    writeFileSync(join(fresh, STAMP), state);
    // A running server never sees half of it.
    rmSync(place, { recursive: true, force: true });
    renameSync(fresh, place);
  }
}

function pages() {
  return PAGES.filter((page) => existsSync(join(root, page, 'vite.config.ts')));
}

function bundle(page, outDir) {
  mkdirSync(dirname(outDir), { recursive: true });
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const { NODE_ENV: _, ...env } = process.env;
  const result = spawnSync(
    process.execPath,
    [vite, 'build', '--logLevel', 'warn', '--outDir', outDir, '--emptyOutDir'],
    { cwd: join(root, page), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, env },
  );
  if (result.status !== 0)
    throw new Error(
      `The build of ${page} failed:\n${result.stdout}${result.stderr}${result.error?.message ?? ''}`,
    );
}

/** `x.js` gets an `x.js.br` and an `x.js.gz` beside it, unless they save nothing. */
async function compressAll(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && COMPRESSED.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name));
  await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file);
      if (bytes.length < BYTES_MIN) return;
      const brotli = {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
          [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      };
      const [br, gz] = await Promise.all([
        promisify(brotliCompress)(bytes, brotli),
        promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
      ]);
      if (br.length < bytes.length) await writeFile(`${file}.br`, br);
      if (gz.length < bytes.length) await writeFile(`${file}.gz`, gz);
    }),
  );
}

/** Names, sizes and times of all that decides what is built. */
function stateOf(page) {
  const hash = createHash('sha256');
  const note = (path) => {
    const info = statSync(join(root, path), { throwIfNoEntry: false });
    if (info?.isDirectory()) {
      const names = readdirSync(join(root, path)).filter((name) => !NOT_SOURCES.has(name));
      for (const name of names.sort()) note(`${path}/${name}`);
    } else hash.update(`${path}\0${info?.size}\0${info?.mtimeMs}\n`);
  };
  for (const path of [page, ...SHARED, 'scripts/build-pages.mjs']) note(path);
  return hash.digest('hex');
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
