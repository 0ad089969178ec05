import { isDeepStrictEqual } from 'node:util';
import { answered, type components } from '@hongmi/sdk/by-path';
import { readPages } from '../pages.ts';
import type { PackRule } from './pack.ts';
import { ALL, type Applying, keptIf, keyOf, type Step } from './step.ts';

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
  make(header: ReturnType<typeof keyOf>): Promise<Item>;
  publish(id: string, header: ReturnType<typeof keyOf>): Promise<Item>;
}

export async function publishRule(applying: Applying, { code, of, body }: PackRule): Promise<Step> {
  const { hongmi, merchant } = applying;
  const { programme } = merchant;
  const owner = of === 'operator' ? null : merchant.id;
  const { items } = await readPages(ALL, (page) =>
    hongmi.GET('/v1/rules', { params: { query: { ...page, programme, code } } }),
  );
  const whose = owner === null ? { programme } : { merchantId: owner };
  return publishPart(applying, {
    ...{ part: 'rule', code, body },
    known: items.find(({ merchantId }) => merchantId === owner),
    make: (header) =>
      answered(hongmi.POST('/v1/rules', { params: { header }, body: { code, ...whose, body } })),
    publish: (id, header) =>
      answered(
        hongmi.POST('/v1/rules/{id}/publish', { params: { path: { id }, header }, body: {} }),
      ),
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
        make: (header) =>
          answered(
            hongmi.POST('/v1/rewards', { params: { header }, body: { code, merchantId, body } }),
          ),
        publish: (id, header) =>
          answered(
            hongmi.POST('/v1/rewards/{id}/publish', { params: { path: { id }, header }, body: {} }),
          ),
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
  const { items: known } = await readPages(ALL, (page) =>
    hongmi.GET('/v1/promotions', { params: { query: { ...page, merchantId } } }),
  );
  const steps: Step[] = [];
  for (const { code, rewards: named, body: terms } of promotions) {
    const rewards = named?.map((each) => ids.get(each) ?? '');
    const body = rewards === undefined ? terms : { ...terms, rewards };
    steps.push(
      await publishPart(applying, {
        ...{ part: 'promotion', code, body },
        known: known.find((each) => each.code === code),
        make: (header) =>
          answered(
            hongmi.POST('/v1/promotions', { params: { header }, body: { code, merchantId, body } }),
          ),
        publish: (id, header) =>
          answered(
            hongmi.POST('/v1/promotions/{id}/publish', {
              params: { path: { id }, header },
              body: {},
            }),
          ),
      }),
    );
  }
  return steps;
}

async function rewardsOf({ hongmi, merchant }: Applying): Promise<readonly Schemas['Reward'][]> {
  const merchantId = merchant.id;
  const { items } = await readPages(ALL, (page) =>
    hongmi.GET('/v1/rewards', { params: { query: { ...page, merchantId } } }),
  );
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
