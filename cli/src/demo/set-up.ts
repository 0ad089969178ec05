import type { Hongmi } from '@hongmi/sdk';
import { applyPack } from '../packs/apply-pack.ts';
import { type Pack, readPack } from '../packs/pack.ts';
import { addRewards, type Offered } from './set-up-rewards.ts';
import { setUpSettlement } from './set-up-settlement.ts';
import { certificatesOf, NOTICES, rulesOf, TIERS } from './terms.ts';
import { demoKey, unlessDone } from './write-once.ts';
import { addDays, momentOf, TIME_ZONE } from './year/calendar.ts';
import { firstDayOf, type Plan } from './year/plan.ts';
import { TRADES } from './year/trades.ts';

export const PROGRAMME = 'demo';

/** Rules that are announced count after a week and a day at the most. */
const DAYS_BEFORE = 10;
const SET_UP_AT = 9 * 60;

/** What the days are sent with. */
export interface Coalition {
  /** Merchants by the pack that made them. */
  readonly merchants: ReadonlyMap<string, string>;
  /** What can be redeemed, by the pack of its merchant and its code. */
  readonly rewards: ReadonlyMap<string, Offered>;
  /** The versions of the notices that members agree to, by purpose. */
  readonly notices: ReadonlyMap<Purpose, number>;
}
export type Purpose = (typeof NOTICES)[number]['purpose'];

/**
 * Makes the programme, a few days before the year begins by its own clock, and everything that is to be in force by
 * then. Safe to repeat.
 */
export async function setUp(hongmi: Hongmi, plan: Plan): Promise<Coalition> {
  await makeProgramme(hongmi, plan);
  const merchants = new Map<string, string>();
  for (const [place, { pack }] of TRADES.entries()) {
    const { merchant } = await readPack(pack);
    const target = { merchantName: merchant.name, programme: PROGRAMME };
    const { merchantId } = await applyPack(hongmi, pack, target, () => {});
    merchants.set(pack, merchantId);
    // At the demo's own payment provider, where no money moves.
    const account = `19${String(place).padStart(8, '0')}`;
    await hongmi.setMerchantPayee({ id: merchantId, account }, demoKey('payee', pack));
  }
  await addRules(hongmi, plan, merchants);
  const rewards = await addRewards(hongmi, PROGRAMME, plan, merchants);
  for (const { pack, ...body } of certificatesOf(plan)) {
    const merchantId = merchants.get(pack) ?? '';
    const made = hongmi.createCertificate(
      { merchantId, ...body },
      demoKey('certificate', pack, body.number),
    );
    await unlessDone(made, ['certificate_exists']);
  }
  await setUpSettlement({ hongmi, programme: PROGRAMME, plan, merchants });
  return { merchants, rewards, notices: await noticesOf(hongmi) };
}

/** The merchants of the programme by the pack that made them. */
export async function merchantsOf(hongmi: Hongmi): Promise<Map<string, string>> {
  const items = await hongmi.pages('listMerchants', { programme: PROGRAMME }).all();
  const merchants = new Map<string, string>();
  for (const { pack } of TRADES) {
    const { merchant } = await readPack(pack);
    const found = items.find(({ name }) => name === merchant.name);
    if (found !== undefined) merchants.set(pack, found.id);
  }
  return merchants;
}

async function makeProgramme(hongmi: Hongmi, plan: Plan): Promise<void> {
  const body = {
    code: PROGRAMME,
    name: '红米演示联盟',
    timeZone: TIME_ZONE,
    sandbox: true,
    now: momentOf(addDays(firstDayOf(plan), -DAYS_BEFORE), SET_UP_AT),
    giftMax: 2_000,
    giftDayMax: 4_000,
    offlineDayMax: 1_000,
    membersJoinThemselves: true,
    pointTypes: [
      {
        code: 'points',
        name: '消费积分',
        expiryPolicy: { kind: 'end_of' as const, period: 'quarter' as const, after: 4 },
        guidance: { points: 10, fen: 100 },
      },
    ],
  };
  const made = hongmi.createProgramme(body, demoKey('programme'));
  await unlessDone(made, ['programme_exists']);
  // The coalition's own, beside which packs bring those of their merchants.
  await hongmi.setTiers({ code: PROGRAMME, ...TIERS }, demoKey('tiers'));
}

/** Rules of this very year: seasons of the packs that lie in another one, and the credit festival. */
async function addRules(
  hongmi: Hongmi,
  plan: Plan,
  merchants: ReadonlyMap<string, string>,
): Promise<void> {
  const packs = new Map<string, Pack>();
  for (const [pack, merchantId] of merchants) packs.set(pack, await readPack(pack, merchantId));
  for (const { code, pack, body } of rulesOf(plan, packs)) {
    const whose =
      pack === null ? { programme: PROGRAMME } : { merchantId: merchants.get(pack) ?? '' };
    const { id } = await hongmi.createRule(
      { code, ...whose, body },
      demoKey('rule', code, pack ?? ''),
    );
    await hongmi.publishRule({ id }, demoKey('publish', code, pack ?? ''));
  }
}

/** Whoever runs the platform may have notices of their own: then those count. */
async function noticesOf(hongmi: Hongmi): Promise<Map<Purpose, number>> {
  const versions = new Map<Purpose, number>();
  for (const { purpose, zh, en } of NOTICES) {
    const { items } = await hongmi.listNotices({ purpose });
    const known = items.findLast(({ inForce }) => inForce);
    const notice =
      known ??
      (await hongmi.createNotice({ purpose, zh: [zh], en: [en] }, demoKey('notice', purpose)));
    versions.set(purpose, notice.version);
  }
  return versions;
}
