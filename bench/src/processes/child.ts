import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

const STOP_PATIENCE_MS = 30_000;
const OUTPUT_KEPT_CHARS = 8_000;

/** A process of the bench with a channel to it. */
export interface Child {
  readonly pid: number;
  /** Sends a message and waits for one that `pick` recognises; fails when the process ends before. */
  ask<T extends object>(message: object, pick: (answer: Partial<T>) => boolean): Promise<T>;
  /** Hears every message until the process ends. */
  onMessage(listener: (message: unknown) => void): void;
  /** Resolves when it has ended; fails when it ended badly. */
  readonly ended: Promise<void>;
  /** The last that it wrote, to either stream. */
  said(): string;
  stop(): Promise<void>;
}

const running = new Set<Child>();

/** Stops every process that still runs: for an interrupted bench. */
export async function stopAllChildren(): Promise<void> {
  await Promise.allSettled([...running].map((child) => child.stop()));
}

export function startChild(
  name: string,
  module: URL,
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly nodeArguments?: readonly string[];
  } = {},
): Child {
  const started = fork(module, {
    env: { ...process.env, ...options.env },
    execArgv: [...(options.nodeArguments ?? [])],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  const said = keepOutput(started);
  let stopping = false;
  const ended = once(started, 'exit').then(([code, signal]) => {
    running.delete(child);
    if (code === 0 || stopping) return;
    throw new Error(`the ${name} ended with ${String(signal ?? code)}:\n${said()}`);
  });
  // Whoever waits for an answer hears of it; nobody waiting is no reason to end the bench.
  ended.catch(() => undefined);

  const gone = ended.then((): never => {
    throw new Error(`the ${name} ended without an answer:\n${said()}`);
  });
  gone.catch(() => undefined);

  const child: Child = {
    pid: started.pid ?? 0,
    ended,
    said,
    onMessage: (listener) => void started.on('message', listener),
    ask<T extends object>(message: object, pick: (answer: Partial<T>) => boolean): Promise<T> {
      const answer = new Promise<T>((resolve) => {
        const listen = (given: unknown): void => {
          if (!pick(given as Partial<T>)) return;
          started.off('message', listen);
          resolve(given as T);
        };
        started.on('message', listen);
      });
      started.send(message);
      return Promise.race([answer, gone]);
    },
    async stop() {
      stopping = true;
      if (started.exitCode !== null || started.signalCode !== null) return;
      started.kill('SIGTERM');
      const timer = setTimeout(() => started.kill('SIGKILL'), STOP_PATIENCE_MS);
      await ended.catch(() => undefined);
      clearTimeout(timer);
    },
  };
  running.add(child);
  return child;
}

function keepOutput(started: ChildProcess): () => string {
  let kept = '';
  for (const stream of [started.stdout, started.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-OUTPUT_KEPT_CHARS);
    });
  }
  return () => kept;
}
