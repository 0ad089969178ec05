import { BroadcastChannel } from 'node:worker_threads';
import type { Changes, Meter } from '../platform/telemetry/meter.ts';

const REPORT_EVERY_MS = 1_000;

/** Tells what this thread has counted to whoever listens under this name, at most once a second. */
export function reportMetrics(channelName: string, meter: Meter): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.unref();
  const report = async (): Promise<void> => {
    await meter.look(() => {});
    const changes = meter.take();
    if (changes.length > 0) channel.postMessage(changes);
  };
  const timer = setInterval(() => void report(), REPORT_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    channel.close();
  };
}

/** Takes over what threads report under this name. */
export function gatherMetrics(channelName: string, meter: Meter): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.unref();
  channel.onmessage = (event) => meter.merge((event as { data: Changes }).data);
  return () => channel.close();
}
