import type { Uuid } from '../kernel/id.ts';
import { RefusalError } from '../kernel/refusal.ts';
import { assertReaches, isWithin, type Principal } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import type { Merchant } from './merchant.ts';
import type { Merchants } from './registry.ts';

/** The merchant a caller names; throws the refusal when it is not there, or not for them. */
export async function reachedMerchant(
  merchants: Merchants,
  principal: Principal,
  id: Uuid,
): Promise<Merchant> {
  assertReaches(principal, id);
  const merchant = await merchants.find(id);
  if (merchant === undefined || !isWithin(principal, merchant.programme))
    throw new RefusalError(problem('merchant_not_found'));
  return merchant;
}
