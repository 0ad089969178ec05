import { join } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { type Pool, type Transaction, withTransaction } from '../../platform/database.ts';
import { readIdentity } from '../open.ts';
import { addKey, makeSeal } from './make-seal.ts';
import { type Published, publishSeals } from './publish-seals.ts';
import type { SealKey } from './seal.ts';
import { appendSeals, assertFollows } from './seal-file.ts';
import type { SigningKeys } from './signing-keys.ts';
import { takeSealLock } from './store.ts';

export interface SealingOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly keys: SigningKeys;
  readonly dataDir: string;
  /** Where seals leave the database; absent: `<dataDir>/seals.jsonl`. */
  readonly file?: string | undefined;
  readonly programmes: () => readonly Published[];
}

export interface Sealing {
  /**
   * One round: seals what changed, brings the file up to date, publishes ended days. Answers 1 when a
   * seal was made. Of rounds that meet, in this process or another, one does the work. A crash between
   * two steps is made good by the next round.
   */
  seal(): Promise<number>;
  /** Introduces a new key; null when another process is sealing at this moment. */
  rotateKey(): Promise<SealKey | null>;
}

export function createSealing(options: SealingOptions): Sealing {
  const { pool, clock, keys, dataDir } = options;
  const file = options.file ?? join(dataDir, 'seals.jsonl');

  async function alone<T>(work: (tx: Transaction) => Promise<T>): Promise<T | null> {
    return withTransaction(pool, async (tx) => ((await takeSealLock(tx)) ? work(tx) : null));
  }

  async function ledgerId() {
    const identity = await readIdentity(pool);
    if (identity === undefined) throw new Error('there is no ledger in this database');
    return identity.ledgerId;
  }

  return {
    async seal() {
      const id = await ledgerId();
      const made = await alone(async (tx) => {
        await assertFollows(tx, id, file);
        return makeSeal(tx, keys, clock);
      });
      // Committed first: a file must never tell of a seal that was rolled back.
      await alone(async (tx) => {
        await appendSeals(tx, id, file);
        return publishSeals(
          tx,
          id,
          join(dataDir, 'publications'),
          options.programmes(),
          clock.now(),
        );
      });
      return made === null ? 0 : 1;
    },
    async rotateKey() {
      const id = await ledgerId();
      return alone(async (tx) => {
        await assertFollows(tx, id, file);
        return (await addKey(tx, id, keys, clock)).key;
      });
    },
  };
}
