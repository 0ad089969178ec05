import type { components } from '@hongmi/sdk';
import type { Pack } from '../packs/pack.ts';
import { addDays, momentOf } from './year/calendar.ts';
import { firstDayOf, type Plan } from './year/plan.ts';
import { springGoodsOf } from './year/stories.ts';
import { TRADES } from './year/trades.ts';

type Schemas = components['schemas'];

/** By spend and visits at all merchants together, beside the tiers that merchants have of their own. */
export const TIERS: Schemas['NewTierScheme'] = {
  window: { kind: 'rolling', months: 6 },
  tiers: [
    { code: 'daily', name: '日常会员', qualify: { match: 'all', visits: 1 } },
    { code: 'silver', name: '银卡', qualify: { match: 'any', spendFen: 300_000, visits: 15 } },
    {
      code: 'gold',
      name: '金卡',
      qualify: { match: 'all', spendFen: 800_000, visits: 15 },
      benefits: {
        exclusiveRewards: true,
        services: [{ code: 'parking', name: '免费停车', quota: 5, per: 'month' }],
      },
    },
    {
      code: 'select',
      name: '优选会员',
      qualify: { match: 'all', spendFen: 1_500_000, visits: 24 },
      benefits: {
        exclusiveRewards: true,
        priorityMinutes: 60,
        services: [
          { code: 'parking', name: '免费停车', quota: 10, per: 'month' },
          { code: 'guide', name: '专人导购', quota: 2, per: 'month' },
        ],
      },
    },
  ],
  downgrade: { to: 'one_step', graceDays: 30, noticeDays: 14, returns: 'review' },
};

export const NOTICES = [
  {
    purpose: 'birthday',
    zh: '演示：保存您的生日（仅月日），用于生日礼。可随时撤回。',
    en: 'Demo: your birthday, month and day only, is kept for birthday gifts. You may withdraw at any time.',
  },
  {
    purpose: 'credit_band',
    zh: '演示：保存您的信用等级（不含分数），只用于加赠积分。不同意也不会少得积分。',
    en: 'Demo: your credit band, never the score, is kept to give more points. Nobody gets less without it.',
  },
  {
    purpose: 'personalised_offers',
    zh: '演示：按您的喜好归类，用于专属优惠。可随时关闭。',
    en: 'Demo: you are put into groups by what you like, for offers. You may switch it off at any time.',
  },
] as const;

/** What lets merchants issue green points, all through the year and for a while after it. */
export function certificatesOf(plan: Plan) {
  const first = firstDayOf(plan);
  const certificate = (pack: string, scope: string[], number = `DEMO-${pack}`) => ({
    pack,
    scope,
    number,
    issuingBody: '绿色认证中心（演示）',
    validFrom: momentOf(addDays(first, -30), 0),
    validUntil: momentOf(addDays(plan.until, 730), 0),
    lastCheckedAt: momentOf(addDays(first, -30), 0),
  });
  return [
    certificate('school-community', ['waste-sorting', 'old-clothes', 'green-lesson']),
    certificate('supermarket', ['own-bag']),
    certificate('scenic-spot', ['bus-ride', 'train-ride']),
    // Of the goods that their lines name one for.
    ...TRADES.flatMap(({ pack, goods }) =>
      goods.flatMap(({ sku, greenCertificate }) =>
        greenCertificate === undefined ? [] : certificate(pack, [sku], greenCertificate),
      ),
    ),
  ];
}

/** A rule of the demo's own: a merchant's, by its pack, or the operator's. */
export interface DemoRule {
  readonly code: string;
  readonly pack: string | null;
  readonly body: Schemas['RuleBody'];
}

/** Rules of this very year: the packs name the seasons of one year, which may not be the one that is played. */
export function rulesOf(plan: Plan, packs: ReadonlyMap<string, Pack>): DemoRule[] {
  const found: DemoRule[] = [festivalRule(plan), INVITING];
  for (const [pack, { rules }] of packs) {
    for (const { code, body } of rules) {
      const { from, to } = body.when.dates ?? {};
      if (from === undefined || to === undefined) continue;
      const year = seasonYear(plan, from.slice(4));
      if (from.startsWith(year)) continue;
      const dates = { from: year + from.slice(4), to: year + to.slice(4) };
      const description = body.description?.replaceAll(from.slice(0, 4), year);
      const when = { ...body.when, dates };
      const renewed = { ...body, when, ...(description === undefined ? {} : { description }) };
      found.push({ code: `${code}-${year}`, pack, body: renewed });
    }
  }
  return found;
}

/** The year in which a season begins that was last seen before the end of the plan. */
function seasonYear({ until }: Plan, monthAndDay: string): string {
  const year = until.slice(0, 4);
  return year + monthAndDay < until ? year : String(Number(year) - 1);
}

/** What members share by their own links: first among the rules for referrals, so that its merchant issues for them. */
const INVITING: DemoRule = {
  code: 'invite-a-friend',
  pack: 'supermarket',
  body: {
    name: '邀请朋友',
    description:
      '朋友由您邀请加入并完成第一次消费，您得 100 分；每月最多 1,000 分，累计最多 5,000 分。',
    on: 'referral',
    when: {},
    earn: { kind: 'fixed', points: 100, per: 'order' },
    terms: {
      caps: [
        { per: 'month', points: 1_000 },
        { per: 'ever', points: 5_000 },
      ],
    },
    priority: 10,
  },
};

/** More for who opted in, nothing less for anybody else. */
function festivalRule(plan: Plan): DemoRule {
  return {
    code: 'credit-festival',
    pack: null,
    body: {
      name: '信用年货节',
      description:
        '年货节期间，自愿参加信用加赠的会员每消费 1 元另得 1 分，累计最多 500 分；其他会员照常得分。',
      on: 'order',
      when: { dates: springGoodsOf(plan), member: { creditBands: ['good', 'excellent'] } },
      earn: { kind: 'extra', points: 1, perFen: 100 },
      terms: { caps: [{ per: 'ever', points: 500 }] },
    },
  };
}
