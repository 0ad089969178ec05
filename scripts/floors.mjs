// Checks who may import whom (.dependency-cruiser.cjs). dependency-cruiser needs TypeScript's old
// compiler interface, which TypeScript 7 no longer has; so every source file is mirrored as a
// JavaScript file that holds its imports only.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDERS = [
  ...['server/src', 'cli/src', 'sdk/src', 'ui/src', 'console/src', 'h5/src', 'till/src'],
  ...['bench/src', 'e2e'],
];
// The code is formatted, so a statement starts a line and names its source in quotes.
const STATEMENT = /^\s*(?:import|export)\b[^;'"`]*?\bfrom\s*(['"])([^'"\n]+)\1/gm;
const BARE = /^\s*import\s*(['"])([^'"\n]+)\1/gm;
const CALL = /\bimport\(\s*(['"])([^'"\n]+)\1\s*[,)]/g;

const mirror = mkdtempSync(join(tmpdir(), 'hongmi-floors-'));
try {
  let files = 0;
  for (const folder of FOLDERS.filter((each) => existsSync(join(root, each)))) {
    for (const file of sourcesIn(folder)) {
      const target = join(mirror, file.replace(/\.tsx?$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, importsOf(readFileSync(join(root, file), 'utf8')));
      files++;
    }
  }
  if (files === 0) throw new Error('found no sources');
  const tool = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const present = [...new Set(FOLDERS.map((folder) => folder.split('/')[0]))].filter((each) =>
    existsSync(join(mirror, each)),
  );
  const args = [
    tool,
    '--config',
    join(root, '.dependency-cruiser.cjs'),
    '--output-type',
    'err',
    ...present,
  ];
  const result = spawnSync(process.execPath, args, {
    cwd: mirror,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  process.stdout.write(result.stdout.replace(/\.js\b/g, '.ts'));
  process.stderr.write(result.stderr);
  process.exitCode = result.status ?? 1;
} finally {
  rmSync(mirror, { recursive: true, force: true });
}

function* sourcesIn(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !['node_modules', 'dist'].includes(entry.name))
      yield* sourcesIn(path);
    else if (entry.isFile() && /(?<!\.d)\.tsx?$/.test(entry.name)) yield path;
  }
}

function importsOf(source) {
  const named = [STATEMENT, BARE, CALL].flatMap((pattern) =>
    [...source.matchAll(pattern)].map((match) => match[2]),
  );
  return [...new Set(named.filter((name) => !/\.(css|svg)$/.test(name)))]
    .map((name) => `import '${name.replace(/(^\..*)\.tsx?$/, '$1.js')}';\n`)
    .join('');
}
