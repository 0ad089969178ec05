import { localDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import type { Period } from '../periods/period.ts';
import type { Invoice, InvoiceNumber } from './invoice.ts';
import {
  insertCancellation,
  insertInvoice,
  insertNumber,
  lockInvoice,
  lockInvoiced,
  readFees,
  readLastTitles,
  readRates,
} from './store.ts';
import { sumOf, withoutTax } from './tax.ts';

export interface MadeInvoices {
  readonly made: number;
  /** Merchants with a fee in whose name nothing can be invoiced yet. */
  readonly waiting: readonly Uuid[];
}

/** The day by whose rates a period is taxed: its last. */
export const taxDayOf = ({ until }: Pick<Period, 'until'>, timeZone: string): string =>
  localDate(until - 1, timeZone);

/**
 * Makes the invoices of a closed period's fees that are not made yet, for merchants that said in whose name. A fee that sums to
 * nothing is not invoiced. Refused: `invoice_seller_missing`, `invoices_nothing_left`.
 */
export async function makeInvoices(
  tx: Transaction,
  period: Period,
  by: {
    readonly key: Uuid;
    readonly now: Instant;
    readonly actor: string;
    readonly timeZone: string;
  },
): Promise<MadeInvoices | Refusal> {
  const invoiced = await lockInvoiced(tx, period.id);
  const { programme } = period;
  const titles = await readLastTitles(tx, programme);
  const sellerNumber = titles.get(PLATFORM);
  if (sellerNumber === undefined) return problem('invoice_seller_missing');
  const { service } = await readRates(tx, programme, taxDayOf(period, by.timeZone));
  const waiting: Uuid[] = [];
  let made = 0;
  for (const [merchant, fees] of await readOpenFees(tx, period.id, invoiced)) {
    const buyerNumber = titles.get(merchant);
    if (buyerNumber === undefined) {
      waiting.push(merchant);
      continue;
    }
    const taxed = withoutTax(
      fees.map(({ feeFen }) => feeFen),
      service,
    );
    const lines = fees.map(({ pointType }, place) => ({
      ...(taxed[place] ?? { grossFen: 0, netFen: 0, taxFen: 0 }),
      ...{ place: place + 1, pointType },
    }));
    const invoice = {
      ...{ id: newId(by.now), programme, period: period.id, merchant, sellerNumber, buyerNumber },
      ...{ rateBp: service, ...sumOf(taxed), madeAt: by.now, actor: by.actor, madeBy: by.key },
    };
    await insertInvoice(tx, invoice, lines);
    made += 1;
  }
  return made === 0 ? problem('invoices_nothing_left') : { made, waiting };
}

interface Fee {
  readonly merchant: Uuid;
  readonly pointType: number;
  readonly feeFen: number;
}

async function readOpenFees(
  sql: Sql,
  period: Uuid,
  invoiced: ReadonlySet<Uuid>,
): Promise<ReadonlyMap<Uuid, readonly Fee[]>> {
  const fees = new Map<Uuid, Fee[]>();
  for (const fee of await readFees(sql, period)) {
    if (invoiced.has(fee.merchant)) continue;
    const list = fees.get(fee.merchant) ?? [];
    list.push(fee);
    fees.set(fee.merchant, list);
  }
  for (const [merchant, list] of fees)
    if (list.reduce((sum, { feeFen }) => sum + feeFen, 0) === 0) fees.delete(merchant);
  return fees;
}

/** Merchants whose fee of a period is not invoiced yet, because they did not say in whose name or nobody asked for it. */
export async function readUninvoiced(
  sql: Sql,
  period: Uuid,
  invoiced: ReadonlySet<Uuid>,
): Promise<{ readonly merchant: Uuid; readonly feeFen: number }[]> {
  return [...(await readOpenFees(sql, period, invoiced))].map(([merchant, list]) => ({
    merchant,
    feeFen: list.reduce((sum, { feeFen }) => sum + feeFen, 0),
  }));
}

/**
 * Notes the number that the tax system gave an invoice, or the red letter that reversed it. Refused: `invoice_not_found`,
 * `invoice_cancelled`, `invoice_not_issued`, `invoice_told` (it was before), `invoice_number_exists`.
 */
export async function noteNumber(
  tx: Transaction,
  id: Uuid,
  told: InvoiceNumber,
  by: { readonly key: Uuid; readonly now: Instant; readonly actor: string },
): Promise<Invoice | Refusal> {
  const invoice = await lockInvoice(tx, id);
  if (invoice === undefined) return problem('invoice_not_found');
  if (invoice.cancelled !== null) return problem('invoice_cancelled');
  const known = invoice.numbers.map(({ kind }) => kind);
  if (known.includes(told.kind)) return problem('invoice_told');
  if (told.kind === 'reversed' && !known.includes('issued')) return problem('invoice_not_issued');
  if (!(await insertNumber(tx, invoice, told, by))) return problem('invoice_number_exists');
  const reversed = told.kind === 'reversed';
  return { ...invoice, reversed, numbers: [...invoice.numbers, told] };
}

/**
 * Takes back an invoice that was made and not issued, as one in a wrong name: another may be made. What the tax system has seen is
 * reversed by its red letter instead. Refused: `invoice_not_found`, `invoice_cancelled`, `invoice_issued`.
 */
export async function cancelInvoice(
  tx: Transaction,
  id: Uuid,
  reason: string,
  by: { readonly key: Uuid; readonly now: Instant; readonly actor: string },
): Promise<Invoice | Refusal> {
  const invoice = await lockInvoice(tx, id);
  if (invoice === undefined) return problem('invoice_not_found');
  if (invoice.cancelled !== null) return problem('invoice_cancelled');
  if (invoice.numbers.length > 0) return problem('invoice_issued');
  await insertCancellation(tx, id, reason, by);
  return { ...invoice, reversed: true, cancelled: reason };
}
