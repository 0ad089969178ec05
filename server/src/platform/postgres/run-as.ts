import { spawnSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { isRoot } from '../ownership.ts';
import { DatabaseStartError } from './errors.ts';

/**
 * The unprivileged user PostgreSQL runs as when we are root; PostgreSQL refuses to run as root
 * itself.
 */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/** Best first. A user of its own keeps the files from every other program that runs as `nobody`. */
const PREFERRED = ['hongmi', 'postgres', 'nobody', 'daemon'];

/**
 * Undefined: no change of user needed. Otherwise whoever owns the cluster already, else the owner
 * of the data directory (so a later start as that person finds their own files), else a system
 * user.
 */
export function chooseRunAs(dataDir: string, clusterDir: string): RunAs | undefined {
  if (!isRoot()) return undefined;
  const users = readUsers();
  for (const path of [clusterDir, dataDir]) {
    const uid = ownerOf(path);
    const user = users.find((candidate) => candidate.uid === uid && candidate.uid !== 0);
    if (user !== undefined) return able(user);
  }
  const users0 = users.filter((user) => user.uid !== 0);
  const byName = PREFERRED.map((name) => users0.find((user) => user.name === name));
  const chosen = byName.find((user) => user !== undefined) ?? users0[0];
  if (chosen !== undefined) return able(chosen);
  throw new DatabaseStartError(
    'root_not_supported',
    'PostgreSQL refuses to run as root, and /etc/passwd names no other user to run it as. Start as an ordinary user, ' +
      'add one (for example `useradd --system hongmi`), or set DATABASE_URL to a PostgreSQL server of your own.',
  );
}

/** Some containers and sandboxes let nobody change their user, root included. */
function able(user: RunAs): RunAs {
  const { error } = spawnSync('/bin/true', { uid: user.uid, gid: user.gid, cwd: '/' });
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code !== 'EPERM' && code !== 'EINVAL') return user;
  throw new DatabaseStartError(
    'root_not_supported',
    `PostgreSQL refuses to run as root, and this environment does not let root become another user ` +
      `(${user.name}: ${code}). Start as an ordinary user, or set DATABASE_URL to a PostgreSQL ` +
      `server of your own.`,
  );
}

function ownerOf(path: string): number | undefined {
  try {
    return lstatSync(path).uid;
  } catch {
    return undefined;
  }
}

/**
 * initdb looks its user up by number and refuses one without an entry, so only users listed here
 * qualify.
 */
function readUsers(): RunAs[] {
  let text = '';
  try {
    text = readFileSync('/etc/passwd', 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name, , uid, gid]) => ({ name: name ?? '', uid: Number(uid), gid: Number(gid) }))
    .filter((user) => Number.isInteger(user.uid) && Number.isInteger(user.gid));
}
