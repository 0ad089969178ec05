import type { components, Hongmi } from '@hongmi/sdk';
import { applyPack } from '../packs/apply-pack.ts';
import { readPack } from '../packs/pack.ts';
import { createCalendar } from './calendar.ts';
import { type Deeds, deedsOf } from './deeds.ts';
import { type Redeeming, redeemingOf } from './redeeming.ts';
import { type Settling, settlingOf } from './settling.ts';
import { type Sights, sightsOf } from './sights.ts';

/** What a town is to have. */
export interface TownWishes {
  /** Industry packs; each makes a merchant. */
  readonly packs: readonly string[];
  /** The first day; 2027-01-01 if absent. */
  readonly begins?: string;
  /** What becomes of points that were spent before the goods came back; `debt` if absent. */
  readonly returnPolicy?: components['schemas']['NewProgramme']['returnPolicy'];
}

/** A sandbox programme with its merchants. Everybody is named by id: merchants `mer_…`, members `mem_…`. */
export interface Town extends Deeds, Sights, Redeeming, Settling {
  /** The programme's code. */
  readonly code: string;
  /** The merchant of a pack. */
  merchant(pack: string): string;
}

const DAY_MS = 86_400_000;

/** Makes a sandbox programme, applies the packs, and lets it become the morning of the first day. */
export async function buildTown(
  hongmi: Hongmi,
  code: string,
  { packs, begins = '2027-01-01', returnPolicy = 'debt' }: TownWishes,
): Promise<Town> {
  const start = new Date(`${begins}T10:00:00+08:00`);
  // Rules of a pack count after seconds, not after a week: when the day begins, all of them do.
  const now = new Date(start.getTime() - DAY_MS).toISOString();
  await hongmi.createProgramme({
    code,
    name: code,
    sandbox: true,
    now,
    ruleNoticeDays: 0,
    returnPolicy,
  });
  const merchants = new Map<string, string>();
  for (const name of packs) {
    const { merchant } = await readPack(name);
    const target = { merchantName: merchant.name, programme: code };
    const { merchantId } = await applyPack(hongmi, name, target, () => {});
    merchants.set(name, merchantId);
  }
  const calendar = createCalendar(start);
  const deeds = deedsOf(hongmi, code, calendar);
  await deeds.pass({});
  return {
    ...deeds,
    ...sightsOf(hongmi, code),
    ...redeemingOf(hongmi, code),
    ...settlingOf(hongmi, code, calendar),
    code,
    merchant(pack) {
      const id = merchants.get(pack);
      if (id === undefined) throw new Error(`the town has no ${pack}`);
      return id;
    },
  };
}
