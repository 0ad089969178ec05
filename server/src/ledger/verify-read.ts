import type { Instant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import { commit, hashLeaf } from './encode.ts';
import { readErased } from './erasures/erase-member.ts';
import {
  ENTRY_JSON,
  type EntryJson,
  readEntry,
  readFields,
  TRANSACTION_FIELDS,
  type TransactionFields,
} from './record.ts';
import { ENTRY_KINDS, type LotTerms, type Transaction } from './transaction.ts';

export interface StoredBlock {
  readonly shard: number;
  readonly number: number;
  readonly recordedAt: Instant;
  readonly previousHash: Buffer;
  readonly merkleRoot: Buffer;
  readonly hash: Buffer;
  readonly transactions: readonly Uuid[];
  readonly entryFirst: number;
  readonly entries: number;
}

export interface StoredTransaction {
  readonly id: Uuid;
  /** Null when its rows make no sense; a problem then says why. */
  readonly transaction: Transaction | null;
  readonly entryFirst: number;
  readonly entries: number;
  readonly lotsMade: readonly LotTerms[];
  readonly marks: readonly string[];
  readonly leaf: Buffer;
  /** The leaf as the stored rows hash now. */
  readonly recomputedLeaf: Buffer | null;
  /** Its free text, fingerprint and salt are gone. */
  readonly isErased: boolean;
  readonly problems: readonly string[];
}

export interface ShardReading {
  /** Blocks in order, each with its transactions and whatever stood between that belongs to none. */
  blocks(): AsyncGenerator<{
    block: StoredBlock;
    transactions: StoredTransaction[];
    strays: string[];
  }>;
  /** Rows left over when the last block was read. */
  strays(): string[];
}

const ROWS_PER_FETCH = 2_000;

/** Blocks after the first of the two, up to and with the second. */
export interface Range {
  readonly after: number;
  readonly upTo: number;
}

/** A server-side cursor with one row of look-ahead. */
class Stream<Row> {
  private rows: Row[] = [];
  private next = 0;
  private ended = false;
  private readonly sql: Sql;
  private readonly name: string;

  constructor(sql: Sql, name: string) {
    this.sql = sql;
    this.name = name;
  }

  async peek(): Promise<Row | undefined> {
    if (this.next === this.rows.length && !this.ended) {
      const { rows } = await this.sql.query<{ row: Row }>(
        `fetch ${ROWS_PER_FETCH} from ${this.name}`,
      );
      this.rows = rows.map((each) => each.row);
      this.next = 0;
      this.ended = rows.length === 0;
    }
    return this.rows[this.next];
  }

  /** The row that {@link peek} showed, taken. */
  take(): void {
    this.next += 1;
  }
}

async function open<Row>(
  sql: Sql,
  name: string,
  select: string,
  values: number[],
): Promise<Stream<Row>> {
  await sql.query(`declare ${name} no scroll cursor for ${select}`, values);
  return new Stream<Row>(sql, name);
}

type TransactionRow = [
  fields: TransactionFields,
  block: number,
  refusal: string | null,
  refusalFacts: string | null,
  detail: string | null,
  salt: string | null,
  fingerprint: string | null,
  commitment: string,
  leaf: string,
  entryFirst: number,
  entries: number,
  marks: string[] | null,
];
type EntryRow = [seq: number, transaction: Uuid, programme: number, entry: EntryJson];
type LotRow = [
  seq: number,
  transaction: Uuid,
  id: Uuid,
  issuer: Uuid,
  funders: Uuid[] | null,
  shares: number[] | null,
  ruleVersion: Uuid | null,
  evidence: string | null,
  unitCost: number | null,
  availableAt: Instant,
  expiresAt: Instant | null,
  issued: number,
  amount: number,
  programme: number,
  pointType: number,
  member: Uuid,
];
type BlockRow = [
  number: number,
  recordedAt: Instant,
  previous: string,
  root: string,
  hash: string,
  transactions: Uuid[],
  entryFirst: number,
  entries: number,
];

const BLOCK = `json_build_array(b.number, b.recorded_at_ms, encode(b.previous_hash, 'hex'), encode(b.merkle_root, 'hex'),
  encode(b.hash, 'hex'), b.transactions, b.entry_first, b.entries)`;
const TRANSACTION = `json_build_array(${TRANSACTION_FIELDS}, t.block, t.refusal, t.refusal_facts, t.detail,
  encode(t.salt, 'hex'), encode(t.fingerprint, 'hex'), encode(t.commitment, 'hex'), encode(t.leaf, 'hex'), t.entry_first,
  t.entries, t.marks)`;
const ENTRY = `json_build_array(e.seq, e.transaction, e.programme, ${ENTRY_JSON})`;
const LOT = `json_build_array(l.seq, l.transaction, l.id, l.issuer, l.funders, l.funder_shares, l.rule_version,
  encode(l.evidence, 'hex'), l.unit_cost, l.available_at_ms, l.made_expires_at_ms, l.issued, l.amount, l.programme,
  l.point_type, l.member)`;

const BLOCKS_IN = 'b.shard = $1 and b.number > $2 and b.number <= $3';
const ENTRIES_IN = `e.shard = $1 and e.seq >= (select min(b.entry_first) from ledger.block b where ${BLOCKS_IN})
  and e.seq < (select max(b.entry_first + b.entries) from ledger.block b where ${BLOCKS_IN})`;

/** A few blocks: every row is found by what the block says of it. */
const SELECT = {
  blocks: `select ${BLOCK} as row from ledger.block b where ${BLOCKS_IN} order by b.number`,
  transactions: `select ${TRANSACTION} as row from ledger.block b
    cross join lateral unnest(b.transactions) with ordinality as u (id, place)
    cross join lateral (select * from ledger.transaction t where t.id = u.id and t.shard = $1 offset 0) t
    where ${BLOCKS_IN} order by b.number, u.place`,
  entries: `select ${ENTRY} as row from ledger.entry e where ${ENTRIES_IN} order by e.seq`,
  lots: `select ${LOT} as row from ledger.entry e
    cross join lateral (select * from ledger.lot l where l.id = e.lot and l.shard = $1 offset 0) l
    where ${ENTRIES_IN} and e.kind = ${ENTRY_KINDS.issue} order by l.seq`,
};

/** Reads a few blocks in the transaction of `sql`, which is one snapshot: four streams in chain order, joined as they flow. */
export function reading(sql: Sql, shard: number, range: Range): ShardReading {
  const left: string[] = [];
  const values = [shard, range.after, range.upTo];
  return {
    strays: () => left,
    async *blocks() {
      const blocks = await open<BlockRow>(sql, 'verify_blocks', SELECT.blocks, values);
      const transactions = await open<TransactionRow>(
        sql,
        'verify_transactions',
        SELECT.transactions,
        values,
      );
      const entries = await open<EntryRow>(sql, 'verify_entries', SELECT.entries, values);
      const lots = await open<LotRow>(sql, 'verify_lots', SELECT.lots, values);
      const erased = await readErased(sql, shard);
      const isErased = (member: Uuid, block: number): boolean => block <= (erased.get(member) ?? 0);
      for (;;) {
        const row = await blocks.peek();
        if (row === undefined) break;
        blocks.take();
        const [number, recordedAt, previous, root, hash, ids, entryFirst, entryCount] = row;
        const block: StoredBlock = {
          shard,
          number,
          recordedAt,
          previousHash: Buffer.from(previous, 'hex'),
          merkleRoot: Buffer.from(root, 'hex'),
          hash: Buffer.from(hash, 'hex'),
          transactions: ids,
          entryFirst,
          entries: entryCount,
        };
        const strays: string[] = [];
        const inside: StoredTransaction[] = [];
        for (
          let each = await transactions.peek();
          each !== undefined && each[1] <= number;
          each = await transactions.peek()
        ) {
          transactions.take();
          if (each[1] < number) strays.push(`transaction ${showId('transaction', each[0][0])}`);
          else inside.push(await readStored(each, entries, lots, strays, isErased));
        }
        yield { block, transactions: inside, strays };
      }
      for (
        let each = await transactions.peek();
        each !== undefined;
        each = await transactions.peek()
      ) {
        left.push(`transaction ${showId('transaction', each[0][0])}`);
        transactions.take();
      }
      for (let each = await entries.peek(); each !== undefined; each = await entries.peek()) {
        left.push(`entry ${each[0]} of transaction ${showId('transaction', each[1])}`);
        entries.take();
      }
      for (let each = await lots.peek(); each !== undefined; each = await lots.peek()) {
        left.push(`lot ${showId('lot', each[2])}`);
        lots.take();
      }
    },
  };
}

/** One transaction with its entries and lots, which come next in their streams; what comes before them is stray. */
async function readStored(
  row: TransactionRow,
  entries: Stream<EntryRow>,
  lots: Stream<LotRow>,
  strays: string[],
  isErased: (member: Uuid, block: number) => boolean,
): Promise<StoredTransaction> {
  const [fields, , code, refusalFacts, detail, salt, fingerprint, commitment, leaf, entryFirst] =
    row;
  const [id, key, , programme, , member] = fields;
  const entryCount = row[10];
  const marks = row[11] ?? [];
  const end = entryFirst + entryCount;
  const problems: string[] = [];
  const own: EntryJson[] = [];
  for (
    let each = await entries.peek();
    each !== undefined && each[0] < end;
    each = await entries.peek()
  ) {
    entries.take();
    if (each[0] < entryFirst || each[1] !== id)
      strays.push(`entry ${each[0]} of transaction ${showId('transaction', each[1])}`);
    else {
      if (each[2] !== programme) problems.push(`its entry ${each[0]} is of another programme`);
      own.push(each[3]);
    }
  }
  if (own.length !== entryCount)
    problems.push(`it should have ${entryCount} entries and has ${own.length}`);
  const lotsMade: LotTerms[] = [];
  for (
    let each = await lots.peek();
    each !== undefined && each[0] < end;
    each = await lots.peek()
  ) {
    lots.take();
    if (each[0] < entryFirst || each[1] !== id) strays.push(`lot ${showId('lot', each[2])}`);
    else {
      // Its point type is that of the entry which made it: a conversion makes lots of another one.
      const maker = own.find((entry) => entry[0] === ENTRY_KINDS.issue && entry[7] === each[2]);
      if (each[13] !== programme || each[14] !== maker?.[1] || each[15] !== member)
        problems.push(`its lot ${showId('lot', each[2])} is of another account`);
      lotsMade.push(readTerms(each));
    }
  }
  const stored = {
    id,
    entryFirst,
    entries: entryCount,
    leaf: Buffer.from(leaf, 'hex'),
    marks,
    isErased: salt === null,
    problems,
  };
  const committed = Buffer.from(commitment, 'hex');
  if (salt === null && fingerprint === null && detail === null) {
    if (!isErased(member, row[1]))
      problems.push('its free text and salt are gone, but no erasure in the register names it');
  } else {
    const [bySalt, asked] = [salt ?? '', fingerprint ?? ''].map((each) => Buffer.from(each, 'hex'));
    const again = commit(bySalt as Buffer, asked as Buffer, key, detail);
    if (!again.equals(committed))
      problems.push(
        'its key, request or free text were changed: they no longer match its commitment',
      );
  }
  try {
    const transaction: Transaction = {
      ...readFields(fields),
      refusal: code === null ? null : { code, message: '' },
      detail: null,
      entries: own.map(readEntry),
    };
    const recomputedLeaf = hashLeaf({
      transaction,
      refusalFacts,
      commitment: committed,
      entryFirst,
      lotsMade,
      marks,
    });
    return { ...stored, transaction, lotsMade, recomputedLeaf };
  } catch (error) {
    // Numbers that name no kind or role, sizes that no encoding holds: nobody but a forger writes them.
    problems.push(`its rows cannot be read: ${error instanceof Error ? error.message : error}`);
    return { ...stored, transaction: null, lotsMade, recomputedLeaf: null };
  }
}

function readTerms(row: LotRow): LotTerms {
  const [
    ,
    ,
    id,
    issuer,
    funders,
    shares,
    ruleVersion,
    evidence,
    unitCost,
    availableAt,
    expiresAt,
    issued,
    amount,
  ] = row;
  return {
    id,
    issuer,
    funders: funders?.map((merchant, index) => ({ merchant, share: shares?.[index] ?? 0 })) ?? null,
    ruleVersion,
    evidence,
    unitCost,
    availableAt,
    expiresAt,
    issued,
    amount,
  };
}
