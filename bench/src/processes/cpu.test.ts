import { expect, test } from 'vitest';
import { processCpuSeconds } from './cpu.ts';

test.runIf(process.platform === 'linux')('a process that works is seen to work', () => {
  const before = processCpuSeconds(process.pid) ?? Number.NaN;
  const own = process.cpuUsage();
  let sum = 0;
  while (process.cpuUsage(own).user < 300_000) sum += Math.sqrt(sum + 1);
  const used = (processCpuSeconds(process.pid) ?? Number.NaN) - before;
  const { user, system } = process.cpuUsage(own);
  // The kernel's ticks and its finer count of the same: a loaded machine makes both larger alike.
  expect(used).toBeGreaterThan(0.25);
  expect(Math.abs(used - (user + system) / 1e6)).toBeLessThan(0.1);
});

test('of a process that is gone nothing is known', () => {
  expect(processCpuSeconds(2 ** 30)).toBeUndefined();
});
