import { answered, type HongmiClient } from '@hongmi/sdk/by-path';
import { readPack } from '../packs/pack.ts';
import { readPages } from '../pages.ts';
import { FUND, fundOf, hamperOf, promotionsOf, treeOf } from './reward-terms.ts';
import { demoKey } from './write-once.ts';
import type { Plan } from './year/plan.ts';
import { HAMPER, TREE } from './year/reward.ts';

const ALL = 10_000;

/** A reward as it is asked for, with the store that hands it out where not all of them do. */
export interface Offered {
  readonly rewardId: string;
  readonly store?: string;
}

/**
 * Beside the rewards of the packs: the hamper of this very year, a donation to a fund, and promotions of the packs whose feasts lie in another one.
 * Answers everything that can be redeemed, by the pack of its merchant and its code.
 */
export async function addRewards(
  hongmi: HongmiClient,
  programme: string,
  plan: Plan,
  merchants: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Offered>> {
  const merchantId = merchants.get('supermarket') ?? '';
  const setFund = { path: { code: FUND }, header: demoKey('fund') };
  const fund = { programme, ...fundOf(plan) };
  await answered(hongmi.PUT('/v1/funds/{code}', { params: setFund, body: fund }));
  const own = [
    { code: HAMPER.reward, body: hamperOf(plan, merchantId) },
    { code: TREE.reward, body: treeOf(merchantId) },
  ];
  for (const { code, body } of own) {
    const header = demoKey('reward', code);
    const asked = { code, merchantId, body };
    const { id } = await answered(hongmi.POST('/v1/rewards', { params: { header }, body: asked }));
    const params = { path: { id }, header: demoKey('publish reward', code) };
    await answered(hongmi.POST('/v1/rewards/{id}/publish', { params, body: {} }));
  }
  const rewards = await rewardsOf(hongmi, programme, merchants);
  for (const [pack, id] of merchants) await addPromotions(hongmi, plan, { pack, id }, rewards);
  return rewards;
}

async function addPromotions(
  hongmi: HongmiClient,
  plan: Plan,
  { pack, id: merchantId }: { readonly pack: string; readonly id: string },
  known: ReadonlyMap<string, Offered>,
): Promise<void> {
  const { promotions = [] } = await readPack(pack);
  for (const { code, rewards, body: terms } of promotionsOf(plan, promotions)) {
    const ids = rewards?.map((each) => known.get(`${pack} ${each}`)?.rewardId ?? '');
    const body = ids === undefined ? terms : { ...terms, rewards: ids };
    const { id } = await answered(
      hongmi.POST('/v1/promotions', {
        params: { header: demoKey('promotion', pack, code) },
        body: { code, merchantId, body },
      }),
    );
    const params = { path: { id }, header: demoKey('publish promotion', pack, code) };
    await answered(hongmi.POST('/v1/promotions/{id}/publish', { params, body: {} }));
  }
}

async function rewardsOf(
  hongmi: HongmiClient,
  programme: string,
  merchants: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Offered>> {
  const packs = new Map([...merchants].map(([pack, id]) => [id, pack]));
  const { items } = await readPages(ALL, (page) =>
    hongmi.GET('/v1/rewards', { params: { query: { ...page, programme } } }),
  );
  return new Map(
    items.map(({ id, code, merchantId, announced, current }) => {
      const { stores = [] } = (announced.at(-1) ?? current)?.body ?? {};
      const [store] = stores.find(({ merchant }) => merchant === merchantId)?.stores ?? [];
      const offered = store === undefined ? { rewardId: id } : { rewardId: id, store };
      return [`${packs.get(merchantId ?? '')} ${code}`, offered];
    }),
  );
}
