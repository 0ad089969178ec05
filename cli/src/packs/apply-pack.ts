import { isDeepStrictEqual } from 'node:util';
import { type components, type Hongmi, ProblemError } from '@hongmi/sdk';
import { Failure } from '../failure.ts';
import { type Pack, readPack } from './pack.ts';
import { publishPromotions, publishRewards, publishRule } from './publish-parts.ts';
import { type Applying, keptIf, keyOf, type Step } from './step.ts';

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
  hongmi: Hongmi,
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
  hongmi: Hongmi,
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
  const merchant = await hongmi.createMerchant(
    { ...pack.merchant, name: merchantName, programme },
    keyOf(pack, programme, 'merchant', merchantName),
  );
  return { merchant, step: { part: 'merchant', code: merchant.name, outcome: 'made' } };
}

async function findMerchant(
  hongmi: Hongmi,
  target: Target,
): Promise<Schemas['Merchant'] | undefined> {
  const { programme } = target;
  if ('merchantName' in target) {
    const { items } = await hongmi.listMerchants({
      name: target.merchantName,
      programme: target.programme,
    });
    return items.find(({ name }) => name === target.merchantName);
  }
  const merchant = await hongmi.getMerchant({ id: target.merchantId });
  if (programme !== undefined && programme !== merchant.programme)
    throw new Failure('pack_programme', { merchant: merchant.id, programme: merchant.programme });
  return merchant;
}

async function stores({ hongmi, pack, merchant }: Applying): Promise<Step[]> {
  const items = await hongmi.pages('listStores', { id: merchant.id }).all();
  const steps: Step[] = [];
  for (const body of pack.stores) {
    const { code } = body;
    const found = items.find((each) => each.code === code);
    if (found === undefined) {
      await hongmi.createStore(
        { id: merchant.id, ...body },
        keyOf(pack, merchant.id, 'store', code),
      );
    }
    const outcome = found === undefined ? 'made' : keptIf(found.name === body.name);
    steps.push({ part: 'store', code, outcome });
  }
  return steps;
}

async function pointTypes({ hongmi, pack, merchant }: Applying): Promise<Step[]> {
  const { pointTypes: wanted = [] } = pack;
  if (wanted.length === 0) return [];
  const { items } = await hongmi.listProgrammes();
  const known = items.find(({ code }) => code === merchant.programme)?.pointTypes ?? [];
  const steps: Step[] = [];
  for (const body of wanted) {
    const { code } = body;
    const found = known.find((each) => each.code === code);
    if (found === undefined) {
      await hongmi.addPointType(
        { programme: merchant.programme, ...body },
        keyOf(pack, merchant.programme, 'point type', code),
      );
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
  const { versions } = await hongmi.getMerchantTiers({ id });
  const last = versions.at(-1);
  if (last !== undefined) {
    const isSame = isDeepStrictEqual({ ...last, ...body }, last);
    return [{ part: 'tiers', code, outcome: keptIf(isSame) }];
  }
  const { from } = await hongmi.setMerchantTiers({ id, ...body }, keyOf(pack, id, 'tiers'));
  return [{ part: 'tiers', code, outcome: 'made', from }];
}

/** Of the programme. A merchant's key may not look at them; the rules that ask for them can be there before. */
async function segments({ hongmi, pack, merchant }: Applying): Promise<Step[]> {
  const { segments: wanted = [] } = pack;
  if (wanted.length === 0) return [];
  const { programme } = merchant;
  try {
    const items = await hongmi.pages('listSegments', { programme }).all();
    const steps: Step[] = [];
    for (const body of wanted) {
      const { code } = body;
      const found = items.find((each) => each.code === code);
      if (found === undefined) {
        await hongmi.createSegment({ programme, ...body }, keyOf(pack, programme, 'segment', code));
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
