import { asUuid, type Uuid } from '../../kernel/id.ts';
import {
  type AccrualJson,
  type BlockLine,
  EXPORT_FORMAT,
  EXPORT_VERSION,
  type ExportLine,
  type HeadLine,
  type TransactionLine,
} from './export-format.ts';
import type { ExportLines } from './export-lines.ts';
import { type Problem, problem } from './finding.ts';
import { hexInto, writeLeaf } from './leaf-json.ts';
import { LeafWriter } from './leaf-writer.ts';
import type { ListedPrice } from './price-list.ts';
import { Unreadable } from './rows.ts';
import type {
  LedgerIdentity,
  ShardSource,
  StateReader,
  StoredAccrual,
  StoredBlock,
  StoredTransaction,
} from './source.ts';

/** What the first line says. */
export async function readHeader(lines: ExportLines): Promise<LedgerIdentity> {
  const line = await lines.next();
  if (line === undefined || !('header' in line))
    return lines.fail('it is not the head of an export');
  const { format, version, ledgerId, shards } = line.header;
  if (format !== EXPORT_FORMAT || version !== EXPORT_VERSION)
    return lines.fail(`it is of format ${format} ${version}, which is not known here`);
  if (!Number.isInteger(shards) || shards < 1 || shards > 256) return lines.fail('its shards');
  return { ledgerId: asUuid(ledgerId), shards };
}

/** The price list, which follows the first line. */
export async function readPrices(lines: ExportLines): Promise<ListedPrice[]> {
  const prices: ListedPrice[] = [];
  for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
    if (!('price' in line)) {
      lines.putBack(line);
      break;
    }
    prices.push(line.price);
  }
  return prices;
}

/** The last line must be there, and tell how many there are. */
export async function readEnd(lines: ExportLines): Promise<void> {
  const line = await lines.next();
  if (line === undefined || !('end' in line)) return lines.fail('the end is missing here');
  if (line.end.lines !== lines.number) return lines.fail(`there should be ${line.end.lines} lines`);
  if ((await lines.next()) !== undefined) return lines.fail('something follows the end');
}

/** One shard of an export, whose lines come next. */
export class ExportShard implements ShardSource {
  private readonly lines: ExportLines;
  private readonly shard: number;
  private readonly leaf = new LeafWriter();
  private readonly opening = new LeafWriter();

  private readonly listed: readonly ListedPrice[];

  constructor(lines: ExportLines, shard: number, listed: readonly ListedPrice[]) {
    this.lines = lines;
    this.shard = shard;
    this.listed = listed;
  }

  prices = async () => this.listed;

  async *blocks(): AsyncGenerator<StoredBlock> {
    for (let line = await this.lines.next(); line !== undefined; line = await this.lines.next()) {
      if (!('block' in line) || line.block.shard !== this.shard) {
        this.lines.putBack(line);
        return;
      }
      yield this.block(line.block, await this.transactionsOf(line.block.transactions));
    }
  }

  private async transactionsOf(count: number): Promise<TransactionLine['transaction'][]> {
    const found: TransactionLine['transaction'][] = [];
    while (found.length < count) {
      const line = await this.lines.next();
      if (line === undefined) return this.lines.fail('the file ends within a block');
      if (!('transaction' in line)) {
        this.lines.putBack(line);
        return found;
      }
      found.push(line.transaction);
    }
    return found;
  }

  private block(
    block: BlockLine['block'],
    transactions: readonly TransactionLine['transaction'][],
  ): StoredBlock {
    return this.reading(() => {
      const listed = Buffer.alloc(block.transactions * 16);
      for (const [index, { id }] of transactions.entries())
        if (id !== null) bytesOf(id).copy(listed, index * 16);
      return {
        number: block.number,
        recordedAt: block.recordedAt,
        previousHash: hashOf(block.previousHash),
        merkleRoot: hashOf(block.merkleRoot),
        hash: hashOf(block.hash),
        entryFirst: block.entryFirst,
        entries: block.entries,
        listed,
        strays: [],
        transactions: () => this.stored(block.transactions, transactions),
      };
    });
  }

  private *stored(
    count: number,
    transactions: readonly TransactionLine['transaction'][],
  ): Generator<StoredTransaction | undefined> {
    for (const transaction of transactions) yield this.transaction(transaction);
    for (let missing = transactions.length; missing < count; missing += 1) yield undefined;
  }

