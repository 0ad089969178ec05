import { identifyProcess, isSameProcessAlive } from '../process-identity.ts';
import type { Layout } from './layout.ts';
import { isServing, readPostmaster } from './running.ts';

const SMART_WAIT_MS = 3_000;
const FAST_WAIT_MS = 120_000;
const IMMEDIATE_WAIT_MS = 30_000;

/**
 * Smart (wait for clients to leave), then fast (roll back, checkpoint, exit), then immediate (as
 * after a power cut: nothing committed is lost). Whatever PostgreSQL serves the directory now is
 * stopped, not the one once started: it may have been restarted in between.
 */
export async function stopServer(layout: Layout, log: (line: string) => void): Promise<void> {
  const running = await readPostmaster(layout);
  if (running === undefined || isServing(layout, running.pid) === 'no') return;
  const identity = identifyProcess(running.pid);
  if (identity === undefined) return;

  const steps: [NodeJS.Signals, number][] = [
    ['SIGTERM', SMART_WAIT_MS],
    ['SIGINT', FAST_WAIT_MS],
    ['SIGQUIT', IMMEDIATE_WAIT_MS],
  ];
  // Windows knows no such signals: every kill there is as abrupt as a power cut, which costs a
  // recovery, never data.
  for (const [signal, waitMs] of process.platform === 'win32' ? steps.slice(2) : steps) {
    if (signal === 'SIGQUIT') log('the database does not stop in time; stopping it at once');
    if (!send(running.pid, signal)) return;
    const end = performance.now() + waitMs;
    while (performance.now() < end) {
      if (!isSameProcessAlive(identity)) return;
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }
  throw new Error(`PostgreSQL (process ${running.pid}) does not stop`);
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
