import { availableParallelism, cpus } from 'node:os';
import type { LoadJob, LoadResult } from '../load/drive.ts';
import type { FromLoadProcess } from '../load-process.ts';
import { startChild } from './child.ts';
import { databaseCpuSeconds } from './database-cpu.ts';
import type { TestedServer } from './server.ts';
import type { WindowReply } from './window.ts';

/** The load generator's process; jobs one after the other. */
export interface LoadProcess {
  run(job: LoadJob, hear?: (window: 'begin' | 'end') => void): Promise<LoadResult>;
  stop(): Promise<void>;
}

export function startLoadProcess(): LoadProcess {
  const child = startChild('load generator', new URL('../load-process.js', import.meta.url));
  let hearing: (window: 'begin' | 'end') => void = () => undefined;
  child.onMessage((message) => {
    if ('window' in (message as object)) hearing((message as { window: 'begin' | 'end' }).window);
  });
  return {
    async run(job, hear = () => undefined) {
      hearing = hear;
      type Ended = Extract<FromLoadProcess, { result: unknown }> &
        Extract<FromLoadProcess, { failure: string }>;
      const answer = await child.ask<Ended>(
        job,
        (given) => 'result' in given || 'failure' in given,
      );
      if (answer.failure !== undefined)
        throw new Error(`the load generator failed: ${answer.failure}`);
      return answer.result;
    },
    stop: () => child.stop(),
  };
}

/** A job's result with what the processes used meanwhile. */
export interface Measured extends LoadResult {
  readonly server: WindowReply;
  readonly serverCores: number;
  /** Absent where the system does not tell. */
  readonly databaseCores: number | undefined;
  /** Cores busy in the whole machine, whoever used them. */
  readonly machineCores: number;
}

/** Runs a job against a server and measures the server from inside over the same window. */
export async function measure(
  load: LoadProcess,
  server: TestedServer,
  dataDir: string,
  job: Omit<LoadJob, 'address'>,
  profile = false,
): Promise<Measured> {
  let reply: Promise<WindowReply> | undefined;
  let machine = busyTime();
  let database: number | undefined;
  let machineCores = 0;
  let databaseCores: number | undefined;
  const result = await load.run({ ...job, address: server.address }, (window) => {
    if (window === 'begin') {
      void server.begin(profile);
      machine = busyTime();
      database = databaseCpuSeconds(dataDir);
      return;
    }
    reply = server.end();
    const now = busyTime();
    machineCores =
      ((now.busy - machine.busy) / Math.max(1, now.all - machine.all)) * availableParallelism();
    const databaseNow = databaseCpuSeconds(dataDir);
    if (database !== undefined && databaseNow !== undefined)
      databaseCores = (databaseNow - database) / job.seconds;
  });
  if (reply === undefined) throw new Error('the load generator did not say when it measured');
  const inside = await reply;
  return {
    ...result,
    server: inside,
    serverCores: inside.cpuSeconds / job.seconds,
    databaseCores,
    machineCores,
  };
}

function busyTime(): { readonly busy: number; readonly all: number } {
  let idle = 0;
  let all = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.idle + times.user + times.sys + times.nice + times.irq;
  }
  return { busy: all - idle, all };
}
