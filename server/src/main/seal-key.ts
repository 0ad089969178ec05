import { systemClock } from '../kernel/clock.ts';
import { createSealing } from '../ledger/seals/sealing.ts';
import { openSigningKeys } from '../ledger/seals/signing-keys.ts';
import type { Config } from '../platform/config.ts';
import { createPool } from '../platform/database.ts';
import { type DatabaseOptions, withDatabase } from './with-database.ts';

/** A key as its operator may show it. */
export interface NewSealKey {
  readonly id: string;
  /** Hex. */
  readonly publicKey: string;
  readonly firstSeal: number;
}

/**
 * Gives the ledger a new seal key, introduced by the current one, beside a running server or without one.
 * Null when a server was sealing at this moment.
 */
export async function rotateSealKey({
  sealKey,
  sealFile,
  ...database
}: DatabaseOptions & Pick<Config, 'sealKey' | 'sealFile'>): Promise<NewSealKey | null> {
  const { dataDir } = database;
  return withDatabase(database, async (url) => {
    const pool = createPool({ url, name: 'hongmi-seal', connectionsMax: 1 });
    try {
      const sealing = createSealing({
        pool,
        clock: systemClock,
        keys: openSigningKeys(dataDir, sealKey),
        dataDir,
        file: sealFile,
        programmes: () => [],
      });
      const key = await sealing.rotateKey();
      if (key === null) return null;
      return { id: key.id, publicKey: key.publicKey.toString('hex'), firstSeal: key.firstSeal };
    } finally {
      await pool.end();
    }
  });
}
