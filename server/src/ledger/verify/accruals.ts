import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { IdTable } from './ids.ts';
import {
  ENTRY,
  type EntryView,
  int16,
  int64OrNull,
  isNil,
  LEAF,
  type LeafView,
  LOT,
  readUuid,
} from './leaf.ts';
import { idKey } from './replay.ts';
import { Rows } from './state.ts';

/** The numbers of `ledger.accrual.kind`. */
export const ACCRUAL_KINDS = { use: 1, reversal: 2, repayment: 3 } as const;

/** One row of `ledger.accrual`, without its place among those of its entry. Money is in micro-fen. */
export interface Accrual {
  readonly seq: number;
  readonly kind: number;
  readonly programme: number;
  readonly pointType: number;
  readonly effectiveAt: Instant;
  readonly payer: Uuid;
  readonly taker: Uuid;
  readonly points: bigint;
  readonly owed: bigint;
  readonly due: bigint;
  readonly fee: bigint;
}

/** What an entry must have accrued. */
export interface Due {
  readonly rows: readonly Accrual[];
  /**
   * Whether it may as well have accrued nothing: the points that settle a debt may be the returned lot's own, come back
   * by way of another shard, which this one cannot know.
   */
  readonly isOptional: boolean;
}

/** What a point brings who takes it, as its transaction is marked: `price <reimbursement> <fee>`, in micro-fen. */
export interface Price {
  readonly reimbursement: bigint;
  readonly fee: bigint;
}

const PRICE = /^price (\d{1,13}) (\d{1,13})$/;

/** The price that a transaction is marked with; undefined when it is not. */
export function priceOf(marks: readonly string[]): Price | undefined {
  for (const mark of marks) {
    const [, reimbursement, fee] = PRICE.exec(mark) ?? [];
    if (reimbursement !== undefined && fee !== undefined)
      return { reimbursement: BigInt(reimbursement), fee: BigInt(fee) };
  }
  return undefined;
}

/** Who pays for a lot, in whole shares, and how much for each of its points. */
export interface Worth {
  readonly unitCost: bigint;
  readonly payers: readonly { readonly merchant: Uuid; readonly share: bigint }[];
  /** Whether it names who pays: else its issuer does, alone. */
  readonly isFunded: boolean;
}

/** What a debt is about: who is owed, and for an overdraft by which price; without one for a returned lot. */
export interface About {
  readonly taker: Uuid;
  readonly price: Price | null;
}

/** Where a lot first came from; not certain when only another shard knows whether it came there from elsewhere. */
export interface Root {
  readonly id: Uint8Array;
  readonly isCertain: boolean;
}

const NOTHING: ReadonlyMap<number, Due> = new Map();

/**
 * What every entry of a shard must have accrued, out of its leaves alone: who owes whom for the points that were used,
 * said a second time and apart from the code that wrote it down. The rules stand in docs/ledger.md, "Prices and accruals".
 */
export class Accruals {
  /** Lots that cost something, by the number each has among them. */
  private readonly lots = new IdTable();
  private readonly worths: Worth[] = [];
  /**
   * Of lots that name who pays and came from another account: where they first came from, by {@link idKey}. Not certain of
   * one that came from another shard, where it may have come from elsewhere already.
   */
  private readonly roots = new Map<string, { readonly lot: string; readonly isCertain: boolean }>();
  /** By {@link typeKey}: since when points are cleared. */
  private readonly cleared = new Map<string, Instant>();
  /** By {@link idKey} of the lot it is about, or of the transaction that overdrew. */
  private readonly debts = new Map<string, About>();
  private readonly uses = new Uses();
  private readonly known = new Map<string, Worth>();
  private price: Price | undefined;

  /** Points of a type have a price from an instant on: those that settle debts then do so at their cost. */
  clear(programme: number, pointType: number, from: Instant): void {
    const key = typeKey(programme, pointType);
    this.cleared.set(key, Math.min(from, this.cleared.get(key) ?? from));
  }

  /** Begins with a lot of an earlier block. */
  restoreLot(id: Uint8Array, worth: Worth): void {
    this.worths[this.lots.add(id, 0)] = worth;
  }

  /** Begins with where a lot of an earlier block came from: by a transfer, or as what a conversion made. */
  restoreOrigin(id: Uint8Array, origin: Uint8Array, isSent: boolean): void {
    this.follow(id, 0, origin, 0, isSent);
  }

