import { join, resolve } from 'node:path';

/** Where everything of the embedded database lies in a data directory. */
export interface Layout {
  readonly dataDir: string;
  readonly cluster: string;
  readonly password: string;
  /** The password of the role that the server runs as; the other one is the owner's. */
  readonly serverPassword: string;
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
    serverPassword: join(root, 'postgres.server-password'),
    log: join(root, 'postgres.log'),
    port: join(root, 'postgres.port'),
    locks: join(root, 'locks'),
  };
}

/** Prefix of the folders a new cluster is made in; whatever bears it is never a cluster. */
export const UNFINISHED_PREFIX = 'postgres.unfinished-';

/** Owns the embedded database: makes it, migrates it, verifies and backs it up. */
export const DATABASE_USER = 'hongmi';
/** The server runs as this one. */
export const SERVER_USER = 'hongmi_server';
export const DATABASE_NAME = 'hongmi';

export function databaseUrl(
  password: string,
  port: number,
  database: string = DATABASE_NAME,
): string {
  return `postgres://${DATABASE_USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}
