import type { LoadJob, LoadResult } from '../load/drive.ts';
import type { FromLoadProcess } from '../load-process.ts';
import { startChild } from './child.ts';
import { type CoresUsed, watchCores } from './cpu.ts';
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
export interface Measured extends LoadResult, CoresUsed {
  readonly server: WindowReply;
  readonly serverCores: number;
  /** Cores used by anything that is no part of the run. */
  readonly otherCores: number | undefined;
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
  let watch = watchCores(dataDir);
  let used: CoresUsed | undefined;
  const result = await load.run({ ...job, address: server.address }, (window) => {
    if (window === 'begin') {
      void server.begin(profile);
      watch = watchCores(dataDir);
    } else {
      reply = server.end();
      used = watch();
    }
  });
  if (reply === undefined || used === undefined) {
    throw new Error('the load generator did not say when it measured');
  }
  const inside = await reply;
  const serverCores = inside.cpuSeconds / job.seconds;
  const { machineCores, databaseCores } = used;
  const otherCores =
    databaseCores === undefined
      ? undefined
      : machineCores - serverCores - databaseCores - result.cores;
  return { ...result, ...used, server: inside, serverCores, otherCores };
}
