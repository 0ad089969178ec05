import type { components } from '@hongmi/sdk';
import { type Sending, whose } from './send-day.ts';
import type { Coalition } from './set-up.ts';
import { demoKey, inParallel } from './write-once.ts';
import type { Redeemed } from './year/event.ts';

type Redemption = components['schemas']['Redemption'];

const BULK_MAX = 500;
const TILLS = 4;

/**
 * Redeems what members redeem on an evening, at the prices of the moment that the programme's clock shows, and lets tills
 * take what they use at once. Sent again, it is answered as the first time.
 */
export async function sendRedeemed(
  sending: Sending & Pick<Coalition, 'rewards'>,
  redeemed: readonly Redeemed[],
): Promise<void> {
  for (let from = 0; from < redeemed.length; from += BULK_MAX)
    await sendPart(sending, redeemed.slice(from, from + BULK_MAX));
}

async function sendPart(
  sending: Sending & Pick<Coalition, 'rewards'>,
  part: readonly Redeemed[],
): Promise<void> {
  const { hongmi, rewards, tally } = sending;
  const redemptions = part.map((each) => {
    const { at, reward, option, key } = each;
    const found = rewards.get(`${at} ${reward}`);
    if (found === undefined) throw new Error(`${at} has no ${reward}`);
    return { ...whose(sending, each), ...found, option, idempotencyKey: `demo-${key}` };
  });
  const { results } = await hongmi.createRedemptions(
    { redemptions },
    demoKey('redeemed', ...part.map(({ key }) => key)),
  );
  for (const { status, problem } of results) tally.note('redemptions', status, problem);
  const uses = part.flatMap(({ key, billFen }, place) => {
    const redemption = results[place]?.redemption;
    if (billFen === null || redemption === undefined) return [];
    return [() => useAtTill(sending, redemption, { useNo: `demo-${key}`, billFen })];
  });
  await inParallel(TILLS, uses);
}

async function useAtTill(
  { hongmi, tally }: Sending,
  { merchantId, store, vouchers: [voucher] }: Redemption,
  bill: { readonly useNo: string; readonly billFen: number },
): Promise<void> {
  if (voucher?.code === undefined) return;
  const where = store === null ? { merchantId } : { merchantId, store };
  await hongmi.useVoucher({ code: voucher.code, ...where, ...bill }, demoKey('use', bill.useNo));
  tally.note('voucher uses', 'applied');
}
