import { localDate } from '../../kernel/calendar.ts';
import type { Clock, Instant } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Leftovers } from '../../kernel/leftovers.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import {
  Conflict,
  type Pool,
  type Sql,
  type Transaction,
  withTransaction,
} from '../../platform/database.ts';
import { markSettled, UNSETTLED, unsettledOf, type Waiting } from '../../platform/unsettled.ts';
import { problem } from '../../platform/web/problem.ts';
import { partialRefund, type Redemption } from '../redemption.ts';
import { type Saga, submitRefund } from '../saga.ts';
import { changeStates, lockRedemptions, noteUnsettled, readRedemptions } from '../store.ts';
import { type GivenBack, giveBack } from './bill-offset.ts';
import {
  type BillReturn,
  findBillReturnByKey,
  insertBillReturn,
  readBillReturns,
  readBillReturnsById,
} from './bill-return-store.ts';

export interface BillDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly saga: Saga;
  readonly programmes: {
    programmeClock(programme: number): Instant;
    byId(
      programme: number,
    ): { readonly timeZone: string; readonly refundGraceDays: number } | undefined;
  };
}

/** What a till tells of a bill that points were taken off. */
export interface AskedReturn {
  /** Null: it was not paid. */
  readonly returnNo: string | null;
  /** What the goods cost that come back; of a bill that was not paid all of it. */
  readonly returnedFen: number | null;
  readonly reason: string;
  readonly actor: string;
  readonly by: Uuid;
  /** The caller's key with its tenant. */
  readonly requestKey: string;
}

/** `known`: told before. */
export interface Returned {
  readonly redemption: Redemption;
  readonly returned: BillReturn;
  readonly known: boolean;
}

/**
 * Undoes what points took off a bill: all of it when it was not paid, on the day it was made, and units pro rata when goods of it
 * come back, whenever that is. A number of a return is one return, and a bill is undone once, however often they are told.
 *
 * Refused: `bill_not_offset`, `bill_undone`, `bill_void_too_late`, `bill_goods_returned`, `bill_return_exists`,
 * `bill_return_too_much` with what is `leftFen`, `idempotency_key_reused`.
 */
export async function returnBill(
  deps: BillDeps,
  { id }: Redemption,
  asked: AskedReturn,
): Promise<Returned | Refusal> {
  const { pool, clock, saga } = deps;
  const told = await withTransaction(pool, async (tx) => {
    const redemption = (await lockRedemptions(tx, [id])).get(id);
    if (redemption === undefined) throw new Error(`redemption ${id} is not there`);
    const planned = await plan(tx, deps, redemption, asked);
    if ('code' in planned || planned.known) return planned;
    if (!(await insertBillReturn(tx, planned.returned, clock.now())))
      throw new Conflict('a key was taken meanwhile');
    return asked.returnNo === null ? await undo(tx, planned, clock) : planned;
  });
  if ('code' in told) return told;
  if (told.returned.returnNo !== null) await settle(deps, [told]);
  else {
    const [ended] = await saga.advance([told.redemption]);
    return { ...told, redemption: ended as Redemption };
  }
  return told;
}

/** What telling it would answer at this moment; nothing is written. */
export async function previewReturn(
  deps: BillDeps,
  redemption: Redemption,
  asked: AskedReturn,
): Promise<Returned | Refusal> {
  const planned = await plan(deps.pool, deps, redemption, asked);
  if ('code' in planned || planned.known || asked.returnNo !== null) return planned;
  const cancelledAt = planned.returned.at;
  return { ...planned, redemption: { ...redemption, state: 'cancelled', cancelledAt } };
}

/** What a crash left on its way back. */
export function billReturnsLeft(deps: BillDeps): Leftovers<Waiting> {
  return unsettledOf(deps.pool, UNSETTLED.billReturn, async (ids) => {
    const list = await readBillReturnsById(deps.pool, ids);
    const redemptions = await readRedemptions(
      deps.pool,
      list.map(({ redemption }) => redemption),
    );
    const known = list.flatMap((returned) => {
      const redemption = redemptions.get(returned.redemption);
      return redemption === undefined ? [] : [{ redemption, returned }];
    });
    return settle(deps, known);
  });
}

