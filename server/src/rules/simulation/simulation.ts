import type Type from 'typebox';
import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Occasion } from '../rating.ts';
import type { RuleVersion } from '../rule.ts';
import type { SimulationResult } from './result-schema.ts';

/** A draft as it was when it was to be simulated. */
export type SimulatedDraft = Omit<RuleVersion, 'from' | 'until'>;

export const SIMULATION_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;

/** Which history is replayed, against what. */
export interface SimulationAsked {
  readonly programme: number;
  /** Whose orders; null: all of the programme. */
  readonly merchant: Uuid | null;
  /** Paid from here, */
  readonly from: Instant;
  /** until here, not included. */
  readonly until: Instant;
  /** The rules of each order's day, or those of `asOf` as though they had always been in force. */
  readonly rules: 'then' | 'now';
  readonly asOf: Instant;
  readonly drafts: readonly SimulatedDraft[];
  /** Rules that are left out. */
  readonly without: readonly Uuid[];
}

export interface Simulation extends SimulationAsked {
  readonly id: Uuid;
  readonly programmeCode: string;
  /** The merchant whose key asked for it; null: the operator. */
  readonly owner: Uuid | null;
  readonly state: (typeof SIMULATION_STATES)[number];
  readonly attempts: number;
  /** Orders replayed, of `total`; null: not counted yet. */
  readonly done: number;
  readonly total: number | null;
  readonly result: Type.Static<typeof SimulationResult> | null;
  readonly failure: string | null;
  readonly madeAt: Instant;
  readonly finishedAt: Instant | null;
}

/** A simulation as it is listed. */
export interface ListedSimulation extends Omit<Simulation, 'result'> {
  /** An API key. */
  readonly madeBy: Uuid;
}

/** An order as its rules saw it. */
export interface PastOrder {
  readonly member: Uuid;
  readonly occasion: Occasion;
}
