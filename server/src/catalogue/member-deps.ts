import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { RewardVersion } from '../kernel/reward.ts';
import type { Sql } from '../platform/database.ts';
import type { MemberFacts } from './eligibility.ts';
import type { Left } from './left-schema.ts';
import type { Occasion } from './pricing.ts';
import type { Catalogue } from './registry.ts';

/** What is known of a member that rewards and promotions ask about; tiers of these merchants with it. */
export type RewardFactsOf = (asked: {
  readonly member: Uuid;
  readonly programme: number;
  readonly merchants: readonly Uuid[];
  /** By the programme's clock. */
  readonly at: Instant;
}) => Promise<{ readonly member: MemberFacts } & Pick<Occasion, 'birthday' | 'joinedAt'>>;

export interface NamedProgramme {
  readonly id: number;
  readonly code: string;
  readonly timeZone: string;
}

/** What of these counters is counted; of those that are not there nothing. */
export type CountedOf = (
  sql: Sql,
  names: readonly string[],
) => Promise<ReadonlyMap<string, number>>;

/** What a member's catalogue is made of. */
export interface MemberDeps {
  readonly pool: Sql;
  readonly countedOf: CountedOf;
  readonly catalogue: Catalogue;
  readonly rewardFactsOf: RewardFactsOf;
  /** How much of a version's reward is left for a member. */
  readonly leftOf: (
    version: RewardVersion,
    who: { readonly member: Uuid; readonly at: Instant; readonly timeZone: string },
  ) => Promise<Left>;
  readonly programmes: {
    find(code: string): NamedProgramme | undefined | Promise<NamedProgramme | undefined>;
    byId(id: number): NamedProgramme | undefined;
    programmeClock(id: number): Instant;
  };
  readonly hasMember: (member: Uuid) => boolean | Promise<boolean>;
  readonly refusalOf: (member: Uuid) => Promise<Refusal | undefined>;
  readonly takesPart: (member: Uuid, programme: number) => Promise<boolean>;
  /** Whether a member agrees that a merchant learns what is known of them. */
  readonly sharesWith: (member: Uuid, merchant: Uuid) => boolean | Promise<boolean>;
}
