import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../platform/config.ts';
import { createLog } from '../platform/log.ts';
import { type RunningServer, runServer } from './server.ts';

export interface ThrowAway {
  readonly url: string;
  /** The operator's. */
  readonly key: string;
  /** Stops it, and removes everything there was of it. */
  close(): Promise<void>;
}

/** A server in this process, with an embedded database of its own and nothing in it: for trying things. Ctrl-C removes it as well. */
export async function runThrowAway(): Promise<ThrowAway> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hongmi-throw-away-'));
  const config = readConfig({
    HONGMI_DATA_DIR: dataDir,
    HONGMI_PORT: '0',
    HONGMI_DEMO: 'off',
    // Whoever tries something reads its answers.
    HONGMI_LOG: 'silent',
  });
  const interrupt = new AbortController();
  let server: RunningServer | undefined;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= remove();
    return closing;
  };
  async function remove(): Promise<void> {
    await server?.close();
    // The last processes of PostgreSQL may still be writing.
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
  function stop(): void {
    // While it starts, whoever waits for it removes it.
    if (server === undefined) interrupt.abort(new Error('interrupted'));
    else void close().finally(() => process.exit(130));
  }
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    const running = await runServer(config, {
      log: createLog(config.log),
      signal: interrupt.signal,
    });
    server = running;
    interrupt.signal.throwIfAborted();
    return { url: running.url, key: running.rootKey.secret, close };
  } catch (error) {
    await close();
    if (interrupt.signal.aborted) process.exit(130);
    throw error;
  }
}
