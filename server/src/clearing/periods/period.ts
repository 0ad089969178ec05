import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { SourceKind } from '../../ledger/command.ts';

/** Micro-fen: a millionth of 0.01 yuan. */
export const MICRO_FEN = 1_000_000n;

/**
 * A stretch of a programme's time that is cleared as one: what took effect in [`from`, `until`), by the ledger's cut at `until`
 * for ever the same.
 */
export interface Period {
  readonly id: Uuid;
  readonly programme: number;
  /** From 1, without gaps. */
  readonly number: number;
  readonly from: Instant;
  readonly until: Instant;
  readonly cut: Uuid;
  /** By the programme's clock. */
  readonly begunAt: Instant;
  readonly state: 'closing' | 'closed';
  readonly closedAt: Instant | null;
  /** SHA-256 of the figures' CSV; null until it is closed. */
  readonly figuresHash: Buffer | null;
}

/** Amounts of something: from payer to platform, from platform to taker, and from taker to platform. */
export interface Amounts<N> {
  readonly owed: N;
  readonly due: N;
  readonly fee: N;
}

/**
 * What of the amounts between two a merchant may know (null: who asks for all): as payer what it owes, as taker what it is due and its
 * fee. The rest are prices of the other side, agreed with the platform alone.
 */
export function amountsFor<N>(
  whose: Uuid | null,
  { payer, taker }: Pick<PairPlace, 'payer' | 'taker'>,
  { owed, due, fee }: Amounts<N>,
): Amounts<N | null> {
  const pays = whose === null || whose === payer;
  const takes = whose === null || whose === taker;
  return { owed: pays ? owed : null, due: takes ? due : null, fee: takes ? fee : null };
}

/** What a payer owes for points of one type that a taker took, in one period. */
export interface Pair {
  readonly payer: Uuid;
  readonly taker: Uuid;
  readonly pointType: number;
  readonly points: number;
  /** What the ledger accrued, in micro-fen; below zero when more was undone than done. */
  readonly exact: Amounts<bigint>;
  /** What is paid: the exact amounts and what the period before carried, rounded by the largest remainder. */
  readonly fen: Amounts<number>;
  /** What the next period begins with: exact + carried before − paid, in micro-fen, always less than a fen. */
  readonly carry: Amounts<number>;
}

export type PairPlace = Pick<Pair, 'payer' | 'taker' | 'pointType'>;

/** What a merchant, or the platform (`PLATFORM` of the ledger), receives (`net` above zero) or pays for a period in all, in fen. */
export interface Position extends Amounts<number> {
  readonly merchant: Uuid;
  /** Received (or paid, below zero) by adjustments of earlier periods. */
  readonly adjusted: number;
  /** due − owed − fee + adjusted. */
  readonly net: number;
}

/** Where an accrual stands in the ledger. */
export interface LinePlace {
  readonly shard: number;
  readonly seq: number;
  readonly place: number;
}

/** One accrual, with what it is about: the entry, its transaction, the lot and what that was given for. */
export interface Line extends LinePlace, PairPlace {
  readonly kind: 'use' | 'reversal' | 'repayment';
  readonly effectiveAt: Instant;
  readonly points: number;
  /** In micro-fen. */
  readonly exact: Amounts<bigint>;
  readonly transaction: Uuid;
  /** What the transaction came from (an order, a redemption …). */
  readonly source: { readonly kind: SourceKind; readonly id: Uuid } | null;
  readonly lot: Uuid;
  readonly issuer: Uuid;
  /** What a point of the lot costs its funders, in micro-fen. */
  readonly unitCost: number | null;
  /** What the lot was given for. */
  readonly lotSource: { readonly kind: SourceKind; readonly id: Uuid } | null;
}

/** How a line is called outside: `3-1204-0`. */
export const showLine = ({ shard, seq, place }: LinePlace): string => `${shard}-${seq}-${place}`;

/** The line of such a name; undefined: it is none. */
export function readLine(text: string): LinePlace | undefined {
  const [, shard, seq, place] = /^(\d{1,3})-(\d{1,15})-(\d{1,3})$/.exec(text) ?? [];
  if (shard === undefined) return undefined;
  return { shard: Number(shard), seq: Number(seq), place: Number(place) };
}
