import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { giveToFolderOwner } from './ownership.ts';
import { identifySelf, isSameProcessAlive } from './process-identity.ts';
import { isLock, tryLock } from './process-lock.ts';

/** The server that runs from a data directory. */
export interface Instance {
  readonly pid: number;
  /** Where it listens; undefined while it is still starting. */
  readonly url: string | undefined;
}

export interface InstanceLock {
  /** Tells others where the server listens: call it once listening. */
  publish(url: string, startedAt?: Date): Promise<void>;
  /** Idempotent. Not needed after `kill -9`: the next start notices. */
  release(): Promise<void>;
}

export class AlreadyRunningError extends Error {
  readonly code = 'already_running';
  readonly instance: Instance;

  constructor(dataDir: string, instance: Instance) {
    const where = instance.url === undefined ? '' : `, listening on ${instance.url}`;
    super(
      `Hongmi already runs from ${dataDir} (process ${instance.pid}${where}). ` +
        `Use that one, stop it first, or choose another data directory.`,
    );
    this.name = 'AlreadyRunningError';
    this.instance = instance;
  }
}

/** What server.json holds; written whole or not at all, readable by its owner only. */
interface Published {
  readonly pid: number;
  readonly url: string;
  readonly startedAt: string;
  readonly processStart: string | null;
}

const LOCK = 'server';

/**
 * Makes this process the one server of the data directory, or throws AlreadyRunningError naming the
 * one that is.
 */
export async function acquire(dataDir: string): Promise<InstanceLock> {
  const root = resolve(dataDir);
  if ((await mkdir(root, { recursive: true, mode: 0o700 })) !== undefined) giveToFolderOwner(root);
  const result = await tryLock(join(root, 'locks'), LOCK);
  if (!isLock(result)) {
    const published = await readInstance(root);
    const url = published?.pid === result.pid ? published.url : undefined;
    throw new AlreadyRunningError(root, { pid: result.pid, url });
  }
  const file = join(root, 'server.json');
  // From a server that was killed.
  await rm(file, { force: true });
  let held = true;
  return {
    publish: async (url, startedAt = new Date()) => {
      const { pid, start } = identifySelf();
      const content: Published = {
        pid,
        url,
        startedAt: startedAt.toISOString(),
        processStart: start ?? null,
      };
      await writeWhole(file, `${JSON.stringify(content, null, 2)}\n`);
    },
    release: async () => {
      if (!held) return;
      held = false;
      // Before the lock: afterwards the file may already be the next server's.
      await rm(file, { force: true });
      await result.release();
    },
  };
}

/** The server that runs from this data directory and listens, or undefined. */
export async function readInstance(
  dataDir: string,
): Promise<{ url: string; pid: number } | undefined> {
  let published: Partial<Published>;
  try {
    published = JSON.parse(
      await readFile(join(dataDir, 'server.json'), 'utf8'),
    ) as Partial<Published>;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || error instanceof SyntaxError) return undefined;
    throw error;
  }
  const { pid, url, processStart } = published;
  if (pid === undefined || url === undefined) return undefined;
  return isSameProcessAlive({ pid, start: processStart ?? undefined }) ? { url, pid } : undefined;
}

async function writeWhole(file: string, text: string): Promise<void> {
  const prepared = `${file}.new`;
  await rm(prepared, { force: true });
  await writeFile(prepared, text, { mode: 0o600, flag: 'wx' });
  giveToFolderOwner(prepared);
  await rename(prepared, file);
}
