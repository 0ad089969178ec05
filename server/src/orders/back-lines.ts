import { type Backing, type BackingOf, codesOfLine } from '../kernel/green-standing.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import type { Candidate } from './candidate.ts';
import type { Order, OrderLine } from './order.ts';

/** A receipt with goods that are said to be green, and what they are green for. */
export interface GreenReceipt {
  readonly merchant: Uuid;
  readonly member: Uuid;
  readonly number: string;
  readonly behaviours: readonly string[];
}

export interface BackingDeps {
  readonly backingOf: BackingOf;
  /** Whether receipts have paid already, shown as evidence of the same behaviour; in order. */
  readonly areShown: (sql: Sql, receipts: readonly GreenReceipt[]) => Promise<readonly boolean[]>;
}

/** The receipts of lines that certificates stand behind. */
export function receiptsOf(order: Candidate['order']): GreenReceipt[] {
  return order.lines.flatMap((line) => (line.certificate === null ? [] : receiptOf(order, line)));
}

function receiptOf({ merchant, member, orderNo, tenders }: Order, line: OrderLine): GreenReceipt {
  return { merchant, member, number: orderNo, behaviours: codesOfLine(line, tenders) };
}

/** Looks up what stands behind lines that name certificates, when they were sold; most orders have none. */
export async function backLines(
  deps: BackingDeps & { readonly pool: Sql },
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const named = candidates.flatMap(({ order, refusal }) =>
    refusal === null && order.lines.some(namesOne)
      ? order.lines.filter(namesOne).map((line) => ({ order, line }))
      : [],
  );
  if (named.length === 0) return candidates;
  const found = (await backingsOf(deps, named)).values();
  return candidates.map((each) => {
    const { order, refusal } = each;
    if (refusal !== null || !order.lines.some(namesOne)) return each;
    return { ...each, order: { ...order, lines: order.lines.map((line) => backed(line, found)) } };
  });
}

interface Named {
  readonly order: Order;
  readonly line: OrderLine & { readonly greenCertificate: string };
}

async function backingsOf(
  { pool, backingOf, areShown }: BackingDeps & { readonly pool: Sql },
  named: readonly Named[],
): Promise<readonly Backing[]> {
  const receipts = named.map(({ order, line }) => receiptOf(order, line));
  const found = await backingOf(
    named.map(({ order: { merchant, paidAt: at }, line: { greenCertificate } }, place) => {
      const codes = receipts[place]?.behaviours ?? [];
      return { merchant, certificate: greenCertificate, codes, at };
    }),
  );
  const valid = [...found.keys()].filter((place) => found[place]?.standing === 'valid');
  if (valid.length === 0) return found;
  const shown = await areShown(
    pool,
    valid.map((place) => receipts[place] as GreenReceipt),
  );
  const claimed = new Set(valid.filter((_, index) => shown[index] === true));
  return found.map((each, place) =>
    claimed.has(place) ? { standing: 'claimed', certificate: null } : each,
  );
}

function namesOne(line: OrderLine): line is Named['line'] {
  return line.greenCertificate !== null;
}

function backed(line: OrderLine, found: Iterator<Backing>): OrderLine {
  if (!namesOne(line)) return line;
  const { standing: green, certificate } = found.next().value as Backing;
  return { ...line, green, certificate };
}
