import { type Evidence, readEvidence } from '../seals/evidence.ts';
import { type OnProgress, type Verification, verifyShards } from '../verify.ts';
import { ExportLines } from './export-lines.ts';
import { ExportShard, readEnd, readHeader, readPrices } from './export-read.ts';
import { verifyShard } from './shard.ts';

/**
 * Verifies an export as {@link verifyShards} does a database, with the evidence alone and no database.
 *
 * @throws {ExportFileError} when the file is no export, or was cut off
 */
export async function verifyExport(
  path: string,
  evidence: Evidence,
  onProgress?: OnProgress,
): Promise<Verification> {
  const lines = new ExportLines(path);
  try {
    const identity = await readHeader(lines);
    const prices = await readPrices(lines);
    const pinned = await readEvidence(identity.ledgerId, identity.shards, evidence, null);
    const verification = await verifyShards({
      identity,
      pinned,
      // Shards stand in the file one after the other.
      atOnce: 1,
      verifyOne: (shard, pins) =>
        verifyShard(identity, shard, new ExportShard(lines, shard, prices), pins),
      // All shards are of one moment: what was not sent in it was not sent, nor was more left.
      later: { wasSent: async () => false, leftOf: async () => 0 },
      onProgress,
    });
    await readEnd(lines);
    return verification;
  } finally {
    await lines.close();
  }
}
