import type { MemberFacts } from '@hongmi/server/catalogue/eligibility';
import { showOffer } from '@hongmi/server/catalogue/offer-schema';
import { offersOf } from '@hongmi/server/catalogue/offers';
import type { Occasion } from '@hongmi/server/catalogue/pricing';
import type { PromotionVersion } from '@hongmi/server/catalogue/promotion';
import { showPromotion } from '@hongmi/server/catalogue/promotion-schema';
import { showTerms } from '@hongmi/server/catalogue/terms-schema';
import { localTime } from '@hongmi/server/kernel/calendar';
import { newId, readId, type Uuid } from '@hongmi/server/kernel/id';
import { giveFacts } from '../fill/programme.ts';
import { fillRewards } from '../fill/rewards.ts';
import { seededRandom } from '../load/random.ts';
import { makePromotion, makeReward } from '../load/rewards.ts';
import { below, START, TIERS } from '../load/rules.ts';
import { withClient } from '../naive/prepare.ts';
import { medianOf, type Outcome, type Settings } from '../outcome.ts';
import { type Stage, withStage } from '../stage.ts';
import { run, show, usage } from './run.ts';
import { undisturbed } from './undisturbed.ts';

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
/** As a member who waits for the page, and as many who come at once. */
const [ALONE, MANY] = [1, 64];
const COLUMNS = [
  'one member ms',
  'a page shown ms',
  'open',
  'answered p50 ms',
  'answered p99 ms',
  'answered server µs',
  'answered database µs',
  'answered other cores',
  'many /s',
  'many p50 ms',
  'many p99 ms',
  'many server µs',
  'many database µs',
];

/** What it takes to tell a member what 2,000 rewards in force cost, and what keeps the member from each: by itself, and as a request is answered. */
export async function catalogue(settings: Settings): Promise<Outcome> {
  const { say, seconds } = settings;
  return withStage({ ...settings, merchants: SHOPS }, async (stage) => {
    say(`publishing ${REWARDS} rewards`);
    await fill(stage, settings.seed);
    const quietly = undisturbed(settings);
    const rounds: Record<string, number>[] = [];
    const ask = (connections: number, profile = false) => {
      const workload = stage.workload({ kind: 'catalogue' });
      return run(stage, stage.ledger, { workload, connections, seconds }, profile);
    };
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const alone = await quietly(() => ask(ALONE));
      const many = await quietly(() => ask(MANY));
      const figures = {
        ...measure(seededRandom(settings.seed + round)),
        'answered p50 ms': alone.latencyMs.p50,
        'answered p99 ms': alone.latencyMs.p99,
        ...usage('answered', alone),
        'many /s': many.requestsPerSecond,
        'many p50 ms': many.latencyMs.p50,
        'many p99 ms': many.latencyMs.p99,
        ...usage('many', many),
      };
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'catalogue',
      checks: [
        {
          what: 'eligibility and prices of 2,000 rewards for a member',
          measured: medianOf(rounds, 'one member ms'),
          unit: 'ms' as const,
          atMost: 20,
        },
        {
          what: 'the answer to a member, one at a time, p50',
          measured: medianOf(rounds, 'answered p50 ms'),
          unit: 'ms' as const,
          atMost: 20,
        },
        {
          what: `a page of ${PAGE} of them shown`,
          measured: medianOf(rounds, 'a page shown ms'),
          unit: 'ms' as const,
        },
        {
          what: `answers to ${MANY} members at once`,
          measured: medianOf(rounds, 'many /s'),
          unit: 'per second' as const,
        },
      ],
      columns: COLUMNS,
      rounds,
      ...(settings.profile ? { profile: (await ask(ALONE, true)).server.threads } : {}),
      notes: [
        `${REWARDS} rewards of ${SHOPS} shops, half of which ask something of the member, and ${PROMOTIONS_PER_SHOP} promotions of each shop. ` +
          'The ms of one member and of a page are processor time on one core, from what is known of a member and of the day to each price, its claim and the first reason against it. ' +
          'The answers are those of GET /v1/members/{id}/rewards, the first page, with all that has to be read about the member: a birthday, a segment, tiers, balances, what was redeemed; ' +
          `as the client waits for them, with ${ALONE} request in flight and with ${MANY}.`,
      ],
    };
  });
}

/** The rewards and promotions that are measured by themselves, published. */
async function fill({ ledger, merchants }: Stage, seed: number): Promise<void> {
  await giveFacts(ledger);
  const random = seededRandom(seed);
  const shops = merchants.map((merchantId) => ({
    merchantId,
    uuid: readId('merchant', merchantId) as Uuid,
  }));
  const rewards = Array.from({ length: REWARDS }, (_, n) => {
    const { merchantId, uuid } = shops[n % SHOPS] as (typeof shops)[number];
    const { code, body } = makeReward(n, uuid, random);
    return { code, merchantId, body: showTerms(body) };
  });
  const promotions = shops.flatMap(({ merchantId, uuid }) =>
    Array.from({ length: PROMOTIONS_PER_SHOP }, (_, n) => {
      const { code, body } = makePromotion(n, uuid);
      return { code, merchantId, body: showPromotion(body) };
    }),
  );
  await fillRewards(ledger, rewards, promotions);
  const { rows } = await withClient(ledger.databaseUrl, (client) =>
    client.query<{ published: number }>('select count(*) as published from reward_version'),
  );
  if (rows[0]?.published !== REWARDS) throw new Error('not every reward was published');
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
