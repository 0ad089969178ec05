import type { Instant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import type { PairAsked } from '../../ledger/read-accruals.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Sql } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import { amountsFor, type Line, type LinePlace, type Period, showLine } from '../periods/period.ts';
import { readLines } from '../periods/read.ts';
import { readParticulars } from './store.ts';

/** One lot whose points were used, as a statement tells it to its merchant. Amounts are in micro-fen. */
export interface StatementLine {
  /** What disputes call it. */
  readonly line: string;
  readonly kind: Line['kind'];
  readonly effectiveAt: Instant;
  readonly transaction: Uuid;
  /**
   * What it was about, as far as the merchant may know: what the points were used for, of who took them; what they were given for,
   * of who issued them.
   */
  readonly reference: string | null;
  /** To the platform the member's id; to a merchant a name that only it knows the member by. */
  readonly member: string;
  readonly lot: Uuid;
  readonly payer: Uuid;
  readonly taker: Uuid;
  readonly pointType: number;
  readonly points: number;
  /** Per point: of a payer what it owes, of a taker what it is due; null where that is not one price. */
  readonly price: number | null;
  /** Null: not the merchant's to know. */
  readonly owed: bigint | null;
  readonly due: bigint | null;
  readonly fee: bigint | null;
}

const PAGE = 1_000;
const PSEUDONYM_BYTES = 12;

/** Lines of a merchant (or of all, for {@link PLATFORM}) in a closed period, at most `limit` after `after`. */
export async function readStatementLines(
  sql: Sql,
  sealer: Pick<Sealer, 'index'>,
  { period, merchant }: { readonly period: Period; readonly merchant: Uuid },
  after: LinePlace | null,
  limit: number,
  pair: PairAsked = {},
): Promise<{ readonly lines: StatementLine[]; readonly last: LinePlace | null }> {
  const whose = merchant === PLATFORM ? null : merchant;
  const found = await readLines(sql, period, whose, after, limit, pair);
  const particulars = await readParticulars(sql, found);
  const lines = found.map((line, index): StatementLine => {
    const { member, reimbursement } = particulars[index] ?? missing();
    const shown = memberFor(sealer, merchant, member);
    return lineFor(line, merchant, shown, reimbursement);
  });
  return { lines, last: found.at(-1) ?? null };
}

/** All of them, a page at a time in memory. */
export async function* eachStatementLine(
  sql: Sql,
  sealer: Pick<Sealer, 'index'>,
  whose: { readonly period: Period; readonly merchant: Uuid },
): AsyncGenerator<StatementLine> {
  let after: LinePlace | null = null;
  for (;;) {
    const page: Awaited<ReturnType<typeof readStatementLines>> = await readStatementLines(
      sql,
      sealer,
      whose,
      after,
      PAGE,
    );
    yield* page.lines;
    if (page.lines.length < PAGE) return;
    after = page.last;
  }
}

/**
 * What a statement calls a member: for the platform its id; for a merchant always the same and nowhere else, so that two merchants
 * cannot find out together whom they share.
 */
export function memberFor(sealer: Pick<Sealer, 'index'>, merchant: Uuid, member: Uuid): string {
  if (merchant === PLATFORM) return showId('member', member);
  const index = sealer.index(`statement member of ${merchant}`, member);
  return `m-${index.toString('hex', 0, PSEUDONYM_BYTES)}`;
}

/** A line with what is not for the merchant left out. */
export function lineFor(
  line: Line,
  merchant: Uuid,
  member: string,
  reimbursement: number | null,
): StatementLine {
  const { payer, taker, exact, source, lotSource, issuer } = line;
  const isAll = merchant === PLATFORM;
  const [pays, takes] = [isAll || payer === merchant, isAll || taker === merchant];
  const seen = takes && source !== null ? source : isAll || issuer === merchant ? lotSource : null;
  return {
    line: showLine(line),
    kind: line.kind,
    effectiveAt: line.effectiveAt,
    transaction: line.transaction,
    reference: seen === null ? null : showId(seen.kind as 'order', seen.id),
    member,
    lot: line.lot,
    ...{ payer, taker, pointType: line.pointType, points: line.points },
    price: pays ? line.unitCost : reimbursement,
    ...amountsFor(isAll ? null : merchant, line, exact),
  };
}

function missing(): never {
  throw new Error('every line has its particulars');
}
