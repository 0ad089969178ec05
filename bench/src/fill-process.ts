/** Fills its share of a ledger; several of them fill all of it, each its own shards. */
import { appendFile } from 'node:fs/promises';
import { showId } from '@hongmi/server/kernel/id';
import { createPool } from '@hongmi/server/platform/database';
import { type Lives, live } from './fill/live.ts';

export interface FillJob extends Lives {
  readonly url: string;
  /** Gets the members' ids, one per line. */
  readonly membersFile: string;
}

export type FromFillProcess = { readonly filled: true } | { readonly failure: string };

const tell = (message: FromFillProcess): void => void process.send?.(message);

async function fill({ url, membersFile, ...lives }: FillJob): Promise<void> {
  const settings = { synchronous_commit: 'off', plan_cache_mode: 'force_generic_plan' };
  const pool = createPool({
    url,
    name: 'bench-fill',
    connectionsMax: 4,
    statementTimeoutMs: 0,
    settings,
  });
  try {
    await live(pool, lives, (ids) =>
      appendFile(membersFile, ids.map((id) => `${showId('member', id)}\n`).join('')),
    );
  } finally {
    await pool.end();
  }
}

process.on('message', (job: FillJob) => {
  fill(job).then(
    () => tell({ filled: true }),
    (error: unknown) => tell({ failure: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
