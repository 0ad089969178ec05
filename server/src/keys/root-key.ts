import { join } from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import { newId } from '../kernel/id.ts';
import type { Pool } from '../platform/database.ts';
import { withTransaction } from '../platform/database.ts';
import { readOrMakeSecret } from '../platform/secret-file.ts';
import { ALL_SCOPES, newSecret } from './api-key.ts';
import { putRootKey } from './store.ts';

/** Where the generated root key lies. */
export function rootKeyFile(dataDir: string): string {
  return join(dataDir, 'root-key');
}

export interface RootKey {
  readonly secret: string;
  readonly from: 'environment' | 'file';
}

/**
 * Makes the first operator key valid: `given` (HONGMI_ROOT_KEY), else the one in the data directory, which
 * is generated once. There is one root key; whichever is presented at the last start is it.
 */
export async function ensureRootKey(
  pool: Pool,
  options: { readonly clock: Clock; readonly dataDir: string; readonly given: string | undefined },
): Promise<RootKey> {
  const { clock, dataDir, given } = options;
  const secret = given ?? readOrMakeSecret(rootKeyFile(dataDir), newSecret).secret;
  const now = clock.now();
  const key = {
    id: newId(now),
    name: 'root',
    scopes: ALL_SCOPES,
    merchant: null,
    programme: null,
    root: true,
    createdAt: now,
  };
  await withTransaction(pool, (tx) => putRootKey(tx, key, sha256(secret)));
  return { secret, from: given === undefined ? 'file' : 'environment' };
}
