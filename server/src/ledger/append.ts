import type { Pool } from 'pg';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { randomSlice } from '../kernel/id.ts';
import { bools, byteas, int2s, int4s, int8s, texts, uuids } from '../platform/columns.ts';
import type { Book, Lot, Written } from './book.ts';
import { KINDS, SOURCE_KINDS } from './command.ts';
import { commit, FORMAT, hashBlock, hashLeaf, merkleRoot } from './encode.ts';
import { writeRefusal } from './record.ts';
import { ENTRY_KINDS, type Receipt, ROLES } from './transaction.ts';

/** The newest block of a shard: what the next one continues. */
export interface Head {
  readonly block: number;
  readonly entries: number;
  readonly hash: Buffer;
  readonly recordedAt: Instant;
}

const APPEND = `select ledger.append(${Array.from({ length: 99 }, (_, index) => `$${index + 1}`).join(', ')}) as done`;

/**
 * Appends what a batch decided as the block after `head`: one statement, one transaction, durable when
 * this returns. Answers the new head with a receipt per transaction, or null when another process has
 * moved the head, in which case nothing was written and the batch must be decided anew.
 */
export async function append(
  pool: Pool,
  shard: number,
  head: Head,
  book: Book,
  written: readonly Written[],
  now: Instant,
): Promise<{ head: Head; receipts: Receipt[] } | null> {
  const recordedAt = Math.max(now, head.recordedAt);
  const details = written.map(({ transaction }) =>
    transaction.detail === null ? null : JSON.stringify(transaction.detail),
  );
  const refusals = written.map(({ transaction }) =>
    transaction.refusal === null ? null : writeRefusal(transaction.refusal),
  );
  const salts = written.map(() => Buffer.from(randomSlice(16)));
  const commitments = written.map(({ transaction }, index) =>
    commit(
      salts[index] as Buffer,
      (written[index] as Written).fingerprint,
      transaction.key,
      details[index] ?? null,
    ),
  );
  const leaves = written.map(({ transaction, entryFirst, lotMade }, index) =>
    hashLeaf({
      transaction,
      refusalFacts: refusals[index] ?? null,
      commitment: commitments[index] as Buffer,
      entryFirst,
      lotMade,
    }),
  );
  const root = merkleRoot(leaves);
  const entryCount = book.nextSeq - head.entries;
  const number = head.block + 1;
  const hash = hashBlock({
    shard,
    number,
    previousHash: head.hash,
    recordedAt,
    merkleRoot: root,
    transactions: written.length,
    entryFirst: head.entries,
    entries: entryCount,
  });
  const result = await pool.query<{ done: boolean }>({
    name: 'ledger-append',
    text: APPEND,
    values: [
      shard,
      head.block,
      recordedAt,
      FORMAT,
      head.hash,
      root,
      hash,
      head.entries,
      ...transactionColumns(written, refusals, details, salts, commitments, leaves),
      ...entryColumns(written),
      ...lotColumns(book, written),
      ...accountColumns(book),
      ...counterAccountColumns(book),
      ...holdColumns(book),
      ...debtColumns(book),
      ...counterColumns(book),
    ],
  });
  if (result.rows[0]?.done !== true) return null;
  const shown = hash.toString('hex');
  return {
    head: { block: number, entries: book.nextSeq, hash, recordedAt },
    receipts: written.map((_, position) => ({
      shard,
      block: number,
      position,
      hash: shown,
      recordedAt,
    })),
  };
}

function transactionColumns(
  written: readonly Written[],
  refusals: readonly (string | null)[],
  details: readonly (string | null)[],
  salts: readonly Buffer[],
  commitments: readonly Buffer[],
  leaves: readonly Buffer[],
): Buffer[] {
  const rows = written.map((each) => each.transaction);
  return [
    uuids(rows, (row) => row.id),
    texts(rows, (row) => row.key),
    byteas(written, (each) => each.fingerprint),
    int2s(rows, (row) => KINDS[row.kind]),
    int4s(rows, (row) => row.programme),
    int4s(rows, (row) => row.pointType),
    uuids(rows, (row) => row.member),
    int8s(rows, (row) => row.points),
    int8s(rows, (row) => row.effectiveAt),
    uuids(rows, (row) => row.merchant),
    uuids(rows, (row) => row.subject),
    int2s(rows, (row) => (row.source === null ? null : SOURCE_KINDS[row.source.kind])),
    uuids(rows, (row) => row.source?.id ?? null),
    texts(rows, (row) => row.refusal?.code ?? null),
    texts(refusals),
    int8s(rows, (row) => row.balanceAfter),
    int8s(written, (each) => each.entryFirst),
    int4s(rows, (row) => row.entries.length),
    texts(details),
    byteas(salts),
    byteas(commitments),
    byteas(leaves),
  ];
}

