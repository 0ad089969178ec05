import { createHash } from 'node:crypto';
import { showInstant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Sql } from '../../platform/database.ts';
import type { Pair, Period, Position } from './period.ts';
import { eachPair, eachPosition, inPages, type PairsTable, type PositionsTable } from './read.ts';
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
type Cells = Partial<Record<(typeof FIGURES_COLUMNS)[number], string | number | bigint>>;

/** `platform`, or the merchant's id. */
export const showParty = (merchant: Uuid): string =>
  merchant === PLATFORM ? 'platform' : showId('merchant', merchant);

// No cell ever holds a comma, a quote or a line break: they are ids, codes, instants and integers.
const line = (cells: Cells): string =>
  `${FIGURES_COLUMNS.map((name) => cells[name] ?? '').join(',')}\r\n`;

const periodLine = ({ id, programme, from, until }: Period, names: Names): string =>
  line({
    record: 'period',
    id: showId('clearingPeriod', id),
    counterparty: names.programmeCode(programme),
    from: showInstant(from),
    until: showInstant(until),
  });

const pairLine = (pair: Pair, pointType: string): string =>
  line({
    record: 'pair',
    merchant: showParty(pair.payer),
    counterparty: showParty(pair.taker),
    point_type: pointType,
    points: pair.points,
    owed_micro_fen: pair.exact.owed,
    due_micro_fen: pair.exact.due,
    fee_micro_fen: pair.exact.fee,
    owed_fen: pair.fen.owed,
    due_fen: pair.fen.due,
    fee_fen: pair.fen.fee,
    carry_owed_micro_fen: pair.carry.owed,
    carry_due_micro_fen: pair.carry.due,
    carry_fee_micro_fen: pair.carry.fee,
  });

const adjustedLine = ({ id, payer, payee, fen }: Adjusted): string =>
  line({
    record: 'adjustment',
    id: showId('clearingAdjustment', id),
    merchant: showParty(payer),
    counterparty: showParty(payee),
    adjusted_fen: fen,
  });

const positionLine = ({ merchant, owed, due, fee, adjusted, net }: Position): string =>
  line({
    record: 'position',
    merchant: showParty(merchant),
    owed_fen: owed,
    due_fen: due,
    fee_fen: fee,
    adjusted_fen: adjusted,
    net_fen: net,
  });

export interface FiguresTables {
  readonly pairs: PairsTable;
  readonly positions: PositionsTable;
}
export const CLOSED: FiguresTables = { pairs: 'clearing_pair', positions: 'clearing_position' };

const CHUNK = 64 * 1024;

/**
 * The figures of a period (RFC 4180), pairs, adjustments and positions in the order of their ids, so that the same figures are always the
 * same bytes. Of one merchant only: what concerns it. In chunks, a page of rows in memory at a time.
 */
export async function* figuresCsv(
  sql: Sql,
  period: Period,
  names: Names,
  merchant: Uuid | null = null,
  tables: FiguresTables = CLOSED,
): AsyncGenerator<string> {
  let chunk = `${FIGURES_COLUMNS.join(',')}\r\n${periodLine(period, names)}`;
  for await (const text of figureLines(sql, period, names, merchant, tables)) {
    chunk += text;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

async function* figureLines(
  sql: Sql,
  { id, programme }: Period,
  names: Names,
  merchant: Uuid | null,
  tables: FiguresTables,
): AsyncGenerator<string> {
  const codes = new Map<number, string>();
  const codeOf = (pointType: number): string => {
    const code = codes.get(pointType) ?? names.pointTypeCode(programme, pointType);
    codes.set(pointType, code);
    return code;
  };
  for await (const pair of eachPair(sql, id, merchant, tables.pairs))
    yield pairLine(pair, codeOf(pair.pointType));
  const readAfter = (after: Adjusted | null, limit: number): Promise<Adjusted[]> =>
    readAdjusted(sql, id, merchant, after?.id ?? null, limit);
  for await (const adjusted of inPages(readAfter)) yield adjustedLine(adjusted);
  for await (const position of eachPosition(sql, id, merchant, tables.positions))
    yield positionLine(position);
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
