import { readdir, readFile } from 'node:fs/promises';
import type { components } from '@hongmi/sdk';
import { usage } from '../failure.ts';
import type { Language } from '../messages.ts';

type Schemas = components['schemas'];
type Both = Readonly<Record<Language, string>>;

/** A rule of a pack; `of` tells whose it is, the pack's merchant's if absent. */
export interface PackRule {
  readonly code: string;
  readonly of?: 'merchant' | 'operator';
  /** What it does, in English. */
  readonly en: string;
  readonly body: Schemas['RuleBody'];
}

/** A reward of the pack's merchant. */
export interface PackReward {
  readonly code: string;
  readonly body: Schemas['RewardTerms'];
}

/** A promotion of the pack's merchant: of all its rewards, or of those of these codes. */
export interface PackPromotion {
  readonly code: string;
  readonly rewards?: readonly string[];
  readonly body: Omit<Schemas['PromotionTerms'], 'rewards'>;
}

/** An industry pack (packs/README.md), as far as it is applied and shown; tests hold every file against its schema. */
export interface Pack {
  readonly name: string;
  readonly version: number;
  readonly title: Both;
  readonly about: Both;
  readonly merchant: Omit<Schemas['NewMerchant'], 'programme'>;
  readonly stores: readonly Schemas['NewStore'][];
  readonly pointTypes?: readonly Schemas['NewPointType'][];
  readonly tiers?: Schemas['NewTierScheme'];
  readonly segments?: readonly Omit<Schemas['NewSegment'], 'programme'>[];
  readonly rules: readonly PackRule[];
  readonly rewards: readonly PackReward[];
  readonly promotions?: readonly PackPromotion[];
  readonly examples: readonly { readonly says: Both }[];
}

const FOLDER = new URL('../../../packs/', import.meta.url);
const SCHEMA = 'pack.schema.json';
/** Stands in a pack for the id of the merchant that it is applied to. */
const MERCHANT = '"$merchant"';

/** The names of all packs. */
export async function packNames(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files
    .filter((file) => file.endsWith('.json') && file !== SCHEMA)
    .map((file) => file.slice(0, -'.json'.length))
    .toSorted();
}

/** The pack of that name: for a merchant, or as it is written. */
export async function readPack(name: string, merchantId?: string): Promise<Pack> {
  const known = await packNames();
  if (!known.includes(name)) throw usage('pack_unknown', { value: name, known: known.join(' ') });
  const text = await readFile(new URL(`${name}.json`, FOLDER), 'utf8');
  const own =
    merchantId === undefined ? text : text.replaceAll(MERCHANT, JSON.stringify(merchantId));
  return JSON.parse(own) as Pack;
}
