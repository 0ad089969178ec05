import type { Uuid } from '../kernel/id.ts';
import type { RuleVersion, Trigger } from './rule.ts';

/** Whether a rule can give points for such a thing at a merchant. */
export const isAbout =
  (on: Trigger, merchant: Uuid) =>
  ({ merchant: owner, body }: RuleVersion): boolean =>
    body.on === on &&
    (owner === null ? body.when.merchants?.includes(merchant) !== false : owner === merchant);