function entryColumns(written: readonly Written[]): Buffer[] {
  const rows = written.flatMap(({ transaction }) =>
    transaction.entries.map((entry) => ({ transaction, entry })),
  );
  return [
    uuids(rows, (row) => row.transaction.id),
    int2s(rows, (row) => ENTRY_KINDS[row.entry.kind]),
    int4s(rows, (row) => row.transaction.programme),
    int4s(rows, (row) => row.transaction.pointType),
    int2s(rows, (row) => ROLES[row.entry.from.role]),
    uuids(rows, (row) => row.entry.from.owner),
    int2s(rows, (row) => ROLES[row.entry.to.role]),
    uuids(rows, (row) => row.entry.to.owner),
    int8s(rows, (row) => row.entry.points),
    uuids(rows, (row) => row.entry.lot),
    uuids(rows, (row) => row.entry.ref),
    int8s(rows, (row) => row.entry.expiresAt),
  ];
}

/** Lots made, then the state of those and of every other lot that changed, in that order. */
function lotColumns(book: Book, written: readonly Written[]): Buffer[] {
  const made = written.flatMap(({ transaction, lotMade }) =>
    lotMade === null ? [] : [{ transaction, terms: lotMade, lot: book.lot(lotMade.id) }],
  );
  const madeLots = new Set<Lot>(made.map((each) => each.lot));
  const states = [...madeLots, ...[...book.changedLots].filter((lot) => !madeLots.has(lot))];
  return [
    uuids(made, (each) => each.terms.id),
    int8s(made, (each) => each.lot.seq),
    uuids(made, (each) => each.transaction.id),
    int4s(made, (each) => each.transaction.programme),
    int4s(made, (each) => each.transaction.pointType),
    uuids(made, (each) => each.transaction.member),
    uuids(made, (each) => each.terms.issuer),
    texts(made, (each) => list(each.terms.funders?.map((funder) => funder.merchant))),
    texts(made, (each) => list(each.terms.funders?.map((funder) => funder.share))),
    uuids(made, (each) => each.terms.ruleVersion),
    byteas(made, (each) =>
      each.terms.evidence === null ? null : Buffer.from(each.terms.evidence, 'hex'),
    ),
    int8s(made, (each) => each.terms.unitCost),
    int8s(made, (each) => each.terms.availableAt),
    int8s(made, (each) => each.terms.expiresAt),
    int8s(made, (each) => each.terms.issued),
    int8s(made, (each) => each.terms.amount),
    uuids(states, (lot) => lot.id),
    int8s(states, (lot) => lot.expiresAt),
    int8s(states, (lot) => lot.remaining),
    int8s(states, (lot) => lot.held),
    int8s(states, (lot) => lot.expired),
    int8s(states, (lot) => lot.expiredRecovered),
    int8s(states, (lot) => lot.returned),
    bools(states, (lot) => lot.pending),
  ];
}

/** A PostgreSQL array literal of ids or numbers, which need no escaping. */
function list(values: readonly (Uuid | number)[] | undefined): string | null {
  return values === undefined ? null : `{${values.join(',')}}`;
}

function accountColumns(book: Book): Buffer[] {
  const rows = [...book.changedAccounts];
  return [
    uuids(rows, (row) => row.member),
    int4s(rows, (row) => row.pointType),
    int4s(rows, (row) => row.programme),
    int8s(rows, (row) => row.free),
    int8s(rows, (row) => row.held),
    int8s(rows, (row) => row.debt),
    int8s(rows, (row) => row.earned),
    int8s(rows, (row) => row.redeemed),
    int8s(rows, (row) => row.expired),
    int8s(rows, (row) => row.lastEffectiveAt),
  ];
}

function counterAccountColumns(book: Book): Buffer[] {
  const rows = [...book.counterDeltas.values()];
  return [
    int2s(rows, (row) => ROLES[row.account.role]),
    uuids(rows, (row) => row.account.owner),
    int4s(rows, (row) => row.pointType),
    int4s(rows, (row) => row.programme),
    texts(rows, (row) => row.points.toString()),
  ];
}

function holdColumns(book: Book): Buffer[] {
  const rows = [...book.changedHolds];
  return [
    uuids(rows, (row) => row.id),
    int4s(rows, (row) => row.programme),
    int4s(rows, (row) => row.pointType),
    uuids(rows, (row) => row.member),
    uuids(rows, (row) => row.merchant),
    int8s(rows, (row) => row.expiresAt),
    texts(rows, (row) => list(row.takes.map((take) => take.lot))),
    texts(rows, (row) => list(row.takes.map((take) => take.points))),
    int8s(rows, (row) => row.remaining),
  ];
}

function debtColumns(book: Book): Buffer[] {
  const rows = [...book.changedDebts];
  return [
    uuids(rows, ([, account]) => account.member),
    int4s(rows, ([, account]) => account.pointType),
    uuids(rows, ([debt]) => debt.lot),
    int8s(rows, ([debt]) => debt.seq),
    int8s(rows, ([debt]) => debt.amount),
    int8s(rows, ([debt]) => debt.remaining),
  ];
}

function counterColumns(book: Book): Buffer[] {
  const rows = [...book.changedCounters].map((key) => ({
    member: key.slice(0, 36),
    name: key.slice(37),
    key,
  }));
  return [
    uuids(rows, (row) => row.member),
    texts(rows, (row) => row.name),
    int8s(rows, (row) => book.counters.get(row.key) ?? 0),
  ];
}
