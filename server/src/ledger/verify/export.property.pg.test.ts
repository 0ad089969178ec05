import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { testSeed } from '../../kernel/testing/seed.ts';
import { createTestDatabase } from '../../platform/postgres/test-database.ts';
import { createLedgerPool } from '../pool.ts';
import { underFire } from '../testing/fire.ts';
import { ledgerIdentity, verifyLedger } from '../verify.ts';
import { exportLedger } from './export-write.ts';
import { verifyExport } from './verify-export.ts';

const SECOND = fileURLToPath(new URL('../../../../docs/verify/verify.py', import.meta.url));

test('whatever was done to a ledger, its export verifies, and the second verifier agrees', async () => {
  const seed = testSeed('export property');
  const database = await createTestDatabase();
  const pool = createLedgerPool(database.url, 1);
  const folder = mkdtempSync(join(tmpdir(), 'hongmi-export-'));
  try {
    await underFire({ url: database.url, seed, runs: 25, limitMs: 8_000 });
    const expected = await verifyLedger(pool);
    expect(expected).toMatchObject({ findings: [], ok: true });
    let text = '';
    const write = async (more: string): Promise<void> => {
      text += more;
    };
    await exportLedger(pool, await ledgerIdentity(pool), write, { withDetail: true });
    const path = join(folder, 'export.jsonl');
    writeFileSync(path, text);
    expect(await verifyExport(path, {})).toEqual(expected);
    const second = spawnSync('python3', [SECOND, path], { encoding: 'utf8' });
    if (second.error === undefined)
      expect(second.stdout).toMatch(/^The export does not contradict itself\./);
  } finally {
    await pool.end();
    await database.drop();
    rmSync(folder, { recursive: true });
  }
});
