import { localDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import { newId, showId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import { availableFenOf, inCustodyFenOf, unsettledFenOf } from '../funding/account.ts';
import { bookEntry } from '../funding/book-entry.ts';
import { findAccountOf, lockAccounts } from '../funding/store.ts';
import type { Period, Position } from '../periods/period.ts';
import { eachPosition } from '../periods/read.ts';
import { INSTRUCTIONS_MAX, type Instruction, type PaymentRun, settle } from './payment.ts';
import {
  findLastAccount,
  insertInstructions,
  insertOffset,
  insertRun,
  lockRuns,
  type Offset,
  readInstructed,
  readLastNumbers,
  readOffsets,
} from './store.ts';

export interface MadeRun {
  readonly run: PaymentRun;
  readonly instructions: number;
}

export interface By {
  readonly key: Uuid;
  readonly now: Instant;
  readonly actor: string;
  readonly timeZone: string;
}

/**
 * Instructs what a closed period comes to and is not instructed yet: between custody and the accounts of merchants that
 * have one that somebody else confirmed. Debits are settled out of deposits first, each once in a period. Refused:
 * `custody_account_missing`, `settlement_account_unconfirmed` (that of custody), `payments_nothing_left`.
 */
export async function makeRun(tx: Transaction, period: Period, by: By): Promise<MadeRun | Refusal> {
  const before = await lockRuns(tx, period.id);
  const { programme } = period;
  const custody = await findLastAccount(tx, programme, 'custody', PLATFORM);
  if (custody === undefined) return problem('custody_account_missing');
  if (custody.confirmed === null) return problem('settlement_account_unconfirmed');
  const run: PaymentRun = {
    ...{ id: newId(by.now), period: period.id, programme, number: before + 1 },
    ...{ custodyNumber: custody.number, at: by.now, actor: by.actor },
  };
  const positions: Position[] = [];
  for await (const position of eachPosition(tx, period.id)) positions.push(position);
  const known = await readOffsets(tx, period.id);
  const instructed = await readInstructed(tx, period.id);
  const open = positions.filter(({ merchant }) => !instructed.has(merchant));
  const fresh = await offsetsOf(tx, period, open, known);
  const numbers = await readLastNumbers(tx, programme);
  const list: Omit<Instruction, 'confirmed'>[] = [];
  for (const { merchant, net } of open) {
    const fen = leftOf(net, known.get(merchant) ?? fresh.get(merchant));
    const accountNumber = numbers.get(merchant) ?? null;
    if (fen === 0 || accountNumber === null || list.length === INSTRUCTIONS_MAX) continue;
    const kind = fen > 0 ? ('pay_out' as const) : ('collect' as const);
    const place = list.length + 1;
    list.push({ run: run.id, place, merchant, kind, fen: Math.abs(fen), accountNumber });
  }
  if (list.length === 0 && fresh.size === 0) return problem('payments_nothing_left');
  await insertRun(tx, { ...run, madeBy: by.key });
  await insertInstructions(tx, period.id, list);
  await bookOffsets(tx, period, run, [...fresh.values()], by);
  return { run, instructions: list.length };
}

/** What of debits is settled out of deposits, and of what is owed against what is received, where that was not done yet. */
async function offsetsOf(
  tx: Transaction,
  { programme }: Period,
  positions: readonly Position[],
  known: ReadonlyMap<Uuid, Offset>,
): Promise<ReadonlyMap<Uuid, Offset>> {
  const of = new Map(positions.map((position) => [position.merchant, position]));
  const found: Uuid[] = [];
  for (const merchant of of.keys()) {
    if (merchant === PLATFORM || known.has(merchant)) continue;
    const account = await findAccountOf(tx, programme, merchant);
    if (account !== undefined) found.push(account.id);
  }
  const fresh = new Map<Uuid, Offset>();
  for (const account of await lockAccounts(tx, found)) {
    const { merchant, settledFen } = account;
    const position = of.get(merchant);
    if (position === undefined) continue;
    const { instructedFen: _, ...offset } = settle(position, {
      inCustodyFen: inCustodyFenOf(account),
      unsettledFen: unsettledFenOf(account),
      availableFen: availableFenOf(account),
      settledFen,
    });
    if (Object.values(offset).some((fen) => fen > 0)) fresh.set(merchant, { merchant, ...offset });
  }
  return fresh;
}

async function bookOffsets(
  tx: Transaction,
  period: Period,
  run: PaymentRun,
  offsets: readonly Offset[],
  by: By,
): Promise<void> {
  const paidOn = localDate(by.now, by.timeZone);
  for (const offset of offsets) {
    await insertOffset(tx, run, offset);
    const account = await findAccountOf(tx, period.programme, offset.merchant);
    if (account === undefined) throw new Error('what was offset has an account');
    const reference = `${showId('clearingPeriod', period.id)} ${showId('merchant', offset.merchant)}`;
    const booked = [
      { kind: 'paid_out' as const, fen: offset.depositsFen },
      { kind: 'settled' as const, fen: offset.nettedFen },
      { kind: 'kept' as const, fen: offset.keptFen },
      { kind: 'undone' as const, fen: offset.undoneFen },
    ];
    for (const { kind, fen } of booked) {
      if (fen === 0) continue;
      const entry = { kind, fen, reference, paidOn, actor: by.actor };
      const made = await bookEntry(tx, account.id, entry, by);
      if ('code' in made) throw new Error(`an offset cannot be booked: ${made.code}`);
    }
  }
}

/** What of a position is instructed, beside what deposits settled and what stays in custody. */
const leftOf = (net: number, offset: Offset | undefined): number =>
  net + (offset?.depositsFen ?? 0) - (offset?.keptFen ?? 0);

export const WHY_WAITING = ['no_account', 'account_unconfirmed', 'not_instructed'] as const;

export interface Waiting {
  readonly merchant: Uuid;
  /** Above zero the merchant receives it. */
  readonly fen: number;
  readonly why: (typeof WHY_WAITING)[number];
}

/** Who has something to pay or receive for a closed period that is not instructed, or was rejected; one merchant, or all (null). */
export async function readWaiting(
  sql: Sql,
  period: Period,
  merchant: Uuid | null,
): Promise<Waiting[]> {
  const [offsets, instructed, numbers] = await Promise.all([
    readOffsets(sql, period.id),
    readInstructed(sql, period.id),
    readLastNumbers(sql, period.programme),
  ]);
  const waiting: Waiting[] = [];
  for await (const { merchant: of, net } of eachPosition(sql, period.id, merchant)) {
    const fen = leftOf(net, offsets.get(of));
    if (fen === 0 || instructed.has(of)) continue;
    const number = numbers.get(of);
    const without = number === null ? 'account_unconfirmed' : 'not_instructed';
    waiting.push({ merchant: of, fen, why: number === undefined ? 'no_account' : without });
  }
  return waiting;
}
