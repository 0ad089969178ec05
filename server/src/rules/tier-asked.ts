import type { MemberFacts } from './rating.ts';
import type { RuleBody } from './rule.ts';

/**
 * The tier that a rule asks about: a merchant's own rule means the merchant's tiers where it has any, every other rule
 * the programme's.
 */
export function tierFor(
  { tier, merchantTier }: Pick<MemberFacts, 'tier' | 'merchantTier'>,
  isMerchants: boolean,
): string | null {
  return isMerchants && merchantTier !== undefined ? merchantTier : tier;
}

/** Whether a rule asks which tier a member is in. An expression that may is taken to do. */
export function asksForTier({ when }: RuleBody): boolean {
  return when.member?.tiers !== undefined || when.expression?.includes('tier') === true;
}
