import type Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { RecordedTransaction } from '../ledger/record.ts';
import { showReceipt } from '../ledger/shown.ts';
import type { Entry, EntryKind, Receipt, Transaction } from '../ledger/transaction.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import type {
  Applied,
  EntryShown,
  Previewed,
  TransactionRecorded,
  TransactionWithEntries,
} from './answer-schema.ts';

type Part = { lotId: string; points: number };
type Preview = Type.Static<typeof Previewed>['transaction'];

/** What the points of a lot lose by an entry of these kinds, as the member sees it, and what they get back. */
const TAKES: ReadonlySet<EntryKind> = new Set([
  'take',
  'pin',
  'capture',
  'expire',
  'recover',
  'recover_expired',
]);
const RESTORES: ReadonlySet<EntryKind> = new Set(['unpin', 'restore']);

/** Shows transactions with the codes of their programmes. */
export class Display {
  readonly #programmes: ProgrammeRegistry;
  readonly #codes = new Map<number, { readonly programme: string; readonly pointType: string }>();

  constructor(programmes: ProgrammeRegistry) {
    this.#programmes = programmes;
  }

  codes(
    programme: number,
    pointType: number,
  ): { readonly programme: string; readonly pointType: string } {
    const known = this.#codes.get(pointType);
    if (known !== undefined) return known;
    const found = this.#programmes.byId(programme);
    const type = found?.pointTypes.find((each) => each.id === pointType);
    if (found === undefined || type === undefined)
      throw new Error(`the ledger names an unknown point type ${pointType}`);
    // Codes never change.
    const codes = { programme: found.code, pointType: type.code };
    this.#codes.set(pointType, codes);
    return codes;
  }

  applied(transaction: Transaction, receipt: Receipt): Type.Static<typeof Applied> {
    return {
      transaction: { id: showId('transaction', transaction.id), ...this.#body(transaction, true) },
      receipt: showReceipt(receipt),
    };
  }

  /** Without what only a recorded transaction has: its own id, and those of what it made. */
  preview(transaction: Transaction): Preview {
    return this.#body(transaction, false);
  }

  recorded({ transaction, receipt }: RecordedTransaction): Type.Static<typeof TransactionRecorded> {
    return { ...this.#recorded(transaction), receipt: showReceipt(receipt) };
  }

  withEntries({
    transaction,
    receipt,
  }: RecordedTransaction): Type.Static<typeof TransactionWithEntries> {
    const entries = transaction.entries.map((entry) => this.#entry(transaction, entry));
    return {
      transaction: { ...this.#recorded(transaction), entries },
      receipt: showReceipt(receipt),
    };
  }

  #entry({ programme, pointType }: Transaction, entry: Entry): Type.Static<typeof EntryShown> {
    const shown = showEntry(entry);
    return entry.pointType === pointType
      ? shown
      : { ...shown, pointType: this.codes(programme, entry.pointType).pointType };
  }

  #recorded(transaction: Transaction): Omit<Type.Static<typeof TransactionRecorded>, 'receipt'> {
    const { detail, source, refusal } = transaction;
    const told = (name: string): { [name: string]: string } => {
      const value = detail?.[name];
      return typeof value === 'string' ? { [name]: value } : {};
    };
    return {
      id: showId('transaction', transaction.id),
      ...this.#body(transaction, true),
      ...told('reason'),
      ...told('reference'),
      ...told('actor'),
      ...(source === null
        ? {}
        : { source: { kind: source.kind, id: showId(source.kind, source.id) } }),
      ...(refusal === null ? {} : { problem: refusal.code }),
    };
  }

  #body(transaction: Transaction, isRecorded: boolean): Preview {
    const { kind, merchant, subject } = transaction;
    const { programme, pointType } = this.codes(transaction.programme, transaction.pointType);
    const shown: Preview = {
      kind,
      memberId: showId('member', transaction.member),
      programme,
      pointType,
      points: transaction.points,
      status: transaction.refusal === null ? 'applied' : 'refused',
      effectiveAt: showInstant(transaction.effectiveAt),
      balanceAfter: transaction.balanceAfter,
    };
    if (merchant !== null) shown.merchantId = showId('merchant', merchant);
    if (kind === 'hold' && isRecorded && transaction.refusal === null)
      shown.holdId = showId('hold', transaction.id);
    if (subject !== null) {
      if (kind === 'capture' || kind === 'release') shown.holdId = showId('hold', subject);
      else shown.transactionId = showId('transaction', subject);
    }
    const makesSeveral = kind === 'transfer_in' || kind === 'convert';
    for (const entry of transaction.entries) addEntry(shown, entry, isRecorded, makesSeveral);
    return shown;
  }
}

function addEntry(shown: Preview, entry: Entry, isRecorded: boolean, several: boolean): void {
  const { kind, points } = entry;
  if (kind === 'issue') {
    if (several) shown.lots = addPart(shown.lots, entry.lot, points);
    else if (isRecorded) shown.lotId = showId('lot', entry.lot);
  } else if (kind === 'repay') shown.debtRepaid = (shown.debtRepaid ?? 0) + points;
  else if (kind === 'owe' || kind === 'overdraw') shown.debtMade = (shown.debtMade ?? 0) + points;
  else if (TAKES.has(kind)) shown.takes = addPart(shown.takes, entry.lot, points);
  else if (RESTORES.has(kind)) shown.restored = addPart(shown.restored, entry.lot, points);
}

function addPart(parts: Part[] | undefined, lot: Uuid, points: number): Part[] {
  const part = { lotId: showId('lot', lot), points };
  if (parts === undefined) return [part];
  parts.push(part);
  return parts;
}

function showEntry({
  kind,
  from,
  to,
  points,
  lot,
  ref,
  expiresAt,
}: Entry): Type.Static<typeof EntryShown> {
  return {
    kind,
    from: showSide(from),
    to: showSide(to),
    points,
    // What was overdrawn is of no lot: its debt is named by the transaction.
    ...(kind === 'overdraw' ? {} : { lotId: showId('lot', lot) }),
    ...(ref === null ? {} : { ref: showId(refKind(kind), ref) }),
    ...(expiresAt === null ? {} : { expiresAt: showInstant(expiresAt) }),
  };
}

function refKind(kind: EntryKind): 'hold' | 'member' | 'lot' {
  if (kind === 'pin' || kind === 'unpin' || kind === 'capture') return 'hold';
  return kind === 'take' ? 'member' : 'lot';
}

const OF_THE_PLATFORM: ReadonlySet<string> = new Set(['breakage', 'in_transit', 'conversion']);

function showSide({ role, owner }: Entry['from']): { role: string; owner: string | null } {
  if (owner === null || role === 'none' || OF_THE_PLATFORM.has(role)) return { role, owner: null };
  return {
    role,
    owner: showId(
      role === 'member' || role === 'held' || role === 'debt' ? 'member' : 'merchant',
      owner,
    ),
  };
}
