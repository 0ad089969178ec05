import type { ProblemCode } from '../web/problem.ts';

/** What is published in versions. Its tables are named after it, and its ids: `rule`, `rule_version`; rule, ruleVersion. */
export type Family = 'rule' | 'reward' | 'promotion';

/** What a family's refusals are called. */
interface Codes {
  readonly notFound: ProblemCode;
  readonly versionNotFound: ProblemCode;
  readonly exists: ProblemCode;
  readonly hasNoDraft: ProblemCode;
  readonly notInForce: ProblemCode;
  readonly limitReached: ProblemCode;
  readonly invalid: ProblemCode;
  readonly timePast: ProblemCode;
}

export const CODES: Readonly<Record<Family, Codes>> = {
  rule: {
    notFound: 'rule_not_found',
    versionNotFound: 'rule_version_not_found',
    exists: 'rule_exists',
    hasNoDraft: 'rule_has_no_draft',
    notInForce: 'rule_not_in_force',
    limitReached: 'rule_limit_reached',
    invalid: 'rule_invalid',
    timePast: 'rule_time_past',
  },
  reward: {
    notFound: 'reward_not_found',
    versionNotFound: 'reward_version_not_found',
    exists: 'reward_exists',
    hasNoDraft: 'reward_has_no_draft',
    notInForce: 'reward_not_in_force',
    limitReached: 'reward_limit_reached',
    invalid: 'reward_invalid',
    timePast: 'reward_time_past',
  },
  promotion: {
    notFound: 'promotion_not_found',
    versionNotFound: 'promotion_version_not_found',
    exists: 'promotion_exists',
    hasNoDraft: 'promotion_has_no_draft',
    notInForce: 'promotion_not_in_force',
    limitReached: 'promotion_limit_reached',
    invalid: 'promotion_invalid',
    timePast: 'promotion_time_past',
  },
};
