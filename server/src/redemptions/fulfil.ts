import type { Sealer } from '../platform/seal.ts';
import type { Fulfil } from './moves.ts';
import { vouchersOf } from './voucher.ts';
import { insertVouchers } from './voucher-store.ts';

/** Hands out what was redeemed, in the transaction that says so: it is handed out once. */
export function createFulfil(deps: {
  readonly sealer: Sealer;
  readonly timeZoneOf: (programme: number) => string;
}): Fulfil {
  return async (tx, list) => {
    const vouchers = list.flatMap((each) => vouchersOf(each, deps.timeZoneOf(each.programme)));
    if (vouchers.length > 0) await insertVouchers(tx, vouchers, deps.sealer);
  };
}
