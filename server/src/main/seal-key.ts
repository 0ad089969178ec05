import { systemClock } from '../kernel/clock.ts';
import { createSealing } from '../ledger/seals/sealing.ts';
import { openSigningKeys } from '../ledger/seals/signing-keys.ts';
import type { Config } from '../platform/config.ts';
import { createPool } from '../platform/database.ts';
import { findRunning, startEmbedded } from '../platform/postgres/embedded.ts';

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
  dataDir,
  databaseUrl,
  sealKey,
  sealFile,
}: Pick<Config, 'dataDir' | 'databaseUrl' | 'sealKey' | 'sealFile'>): Promise<NewSealKey | null> {
  const running = databaseUrl ?? (await findRunning(dataDir));
  const database =
    running === undefined ? await startEmbedded({ dataDir, log: () => {} }) : undefined;
  try {
    const url = running ?? (database?.url as string);
    const pool = createPool({ url, name: 'hongmi-seal', connectionsMax: 1 });
    try {
      const keys = openSigningKeys(dataDir, sealKey);
      const sealing = createSealing({
        pool,
        clock: systemClock,
        keys,
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
  } finally {
    await database?.stop();
  }
}
