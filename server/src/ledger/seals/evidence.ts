import type { Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import type { Finding } from '../verify-finding.ts';
import { SealChecker, type TrustedKeys } from './check-seals.ts';
import { type ReceiptPin, ShardPins } from './pins.ts';
import { readSealFile } from './read-evidence.ts';
import type { Seal } from './seal.ts';
import { readSealKeys, readSeals } from './store.ts';

/** What left the ledger, to hold it against. */
export interface Evidence {
  /** The path of a seal file or a publication. */
  readonly sealFile?: string | undefined;
  /** Absent: each source's first key is taken at its word, and its seals prove only what that key is worth. */
  readonly trusted?: TrustedKeys | undefined;
  readonly receipts?: readonly ReceiptPin[] | undefined;
}

/** What is to be found along the chains. */
export interface Pinned {
  /** By shard. */
  readonly pins: readonly ShardPins[];
  /** What is wrong with the seals themselves. */
  readonly findings: readonly Finding[];
  /** How many seals there were, those of both sources counted once. */
  readonly seals: number;
}

const PAGE = 500;
/** One wrong key makes every seal after it wrong. */
const FINDINGS_MAX = 50;

/**
 * Reads and checks all seals within reach, in order: those of the file, and those of the database when
 * there is one. Where both have a seal they must agree, and the file's counts. The heads of good seals
 * and the receipts are pinned; a bad seal is a finding and pins nothing.
 */
export async function readEvidence(
  ledgerId: Uuid,
  shards: number,
  evidence: Evidence,
  database: Sql | null,
): Promise<Pinned> {
  const { sealFile, trusted = null } = evidence;
  const pins = Array.from({ length: shards }, (_, shard) => new ShardPins(shard));
  const findings: Finding[] = [];
  const report = (about: string, message: string | null): void => {
    if (message !== null && findings.length < FINDINGS_MAX) findings.push({ about, message });
  };
  let seals = 0;
  const take = (checker: SealChecker, seal: Seal, about: string): void => {
    seals += 1;
    const wrong = checker.seal(seal);
    for (const problem of wrong) report(about, problem);
    if (wrong.length > 0) return;
    for (const [shard, { block, hash }] of seal.heads.entries())
      pins[shard]?.addSeal(seal.number, seal.sealedAt, block, hash);
  };

  const own = database === null ? null : await openOwn(database);
  const ownChecker = new SealChecker(ledgerId, shards, trusted);
  for (const key of own?.keys ?? [])
    report(`seal key ${key.number} of the database`, ownChecker.key(key));
  const takeOwn = (seal: Seal): void =>
    take(ownChecker, seal, `seal ${seal.number} of the database`);

  if (sealFile !== undefined) {
    const checker = new SealChecker(ledgerId, shards, trusted);
    const missing: number[] = [];
    for await (const record of readSealFile(sealFile)) {
      if (record.ledgerId !== ledgerId) {
        report('seal file', `it is of another ledger: ${record.ledgerId}`);
        break;
      }
      for (const key of record.keys) report(`seal key ${key.number} of the file`, checker.key(key));
      for (const seal of record.seals) {
        for (let each = await own?.peek(); each !== undefined && each.number < seal.number; ) {
          own?.take();
          takeOwn(each);
          each = await own?.peek();
        }
        const same = await own?.peek();
        if (same?.number === seal.number) {
          own?.take();
          ownChecker.seal(same);
          if (!same.hash.equals(seal.hash))
            report(
              `seal ${seal.number} of the database`,
              'the file has another seal of this number',
            );
        } else if (own !== null) missing.push(seal.number);
        take(checker, seal, `seal ${seal.number} of the file`);
      }
    }
    if (missing.length > 0)
      report(
        `seals ${missing[0]}–${missing.at(-1)} of the file`,
        `${missing.length} of them are not in the database`,
      );
  }
  for (let each = await own?.peek(); each !== undefined; each = await own?.peek()) {
    own?.take();
    takeOwn(each);
  }
  for (const receipt of evidence.receipts ?? []) {
    if (pins[receipt.shard] === undefined)
      report(`receipt of shard ${receipt.shard}`, 'there is no such shard');
    pins[receipt.shard]?.addReceipt(receipt);
  }
  return { pins, findings, seals };
}

/** The database's own seals, one after another. */
async function openOwn(sql: Sql) {
  const keys = await readSealKeys(sql);
  let page: Seal[] = [];
  let next = 0;
  let last = 0;
  return {
    keys,
    async peek(): Promise<Seal | undefined> {
      // Asked again at the end: a seal is in the database before it is in the file, but perhaps not
      // before its predecessor was read here.
      if (next === page.length) {
        page = await readSeals(sql, last, PAGE);
        next = 0;
        last = page.at(-1)?.number ?? last;
      }
      return page[next];
    },
    take(): void {
      next += 1;
    },
  };
}
