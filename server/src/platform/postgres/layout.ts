import { join, resolve } from 'node:path';

/** Where everything of the embedded database lies in a data directory. */
export interface Layout {
  readonly dataDir: string;
  readonly cluster: string;
  readonly password: string;
  readonly log: string;
  /** The port of the last start, so that bookmarks of tools and psql histories stay true. */
  readonly port: string;
  readonly locks: string;
}

export function layoutOf(dataDir: string): Layout {
  const root = resolve(dataDir);
  return {
    dataDir: root,
    cluster: join(root, 'postgres'),
    password: join(root, 'postgres.password'),
    log: join(root, 'postgres.log'),
    port: join(root, 'postgres.port'),
    locks: join(root, 'locks'),
  };
}

/** Prefix of the folders a new cluster is made in; whatever bears it is never a cluster. */
export const UNFINISHED_PREFIX = 'postgres.unfinished-';

export const DATABASE_USER = 'hongmi';
export const DATABASE_NAME = 'hongmi';

export function databaseUrl(
  password: string,
  port: number,
  database: string = DATABASE_NAME,
): string {
  return `postgres://${DATABASE_USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}
