import type { Hongmi } from '@hongmi/sdk';
import { readPack } from '../packs/pack.ts';
import { FUND, fundOf, hamperOf, promotionsOf, teaOf, treeOf } from './reward-terms.ts';
import { demoKey } from './write-once.ts';
import type { Plan } from './year/plan.ts';
import { HAMPER, TREE } from './year/reward.ts';

/** A reward as it is asked for, with the store that hands it out where not all of them do. */
export interface Offered {
  readonly rewardId: string;
  readonly store?: string;
}

/**
 * Beside the rewards of the packs: the hamper of this very year, a donation to a fund, what is sent by post, and promotions of the packs whose feasts lie in another one.
 * Answers everything that can be redeemed, by the pack of its merchant and its code.
 */
export async function addRewards(
  hongmi: Hongmi,
  programme: string,
  plan: Plan,
  merchants: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Offered>> {
  const merchantId = merchants.get('supermarket') ?? '';
  await hongmi.setFund({ code: FUND, programme, ...fundOf(plan) }, demoKey('fund'));
  const own = [
    { code: HAMPER.reward, body: hamperOf(plan, merchantId) },
    { code: TREE.reward, body: treeOf(merchantId) },
    { code: 'longjing-tea', body: teaOf(merchantId) },
  ];
  for (const { code, body } of own) {
    const { id } = await hongmi.createReward({ code, merchantId, body }, demoKey('reward', code));
    await hongmi.publishReward({ id }, demoKey('publish reward', code));
  }
  const rewards = await rewardsOf(hongmi, programme, merchants);
  for (const [pack, id] of merchants) await addPromotions(hongmi, plan, { pack, id }, rewards);
  return rewards;
}

async function addPromotions(
  hongmi: Hongmi,
  plan: Plan,
  { pack, id: merchantId }: { readonly pack: string; readonly id: string },
  known: ReadonlyMap<string, Offered>,
): Promise<void> {
  const { promotions = [] } = await readPack(pack);
  for (const { code, rewards, body: terms } of promotionsOf(plan, promotions)) {
    const ids = rewards?.map((each) => known.get(`${pack} ${each}`)?.rewardId ?? '');
    const body = ids === undefined ? terms : { ...terms, rewards: ids };
    const { id } = await hongmi.createPromotion(
      { code, merchantId, body },
      demoKey('promotion', pack, code),
    );
    await hongmi.publishPromotion({ id }, demoKey('publish promotion', pack, code));
  }
}

async function rewardsOf(
  hongmi: Hongmi,
  programme: string,
  merchants: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Offered>> {
  const packs = new Map([...merchants].map(([pack, id]) => [id, pack]));
  const items = await hongmi.pages('listRewards', { programme }).all();
  return new Map(
    items.map(({ id, code, merchantId, announced, current }) => {
      const { stores = [] } = (announced.at(-1) ?? current)?.body ?? {};
      const [store] = stores.find(({ merchant }) => merchant === merchantId)?.stores ?? [];
      const offered = store === undefined ? { rewardId: id } : { rewardId: id, store };
      return [`${packs.get(merchantId ?? '')} ${code}`, offered];
    }),
  );
}
