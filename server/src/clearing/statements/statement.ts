import type { Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Sql } from '../../platform/database.ts';
import {
  type Amounts,
  MICRO_FEN,
  type Pair,
  type Period,
  type Position,
} from '../periods/period.ts';
import { eachPair, eachPosition, readPositions } from '../periods/read.ts';
import { type IssuedPoints, readIssued } from './issued-points.ts';
import { type Adjustment, readAdjustments, readNames } from './store.ts';

export type AmountName = keyof Amounts<unknown>;

/** What a merchant owes, is owed, or pays as a fee, for points of one type between it and another. */
export interface StatementSum {
  readonly name: AmountName;
  readonly counterparty: Uuid;
  readonly pointType: number;
  readonly points: number;
  /** Micro-fen: what the period before carried, what the ledger accrued, and what the next period begins with. */
  readonly carriedIn: bigint;
  readonly exact: bigint;
  readonly carry: number;
  /** carriedIn + exact − carry, as it is paid. */
  readonly fen: number;
}

/** What a closed period says to one merchant, or to the platform of all; the lines come apart, for there may be millions. */
export interface Statement {
  readonly period: Period;
  /** {@link PLATFORM}: of all merchants. */
  readonly merchant: Uuid;
  readonly position: Position;
  /** Of a merchant: with every other one. In order: what it owes, what it is due, its fees. */
  readonly sums: readonly StatementSum[];
  /** Of the platform: what each merchant receives or pays. */
  readonly positions: readonly Position[];
  readonly adjustments: readonly Adjustment[];
  readonly issued: readonly IssuedPoints[];
  /** Of the merchants in it. */
  readonly names: ReadonlyMap<Uuid, string>;
}

/** The statement of a closed period; of a merchant that had nothing to do with it, zeros. */
export async function readStatement(sql: Sql, period: Period, merchant: Uuid): Promise<Statement> {
  const isPlatform = merchant === PLATFORM;
  const [own] = await readPositions(sql, period.id, merchant, null, 1);
  const sums: StatementSum[] = [];
  const positions: Position[] = [];
  if (isPlatform) {
    for await (const position of eachPosition(sql, period.id)) positions.push(position);
  } else {
    for await (const pair of eachPair(sql, period.id, merchant))
      sums.push(...sumsOf(pair, merchant));
  }
  const adjustments = await readAdjustments(sql, period.id, isPlatform ? null : merchant);
  const issued = await readIssued(sql, period, isPlatform ? null : merchant);
  const names = await readNames(sql, [
    merchant,
    ...sums.map(({ counterparty }) => counterparty),
    ...positions.map((position) => position.merchant),
    ...adjustments.flatMap(({ payer, payee }) => [payer, payee]),
    ...issued.map(({ issuer }) => issuer),
  ]);
  const none = { merchant, owed: 0, due: 0, fee: 0, adjusted: 0, net: 0 };
  return {
    ...{ period, merchant, position: own ?? none, positions, adjustments, issued, names },
    sums: AMOUNTS.flatMap((name) => sums.filter((sum) => sum.name === name)),
  };
}

const AMOUNTS = ['owed', 'due', 'fee'] as const satisfies readonly AmountName[];

/** What of a pair concerns a merchant: what it owes as payer, what it is due and pays as taker. */
export function sumsOf(pair: Pair, merchant: Uuid): StatementSum[] {
  const { payer, taker, pointType, points } = pair;
  return AMOUNTS.flatMap((name) => {
    const isOwn = name === 'owed' ? payer === merchant : taker === merchant;
    const [exact, fen, carry] = [pair.exact[name], pair.fen[name], pair.carry[name]];
    const carriedIn = BigInt(fen) * MICRO_FEN + BigInt(carry) - exact;
    const isNothing = exact === 0n && fen === 0 && carry === 0 && carriedIn === 0n;
    if (!isOwn || isNothing) return [];
    const counterparty = name === 'owed' ? taker : payer;
    return [{ name, counterparty, pointType, points, carriedIn, exact, carry, fen }];
  });
}

/** What sums add up to. */
export function addSums(
  sums: readonly StatementSum[],
): Pick<StatementSum, 'carriedIn' | 'exact' | 'fen'> & { readonly carry: bigint } {
  let [carriedIn, exact, carry, fen] = [0n, 0n, 0n, 0];
  for (const sum of sums) {
    carriedIn += sum.carriedIn;
    exact += sum.exact;
    carry += BigInt(sum.carry);
    fen += sum.fen;
  }
  return { carriedIn, exact, carry, fen };
}
