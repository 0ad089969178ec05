import type { Clock, Instant } from '../kernel/clock.ts';
import type { BackingOf } from '../kernel/green-standing.ts';
import type { Uuid } from '../kernel/id.ts';
import type { EarnRatio } from '../kernel/points.ts';
import type { ProgrammeClock } from '../ledger/ledger.ts';
import type { Pool } from '../platform/database.ts';
import type { Announce } from '../platform/publishing/published.ts';
import type { MemberFacts } from './rating.ts';
import type { RuleRegistry } from './registry.ts';

/** What rules are told of a merchant. */
export interface RuleMerchant {
  readonly id: Uuid;
  readonly programme: number;
  readonly category: string;
  readonly ratioAt: (at: Instant) => EarnRatio;
}

/** What rules are told of a programme. */
export interface NamedProgramme {
  readonly id: number;
  readonly code: string;
  readonly timeZone: string;
}

export interface RuleDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly programmeClock: ProgrammeClock;
  readonly registry: RuleRegistry;
  readonly announce: Announce;
  readonly findMerchant: (id: Uuid) => Promise<RuleMerchant | undefined>;
  /** Whether a merchant has tiers of its own at an instant. */
  readonly hasTiers: (merchant: Uuid, programme: number, at: Instant) => Promise<boolean>;
  /** What stands behind goods that are said to be green. */
  readonly backingOf: BackingOf;
  /** Whether there is such a member. */
  readonly isMember: (id: Uuid) => boolean | Promise<boolean>;
  /** Whether a member agrees that a merchant learns what is known of them. */
  readonly sharesWith: (member: Uuid, merchant: Uuid) => boolean | Promise<boolean>;
  /** What is known of members at a moment; answered in order. */
  readonly factsOf: (
    asked: readonly {
      readonly member: Uuid;
      readonly merchant: Uuid;
      readonly programme: number;
      readonly at: Instant;
    }[],
  ) => Promise<readonly MemberFacts[]>;
  /** When points of a type, earned at an instant, lapse if nothing else is said; null: never. */
  readonly usualExpiry: (programme: number, pointType: string, at: Instant) => Instant | null;
  readonly programmes: {
    find(code: string): NamedProgramme | undefined | Promise<NamedProgramme | undefined>;
    byId(id: number): NamedProgramme | undefined;
  };
}
