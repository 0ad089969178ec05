import {
  type Backing,
  type BackingOf,
  codesOfLine,
  type SaidGreen,
} from '../kernel/green-standing.ts';
import type { Candidate } from './candidate.ts';
import type { OrderLine } from './order.ts';

/** Looks up what stands behind lines that name certificates, when they were sold; most orders have none. */
export async function backLines(
  backingOf: BackingOf,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const asked: SaidGreen[] = [];
  for (const { order, refusal } of candidates) {
    if (refusal !== null) continue;
    for (const line of order.lines)
      if (line.greenCertificate !== null)
        asked.push({
          merchant: order.merchant,
          certificate: line.greenCertificate,
          codes: codesOfLine(line, order.tenders),
          at: order.paidAt,
        });
  }
  if (asked.length === 0) return candidates;
  const found = (await backingOf(asked)).values();
  return candidates.map((each) =>
    each.refusal !== null || !each.order.lines.some(namesOne)
      ? each
      : {
          ...each,
          order: { ...each.order, lines: each.order.lines.map((line) => backed(line, found)) },
        },
  );
}

function namesOne({ greenCertificate }: OrderLine): boolean {
  return greenCertificate !== null;
}

function backed(line: OrderLine, found: Iterator<Backing>): OrderLine {
  if (!namesOne(line)) return line;
  const { standing: green, certificate } = found.next().value as Backing;
  return { ...line, green, certificate };
}
