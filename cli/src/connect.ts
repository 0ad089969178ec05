import { access, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createClient, type Hongmi, type Retry } from '@hongmi/sdk';
import { Failure, usage } from './failure.ts';
import type { Shell } from './shell.ts';

export interface Connection {
  readonly url: string;
  readonly key: string;
  /** Where the key came from, for a person whose key is refused. */
  readonly keyFrom: string;
}

/** The data directory of this folder's server. */
export function dataDirOf({ env, home }: Shell): string {
  return resolve(home, given(env.HONGMI_DATA_DIR) ?? '.data');
}

/** Where the ledger's database is; an embedded one that is not there yet would be created by whoever opens it. */
export async function databaseOf(
  shell: Shell,
): Promise<{ dataDir: string; databaseUrl: string | undefined }> {
  const dataDir = dataDirOf(shell);
  const databaseUrl = given(shell.env.DATABASE_URL);
  if (databaseUrl === undefined && !(await isThere(join(dataDir, 'postgres'))))
    throw new Failure('data_missing', { dataDir });
  return { dataDir, databaseUrl };
}

/** The absolute path of a file that the caller named, which must be there. */
export async function givenFile(path: string, { here }: Shell): Promise<string> {
  const file = resolve(here, path);
  if (!(await isThere(file))) throw usage('file_missing', { path: file });
  return file;
}

/**
 * Where the server is and with which key: HONGMI_URL and HONGMI_KEY, and without them the server that
 * runs from this folder's data directory, with its root key.
 */
export async function findServer(shell: Shell): Promise<Connection> {
  const { env } = shell;
  const url = given(env.HONGMI_URL);
  const key = given(env.HONGMI_KEY);
  if (url !== undefined) {
    if (key === undefined) throw usage('key_missing');
    return { url: checkedUrl(url), key, keyFrom: 'HONGMI_KEY' };
  }
  const dataDir = dataDirOf(shell);
  const running = await findRunning(dataDir);
  if (running === undefined) throw new Failure('server_missing', { dataDir });
  if (key !== undefined) return { url: running, key, keyFrom: 'HONGMI_KEY' };
  const rootKey = given(env.HONGMI_ROOT_KEY);
  if (rootKey !== undefined) return { url: running, key: rootKey, keyFrom: 'HONGMI_ROOT_KEY' };
  const path = join(dataDir, 'root-key');
  try {
    return { url: running, key: (await readFile(path, 'utf8')).trim(), keyFrom: path };
  } catch (error) {
    throw new Failure('key_unreadable', { path, detail: codeOf(error) });
  }
}

/** A client of that server. */
export async function connect(shell: Shell, retry: Partial<Retry> = {}): Promise<Hongmi> {
  const { url, key } = await findServer(shell);
  return createClient({ url, key, retry });
}

async function findRunning(dataDir: string): Promise<string | undefined> {
  try {
    const { url, pid } = JSON.parse(await readFile(join(dataDir, 'server.json'), 'utf8'));
    // A server that was killed leaves its file behind.
    return typeof url === 'string' && isAlive(pid) ? url : undefined;
  } catch {
    return undefined;
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function isAlive(pid: unknown): boolean {
  if (typeof pid !== 'number') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function checkedUrl(text: string): string {
  const value = URL.canParse(text) ? new URL(text) : undefined;
  if (value === undefined || !/^https?:$/.test(value.protocol))
    throw usage('url_bad', { value: text });
  return text.replace(/\/+$/, '').replace(/\/v1$/, '');
}

function given(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === '' ? undefined : text;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
