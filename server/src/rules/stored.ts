import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { RuleBody } from './rule.ts';

/** A rule without its versions. */
export interface Rule {
  readonly id: Uuid;
  readonly programme: number;
  readonly programmeCode: string;
  readonly clockOffsetMs: number;
  /** Whose rule it is; null: the operator's. */
  readonly merchant: Uuid | null;
  readonly code: string;
  readonly madeAt: Instant;
  /** An API key. */
  readonly madeBy: Uuid;
}

/** What is to become the next version of a rule. */
export interface Draft {
  readonly rule: Uuid;
  /** Stays when it is published. */
  readonly id: Uuid;
  readonly number: number;
  readonly body: RuleBody;
  readonly madeAt: Instant;
  readonly madeBy: Uuid;
}

/** How a change compares with what held before it, for members. */
export interface Compared {
  /** `worse` also when it is not proven to be no worse. */
  readonly verdict: 'better_or_equal' | 'worse';
  readonly reasons: readonly {
    /** A JSON pointer into the body. */
    readonly path: string;
    readonly reason: string;
    /** The version it is worse than, as it is shown; null: than what holds without the rule. */
    readonly against: string | null;
  }[];
  /** Null: nothing does. What a simulation proves is in doubt by its form; the doubts stay in `reasons`. */
  readonly provenBy: 'form' | 'simulation' | null;
  readonly simulation: ProvingSimulation | null;
}

/** What is kept of a simulation that proved a change. */
export interface ProvingSimulation {
  /** As it is shown. */
  readonly id: string;
  /** Orders paid from here, */
  readonly from: Instant;
  /** until here, not included, */
  readonly until: Instant;
  /** beside the rules of this instant. */
  readonly asOf: Instant;
  readonly orders: number;
}

/** A version that was published. Only its end may come, once or sooner than it was said. */
export interface Published extends Draft {
  readonly publishedAt: Instant;
  readonly publishedBy: Uuid;
  readonly comparison: Compared;
  /** Whole days that members were told beforehand; 0: at once. */
  readonly noticeDays: number;
  readonly from: Instant;
  readonly until: Instant | null;
  readonly endedAt: Instant | null;
  readonly endedBy: Uuid | null;
  /** It ends because the rule was retired, not because of a version after it. */
  readonly retired: boolean;
}

export const CHANGE_KINDS = [
  'made',
  'drafted',
  'draft_dropped',
  'published',
  'retired',
  'removed',
] as const;

/** Who did what with a rule, as it is kept. */
export interface RuleChange {
  readonly programme: number;
  readonly rule: Uuid;
  readonly kind: (typeof CHANGE_KINDS)[number];
  readonly version: Uuid | null;
  readonly versionNumber: number | null;
  readonly changedAt: Instant;
  readonly changedBy: Uuid;
  /** From when on it counts: of publications and retirements. */
  readonly from: Instant | null;
}

/** Of two changes of one rule the later has the greater number. */
export type NumberedChange = RuleChange & { readonly number: number };

/** What rules go by of a programme. */
export interface RuleProgramme {
  readonly id: number;
  readonly code: string;
  readonly timeZone: string;
  readonly clockOffsetMs: number;
  readonly ruleNoticeDays: number;
}
