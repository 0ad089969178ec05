import { createHash } from 'node:crypto';
import { showInstant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Sql } from '../../platform/database.ts';
import { amountsFor, type Pair, type Period, type Position } from './period.ts';
import {
  type PairCells,
  type PairsTable,
  type PositionsTable,
  pagesOf,
  readPairCells,
  readPairs,
  readPositions,
} from './read.ts';
import { type Adjusted, readAdjusted } from './store.ts';

/** What ids of the database are called outside. */
export interface Names {
  programmeCode(programme: number): string;
  pointTypeCode(programme: number, pointType: number): string;
}

export const FIGURES_COLUMNS = [
  ...['record', 'id', 'merchant', 'counterparty', 'point_type', 'points'],
  ...['owed_micro_fen', 'due_micro_fen', 'fee_micro_fen', 'owed_fen', 'due_fen', 'fee_fen'],
  ...['carry_owed_micro_fen', 'carry_due_micro_fen', 'carry_fee_micro_fen'],
  ...['adjusted_fen', 'net_fen', 'from', 'until'],
] as const;

/** `platform`, or the merchant's id. */
export const showParty = (merchant: Uuid): string =>
  merchant === PLATFORM ? 'platform' : showId('merchant', merchant);

// No cell ever holds a comma, a quote or a line break: they are ids, codes, instants and integers. Lines are written out by hand,
// and merchants' ids are shown once: with ids shown and cells named for each line it took twice as long.

const periodLine = ({ id, programme, from, until }: Period, names: Names): string =>
  `period,${showId('clearingPeriod', id)},,${names.programmeCode(programme)},,,,,,,,,,,,,,${showInstant(from)},${showInstant(until)}\r\n`;

const pairLine = (
  { payer, taker, cells }: PairCells,
  show: (id: Uuid) => string,
  pointType: string,
): string => `pair,,${show(payer)},${show(taker)},${pointType},${cells},,,,\r\n`;

/** The same for one of the two: cells of the other side's are empty. */
function ownPairLine(
  pair: Pair,
  show: (id: Uuid) => string,
  pointType: string,
  whose: Uuid | null,
): string {
  const { payer, taker, points } = pair;
  const cells = [pair.exact, pair.fen, pair.carry].flatMap((amounts) => {
    const { owed, due, fee } = amountsFor<bigint | number>(whose, pair, amounts);
    return [owed ?? '', due ?? '', fee ?? ''];
  });
  return `pair,,${show(payer)},${show(taker)},${pointType},${points},${cells.join(',')},,,,\r\n`;
}

const adjustedLine = ({ id, payer, payee, fen }: Adjusted, show: (id: Uuid) => string): string =>
  `adjustment,${showId('clearingAdjustment', id)},${show(payer)},${show(payee)},,,,,,,,,,,,${fen},,,\r\n`;

const positionLine = (
  { merchant, owed, due, fee, adjusted, net }: Position,
  show: (id: Uuid) => string,
): string => `position,,${show(merchant)},,,,,,,${owed},${due},${fee},,,,${adjusted},${net},,\r\n`;

export interface FiguresTables {
  readonly pairs: PairsTable;
  readonly positions: PositionsTable;
}
export const CLOSED: FiguresTables = { pairs: 'clearing_pair', positions: 'clearing_position' };

/** What `of` answers, kept for whoever asks again. */
function remembering<K, V>(of: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = of(key);
      known.set(key, value);
    }
    return value;
  };
}

/**
 * The figures of a period (RFC 4180), pairs, adjustments and positions in the order of their ids, so that the same figures are always the
 * same bytes. Of one merchant only: what concerns it, without the prices of others. In chunks, a page of rows in memory at a time.
 */
export async function* figuresCsv(
  sql: Sql,
  period: Period,
  names: Names,
  merchant: Uuid | null = null,
  { pairs, positions }: FiguresTables = CLOSED,
): AsyncGenerator<string> {
  const { id, programme } = period;
  const show = remembering(showParty);
  const codeOf = remembering((pointType: number) => names.pointTypeCode(programme, pointType));
  yield `${FIGURES_COLUMNS.join(',')}\r\n${periodLine(period, names)}`;
  const pages =
    merchant === null
      ? pagesOf((after: PairCells | null, limit) => readPairCells(sql, id, after, limit, pairs))
      : pagesOf((after: Pair | null, limit) => readPairs(sql, id, merchant, after, limit, pairs));
  for await (const page of pages)
    yield page
      .map((pair) => {
        const code = codeOf(pair.pointType);
        return 'cells' in pair
          ? pairLine(pair, show, code)
          : ownPairLine(pair, show, code, merchant);
      })
      .join('');
  const eachAdjusted = pagesOf((after: Adjusted | null, limit) =>
    readAdjusted(sql, id, merchant, after?.id ?? null, limit),
  );
  for await (const page of eachAdjusted)
    yield page.map((adjusted) => adjustedLine(adjusted, show)).join('');
  const eachPosition = pagesOf((after: Position | null, limit) =>
    readPositions(sql, id, merchant, after?.merchant ?? null, limit, positions),
  );
  for await (const page of eachPosition)
    yield page.map((position) => positionLine(position, show)).join('');
}

/** SHA-256 of the whole CSV. */
export async function hashFigures(
  sql: Sql,
  period: Period,
  names: Names,
  tables: FiguresTables = CLOSED,
): Promise<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of figuresCsv(sql, period, names, null, tables)) hash.update(chunk);
  return hash.digest();
}
