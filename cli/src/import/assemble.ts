import type { Line } from './line.ts';
import { detached, type Invoice, invoiceKey } from './survey.ts';

export interface ItemLine {
  readonly lineNo: number;
  /** The line's place in this file, by which it is found again if it is rejected. */
  readonly place: number;
  readonly sku: string;
  readonly name: string | null;
  readonly category: string | null;
  readonly brand: string | null;
  readonly zone: string | null;
  readonly greenCertificate: string | null;
  readonly quantity: number;
  readonly amountFen: number;
}

/** An order, or a run of return lines, complete and ready to be sent. */
export interface Item {
  readonly kind: 'sale' | 'return';
  readonly invoice: string;
  readonly customer: string;
  /** Where its first accepted line said it happened. */
  readonly at: number;
  /** The file its lines came from, when it is not this one. */
  readonly source: string | null;
  /** Where it was sold and how it was paid, as its first line here says. */
  readonly channel: string | null;
  readonly tender: string | null;
  /** 1, or more for the later runs of a return whose lines another invoice of its customer interrupts. */
  readonly part: number;
  readonly lines: readonly ItemLine[];
}

const keep = (text: string | null): string | null => (text === null ? null : detached(text));

/** The server takes returns of up to this many lines. */
const RETURN_LINES_MAX = 1000;

interface Open {
  readonly key: string;
  readonly item: Item & { lines: ItemLine[] };
  closed: boolean;
}

/**
 * Puts an invoice's lines together, however they are interrupted, and hands them on so that everything
 * of one customer goes in the order in which it began.
 *
 * - An order is complete when its last line was read. What the same customer did after it began waits
 *   behind it: a return never overtakes an order it may take goods from.
 * - Return lines take goods one by one in file order, so a return is cut where another invoice of its
 *   customer comes between its lines.
 */
export function createAssembly(): {
  add(line: Line, place: number, invoice: Invoice): Item[];
  /** Lines held back at the moment. */
  held(): number;
} {
  const queues = new Map<string, Open[]>();
  const parts = new Map<string, number>();
  let held = 0;

  function openFor(line: Line, key: string, queue: Open[], invoice: Invoice): Open {
    const last = queue.at(-1);
    const goesOn =
      line.kind === 'return' &&
      last?.key === key &&
      !last.closed &&
      last.item.lines.length < RETURN_LINES_MAX;
    if (goesOn) return last;
    const started = line.kind === 'sale' ? queue.find((each) => each.key === key) : undefined;
    if (started !== undefined) return started;
    // A line of another invoice ends a run of return lines.
    if (last?.item.kind === 'return') last.closed = true;
    const { kind, at } = invoice;
    const part = kind === 'return' ? (parts.get(key) ?? 0) + 1 : 1;
    const source = keep(line.source);
    const item = {
      kind,
      invoice: detached(line.invoice),
      customer: invoice.customer,
      at,
      source,
      channel: keep(line.channel),
      tender: keep(line.tender),
      part,
      lines: [],
    };
    const open = { key: detached(key), item, closed: false };
    if (kind === 'return') parts.set(open.key, part);
    queue.push(open);
    return open;
  }

  return {
    add(line, place, invoice) {
      const key = invoiceKey(line);
      let queue = queues.get(invoice.customer);
      if (queue === undefined) {
        queue = [];
        queues.set(invoice.customer, queue);
      }
      const open = openFor(line, key, queue, invoice);
      const { lineNo, quantity, amountFen } = line;
      open.item.lines.push({
        lineNo,
        place,
        sku: detached(line.sku),
        name: keep(line.name),
        category: keep(line.category),
        brand: keep(line.brand),
        zone: keep(line.zone),
        greenCertificate: keep(line.greenCertificate),
        quantity,
        amountFen,
      });
      held += 1;
      if (place === invoice.lastPlace) {
        open.closed = true;
        parts.delete(key);
      }
      const ready: Item[] = [];
      while (queue[0]?.closed === true) {
        const { item } = queue.shift() as Open;
        held -= item.lines.length;
        ready.push(item);
      }
      if (queue.length === 0) queues.delete(invoice.customer);
      return ready;
    },
    held: () => held,
  };
}
