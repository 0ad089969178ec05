import { setTimeout } from 'node:timers/promises';
import { callApi, inParallel } from '../api.ts';
import type { LedgerServer } from '../processes/server.ts';

const AT_ONCE = 6;
const SOON_MS = 60_000;

/** What is made through the API, and who hands it out. */
export interface NewReward {
  readonly code: string;
  readonly merchantId: string;
  readonly body: object;
}

export interface MadeReward {
  readonly id: string;
  readonly merchantId: string;
}

interface Published {
  readonly announced: readonly { readonly from: string }[];
  readonly current: { readonly from: string } | null;
}

/** Publishes rewards, and promotions if there are any; answers the rewards when all of it counts. */
export async function fillRewards(
  ledger: LedgerServer,
  rewards: readonly NewReward[],
  promotions: readonly NewReward[] = [],
): Promise<readonly MadeReward[]> {
  const publishAll = (family: string, list: readonly NewReward[]) =>
    inParallel(AT_ONCE, list, async (each) => {
      const path = `/v1/${family}`;
      const key = `${family}-${each.merchantId}-${each.code}`;
      const { id } = await callApi<{ id: string }>(ledger, path, each, key);
      const published = await callApi<Published>(
        ledger,
        `${path}/${id}/publish`,
        {},
        `publish-${key}`,
      );
      const from = published.announced.at(-1)?.from ?? published.current?.from;
      if (from === undefined) throw new Error('what is published has a version');
      return { id, merchantId: each.merchantId, from: Date.parse(from) };
    });
  const made = await publishAll('rewards', rewards);
  const all = [...made, ...(await publishAll('promotions', promotions))];
  const last = Math.max(...all.map(({ from }) => from));
  if (last > Date.now() + SOON_MS) throw new Error('what the bench publishes needs notice');
  await setTimeout(Math.max(0, last - Date.now()));
  return made;
}

/** Terms of a code that costs so many points. */
export function codeFor(merchantId: string, points: number, more: object = {}): object {
  return {
    kind: 'goods',
    name: { zh: '礼品', en: 'A gift' },
    cashValueFen: points * 10,
    prices: [{ points: [{ pointType: 'points', points }], cashFen: 0 }],
    stores: [{ merchant: merchantId }],
    fulfilment: { kind: 'code' },
    cancellation: { until: 'before_use' },
    afterSales: { returnDays: 7, qualityDays: 15, exchange: true },
    ...more,
  };
}

/** Says how much there is of a reward in all. */
export async function stockTo(
  ledger: LedgerServer,
  { id }: MadeReward,
  total: number,
  key: string,
): Promise<void> {
  await callApi(ledger, `/v1/rewards/${id}/stock`, { total }, key, 'PUT');
}
