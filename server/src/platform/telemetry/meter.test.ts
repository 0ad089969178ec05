import { expect, test } from 'vitest';
import { Meter } from './meter.ts';

const seriesOf = (meter: Meter, name: 'hongmi_ledger_batch_size') => [
  ...(meter.all().get(name) ?? []),
];

test('a histogram counts each value in the first bucket whose bound it does not exceed', () => {
  const meter = new Meter();
  for (const size of [1, 2, 3, 512, 513]) meter.observe('hongmi_ledger_batch_size', size);
  meter.observeMany('hongmi_ledger_batch_size', 4, 3);
  const [series] = seriesOf(meter, 'hongmi_ledger_batch_size');
  // Bounds 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, and beyond.
  expect(series?.counts).toEqual([1, 1, 4, 0, 0, 0, 0, 0, 0, 1, 1]);
  expect(series?.value).toBe(1 + 2 + 3 + 512 + 513 + 12);
});

test('what one meter takes, another adds up; gauges are told as they are', () => {
  const thread = new Meter();
  const main = new Meter();
  for (let round = 1; round <= 3; round += 1) {
    thread.add('hongmi_ledger_refusals_total', round, 'insufficient_points');
    thread.set('hongmi_ledger_queue_depth', 10 * round, '7');
    thread.observe('hongmi_ledger_batch_size', 2);
    main.merge(JSON.parse(JSON.stringify(thread.take())));
  }
  expect([...(main.all().get('hongmi_ledger_refusals_total') ?? [])]).toEqual([
    { labels: ['insufficient_points'], value: 6, counts: [] },
  ]);
  expect([...(main.all().get('hongmi_ledger_queue_depth') ?? [])]).toEqual([
    { labels: ['7'], value: 30, counts: [] },
  ]);
  expect(seriesOf(main, 'hongmi_ledger_batch_size')[0]?.counts[1]).toBe(3);
  // Nothing was counted since: only the gauge is told again.
  expect(thread.take()).toEqual([['hongmi_ledger_queue_depth', ['7'], 30, []]]);
});

test('a look that fails is reported and does not keep the others from being read', async () => {
  const meter = new Meter();
  const errors: unknown[] = [];
  meter.onRead(() => Promise.reject(new Error('away')));
  const stop = meter.onRead(() => meter.set('hongmi_ledger_findings', 3));
  await meter.look((error) => errors.push((error as Error).message));
  expect(errors).toEqual(['away']);
  expect([...(meter.all().get('hongmi_ledger_findings') ?? [])][0]?.value).toBe(3);
  stop();
  meter.set('hongmi_ledger_findings', 0);
  await meter.look(() => {});
  expect([...(meter.all().get('hongmi_ledger_findings') ?? [])][0]?.value).toBe(0);
});
