import type { Judged, Line, LineReason } from './line.ts';
import { createPlaceLog } from './place-log.ts';

/** Why a line was rejected in the light of the whole file. */
export type FileReason = LineReason | 'customer_mismatch' | 'order_too_long';

/** What a file holds of one invoice. Places are those of data records in the file, from 1. */
export interface Invoice {
  readonly kind: 'sale' | 'return';
  /** Of its first accepted line, as is the date. */
  readonly customer: string;
  readonly at: number;
  readonly firstPlace: number;
  lastPlace: number;
  lines: number;
  netFen: number;
}

/** The server takes orders of up to this many lines. */
const ORDER_LINES_MAX = 1000;

/**
 * What a first pass over the file learns: which invoices there are, where each ends and whose it is.
 * Memory grows with the invoices and customers, not with the lines.
 */
export interface Survey {
  readonly lines: number;
  readonly invoices: ReadonlyMap<string, Invoice>;
  /** Customers with an accepted sale. */
  readonly buyers: ReadonlySet<string>;
  readonly orders: number;
  /** What the orders earn at this many points per fen, floored for each. */
  pointsAt(ratio: { readonly points: number; readonly perFen: number }): number;
  readonly rejected: ReadonlyMap<FileReason, number>;
  /** The reasons of rejected lines, asked by place in ascending order. */
  reasons(): (place: number, line: () => Judged) => FileReason | undefined;
}

/** Invoices are told apart by number and by the file they came from (in a rejects file, others'). */
export function invoiceKey(line: Line): string {
  return line.source === null ? line.invoice : `${line.invoice}\n${line.source}`;
}

/** Collects a survey; `add` takes every data record in order. */
export function startSurvey(): { add(judged: Judged): void; finish(): Survey } {
  const invoices = new Map<string, Invoice>();
  const rejected = new Map<FileReason, number>();
  const log = createPlaceLog<FileReason>();
  let lines = 0;
  const count = (reason: FileReason, more: number) =>
    rejected.set(reason, (rejected.get(reason) ?? 0) + more);
  const reject = (reason: FileReason): void => {
    count(reason, 1);
    log.note(lines, reason);
  };
  return {
    add(judged) {
      lines += 1;
      if ('reason' in judged) return reject(judged.reason);
      const key = invoiceKey(judged);
      const invoice = invoices.get(key);
      if (invoice === undefined) {
        const { kind, at, amountFen: netFen } = judged;
        const customer = detached(judged.customer);
        invoices.set(detached(key), {
          kind,
          customer,
          at,
          firstPlace: lines,
          lastPlace: lines,
          lines: 1,
          netFen,
        });
      } else if (invoice.customer !== judged.customer) {
        reject('customer_mismatch');
      } else {
        invoice.lastPlace = lines;
        invoice.lines += 1;
        invoice.netFen += judged.amountFen;
      }
    },
    finish() {
      const buyers = new Set<string>();
      let orders = 0;
      for (const invoice of invoices.values()) {
        if (isTooLong(invoice)) count('order_too_long', invoice.lines);
        else if (invoice.kind === 'sale') {
          orders += 1;
          buyers.add(invoice.customer);
        }
      }
      const pointsAt: Survey['pointsAt'] = ({ points, perFen }) => {
        let sum = 0n;
        for (const invoice of invoices.values()) {
          if (invoice.kind === 'sale' && !isTooLong(invoice))
            sum += (BigInt(invoice.netFen) * BigInt(points)) / BigInt(perFen);
        }
        return Number(sum);
      };
      const anyTooLong = rejected.has('order_too_long');
      const reasons: Survey['reasons'] = () => {
        const noted = log.reader();
        return (place, read) => {
          const reason = noted(place);
          if (reason !== undefined || !anyTooLong) return reason;
          const line = read();
          const invoice = 'reason' in line ? undefined : invoices.get(invoiceKey(line));
          return invoice !== undefined && isTooLong(invoice) ? 'order_too_long' : undefined;
        };
      };
      return { lines, invoices, buyers, orders, pointsAt, rejected, reasons };
    },
  };
}

function isTooLong(invoice: Invoice): boolean {
  return invoice.kind === 'sale' && invoice.lines > ORDER_LINES_MAX;
}

/**
 * The same text in memory of its own: a slice of the file's text would keep all of that alive. Slices
 * shorter than 13 characters are copies already (V8).
 */
export function detached(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'utf8').toString('utf8');
}
