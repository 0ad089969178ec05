import type { components, Hongmi } from '@hongmi/sdk';
import { demoKey } from './write-once.ts';
import { diceOf } from './year/dice.ts';

type Offer = components['schemas']['RewardOffer'];

/** How many of those who just bought redeem something, and how many of them use it at once. */
const REDEEMS = 0.12;
const USES = 0.5;
const BILL_FEN = 60_000;
const PAGE_MAX = 200;
/** As the demo's payment provider knows everybody. */
const PAYER = 'demo-payer';

interface Visit {
  readonly memberId: string;
  readonly merchantId: string;
  readonly programme: string;
  /** Of the visit: the same visit redeems the same. */
  readonly key: string;
}

/** Now and then somebody who just bought looks at what the merchant has for points, and takes some of it. */
export async function redeemNow(hongmi: Hongmi, visit: Visit): Promise<void> {
  const { memberId, merchantId, programme, key } = visit;
  const dice = diceOf(`redeems ${key}`);
  if (!dice.chance(REDEEMS)) return;
  const { items } = await hongmi.listMemberRewards({
    id: memberId,
    programme,
    merchantId,
    redeemable: true,
    limit: PAGE_MAX,
  });
  const open = items.flatMap(waysOf);
  if (open.length === 0) return;
  const redeemed = await hongmi.redeem(
    { memberId, merchantId, ...dice.pick(open) },
    demoKey('live redeems', key),
  );
  const [voucher] = redeemed.vouchers;
  if (voucher?.code === undefined || !dice.chance(USES)) return;
  const store = redeemed.store === null ? {} : { store: redeemed.store };
  const bill = {
    code: voucher.code,
    merchantId,
    useNo: `live-${key}`,
    billFen: BILL_FEN,
    ...store,
  };
  await hongmi.useVoucher(bill, demoKey('live uses', key));
}

/** How it is asked for, if it can be had at once; a price of no points is a privilege, and no news. Cash is paid by itself. */
function waysOf({ rewardId, body: { fulfilment, stores }, options }: Offer) {
  if (fulfilment.kind !== 'code' && fulfilment.kind !== 'voucher') return [];
  const [store] = stores[0]?.stores ?? [];
  const at = store === undefined ? {} : { store };
  return options
    .filter(({ points, missing }) => points.length > 0 && missing.length === 0)
    .map(({ option, cashFen }) => {
      const paid = cashFen === 0 ? {} : { payerOpenid: PAYER };
      return { rewardId, option, ...at, ...paid };
    });
}
