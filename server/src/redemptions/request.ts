import type Type from 'typebox';
import { type Refusal, RefusalError } from '../kernel/refusal.ts';
import { reachedMerchant } from '../merchants/reached.ts';
import type { Merchants } from '../merchants/registry.ts';
import type { Sql } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { ownOf, type Principal } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId } from '../platform/web/schema.ts';
import { readAskedCash } from './cash/asked-cash.ts';
import { readCash } from './cash/show.ts';
import { readDeliveries } from './deliveries/delivery-store.ts';
import { readParticulars } from './particulars-schema.ts';
import type { Asked, Redeemed } from './redeem.ts';
import type { Redemption } from './redemption.ts';
import { tooLate } from './saga.ts';
import type { NewRedemption } from './schema.ts';
import { type CodesOf, showRedemption } from './show.ts';
import type { createVouchersOf } from './vouchers/voucher-store.ts';

type Told = Omit<Type.Static<typeof NewRedemption>, 'dryRun'>;

/** What a request asks for, under its key; a refusal where it names a merchant that is not there for the caller. */
export async function askedOf(
  merchants: Merchants,
  principal: Principal,
  told: Told,
  key: string,
): Promise<Asked | Refusal> {
  const merchant = mustReadId('merchant', told.merchantId);
  try {
    const { programme } = await reachedMerchant(merchants, principal, merchant);
    const member = ownOf(principal, mustReadId('member', told.memberId));
    const mayOverdraw = principal.scopes.has('points:overdraft');
    const particulars = readParticulars(told.particulars, mayOverdraw);
    // Whose number a bill has is the till's to say, once for all; and what it tells later may be final and leave a debt.
    if (principal.member !== null && particulars?.kind === 'bill')
      return problem('not_for_members', 'points are taken off a bill by its till');
    return {
      member,
      reward: mustReadId('reward', told.rewardId),
      ...{ option: told.option ?? 0, quantity: told.quantity ?? 1 },
      ...{ merchant, programme, store: told.store ?? null, price: told.price ?? null },
      cash: readAskedCash(told),
      particulars,
      requestKey: `${principal.tenant}:${key}`,
    };
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal;
    throw error;
  }
}

/** What became of it as an answer says it: what was refused or came too late is a refusal, recorded or not. */
export function toldOf(redeemed: Redeemed): Redeemed {
  if ('code' in redeemed) return redeemed;
  const { refusal, state } = redeemed.redemption;
  if (refusal !== null) return refusal;
  return state === 'timed_out' || state === 'timing_out' ? tooLate() : redeemed;
}

export interface Showing {
  readonly pool: Sql;
  readonly vouchersOf: ReturnType<typeof createVouchersOf>;
  readonly sealer: Sealer;
  readonly codesOf: CodesOf;
}

/**
 * Redemptions with their vouchers. `isBearer`: of those who act for the member, or hand it out just now, and so see the codes.
 * `isOne`: looked at for itself, with who receives it.
 */
export async function showAll(
  { pool, vouchersOf, sealer, codesOf }: Showing,
  list: readonly Redemption[],
  { isBearer, isOne = true }: { readonly isBearer: boolean; readonly isOne?: boolean },
) {
  const ids = list.map(({ id }) => id);
  const sent = list.flatMap(({ id, particulars }) => (particulars?.kind === 'delivery' ? id : []));
  const [vouchers, cash, deliveries] = await Promise.all([
    vouchersOf(ids),
    readCash(pool, list),
    sent.length === 0 ? null : readDeliveries(pool, sent),
  ]);
  return list.map((each, place) => {
    const own = vouchers[place] ?? [];
    const shown = isBearer ? own : own.map(({ code: _, ...voucher }) => voucher);
    return showRedemption(each, shown, codesOf, {
      sealer: isOne && isBearer ? sealer : null,
      deliveries: deliveries?.get(each.id) ?? [],
      cash: cash.get(each.id) ?? null,
    });
  });
}