  /** Begins with a debt of an earlier block. */
  restoreDebt(id: Uint8Array, about: About): void {
    this.debts.set(idKey(id, 0), about);
  }

  /** Begins with what a burn of an earlier block took of a lot, and how much of it came back. */
  restoreUse(burn: Uint8Array, lot: Uint8Array, price: Price, back: number): void {
    this.uses.add(burn, 0, lot, 0, price);
    this.uses.giveBack(burn, 0, lot, 0, back);
  }

  /** Where a lot that names who pays first came from; null when it never was sent. */
  rootOf(lot: Uint8Array): Root | null {
    if (this.roots.size === 0) return null;
    const root = this.roots.get(idKey(lot, 0));
    return root === undefined
      ? null
      : { id: Buffer.from(root.lot, 'latin1'), isCertain: root.isCertain };
  }

  /** The entries of an applied transaction that accrue, by their numbers. */
  play(transaction: LeafView): ReadonlyMap<number, Due> {
    if (transaction.isRefused || transaction.kind === 'cut') return NOTHING;
    if (transaction.lotCount > 0) this.learn(transaction);
    const { entryFirst } = transaction;
    const isBurn = transaction.kind === 'burn' || transaction.kind === 'capture';
    this.price = isBurn ? priceOf(transaction.marks()) : undefined;
    let found: Map<number, Due> | undefined;
    for (let index = 0; index < transaction.entryCount; index += 1) {
      const entry = transaction.entryAt(index);
      if (entry.kind === 'owe' || entry.kind === 'overdraw') {
        this.owe(entry);
        continue;
      }
      const due = this.entry(transaction, entry, entryFirst + index);
      if (due === undefined || due.rows.length === 0) continue;
      found ??= new Map();
      found.set(entryFirst + index, due);
    }
    return found ?? NOTHING;
  }

  /** Notes what the lots cost that a transaction made, before its entries name them. */
  private learn(transaction: LeafView): void {
    const { bytes } = transaction;
    for (let lot = transaction.firstLot(); lot !== undefined; lot = transaction.nextLot()) {
      const unitCost = int64OrNull(bytes, lot.at + LOT.unitCost);
      if (unitCost === null) continue;
      const worth = this.worth(bytes, lot.at, BigInt(unitCost));
      this.worths[this.lots.add(bytes, lot.at + LOT.id)] = worth;
    }
    const isSent = transaction.kind === 'transfer_in';
    if (!isSent && transaction.kind !== 'convert') return;
    for (let index = 0; index < transaction.entryCount; index += 1) {
      const { kind, at } = transaction.entryAt(index);
      if (kind === 'issue') this.follow(bytes, at + ENTRY.lot, bytes, at + ENTRY.ref, isSent);
    }
  }

  /** Notes where a lot came from; of one that only its issuer pays for nothing turns on it. */
  private follow(
    bytes: Uint8Array,
    at: number,
    origin: Uint8Array,
    originAt: number,
    isSent: boolean,
  ): void {
    if (isNil(origin, originAt) || this.worthOf(bytes, at)?.isFunded !== true) return;
    const sent = idKey(origin, originAt);
    const isCertain = this.lots.find(origin, originAt) >= 0;
    const root = this.roots.get(sent) ?? (isSent ? { lot: sent, isCertain } : undefined);
    if (root !== undefined) this.roots.set(idKey(bytes, at), root);
  }

