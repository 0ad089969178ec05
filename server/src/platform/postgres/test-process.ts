import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What a process killed with -9 leaves, and what another user may do, can only be seen in another
 * process. That one runs plain JavaScript from a folder anyone may read: the platform's sources
 * compiled there, with the packages they import.
 */
export function compilePlatform(folder: string): string {
  const platform = dirname(dirname(fileURLToPath(import.meta.url)));
  const require = createRequire(import.meta.url);
  const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  const sources = ['postgres/embedded.ts', 'instance-lock.ts', 'process-lock.ts'].map((file) =>
    join(platform, file),
  );
  const language = [
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--rewriteRelativeImportExtensions',
  ];
  const places = ['--rootDir', platform, '--outDir', folder, '--typeRoots', join(folder, 'none')];
  const args = [
    compiler,
    ...sources,
    ...language,
    ...places,
    '--ignoreConfig',
    '--noCheck',
    '--types',
    '',
  ];
  const result = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (!existsSync(join(folder, 'postgres', 'embedded.js')))
    throw new Error(`tsc: ${result.stdout}${result.stderr}`);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  copyPackage('pg', require, join(folder, 'node_modules'));
  for (const path of ['.', 'node_modules']) chmodSync(join(folder, path), 0o755);
  return folder;
}

function copyPackage(name: string, require: NodeJS.Require, modules: string): void {
  if (existsSync(join(modules, name))) return;
  let source = dirname(require.resolve(name));
  while (basename(source) !== name) source = dirname(source);
  cpSync(source, join(modules, name), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as {
    dependencies?: object;
  };
  const inner = createRequire(join(source, 'package.json'));
  for (const dependency of Object.keys(manifest.dependencies ?? {}))
    copyPackage(dependency, inner, modules);
}

export interface TestProcess {
  readonly process: ChildProcess;
  /** The next line the program prints, parsed. Rejects when it ends first. */
  next(): Promise<Record<string, unknown>>;
  kill(): Promise<void>;
}

/**
 * Runs a program (module source; `print(value)` is defined) in the compiled folder; its own process
 * group.
 */
export function runProgram(
  folder: string,
  source: string,
  options: { uid?: number; gid?: number; env?: Record<string, string> } = {},
): TestProcess {
  const prelude = 'const print = (value) => process.stdout.write(JSON.stringify(value) + "\\n");\n';
  const child = spawn(process.execPath, ['--input-type=module', '-e', prelude + source], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  let rest = '';
  let errors = '';
  let ended = false;
  const wake = () => waiting.splice(0).forEach((resolve) => void resolve());
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    wake();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.once('close', () => {
    ended = true;
    wake();
  });
  return {
    process: child,
    next: async () => {
      while (lines.length === 0) {
        if (ended) throw new Error(`the program ended: ${errors}`);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return JSON.parse(lines.shift() ?? '') as Record<string, unknown>;
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ending = once(child, 'exit');
      try {
        // The group: what it started without detaching dies with it, as with a closed terminal.
        process.kill(-(child.pid ?? 0), 'SIGKILL');
      } catch {
        // It has ended by itself; its exit is about to be reported.
      }
      await ending;
    },
  };
}
