import { isDeepStrictEqual } from 'node:util';
import { answered, type components, type HongmiClient, ProblemError } from '@hongmi/sdk/by-path';
import { Failure } from '../failure.ts';
import { readPages } from '../pages.ts';
import { type Pack, readPack } from './pack.ts';
import { publishPromotions, publishRewards, publishRule } from './publish-parts.ts';
import { ALL, type Applying, keptIf, keyOf, type Step } from './step.ts';

type Schemas = components['schemas'];

/** Who gets a pack: a merchant that there is, or one of this name, made if it is missing. */
export type Target =
  | { readonly merchantId: string; readonly programme: string | undefined }
  | { readonly merchantName: string; readonly programme: string };

export interface Applied {
  readonly pack: string;
  readonly version: number;
  readonly programme: string;
  readonly merchantId: string;
  readonly steps: readonly Step[];
}

/**
 * Gives a merchant what a pack says. Only what is missing is made, so it can be repeated, also after it was
 * interrupted; what is there otherwise is left alone and told.
 */
export async function applyPack(
  hongmi: HongmiClient,
  name: string,
  target: Target,
  onDone: (done: number) => void,
): Promise<Applied> {
  const blank = await readPack(name);
  const { merchant, step } = await merchantOf(hongmi, blank, target);
  const pack = await readPack(name, merchant.id);
  const applying: Applying = { hongmi, pack, merchant };
  const parts = [
    () => stores(applying),
    () => pointTypes(applying),
    () => tiers(applying),
    () => segments(applying),
    ...pack.rules.map((rule) => async () => [await publishRule(applying, rule)]),
    () => publishRewards(applying),
    () => publishPromotions(applying),
  ];
  const steps = [step];
  for (const [index, part] of parts.entries()) {
    onDone(index / parts.length);
    steps.push(...(await part()));
  }
  const { programme, id: merchantId } = merchant;
  return { pack: pack.name, version: pack.version, programme, merchantId, steps };
}

async function merchantOf(
  hongmi: HongmiClient,
  pack: Pack,
  target: Target,
): Promise<{ merchant: Schemas['Merchant']; step: Step }> {
  const found = await findMerchant(hongmi, target);
  if (found !== undefined) {
    const outcome = keptIf(isDeepStrictEqual(found.earnRatio, pack.merchant.earnRatio));
    return { merchant: found, step: { part: 'merchant', code: found.name, outcome } };
  }
  if ('merchantId' in target) throw new Error('a merchant that is named by its id is there');
  const { merchantName, programme } = target;
  const merchant = await answered(
    hongmi.POST('/v1/merchants', {
      params: { header: keyOf(pack, programme, 'merchant', merchantName) },
      body: { ...pack.merchant, name: merchantName, programme },
    }),
  );
  return { merchant, step: { part: 'merchant', code: merchant.name, outcome: 'made' } };
}

async function findMerchant(
  hongmi: HongmiClient,
  target: Target,
): Promise<Schemas['Merchant'] | undefined> {
  const { programme } = target;
  if ('merchantName' in target) {
    const query = { name: target.merchantName, programme: target.programme };
    const { items } = await answered(hongmi.GET('/v1/merchants', { params: { query } }));
    return items.find(({ name }) => name === target.merchantName);
  }
  const path = { id: target.merchantId };
  const merchant = await answered(hongmi.GET('/v1/merchants/{id}', { params: { path } }));
  if (programme !== undefined && programme !== merchant.programme)
    throw new Failure('pack_programme', { merchant: merchant.id, programme: merchant.programme });
  return merchant;
}

async function stores({ hongmi, pack, merchant }: Applying): Promise<Step[]> {
  const path = { id: merchant.id };
  const { items } = await readPages(ALL, (query) =>
    hongmi.GET('/v1/merchants/{id}/stores', { params: { path, query } }),
  );
  const steps: Step[] = [];
  for (const body of pack.stores) {
    const { code } = body;
    const found = items.find((each) => each.code === code);
    if (found === undefined) {
      const header = keyOf(pack, merchant.id, 'store', code);
      const params = { path, header };
      await answered(hongmi.POST('/v1/merchants/{id}/stores', { params, body }));
    }
    const outcome = found === undefined ? 'made' : keptIf(found.name === body.name);
    steps.push({ part: 'store', code, outcome });
  }
  return steps;
}

async function pointTypes({ hongmi, pack, merchant }: Applying): Promise<Step[]> {
  const { pointTypes: wanted = [] } = pack;
  if (wanted.length === 0) return [];
  const { items } = await answered(hongmi.GET('/v1/programmes'));
  const known = items.find(({ code }) => code === merchant.programme)?.pointTypes ?? [];
  const steps: Step[] = [];
  for (const body of wanted) {
    const { code } = body;
    const found = known.find((each) => each.code === code);
    if (found === undefined) {
      const header = keyOf(pack, merchant.programme, 'point type', code);
      const params = { path: { programme: merchant.programme }, header };
      await answered(hongmi.POST('/v1/programmes/{programme}/point-types', { params, body }));
    }
    const isSame = isDeepStrictEqual({ ...found, ...body }, found);
    const outcome = found === undefined ? 'made' : keptIf(isSame);
    steps.push({ part: 'point_type', code, outcome });
  }
  return steps;
}

/** The merchant's own, beside those of the programme. */
async function tiers({ hongmi, pack, merchant }: Applying): Promise<Step[]> {
  const body = pack.tiers;
  if (body === undefined) return [];
  const { id, name: code } = merchant;
  const path = { id };
  const { versions } = await answered(hongmi.GET('/v1/merchants/{id}/tiers', { params: { path } }));
  const last = versions.at(-1);
  if (last !== undefined) {
    const isSame = isDeepStrictEqual({ ...last, ...body }, last);
    return [{ part: 'tiers', code, outcome: keptIf(isSame) }];
  }
  const params = { path, header: keyOf(pack, id, 'tiers') };
  const { from } = await answered(hongmi.PUT('/v1/merchants/{id}/tiers', { params, body }));
  return [{ part: 'tiers', code, outcome: 'made', from }];
}

/** Of the programme. A merchant's key may not look at them; the rules that ask for them can be there before. */
async function segments({ hongmi, pack, merchant }: Applying): Promise<Step[]> {
  const { segments: wanted = [] } = pack;
  if (wanted.length === 0) return [];
  const { programme } = merchant;
  try {
    const { items } = await readPages(ALL, (page) =>
      hongmi.GET('/v1/segments', { params: { query: { ...page, programme } } }),
    );
    const steps: Step[] = [];
    for (const body of wanted) {
      const { code } = body;
      const found = items.find((each) => each.code === code);
      if (found === undefined) {
        const params = { header: keyOf(pack, programme, 'segment', code) };
        await answered(hongmi.POST('/v1/segments', { params, body: { programme, ...body } }));
      }
      const isSame = isDeepStrictEqual({ ...found, ...body }, found);
      const outcome = found === undefined ? 'made' : keptIf(isSame);
      steps.push({ part: 'segment', code, outcome });
    }
    return steps;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 403) throw error;
    return wanted.map(({ code }) => ({ part: 'segment', code, outcome: 'operators' }));
  }
}