  /** The same object for all lots on the same terms: there are few of them. */
  private worth(bytes: Uint8Array, at: number, unitCost: bigint): Worth {
    const count = int16(bytes, at + LOT.funders);
    const end = at + LOT.bytes + count * LOT.funderBytes;
    const terms = Buffer.from(
      bytes.buffer,
      bytes.byteOffset + at + LOT.bytes,
      end - at - LOT.bytes,
    );
    const key = `${unitCost} ${idKey(bytes, at + LOT.issuer)} ${terms.toString('latin1')}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const payers: { merchant: Uuid; share: bigint }[] = [];
    for (let place = at + LOT.bytes; place < end; place += LOT.funderBytes)
      payers.push({
        merchant: readUuid(bytes, place),
        share: terms.readBigInt64BE(place + 16 - at - LOT.bytes),
      });
    if (payers.length === 0) payers.push({ merchant: readUuid(bytes, at + LOT.issuer), share: 1n });
    const worth = { unitCost, payers, isFunded: count > 0 };
    this.known.set(key, worth);
    return worth;
  }

  private worthOf(bytes: Uint8Array, at: number): Worth | undefined {
    const number = this.lots.find(bytes, at);
    return number < 0 ? undefined : this.worths[number];
  }

  private owe(entry: EntryView): void {
    const { bytes, at, toRole } = entry;
    const taker = readUuid(bytes, at + ENTRY.toOwner);
    // What went along with a transfer is about nothing that could still be told apart.
    if (toRole === 'in_transit') return;
    if (toRole === 'acquirer' && this.price === undefined) return;
    const price = toRole === 'acquirer' ? (this.price ?? null) : null;
    this.debts.set(idKey(bytes, at + ENTRY.lot), { taker, price });
  }

  private entry(transaction: LeafView, entry: EntryView, seq: number): Due | undefined {
    const { bytes, at, kind } = entry;
    const worth = this.worthOf(bytes, at + ENTRY.lot);
    if (worth === undefined) return undefined;
    const common = {
      seq,
      programme: transaction.programme,
      pointType: entry.pointType,
      effectiveAt: transaction.effectiveAt,
    };
    const points = BigInt(entry.points);
    if (kind === 'take' || kind === 'capture') {
      if (entry.toRole !== 'acquirer' || this.price === undefined) return undefined;
      const taker = readUuid(bytes, at + ENTRY.toOwner);
      this.uses.add(transaction.bytes, LEAF.id, bytes, at + ENTRY.lot, this.price);
      return certain(
        used({ ...common, kind: ACCRUAL_KINDS.use, taker }, worth, points, this.price),
      );
    }
    if (kind === 'restore') return certain(this.reversed(transaction, entry, common, worth));
    if (kind === 'repay') {
      const reversed = this.reversed(transaction, entry, common, worth);
      const { rows, isOptional } = this.settled(
        entry,
        common,
        worth,
        this.debts.get(idKey(bytes, at + ENTRY.ref)),
      );
      return { rows: [...reversed, ...rows], isOptional: isOptional && reversed.length === 0 };
    }
    if (kind === 'recover' && !isNil(bytes, at + ENTRY.ref)) {
      const taker = readUuid(bytes, at + ENTRY.toOwner);
      return this.settled(entry, common, worth, { taker, price: null });
    }
    return undefined;
  }

  /** What a burn's take accrued, taken back as far as its refund gives the points back. */
  private reversed(
    transaction: LeafView,
    entry: EntryView,
    common: Common,
    worth: Worth,
  ): Accrual[] {
    if (transaction.kind !== 'refund' || entry.fromRole !== 'acquirer') return [];
    const { bytes, at } = entry;
    const use = this.uses.giveBack(
      transaction.bytes,
      LEAF.subject,
      bytes,
      at + ENTRY.lot,
      entry.points,
    );
    if (use === undefined) return [];
    const head = {
      ...common,
      kind: ACCRUAL_KINDS.reversal,
      taker: readUuid(bytes, at + ENTRY.fromOwner),
    };
    const before = used(head, worth, BigInt(use.before), use.price);
    const after = used(head, worth, BigInt(use.before + entry.points), use.price);
    return after.map((row, place) => less(before[place] as Accrual, row));
  }

  /** What points accrue that settle a debt: those of an overdraft are used now, those about a returned lot go to its issuer. */
  private settled(entry: EntryView, common: Common, worth: Worth, about: About | undefined): Due {
    if (about === undefined) return certain([]);
    const { bytes, at } = entry;
    const { taker, price } = about;
    const points = BigInt(entry.points);
    if (price !== null)
      return certain(used({ ...common, kind: ACCRUAL_KINDS.use, taker }, worth, points, price));
    const kinship = this.kinship(idKey(bytes, at + ENTRY.lot), idKey(bytes, at + ENTRY.ref));
    if (kinship === 'own' || !this.isCleared(common)) return certain([]);
    const head = { ...common, kind: ACCRUAL_KINDS.repayment, taker };
    const atCost = { reimbursement: worth.unitCost, fee: 0n };
    const rows = used(head, worth, points, atCost).map((row) => ({ ...row, due: row.owed }));
    return { rows: rows.filter(({ payer }) => payer !== taker), isOptional: kinship === 'unknown' };
  }

  /** Whether a lot is another one, or came of it by transfers. */
  private kinship(lot: string, other: string): 'own' | 'foreign' | 'unknown' {
    const root = this.roots.get(lot) ?? { lot, isCertain: true };
    if (root.lot === other) return 'own';
    return root.isCertain ? 'foreign' : 'unknown';
  }

  private isCleared({ programme, pointType, effectiveAt }: Common): boolean {
    const from = this.cleared.get(typeKey(programme, pointType));
    return from !== undefined && from <= effectiveAt;
  }
}

function typeKey(programme: number, pointType: number): string {
  return `${programme} ${pointType}`;
}

type Common = Pick<Accrual, 'seq' | 'programme' | 'pointType' | 'effectiveAt'>;
type Head = Common & Pick<Accrual, 'kind' | 'taker'>;

function certain(rows: readonly Accrual[]): Due {
  return { rows, isOptional: false };
}

/** The rows of points that were used: one for each who pays. Who pays itself owes nobody. */
function used(head: Head, { unitCost, payers }: Worth, points: bigint, price: Price): Accrual[] {
  const shares = payers.map(({ share }) => share);
  const parts = split(points, shares);
  const owed = split(points * unitCost, shares);
  const due = split(points * price.reimbursement, shares);
  const fee = split(points * price.fee, shares);
  return payers.map(({ merchant: payer }, place) => {
    const cost = owed[place] as bigint;
    const money =
      payer === head.taker
        ? { owed: cost, due: cost, fee: 0n }
        : { owed: cost, due: due[place] as bigint, fee: fee[place] as bigint };
    return { ...head, payer, points: parts[place] as bigint, ...money };
  });
}

function less(a: Accrual, b: Accrual): Accrual {
  return {
    ...b,
    points: a.points - b.points,
    owed: a.owed - b.owed,
    due: a.due - b.due,
    fee: a.fee - b.fee,
  };
}

/**
 * Parts of a whole by integer shares that add up to it: each has its share rounded down, and what is left over goes, one
 * each, to those whose share was cut most; to the first of equals.
 */
export function split(whole: bigint, shares: readonly bigint[]): bigint[] {
  if (shares.length === 1) return [whole];
  const all = shares.reduce((sum, share) => sum + share, 0n);
  const parts = shares.map((share) => (whole * share) / all);
  let left = whole - parts.reduce((sum, part) => sum + part, 0n);
  const cut = shares.map((share, place) => ({ place, lost: (whole * share) % all }));
  cut.sort((a, b) => (a.lost === b.lost ? a.place - b.place : a.lost < b.lost ? 1 : -1));
  for (const { place } of cut) {
    if (left === 0n) break;
    parts[place] = (parts[place] as bigint) + 1n;
    left -= 1n;
  }
  return parts;
}

const MONEY = { reimbursement: 0, fee: 1 } as const;

/** What burns took of lots at which price, as far as a refund may need it. */
class Uses {
  private readonly burns = new IdTable();
  private readonly prices = new Rows(2);
  /** By lot and the number of the burn. */
  private readonly takes = new IdTable();
  /** Points given back of each. */
  private readonly back = new Rows(1);

  add(burn: Uint8Array, burnAt: number, lot: Uint8Array, lotAt: number, price: Price): void {
    const number = this.burns.add(burn, burnAt);
    this.prices.add(number);
    this.prices.set(number, MONEY.reimbursement, Number(price.reimbursement));
    this.prices.set(number, MONEY.fee, Number(price.fee));
    this.back.add(this.takes.add(lot, lotAt, number));
  }

  /** Counts points that go back to a lot; answers how many did before. Undefined when the take accrued nothing. */
  giveBack(
    burn: Uint8Array,
    burnAt: number,
    lot: Uint8Array,
    lotAt: number,
    points: number,
  ): { readonly before: number; readonly price: Price } | undefined {
    const number = this.burns.find(burn, burnAt);
    const take = number < 0 ? -1 : this.takes.find(lot, lotAt, number);
    if (take < 0) return undefined;
    const before = this.back.get(take, 0);
    this.back.set(take, 0, before + points);
    const reimbursement = BigInt(this.prices.get(number, MONEY.reimbursement));
    return { before, price: { reimbursement, fee: BigInt(this.prices.get(number, MONEY.fee)) } };
  }
}
