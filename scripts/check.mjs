// Everything short of running the tests: types, format and lint, promises and switches, floors,
// dead code, advisories.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensure, root, runNpm, underLock } from './ensure.mjs';

await ensure({ build: false });

const checks = {
  // The compiler writes into dist, where an `npm start` might be building as well.
  types: () => underLock(() => tool('types', 'typescript', 'tsc', ['-b', '--pretty', 'false'])),
  e2e: () => underLock(() => tool('e2e', 'typescript', 'tsc', ['-p', 'e2e', '--pretty', 'false'])),
  biome: () =>
    tool('biome', '@biomejs/biome', 'biome', [
      'check',
      '.',
      '--error-on-warnings',
      '--max-diagnostics=50',
      '--colors=off',
    ]),
  oxlint: () => tool('oxlint', 'oxlint', 'oxlint', ['--type-aware', '--format=unix']),
  floors: () => run('floors', [join(root, 'scripts', 'floors.mjs')]),
  knip: () => tool('knip', 'knip', 'knip', ['--no-progress', '--no-config-hints']),
  audit,
};

const only = process.argv.slice(2);
const unknown = only.filter((name) => !(name in checks));
if (unknown.length > 0) {
  process.stderr.write(
    `unknown: ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}\n`,
  );
  process.exit(2);
}
const chosen = Object.entries(checks).filter(([name]) => only.length === 0 || only.includes(name));
const results = await Promise.all(
  chosen.map(async ([name, check]) => ({ name, ok: await check() })),
);
const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
process.stdout.write(
  failed.length === 0 ? 'all checks passed\n' : `failed: ${failed.join(', ')}\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

function tool(label, name, bin, args) {
  const manifest = JSON.parse(
    readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
  );
  return run(label, [join(root, 'node_modules', name, manifest.bin[bin]), ...args]);
}

function run(label, args) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  // Whole lines only: several tools speak at the same time.
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) say(label, line);
    });
    stream.on('end', () => rest !== '' && say(label, rest));
  }
  return new Promise((resolve) => {
    child.once('error', (error) => {
      say(label, error.message);
      resolve(false);
    });
    child.once('close', (code) => resolve(code === 0));
  });
}

/**
 * Known holes in what we ship. Needs the network, so not reaching it is said aloud and is not a
 * failure.
 */
function audit() {
  const result = runNpm(['audit', '--omit=dev', '--json'], { timeout: 60_000 });
  const report = parse(result.stdout);
  const counts = report?.metadata?.vulnerabilities;
  if (counts === undefined) {
    const why = report?.message ?? report?.error?.summary ?? result.error?.message ?? 'no answer';
    say('audit', `skipped: no advisory service within reach (${why})`);
    return true;
  }
  const grave = Object.values(report.vulnerabilities).filter(({ severity }) =>
    ['high', 'critical'].includes(severity),
  );
  for (const { name, severity, range } of grave) say('audit', `${severity}: ${name} ${range}`);
  return counts.high + counts.critical === 0;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function say(label, line) {
  if (line.trim() !== '') process.stdout.write(`${label.padEnd(6)} | ${line}\n`);
}
