import { isDeepStrictEqual } from 'node:util';
import type { CallOptions, components } from '@hongmi/sdk';
import type { PackRule } from './pack.ts';
import { type Applying, keptIf, keyOf, type Step } from './step.ts';

type Schemas = components['schemas'];

interface Version {
  readonly number: number;
  readonly body: unknown;
  readonly from: string | null;
}

/** A rule, reward or promotion as it is there: all are drafted, published and retired alike. */
interface Item {
  readonly id: string;
  readonly merchantId: string | null;
  readonly draft: Version | null;
  readonly current: Version | null;
  readonly announced: readonly Version[];
}

/** One of them as the pack has it, and how it is made and published. */
interface Wanted {
  readonly part: 'rule' | 'reward' | 'promotion';
  readonly code: string;
  readonly body: unknown;
  /** Of all that have the code. */
  readonly known: Item | undefined;
  make(once: CallOptions): Promise<Item>;
  publish(id: string, once: CallOptions): Promise<Item>;
}

export async function publishRule(applying: Applying, { code, of, body }: PackRule): Promise<Step> {
  const { hongmi, merchant } = applying;
  const { programme } = merchant;
  const owner = of === 'operator' ? null : merchant.id;
  const items = await hongmi.pages('listRules', { programme, code }).all();
  const whose = owner === null ? { programme } : { merchantId: owner };
  return publishPart(applying, {
    ...{ part: 'rule', code, body },
    known: items.find(({ merchantId }) => merchantId === owner),
    make: (once) => hongmi.createRule({ code, ...whose, body }, once),
    publish: (id, once) => hongmi.publishRule({ id }, once),
  });
}

export async function publishRewards(applying: Applying): Promise<Step[]> {
  const { hongmi, pack, merchant } = applying;
  const merchantId = merchant.id;
  const known = await rewardsOf(applying);
  const steps: Step[] = [];
  for (const { code, body } of pack.rewards)
    steps.push(
      await publishPart(applying, {
        ...{ part: 'reward', code, body },
        known: known.find((each) => each.code === code),
        make: (once) => hongmi.createReward({ code, merchantId, body }, once),
        publish: (id, once) => hongmi.publishReward({ id }, once),
      }),
    );
  return steps;
}

/** The rewards that they name are there by now. */
export async function publishPromotions(applying: Applying): Promise<Step[]> {
  const { hongmi, pack, merchant } = applying;
  const { promotions = [] } = pack;
  if (promotions.length === 0) return [];
  const merchantId = merchant.id;
  const ids = new Map((await rewardsOf(applying)).map(({ code, id }) => [code, id]));
  const known = await hongmi.pages('listPromotions', { merchantId }).all();
  const steps: Step[] = [];
  for (const { code, rewards: named, body: terms } of promotions) {
    const rewards = named?.map((each) => ids.get(each) ?? '');
    const body = rewards === undefined ? terms : { ...terms, rewards };
    steps.push(
      await publishPart(applying, {
        ...{ part: 'promotion', code, body },
        known: known.find((each) => each.code === code),
        make: (once) => hongmi.createPromotion({ code, merchantId, body }, once),
        publish: (id, once) => hongmi.publishPromotion({ id }, once),
      }),
    );
  }
  return steps;
}

async function rewardsOf({ hongmi, merchant }: Applying): Promise<readonly Schemas['Reward'][]> {
  const merchantId = merchant.id;
  const items = await hongmi.pages('listRewards', { merchantId }).all();
  return items;
}

async function publishPart({ pack, merchant }: Applying, wanted: Wanted): Promise<Step> {
  const { part, code, body, known } = wanted;
  // Interrupted between making and publishing: the draft is the pack's own, and nothing was published ever.
  const isUnfinished = known?.draft?.number === 1 && isDeepStrictEqual(known.draft.body, body);
  if (known !== undefined && !isUnfinished) {
    const version = known.announced.at(-1) ?? known.current ?? known.draft;
    return { part, code, outcome: keptIf(isDeepStrictEqual(version?.body, body)) };
  }
  const { id } = known ?? (await wanted.make(keyOf(pack, merchant.id, part, code)));
  const published = await wanted.publish(id, keyOf(pack, id, 'publish', code));
  const from = (published.announced.at(-1) ?? published.current)?.from;
  return { part, code, outcome: 'made', ...(from ? { from } : {}) };
}
