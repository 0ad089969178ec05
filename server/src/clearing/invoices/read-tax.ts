import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import type { Line, LinePlace, Period } from '../periods/period.ts';
import { readLines } from '../periods/read.ts';
import { type TaxPart, taxPartsOf } from './tax.ts';

/** What a merchant took in one transaction, or gave back, and how that is taxed. */
export interface TaxedUse {
  /** Of its last line, behind which the next page begins. */
  readonly place: LinePlace;
  readonly transaction: Uuid;
  readonly kind: Line['kind'];
  readonly redemption: Uuid | null;
  readonly at: Instant;
  readonly points: number;
  readonly parts: readonly TaxPart[];
}

/** Cash that redemptions cost beside points, fen, by redemption. */
export type ReadCash = (
  sql: Sql,
  redemptions: readonly Uuid[],
) => Promise<ReadonlyMap<Uuid, number>>;

const PAGE = 1_000;

/**
 * What a merchant took in a period, by transaction, at most `limit` after `after`. Cash stands with the use it was paid for; what
 * of it went back is the till's own red letter.
 */
export async function readTaxed(
  sql: Sql,
  period: Period,
  merchant: Uuid,
  { after, limit }: { readonly after: LinePlace | null; readonly limit: number },
  { rateBp, readCash }: { readonly rateBp: number; readonly readCash: ReadCash },
): Promise<TaxedUse[]> {
  const groups: Line[][] = [];
  let place = after;
  // One more, whose first line says that the one before is complete.
  while (groups.length <= limit) {
    const lines = await readLines(sql, period, merchant, place, PAGE);
    for (const line of lines) {
      if (line.taker !== merchant) continue;
      // The lines of a transaction stand side by side in the ledger.
      const last = groups.at(-1);
      if (last?.[0]?.transaction === line.transaction) last.push(line);
      else groups.push([line]);
    }
    place = lines.at(-1) ?? place;
    if (lines.length < PAGE) break;
  }
  const found = groups.slice(0, limit);
  const ids = found.flatMap(([line]) => redemptionOf(line) ?? []);
  const cash = ids.length === 0 ? new Map<Uuid, number>() : await readCash(sql, [...new Set(ids)]);
  return found.map((lines) => taxedOf(lines, merchant, cash, rateBp));
}

function taxedOf(
  lines: readonly Line[],
  merchant: Uuid,
  cash: ReadonlyMap<Uuid, number>,
  rateBp: number,
): TaxedUse {
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a group has lines');
  const redemption = redemptionOf(first);
  const isUse = first.kind === 'use';
  const cashFen = isUse && redemption !== null ? (cash.get(redemption) ?? 0) : 0;
  let [own, others, points] = [0n, 0n, 0];
  for (const line of lines) {
    if (line.payer === merchant) own += line.exact.due;
    else others += line.exact.due;
    points += line.points;
  }
  return {
    ...{ place: last, transaction: first.transaction, kind: first.kind, redemption, points },
    ...{ at: first.effectiveAt, parts: taxPartsOf({ own, others, cashFen }, rateBp) },
  };
}

function redemptionOf(line: Line | undefined): Uuid | null {
  return line?.source?.kind === 'redemption' ? line.source.id : null;
}
