import type { Pool } from '../../platform/database.ts';
import {
  type AccrualJson,
  EXPORT_FORMAT,
  EXPORT_VERSION,
  type ExportLine,
  type Opening,
  type StateLine,
} from './export-format.ts';
import { readUuid } from './leaf.ts';
import { showLeaf } from './leaf-json.ts';
import { withShards } from './read.ts';
import type {
  LedgerIdentity,
  ShardSource,
  StateReader,
  StoredAccrual,
  StoredBlock,
  StoredTransaction,
} from './source.ts';

/** Takes text and is ready for more when what it returned is. */
export type WriteText = (text: string) => Promise<void>;

/** A ledger that no export can hold as it is; verify says where. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

/** Characters gathered before they are written. */
const CHUNK = 256 * 1024;

/**
 * Writes the whole ledger as it is at one moment, shard after shard, in memory that does not depend on its
 * size. Keys and free text are left out, their commitments stay, unless `withDetail`.
 */
export async function exportLedger(
  pool: Pool,
  identity: LedgerIdentity,
  write: WriteText,
  options: {
    readonly withDetail: boolean;
    readonly onProgress?: ((done: { shard: number; shards: number }) => void) | undefined;
  },
): Promise<{ readonly lines: number; readonly transactions: number }> {
  const { withDetail, onProgress = () => {} } = options;
  const { ledgerId, shards } = identity;
  const out = new Lines(write);
  await out.add({
    header: { format: EXPORT_FORMAT, version: EXPORT_VERSION, ledgerId, shards, withDetail },
  });
  let transactions = 0;
  await withShards(pool, async (sourceOf) => {
    for (const price of await sourceOf(0).prices()) await out.add({ price });
    for (let shard = 0; shard < shards; shard += 1) {
      const source = sourceOf(shard);
      for await (const block of source.blocks())
        transactions += await writeBlock(out, shard, block, withDetail);
      await writeHead(out, shard, source);
      await source.state(new StateWriter(out));
      onProgress({ shard: shard + 1, shards });
    }
  });
  await out.add({ end: { lines: out.count + 1 } });
  await out.flush();
  return { lines: out.count, transactions };
}

/** Lines on their way out. */
class Lines {
  count = 0;
  private gathered = '';
  private readonly write: WriteText;
  private writing: Promise<void> | undefined;

  constructor(write: WriteText) {
    this.write = write;
  }

  /** A promise when whoever adds should wait before adding more. */
  add(line: ExportLine): Promise<void> | undefined {
    this.count += 1;
    this.gathered += `${JSON.stringify(line)}\n`;
    return this.gathered.length < CHUNK ? undefined : this.flush();
  }

  /** Writes what was gathered, after what is being written already. */
  flush(): Promise<void> {
    const text = this.gathered;
    this.gathered = '';
    const before = this.writing ?? Promise.resolve();
    this.writing = before.then(() => this.write(text));
    return this.writing;
  }
}

async function writeBlock(
  out: Lines,
  shard: number,
  block: StoredBlock,
  withDetail: boolean,
): Promise<number> {
  const { number, recordedAt, entryFirst, entries } = block;
  await out.add({
    block: {
      shard,
      number,
      recordedAt,
      previousHash: hexOf(block.previousHash),
      merkleRoot: hexOf(block.merkleRoot),
      hash: hexOf(block.hash),
      transactions: block.listed.length / 16,
      entryFirst,
      entries,
    },
  });
  let count = 0;
  let slow: Promise<void> | undefined;
  for (const stored of block.transactions()) {
    const place = `shard ${shard}, block ${number}, transaction ${count + 1}`;
    if (stored === undefined) throw new ExportError(`${place} is missing`);
    count += 1;
    slow = out.add(transactionLine(stored, place, withDetail)) ?? slow;
  }
  await slow;
  return count;
}