async function plan(
  sql: Sql,
  { programmes }: BillDeps,
  redemption: Redemption,
  asked: AskedReturn,
): Promise<Returned | Refusal> {
  const { particulars, state, quantity, id } = redemption;
  if (particulars?.kind !== 'bill') return problem('bill_not_offset');
  const before = await readBillReturns(sql, [id]);
  const known = before.find(({ returnNo }) => returnNo === asked.returnNo);
  const keyed = await findBillReturnByKey(sql, asked.requestKey);
  if (keyed !== undefined && (keyed.id !== known?.id || !isSame(known, asked)))
    return problem('idempotency_key_reused');
  if (known !== undefined) {
    if (!isSame(known, asked)) return problem('bill_return_exists');
    return { redemption, returned: known, known: true };
  }
  if (state !== 'fulfilled') return problem('bill_undone');
  const { billFen, offFen } = particulars;
  const at = programmes.programmeClock(redemption.programme);
  const sum = sumOf(before);
  const leftFen = billFen - sum.returnedFen;
  const about = { id: newId(at), redemption: id, at, reason: asked.reason, actor: asked.actor };
  const made = { ...about, by: asked.by, requestKey: asked.requestKey, returnNo: asked.returnNo };
  if (asked.returnedFen === null) {
    if (before.length > 0) return problem('bill_goods_returned');
    if (!isSameDay(programmes, redemption, at)) return problem('bill_void_too_late');
    const whole = { returnedFen: billFen, units: quantity, cashFen: 0 };
    return { redemption, returned: { ...made, ...whole }, known: false };
  }
  const { returnedFen } = asked;
  if (returnedFen > leftFen)
    return problem('bill_return_too_much', `goods for ${leftFen} fen are left`, { leftFen });
  const bill = { billFen, units: quantity, unitFen: offFen / quantity };
  const back = giveBack(bill, sum, returnedFen);
  return { redemption, returned: { ...made, returnedFen, ...back }, known: false };
}

const isSame = (known: BillReturn, asked: AskedReturn): boolean =>
  known.returnNo === asked.returnNo &&
  (asked.returnedFen === null || known.returnedFen === asked.returnedFen);

function sumOf(list: readonly GivenBack[]): GivenBack {
  const sum = (of: keyof GivenBack): number => list.reduce((all, each) => all + each[of], 0);
  return { returnedFen: sum('returnedFen'), units: sum('units'), cashFen: sum('cashFen') };
}

function isSameDay(
  programmes: BillDeps['programmes'],
  { programme, confirmedAt }: Redemption,
  at: Instant,
): boolean {
  const { timeZone } = programmes.byId(programme) ?? {};
  if (timeZone === undefined || confirmedAt === null)
    throw new Error('what was taken off a bill has a time and a programme');
  return localDate(confirmedAt, timeZone) === localDate(at, timeZone);
}

async function undo(tx: Transaction, planned: Returned, clock: Clock): Promise<Returned> {
  const { redemption, returned } = planned;
  const next = { ...redemption, state: 'cancelling', cancelledAt: returned.at } as const;
  await changeStates(tx, [{ seen: redemption, next }]);
  await noteUnsettled(tx, next, clock.now());
  return { ...planned, redemption: next };
}

/** Gives points back; answers of how many returns all of them are. */
async function settle(
  { pool, ledger, programmes }: BillDeps,
  list: readonly Pick<Returned, 'redemption' | 'returned'>[],
): Promise<number> {
  const done: Uuid[] = [];
  for (const { redemption, returned } of list) {
    const graceDays = programmes.byId(redemption.programme)?.refundGraceDays;
    if (graceDays === undefined) throw new Error('the programme of a redemption is known');
    const refunds = redemption.parts.map((part) =>
      submitRefund(ledger, redemption, (attempt) =>
        partialRefund(redemption, part, returned, graceDays, attempt),
      ),
    );
    if ((await Promise.all(refunds)).every(Boolean)) done.push(returned.id);
  }
  await markSettled(pool, done);
  return done.length;
}
