import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { PATIENCE_MS } from '../kernel/testing/patience.ts';
import { Meter } from '../platform/telemetry/meter.ts';
import { gatherMetrics, reportMetrics } from './metrics-channel.ts';

test('what threads count arrives added up, and only where they were told to report', async () => {
  const [here, elsewhere] = [`test-${randomUUID()}`, `test-${randomUUID()}`];
  const main = new Meter();
  const stops = [gatherMetrics(here, main)];
  for (const channel of [here, here, elsewhere]) {
    const thread = new Meter();
    stops.push(reportMetrics(channel, thread));
    thread.onRead(() => thread.set('hongmi_ledger_queue_depth', 4, '1'));
    thread.add('hongmi_ledger_blocks_total', 3);
  }
  const blocks = () => [...(main.all().get('hongmi_ledger_blocks_total') ?? [])][0]?.value;
  await expect.poll(blocks, { timeout: PATIENCE_MS }).toBe(6);
  expect([...(main.all().get('hongmi_ledger_queue_depth') ?? [])][0]?.value).toBe(4);
  for (const stop of stops) stop();
});