  private transaction(transaction: TransactionLine['transaction']): StoredTransaction {
    const problems: Problem[] = [];
    let leaf: Buffer | null = null;
    let opening: Buffer | null = null;
    try {
      leaf = writeLeaf(transaction, this.leaf);
      opening = this.openingOf(transaction);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      problems.push(problem('unreadable', { what: error.message }));
    }
    return {
      leaf,
      leafHash: this.reading(() => hashOf(transaction.leaf)),
      opening,
      isErased: transaction.erased === true,
      entryFirst: transaction.entryFirst ?? Number.NaN,
      entries: transaction.entries?.length ?? 0,
      accruals: this.reading(() => (transaction.accruals ?? []).map(readAccrual)),
      problems,
    };
  }

  private openingOf({ opening }: TransactionLine['transaction']): Buffer | null {
    if (opening === undefined) return null;
    const out = this.opening.begin();
    hexInto(out, opening.salt, 16);
    hexInto(out, opening.fingerprint, 32);
    for (const text of [opening.key, '\0', opening.detail ?? '']) {
      const bytes = Buffer.from(text);
      out.raw(bytes, 0, bytes.length);
    }
    return out.written();
  }

  strays = async () => [];

  async head(): Promise<{ block: number; entries: number; hash: Buffer }> {
    const line = await this.lines.next();
    if (line === undefined || !('head' in line) || line.head.shard !== this.shard)
      return this.lines.fail(`the head of shard ${this.shard} should stand here`);
    const { block, entries, hash }: HeadLine['head'] = line.head;
    return this.reading(() => ({ block, entries, hash: hashOf(hash) }));
  }

  async state(to: StateReader): Promise<void> {
    for (let line = await this.lines.next(); line !== undefined; line = await this.lines.next()) {
      if ('block' in line || 'head' in line || 'end' in line) {
        this.lines.putBack(line);
        return;
      }
      const told = line;
      await this.reading(() => tellState(told, to));
    }
  }

  /** Does something with a line that may be anything. */
  private reading<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      return this.lines.fail(error instanceof Error ? error.message : String(error));
    }
  }
}

function readAccrual(row: AccrualJson): StoredAccrual {
  const [seq, place, kind, programme, pointType, effectiveAt, payer, taker, ...amounts] = row;
  const [points, owed, due, fee] = amounts.map((amount) => BigInt(amount));
  if (points === undefined || owed === undefined || due === undefined || fee === undefined)
    throw new Unreadable('an accrual');
  const between = { payer: asUuid(payer), taker: asUuid(taker) };
  return {
    seq,
    place,
    kind,
    programme,
    pointType,
    effectiveAt,
    ...between,
    points,
    owed,
    due,
    fee,
  };
}

function tellState(line: ExportLine, to: StateReader): void | Promise<void> {
  if ('lot' in line)
    return to.lot({
      ...line.lot,
      id: bytesOf(line.lot.id),
      member: bytesOf(line.lot.member),
      slideMonths: line.lot.slideMonths ?? null,
      root: line.lot.root === undefined ? null : bytesOf(line.lot.root),
    });
  if ('account' in line)
    return to.account({ ...line.account, member: bytesOf(line.account.member) });
  if ('counterAccount' in line) {
    const { owner, balance, ...rest } = line.counterAccount;
    return to.counterAccount({ ...rest, owner: bytesOf(owner), balance: BigInt(balance) });
  }
  if ('hold' in line) {
    const { id, member, lots, ...rest } = line.hold;
    const pinned = lots.map(([lot, points]) => ({ lot: bytesOf(lot), points }));
    return to.hold({ ...rest, id: bytesOf(id), member: bytesOf(member), lots: pinned });
  }
  if ('counter' in line)
    return to.counter({ ...line.counter, member: bytesOf(line.counter.member) });
  if ('allotment' in line)
    return to.allotment({ ...line.allotment, budget: bytesOf(line.allotment.budget) });
  if ('unequalBudget' in line)
    return to.unequalBudget({ ...line.unequalBudget, budget: bytesOf(line.unequalBudget.budget) });
  if ('claim' in line) {
    const { hash, transaction } = line.claim;
    return to.claim({
      hash: hashOf(hash),
      transaction: transaction === null ? null : bytesOf(transaction),
    });
  }
  if ('debt' in line) return to.debt({ ...line.debt, lot: bytesOf(line.debt.lot) });
  throw new Unreadable(`it is of no known kind: ${Object.keys(line).join()}`);
}

function bytesOf(id: Uuid): Buffer {
  return Buffer.from(asUuid(id).replaceAll('-', ''), 'hex');
}

function hashOf(text: string): Buffer {
  const bytes = Buffer.from(String(text), 'hex');
  if (bytes.length !== 32) throw new Unreadable('a hash is 32 bytes in hex');
  return bytes;
}
