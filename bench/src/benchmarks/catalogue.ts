import type { MemberFacts } from '@hongmi/server/catalogue/eligibility';
import { showOffer } from '@hongmi/server/catalogue/offer-schema';
import { offersOf } from '@hongmi/server/catalogue/offers';
import type { Occasion } from '@hongmi/server/catalogue/pricing';
import type { PromotionVersion } from '@hongmi/server/catalogue/promotion';
import { localTime } from '@hongmi/server/kernel/calendar';
import { newId, type Uuid } from '@hongmi/server/kernel/id';
import type { RewardEligibility, RewardVersion } from '@hongmi/server/kernel/reward';
import { seededRandom } from '../load/random.ts';
import { below, START, TIERS } from '../load/rules.ts';
import { medianOf, type Outcome, type Settings } from '../outcome.ts';
import { show } from './run.ts';

const ROUNDS = 5;
const REWARDS = 2_000;
const SHOPS = 200;
const PROMOTIONS_PER_SHOP = 3;
const MEMBERS = 20;
const WARM_UP_TURNS = 3;
const TURNS = 7;
const ZONE = 'Asia/Shanghai';
/** What a page of the catalogue shows. */
const PAGE = 50;
const COLUMNS = ['one member ms', 'a page shown ms', 'open'];

/** What it takes to tell a member what 2,000 rewards in force cost, and what keeps the member from each; no server, no database. */
export function catalogue(settings: Settings): Promise<Outcome> {
  const rounds: Record<string, number>[] = [];
  for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
    const figures = measure(seededRandom(settings.seed + round));
    rounds.push(figures);
    settings.say(`round ${round}: ${show(figures, COLUMNS)}`);
  }
  return Promise.resolve({
    benchmark: 'catalogue',
    checks: [
      {
        what: 'eligibility and prices of 2,000 rewards for a member',
        measured: medianOf(rounds, 'one member ms'),
        unit: 'ms' as const,
        atMost: 20,
      },
      {
        what: `a page of ${PAGE} of them shown`,
        measured: medianOf(rounds, 'a page shown ms'),
        unit: 'ms' as const,
      },
    ],
    columns: COLUMNS,
    rounds,
    notes: [
      `${REWARDS} rewards of ${SHOPS} shops, half of which ask something of the member, and ${PROMOTIONS_PER_SHOP} promotions of each shop. ` +
        'The ms are processor time on one core, from what is known of a member and of the day to each price, its claim and the first reason against it.',
    ],
  });
}

function measure(random: () => number): Record<string, number> {
  const shops = Array.from({ length: SHOPS }, () => newId(START));
  const shopAt = (place: number): Uuid => shops[place % SHOPS] as Uuid;
  const rewards = Array.from({ length: REWARDS }, (_, n) => makeReward(n, shopAt(n), random));
  const promotions = new Map<Uuid | null, PromotionVersion[]>(
    shops.map((shop) => [
      shop,
      Array.from({ length: PROMOTIONS_PER_SHOP }, (_, n) => makePromotion(n, shop)),
    ]),
  );
  const members = Array.from({ length: MEMBERS }, () => makeMember(shops, random));
  const occasion: Occasion = {
    local: localTime(START, ZONE),
    timeZone: ZONE,
    birthday: '01-17',
    joinedAt: START - 4e10,
    creditBand: 'a',
  };
  const offersTo = (member: MemberFacts) => offersOf(rewards, promotions, member, occasion);
  const page = members.map((member) => offersTo(member).slice(0, PAGE));
  let open = 0;
  const [told, shown]: [number[], number[]] = [[], []];
  for (let turn = -WARM_UP_TURNS; turn < TURNS; turn += 1) {
    // As a server does, it keeps one member's at a time.
    const one = millis(() => {
      open = 0;
      for (const member of members)
        open += offersTo(member).filter(({ unmet }) => unmet === null).length;
    });
    const another = millis(() => page.map((offers) => offers.map(showOffer)));
    if (turn < 0) continue;
    told.push(one / MEMBERS);
    shown.push(another / MEMBERS);
  }
  return {
    'one member ms': middle(told),
    'a page shown ms': middle(shown),
    open: open / MEMBERS,
  };
}

function makeReward(number: number, shop: Uuid, random: () => number): RewardVersion {
  const points = 100 * (1 + below(random, 200));
  const eligibility = ELIGIBILITIES[number % ELIGIBILITIES.length] ?? {};
  return {
    id: newId(START),
    reward: newId(START),
    code: `reward-${number}`,
    number: 1,
    merchant: shop,
    body: {
      kind: number % 2 === 0 ? 'goods' : 'service',
      name: { zh: `礼品 ${number}`, en: `Reward ${number}` },
      cashValueFen: points * 10,
      prices: [
        { points: [{ pointType: 'points', points }], cashFen: 0 },
        { points: [{ pointType: 'points', points: points / 2 }], cashFen: points * 4 },
        { points: [{ pointType: 'points', points: points - 50 }], cashFen: 0, creditBands: ['a'] },
      ],
      stores: [{ merchant: shop }],
      ...(Object.keys(eligibility).length === 0 ? {} : { eligibility }),
      fulfilment: { kind: 'code' },
      cancellation: { until: 'before_use' },
      afterSales: { returnDays: 7, qualityDays: 15, exchange: true },
    },
    from: START,
    until: null,
  };
}

const ELIGIBILITIES: readonly RewardEligibility[] = [
  {},
  { tiers: [TIERS[1] as string, TIERS[2] as string] },
  {},
  { segments: ['jeans', 'dresses'] },
  {},
  { firstTime: 'reward', age: { from: 14 } },
  {},
  { balanceFloor: { pointType: 'points', points: 50_000 }, firstTime: 'merchant' },
];

function makePromotion(number: number, shop: Uuid): PromotionVersion {
  const body = { name: { zh: '兑换日' }, price: { kind: 'ratio', num: 4, den: 5 } as const };
  const whens: readonly PromotionVersion['body']['when'][] = [
    { monthDays: [1, 18] },
    { memberMonth: 'birthday' },
    { dates: [{ from: '2026-12-20', to: '2027-01-03' }], weekdays: [5, 6, 7] },
  ];
  return {
    id: newId(START),
    promotion: newId(START),
    code: `promotion-${number}`,
    number: 1,
    merchant: shop,
    body: { ...body, when: whens[number % whens.length] ?? {} },
    from: START,
    until: null,
  };
}

function makeMember(shops: readonly Uuid[], random: () => number): MemberFacts {
  return {
    tier: TIERS[below(random, TIERS.length)] ?? null,
    merchantTiers: new Map(shops.slice(0, 20).map((shop) => [shop, null])),
    creditBand: 'a',
    segments: below(random, 2) === 0 ? ['jeans'] : [],
    isChild: false,
    available: new Map([['points', below(random, 60_000)]]),
    redeemed: new Set(),
    redeemedOf: new Set(shops.slice(0, below(random, 50))),
  };
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function millis(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
