import type { Sql } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { SecretFileError } from '../platform/secret-file.ts';
import { phoneContext } from './member.ts';
import { readAnySealedPhone } from './store.ts';

/** Refuses to start with another master key than the one this database's phones are sealed under. */
export async function assertMasterKeyFits(sql: Sql, sealer: Sealer): Promise<void> {
  const sample = await readAnySealedPhone(sql);
  if (sample === undefined || sealer.open(phoneContext(sample.id), sample.sealed) !== undefined)
    return;
  throw new SecretFileError(
    'The master key is not the one this database was written with. Restore the file master-key in the data directory, ' +
      'or set HONGMI_MASTER_KEY to the earlier key.',
  );
}
