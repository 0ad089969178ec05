import { answered, type components, type HongmiClient } from '@hongmi/sdk/by-path';
import { applyPack } from '../packs/apply-pack.ts';
import { type Pack, readPack } from '../packs/pack.ts';
import { readPages } from '../pages.ts';
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
const ALL = 10_000;

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
export async function setUp(hongmi: HongmiClient, plan: Plan): Promise<Coalition> {
  await makeProgramme(hongmi, plan);
  const merchants = new Map<string, string>();
  for (const [place, { pack }] of TRADES.entries()) {
    const { merchant } = await readPack(pack);
    const target = { merchantName: merchant.name, programme: PROGRAMME };
    const { merchantId } = await applyPack(hongmi, pack, target, () => {});
    merchants.set(pack, merchantId);
    // At the demo's own payment provider, where no money moves.
    const params = { path: { id: merchantId }, header: demoKey('payee', pack) };
    const account = `19${String(place).padStart(8, '0')}`;
    await answered(hongmi.PUT('/v1/merchants/{id}/payee', { params, body: { account } }));
  }
  await addRules(hongmi, plan, merchants);
  const rewards = await addRewards(hongmi, PROGRAMME, plan, merchants);
  for (const { pack, ...body } of certificatesOf(plan)) {
    const merchantId = merchants.get(pack) ?? '';
    const params = { header: demoKey('certificate', pack, body.number) };
    const made = hongmi.POST('/v1/certificates', { params, body: { merchantId, ...body } });
    await unlessDone(answered(made), ['certificate_exists']);
  }
  await setUpSettlement({ hongmi, programme: PROGRAMME, plan, merchants });
  return { merchants, rewards, notices: await noticesOf(hongmi) };
}

/** The merchants of the programme by the pack that made them. */
export async function merchantsOf(hongmi: HongmiClient): Promise<Map<string, string>> {
  const { items } = await readPages(ALL, (page) =>
    hongmi.GET('/v1/merchants', { params: { query: { ...page, programme: PROGRAMME } } }),
  );
  const merchants = new Map<string, string>();
  for (const { pack } of TRADES) {
    const { merchant } = await readPack(pack);
    const found = items.find(({ name }) => name === merchant.name);
    if (found !== undefined) merchants.set(pack, found.id);
  }
  return merchants;
}

async function makeProgramme(hongmi: HongmiClient, plan: Plan): Promise<void> {
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
  const made = hongmi.POST('/v1/programmes', { params: { header: demoKey('programme') }, body });
  await unlessDone(answered(made), ['programme_exists']);
  // The coalition's own, beside which packs bring those of their merchants.
  const params = { path: { code: PROGRAMME }, header: demoKey('tiers') };
  await answered(hongmi.PUT('/v1/programmes/{code}/tiers', { params, body: TIERS }));
}

/** Rules of this very year: seasons of the packs that lie in another one, and the credit festival. */
async function addRules(
  hongmi: HongmiClient,
  plan: Plan,
  merchants: ReadonlyMap<string, string>,
): Promise<void> {
  const packs = new Map<string, Pack>();
  for (const [pack, merchantId] of merchants) packs.set(pack, await readPack(pack, merchantId));
  for (const { code, pack, body } of rulesOf(plan, packs)) {
    const whose =
      pack === null ? { programme: PROGRAMME } : { merchantId: merchants.get(pack) ?? '' };
    const made = hongmi.POST('/v1/rules', {
      params: { header: demoKey('rule', code, pack ?? '') },
      body: { code, ...whose, body },
    });
    const rule: components['schemas']['Rule'] = await answered(made);
    const params = { path: { id: rule.id }, header: demoKey('publish', code, pack ?? '') };
    await answered(hongmi.POST('/v1/rules/{id}/publish', { params, body: {} }));
  }
}

/** Whoever runs the platform may have notices of their own: then those count. */
async function noticesOf(hongmi: HongmiClient): Promise<Map<Purpose, number>> {
  const versions = new Map<Purpose, number>();
  for (const { purpose, zh, en } of NOTICES) {
    const query = { purpose };
    const { items } = await answered(hongmi.GET('/v1/notices', { params: { query } }));
    const known = items.findLast(({ inForce }) => inForce);
    const params = { header: demoKey('notice', purpose) };
    const body = { purpose, zh: [zh], en: [en] };
    const notice = known ?? (await answered(hongmi.POST('/v1/notices', { params, body })));
    versions.set(purpose, notice.version);
  }
  return versions;
}
