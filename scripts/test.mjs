// Runs every test and ends with one line anyone can read: `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensure, root } from './ensure.mjs';

await ensure();
const folder = mkdtempSync(join(tmpdir(), 'hongmi-report-'));
const reportFile = join(folder, 'report.json');
let code;
let counts;
try {
  code = await runVitest(process.argv.slice(2));
  counts = readCounts();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// A crash, an error outside any test and a run without tests are failures even when every test that
// ran passed.
const failed = counts.failed === 0 && (code !== 0 || counts.passed === 0) ? 1 : counts.failed;
if (counts.problem !== undefined) process.stdout.write(`${counts.problem}\n`);
process.stdout.write(`${counts.passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : code || 1;

function runVitest(args) {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  // The terminal sends Ctrl-C to both; vitest ends first, so that its database is stopped and the
  // line is printed.
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (exit, signal) =>
      resolve(signal === null ? exit : 128 + constants.signals[signal]),
    );
  });
}

function readCounts() {
  let report;
  try {
    report = JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, problem: 'vitest ended without a report' };
  }
  const passed = report.numPassedTests;
  // A file that cannot even be loaded has no tests of its own to fail.
  const unloaded = report.testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = report.numFailedTests + unloaded.length;
  return { passed, failed, problem: passed + failed === 0 ? 'no tests ran' : undefined };
}
