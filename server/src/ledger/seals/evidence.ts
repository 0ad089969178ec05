import type { Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import {
  type CodedFinding,
  coded,
  type Problem,
  problem,
  type Subject,
} from '../verify/finding.ts';
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
  readonly findings: readonly CodedFinding[];
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
  const findings: CodedFinding[] = [];
  const report = (subject: Subject, what: Problem | null): void => {
    if (what !== null && findings.length < FINDINGS_MAX) findings.push(coded({}, subject, what));
  };
  let seals = 0;
  const take = (checker: SealChecker, seal: Seal, subject: Subject): void => {
    seals += 1;
    const wrong = checker.seal(seal);
    for (const each of wrong) report(subject, each);
    if (wrong.length > 0) return;
    for (const [shard, { block, hash }] of seal.heads.entries())
      pins[shard]?.addSeal(seal.number, seal.sealedAt, block, hash);
  };

  const own = database === null ? null : await openOwn(database);
  const ownChecker = new SealChecker(ledgerId, shards, trusted);
  for (const key of own?.keys ?? [])
    report(numbered('sealKeyOfDatabase', key), ownChecker.key(key));
  const takeOwn = (seal: Seal): void => take(ownChecker, seal, numbered('sealOfDatabase', seal));

  if (sealFile !== undefined) {
    const checker = new SealChecker(ledgerId, shards, trusted);
    const missing: number[] = [];
    for await (const record of readSealFile(sealFile)) {
      if (record.ledgerId !== ledgerId) {
        const facts = { ledgerId: String(record.ledgerId) };
        report({ code: 'sealFile', facts: {} }, problem('seals_of_other_ledger', facts));
        break;
      }
      for (const key of record.keys) report(numbered('sealKeyOfFile', key), checker.key(key));
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
            report(numbered('sealOfDatabase', seal), problem('seal_otherwise'));
        } else if (own !== null) missing.push(seal.number);
        take(checker, seal, numbered('sealOfFile', seal));
      }
    }
    const [from, to] = [missing[0], missing.at(-1)];
    if (from !== undefined && from === to)
      report(numbered('sealOfFile', { number: from }), problem('seal_not_in_database'));
    else if (from !== undefined && to !== undefined)
      report(
        { code: 'sealsOfFile', facts: { from, to } },
        problem('seals_not_in_database', { count: missing.length }),
      );
  }
  for (let each = await own?.peek(); each !== undefined; each = await own?.peek()) {
    own?.take();
    takeOwn(each);
  }
  for (const receipt of evidence.receipts ?? []) {
    const { shard } = receipt;
    if (pins[shard] === undefined)
      report({ code: 'shardReceipt', facts: { shard } }, problem('receipt_no_shard'));
    pins[shard]?.addReceipt(receipt);
  }
  return { pins, findings, seals };
}

function numbered(
  code: 'sealOfFile' | 'sealOfDatabase' | 'sealKeyOfFile' | 'sealKeyOfDatabase',
  { number }: { readonly number: number },
): Subject {
  return { code, facts: { number } };
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
