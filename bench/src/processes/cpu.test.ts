import { expect, test } from 'vitest';
import { processCpuSeconds } from './cpu.ts';

test.runIf(process.platform === 'linux')('a process that works is seen to work', () => {
  const before = processCpuSeconds(process.pid) ?? Number.NaN;
  const own = process.cpuUsage();
  let sum = 0;
  while (process.cpuUsage(own).user < 300_000) sum += Math.sqrt(sum + 1);
  const used = (processCpuSeconds(process.pid) ?? Number.NaN) - before;
  expect(used).toBeGreaterThan(0.25);
  expect(used).toBeLessThan(1.5);
});

test('of a process that is gone nothing is known', () => {
  expect(processCpuSeconds(2 ** 30)).toBeUndefined();
});