function transactionLine(
  stored: StoredTransaction,
  place: string,
  withDetail: boolean,
): ExportLine {
  const { leaf, leafHash, opening, isErased, accruals } = stored;
  if (leaf === null) throw new ExportError(`${place} cannot be read`);
  return {
    transaction: {
      ...showLeaf(leaf),
      leaf: hexOf(leafHash),
      ...(isErased ? { erased: true as const } : {}),
      ...(withDetail && opening !== null ? { opening: showOpening(opening) } : {}),
      ...(accruals.length > 0 ? { accruals: accruals.map(showAccrual) } : {}),
    },
  };
}

function showAccrual(row: StoredAccrual): AccrualJson {
  const { seq, place, kind, programme, pointType, effectiveAt, payer, taker } = row;
  const money = [String(row.owed), String(row.due), String(row.fee)] as const;
  const head = [seq, place, kind, programme, pointType, effectiveAt] as const;
  return [...head, payer, taker, Number(row.points), ...money];
}

const SALT_BYTES = 16;
const KEY_AT = 48;

function showOpening(opening: Uint8Array): Opening {
  const bytes = Buffer.from(opening.buffer, opening.byteOffset, opening.length);
  const end = bytes.indexOf(0, KEY_AT);
  return {
    salt: bytes.toString('hex', 0, SALT_BYTES),
    fingerprint: bytes.toString('hex', SALT_BYTES, KEY_AT),
    key: bytes.toString('utf8', KEY_AT, end),
    // Nothing after the zero is no text: a text is never empty.
    detail: end + 1 === bytes.length ? null : bytes.toString('utf8', end + 1),
  };
}

async function writeHead(out: Lines, shard: number, source: ShardSource): Promise<void> {
  const { block, entries, hash } = await source.head();
  await out.add({ head: { shard, block, entries, hash: hexOf(hash) } });
}

class StateWriter implements StateReader {
  private readonly out: Lines;

  constructor(out: Lines) {
    this.out = out;
  }

  lot = ({ slideMonths, root, ...state }: Parameters<StateReader['lot']>[0]) =>
    this.add({
      lot: {
        ...state,
        id: readUuid(state.id, 0),
        member: readUuid(state.member, 0),
        ...(slideMonths === null ? {} : { slideMonths }),
        ...(root === null ? {} : { root: readUuid(root, 0) }),
      },
    });

  account = (state: Parameters<StateReader['account']>[0]) =>
    this.add({ account: { ...state, member: readUuid(state.member, 0) } });

  counterAccount = (state: Parameters<StateReader['counterAccount']>[0]) =>
    this.add({
      counterAccount: {
        ...state,
        owner: readUuid(state.owner, 0),
        balance: String(state.balance),
      },
    });

  hold = (state: Parameters<StateReader['hold']>[0]) =>
    this.add({
      hold: {
        ...state,
        id: readUuid(state.id, 0),
        member: readUuid(state.member, 0),
        lots: state.lots.map(({ lot, points }) => [readUuid(lot, 0), points] as const),
      },
    });

  counter = (state: Parameters<StateReader['counter']>[0]) =>
    this.add({ counter: { ...state, member: readUuid(state.member, 0) } });

  allotment = (state: Parameters<StateReader['allotment']>[0]) =>
    this.add({ allotment: { ...state, budget: readUuid(state.budget, 0) } });

  unequalBudget = (state: Parameters<StateReader['unequalBudget']>[0]) =>
    this.add({ unequalBudget: { ...state, budget: readUuid(state.budget, 0) } });

  claim = ({ hash, transaction }: Parameters<StateReader['claim']>[0]) =>
    this.add({
      claim: {
        hash: hexOf(hash),
        transaction: transaction === null ? null : readUuid(transaction, 0),
      },
    });

  debt = (state: Parameters<StateReader['debt']>[0]) =>
    this.add({ debt: { ...state, lot: readUuid(state.lot, 0) } });

  private add(line: StateLine): void | Promise<void> {
    return this.out.add(line);
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
