import type { Browser, BrowserContext } from 'playwright-core';
import { callApi, inParallel } from '../api.ts';
import { gzippedBytes } from '../browser/first-content.ts';
import { openBrowser } from '../browser/open-browser.ts';
import { servePlainPage } from '../browser/plain-page.ts';
import { loadSlowly, type Network, openPhone, type Vitals } from '../browser/slow-phone.ts';
import { codeFor, fillRewards } from '../fill/rewards.ts';
import { type Check, medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import type { LedgerServer } from '../processes/server.ts';
import { type Stage, withStage } from '../stage.ts';
import { show } from './run.ts';

const ROUNDS = 7;
const PHONE = '+99900000001';
const ORDERS = 20;
const REWARDS = 60;
const DAY_MS = 86_400_000;
const AT_ONCE = 6;
const PAGES = { home: '/m/', rewards: '/m/rewards' } as const;
const NETWORKS: readonly Network[] = ['near', 'slow 4G'];
const plainLcp = (network: Network): string => `plain page LCP ms, ${network}`;
const lcp = (network: Network): string => `LCP ms, ${network}`;
const COLUMNS = [
  ...NETWORKS.map(plainLcp),
  ...Object.keys(PAGES).flatMap((page) =>
    [...NETWORKS.map(lcp), 'blocked ms', 'shift', 'script kB'].map((figure) => `${page} ${figure}`),
  ),
];

/** What a shopper waits for: the member's first pages on a slow phone with nothing cached, by a good network and by a slow one. */
export async function memberPages(settings: Settings): Promise<Outcome> {
  const { say } = settings;
  return withStage({ ...settings, members: 1, merchants: 5 }, async (stage) => {
    const url = `http://localhost:${stage.ledger.address.port}`;
    await fill(stage);
    const browser = await openBrowser();
    stage.onClose(() => browser.close());
    const cookies = await signIn(browser, stage.ledger, url);
    const asMember = async (path: string, network: Network): Promise<Vitals> => {
      const context = await openPhone(browser);
      try {
        await context.addCookies(cookies);
        return await loadSlowly(context, `${url}${path}`, network);
      } finally {
        await context.close();
      }
    };
    // What the first page weighs is what the plain one has to fetch.
    const { scripts } = await asMember(PAGES.home, 'near');
    const plain = await servePlainPage(await gzippedBytes(scripts));
    stage.onClose(plain.close);
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const figures: Record<string, number> = {};
      for (const network of NETWORKS)
        figures[plainLcp(network)] = await loadPlain(browser, plain.url, network);
      for (const [page, path] of Object.entries(PAGES)) {
        const seen: Vitals[] = [];
        for (const network of NETWORKS) {
          const vitals = await asMember(path, network);
          figures[`${page} ${lcp(network)}`] = vitals.lcpMs;
          seen.push(vitals);
        }
        // Of the two networks the worse.
        figures[`${page} blocked ms`] = Math.max(...seen.map(({ blockedMs }) => blockedMs));
        figures[`${page} shift`] = Math.max(...seen.map(({ shift }) => shift));
        const weights = await Promise.all(seen.map(({ scripts }) => gzippedBytes(scripts)));
        figures[`${page} script kB`] = Math.max(...weights) / 1_000;
      }
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'h5',
      checks: Object.keys(PAGES).flatMap((page) => checksOf(page, rounds)),
      columns: COLUMNS,
      rounds,
      notes: [
        `A member with ${ORDERS} purchases and ${REWARDS} rewards to choose from opens a page in Chromium without a window, as on a phone of 390 × 844: a processor at a quarter of this machine’s speed, once with the network of this machine and once with slow 4G as Chromium’s developer tools have it (1.6 Mbit/s down, 150 ms there and back, which they make 563 ms for each request). Nothing is cached: no file, no answer, no service worker. ` +
          'LCP is when the largest thing on the screen was painted; blocked is by how much tasks after the first paint were longer than 50 ms, all together; shift is the sum of all layout shifts; both are of the worse of the two networks. The script is what was asked for until there was something to read, gzipped; browsers that take brotli fetch less. ' +
          'The plain page is a heading made by a script of the same size as the first page’s, from another server of the same machine: what these networks take alone.',
      ],
    };
  });
}

function checksOf(page: string, rounds: Outcome['rounds']): Check[] {
  const of = (figure: string): number => medianOf(rounds, `${page} ${figure}`);
  return [
    { what: `${page}, LCP`, measured: of(lcp('near')), unit: 'ms', atMost: 2_500 },
    { what: `${page}, LCP by slow 4G`, measured: of(lcp('slow 4G')), unit: 'ms' },
    ...NETWORKS.map((network) => ({
      what: `${page}, LCP beside a plain page of that size, ${network}`,
      measured: medianRatio(rounds, `${page} ${lcp(network)}`, plainLcp(network)),
      unit: 'times' as const,
    })),
    { what: `${page}, blocked`, measured: of('blocked ms'), unit: 'ms', atMost: 200 },
    { what: `${page}, layout shift`, measured: of('shift'), unit: 'share', atMost: 0.05 },
    {
      what: `${page}, script until the first content, gzipped, kB`,
      measured: of('script kB'),
      unit: 'count',
      atMost: 150,
    },
  ];
}

async function loadPlain(browser: Browser, url: string, network: Network): Promise<number> {
  const context = await openPhone(browser);
  try {
    return (await loadSlowly(context, url, network)).lcpMs;
  } finally {
    await context.close();
  }
}

/** A member who buys at several shops, and what they can redeem. */
async function fill({ ledger, merchants }: Stage): Promise<void> {
  const merchantAt = (place: number): string => merchants[place % merchants.length] as string;
  const { id: memberId } = await callApi<{ id: string }>(
    ledger,
    '/v1/members',
    { phone: PHONE, name: '王小明' },
    'bench-member',
  );
  const days = Array.from({ length: ORDERS }, (_, day) => day);
  await inParallel(AT_ONCE, days, (day) =>
    callApi(
      ledger,
      '/v1/orders',
      {
        ...{ merchantId: merchantAt(day), memberId, orderNo: `bench-${day}` },
        paidAt: new Date(Date.now() - (day + 1) * DAY_MS).toISOString(),
        lines: [{ lineNo: 1, sku: 'bench', quantity: 1, amountFen: 2_000 + day * 100 }],
      },
      `bench-order-${day}`,
    ),
  );
  const rewards = Array.from({ length: REWARDS }, (_, place) => {
    const merchantId = merchantAt(place);
    return { code: `gift-${place}`, merchantId, body: codeFor(merchantId, 100 + place * 50) };
  });
  await fillRewards(ledger, rewards);
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

/** One session for all rounds: a number gets one code a minute. */
async function signIn(browser: Browser, ledger: LedgerServer, url: string): Promise<Cookies> {
  const context = await browser.newContext();
  const post = async (path: string, data: object): Promise<void> => {
    const headers = { origin: url };
    const answer = await context.request.post(`${url}/v1/${path}`, { headers, data });
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
  };
  try {
    await post('member-sign-in/codes', { phone: PHONE });
    const code = await codeSent(ledger);
    await post('member-sign-in', { phone: PHONE, code });
    return await context.cookies();
  } finally {
    await context.close();
  }
}

const PATIENCE_MS = 10_000;

/** It is sent after the answer, so that nobody learns from time who is a member. */
async function codeSent(ledger: LedgerServer): Promise<string> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (performance.now() < giveUpAt) {
    const [, code] = /^SMS to .*?(\d{6})\D*$/m.exec(ledger.said()) ?? [];
    if (code !== undefined) return code;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  throw new Error('no code was sent');
}
