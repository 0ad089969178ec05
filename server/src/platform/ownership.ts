import { lchownSync, lstatSync } from 'node:fs';
import { dirname } from 'node:path';

export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/**
 * What root creates inside somebody's folder is given to the folder's owner, so that one `sudo npm
 * start` does not lock that person out of their own data directory for ever. Does nothing for
 * anyone but root.
 */
export function giveToFolderOwner(path: string): void {
  if (!isRoot()) return;
  const folder = lstatSync(dirname(path));
  if (folder.uid !== 0) lchownSync(path, folder.uid, folder.gid);
}
