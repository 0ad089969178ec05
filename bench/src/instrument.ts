/**
 * Preloaded (`node --import`) into the servers under test: measures one window of time from inside,
 * in the main thread and in every worker thread, when the bench asks over IPC.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';
import { peakRssBytes } from './processes/peak-rss.ts';
import type { ThreadWindow, WindowMessage, WindowReply } from './processes/window.ts';
import { type CpuProfile, whereTimeWent } from './report/profile.ts';

const CHANNEL = 'hongmi-bench-window';
const SAMPLE_EVERY_US = 500;
const ROWS_MAX = 60;
const THREADS_WAIT_MS = 5_000;

type FromMain = { readonly begin: { readonly profile: boolean } } | { readonly end: true };
type FromWorker = { readonly hello: number } | { readonly window: ThreadWindow };

const channel = new BroadcastChannel(CHANNEL) as BroadcastChannel & { unref(): void };
channel.unref();
const own = createWindow(isMainThread ? 'main thread' : `worker thread ${threadId}`);

if (isMainThread) serveBench();
else {
  channel.onmessage = (event) => {
    // What the other workers say arrives here too.
    const message = (event as { data: FromMain | FromWorker }).data;
    if ('begin' in message) void own.begin(message.begin.profile);
    else if ('end' in message)
      void own.end().then((window) => channel.postMessage({ window } satisfies FromWorker));
  };
  channel.postMessage({ hello: threadId } satisfies FromWorker);
}

function serveBench(): void {
  let workers = 0;
  let windows: ThreadWindow[] = [];
  let arrived: () => void = () => undefined;
  channel.onmessage = (event) => {
    const message = (event as { data: FromWorker }).data;
    if ('hello' in message) workers += 1;
    else {
      windows.push(message.window);
      arrived();
    }
  };
  let cpuAtBegin = process.cpuUsage();

  async function begin(profile: boolean): Promise<void> {
    windows = [];
    channel.postMessage({ begin: { profile } } satisfies FromMain);
    await own.begin(profile);
    cpuAtBegin = process.cpuUsage();
  }

  async function end(): Promise<WindowReply> {
    const { user, system } = process.cpuUsage(cpuAtBegin);
    channel.postMessage({ end: true } satisfies FromMain);
    const main = await own.end();
    await allArrived();
    return {
      cpuSeconds: (user + system) / 1e6,
      rssMegabytes: process.memoryUsage.rss() / 1e6,
      peakRssMegabytes: peakRssBytes() / 1e6,
      threads: [main, ...windows],
    };
  }

  // A thread that died meanwhile must not hold the bench up.
  async function allArrived(): Promise<void> {
    const giveUpAt = performance.now() + THREADS_WAIT_MS;
    while (windows.length < workers && performance.now() < giveUpAt) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, giveUpAt - performance.now());
        arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  process.on('message', (message: WindowMessage) => {
    if (message.window === 'begin') {
      void begin(message.profile).then(() => process.send?.({ begun: true }));
    } else if (message.window === 'end') {
      void end().then((reply) => process.send?.({ reply }));
    }
  });
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // Listening must not keep a server alive that has nothing else to do.
  process.channel?.unref();
}

function createWindow(thread: string) {
  let session: Session | undefined;
  let startedAt = performance.eventLoopUtilization();
  return {
    async begin(profile: boolean): Promise<void> {
      if (profile) {
        session = new Session();
        session.connect();
        await session.post('Profiler.enable');
        await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
        await session.post('Profiler.start');
      }
      startedAt = performance.eventLoopUtilization();
    },
    async end(): Promise<ThreadWindow> {
      const busy = performance.eventLoopUtilization(startedAt).utilization;
      if (session === undefined) return { thread, busy, functions: [], modules: [] };
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      session = undefined;
      keepProfile(thread, profile);
      return { thread, ...whereTimeWent(profile as CpuProfile, ROWS_MAX) };
    },
  };
}

function keepProfile(thread: string, profile: object): void {
  const folder = process.env.BENCH_PROFILE_DIR;
  if (folder === undefined) return;
  const name = `${process.pid} ${thread} ${Math.round(performance.now())}.cpuprofile`;
  writeFileSync(join(folder, name), JSON.stringify(profile));
}
