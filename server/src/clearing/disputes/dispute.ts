import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { type Amounts, type LinePlace, MICRO_FEN, type PairPlace } from '../periods/period.ts';

export const DISPUTE_STATES = ['open', 'escalated', 'upheld', 'rejected', 'withdrawn'] as const;
export type DisputeState = (typeof DISPUTE_STATES)[number];
export const STEP_KINDS = [
  'raised',
  'evidence',
  'escalated',
  'upheld',
  'rejected',
  'withdrawn',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** What a merchant holds to be wrong in a closed period: what it pays or receives with one other, or one line of it. */
export interface Dispute extends PairPlace {
  readonly id: Uuid;
  readonly programme: number;
  readonly period: Uuid;
  readonly merchant: Uuid;
  /** With whom: the other side of the pair. */
  readonly other: Uuid;
  /** Null: the whole pair. */
  readonly line: LinePlace | null;
  /** What the merchant holds to be its due. */
  readonly fen: number;
  readonly reason: string;
  /** By the programme's clock, as all instants here. */
  readonly raisedAt: Instant;
  /** When the operator is to have decided; later it is escalated. */
  readonly dueAt: Instant;
  readonly raisedBy: Uuid;
  readonly actor: string;
  readonly state: DisputeState;
  readonly endedAt: Instant | null;
  /** What was upheld of `fen`. */
  readonly upheldFen: number | null;
}

/** What was said of a dispute; kept as written. */
export interface DisputeStep {
  readonly number: number;
  readonly kind: StepKind;
  /** Whose word it is; the nil merchant is the operator. */
  readonly merchant: Uuid;
  readonly text: string;
  /** A file that is kept elsewhere, and its SHA-256. */
  readonly fileName: string | null;
  readonly fileHash: Buffer | null;
  readonly fen: number | null;
  readonly actor: string;
  /** An API key; null: the clock. */
  readonly madeBy: Uuid | null;
  readonly at: Instant;
}

const DAY_MS = 86_400_000;
/** Days after a period was closed in which it may be disputed. */
export const RAISE_DAYS = 30;
/** Days after a dispute was raised until it is to be decided. */
export const DECIDE_DAYS = 15;

/** As often as each side, and the operator, may add evidence to one dispute. */
export const EVIDENCE_MAX = 50;

export const isTooLate = (closedAt: Instant, now: Instant): boolean =>
  now > closedAt + RAISE_DAYS * DAY_MS;
export const decideBy = (raisedAt: Instant): Instant => raisedAt + DECIDE_DAYS * DAY_MS;

const NEXT: Readonly<Record<DisputeState, Partial<Record<StepKind, DisputeState>>>> = {
  open: {
    evidence: 'open',
    escalated: 'escalated',
    upheld: 'upheld',
    rejected: 'rejected',
    withdrawn: 'withdrawn',
  },
  escalated: {
    evidence: 'escalated',
    upheld: 'upheld',
    rejected: 'rejected',
    withdrawn: 'withdrawn',
  },
  upheld: {},
  rejected: {},
  withdrawn: {},
};

/** What something comes to for one of its sides, in fen: who pays owes it; who takes is due it, less the fee. */
export function comesTo(
  { payer }: Pick<PairPlace, 'payer'>,
  side: Uuid,
  fen: Amounts<number>,
): number {
  return Math.abs(side === payer ? fen.owed : fen.due - fen.fee);
}

/** The same of a line, which is exact: up to the next whole fen. */
export function lineComesTo(
  { payer }: Pick<PairPlace, 'payer'>,
  side: Uuid,
  exact: Amounts<bigint>,
): number {
  const amount = side === payer ? exact.owed : exact.due - exact.fee;
  const size = amount < 0n ? -amount : amount;
  return Number((size + MICRO_FEN - 1n) / MICRO_FEN);
}

/** The state after a step; undefined: it cannot be taken, because the dispute is over. */
export function stateAfter(state: DisputeState, step: StepKind): DisputeState | undefined {
  return NEXT[state][step];
}

export const isOver = (state: DisputeState): boolean => Object.keys(NEXT[state]).length === 0;
