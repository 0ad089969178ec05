import type { Browser, Page } from 'playwright-core';
import { firstContent, gzippedBytes, noteContent } from '../browser/first-content.ts';
import { openBrowser } from '../browser/open-browser.ts';
import { servePlainPage } from '../browser/plain-page.ts';
import { openAccount, type StaffAccount } from '../browser/staff-account.ts';
import { median, medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { withStage } from '../stage.ts';
import { show } from './run.ts';

const ROUNDS = 7;
const COLUMNS = [
  'empty page ms',
  'first load ms',
  'load again ms',
  'route change ms',
  'script KiB',
];

/** The console in a browser: how long until there is something to read, first and from page to page. */
export async function consolePages(settings: Settings): Promise<Outcome> {
  const { say } = settings;
  const members = Math.min(settings.members, 10_000);
  return withStage({ ...settings, members, merchants: 20 }, async (stage) => {
    const { port } = stage.ledger.address;
    const url = `http://localhost:${port}`;
    const account = await openAccount(stage.ledger, url, { role: 'regulator' });
    const empty = await servePlainPage();
    stage.onClose(empty.close);
    const browser = await openBrowser();
    stage.onClose(() => browser.close());
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const figures = {
        'empty page ms': await loadOnce(browser, empty.url),
        ...(await lookAround(browser, url, account)),
      };
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'console',
      checks: [
        {
          what: 'overview, first load, nothing cached',
          measured: medianOf(rounds, 'first load ms'),
          unit: 'ms',
          atMost: 1_000,
        },
        {
          what: 'beside an empty page',
          measured: medianRatio(rounds, 'first load ms', 'empty page ms'),
          unit: 'times',
        },
        {
          what: 'overview, loaded again',
          measured: medianOf(rounds, 'load again ms'),
          unit: 'ms',
        },
        {
          what: 'from page to page, scripts there already',
          measured: medianOf(rounds, 'route change ms'),
          unit: 'ms',
          atMost: 150,
        },
        {
          what: 'script until the first content, gzipped, KiB',
          measured: medianOf(rounds, 'script KiB'),
          unit: 'count',
          atMost: 350,
        },
      ],
      columns: COLUMNS,
      rounds,
      notes: [
        'A regulator opens the overview in Chromium without a window, on the machine that serves it: until there is a heading and the first of what the page is about, painted. Each round is a browser context of its own; first with nothing cached, then again. Then each entry of the navigation is clicked twice, and the second time counts: the median over all. The empty page is a heading made by a script, from another server of the same machine.',
      ],
    };
  });
}

/** A context of its own each time, so that nothing is cached. */
async function loadOnce(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext();
  try {
    return await load(await context.newPage(), url);
  } finally {
    await context.close();
  }
}

async function load(page: Page, url: string): Promise<number> {
  await noteContent(page);
  await page.goto(url);
  return (await firstContent(page)).ms;
}

async function lookAround(
  browser: Browser,
  url: string,
  account: StaffAccount,
): Promise<Record<string, number>> {
  const context = await browser.newContext({ locale: 'en' });
  try {
    const answer = await context.request.post(`${url}/v1/sign-in`, {
      headers: { origin: url },
      data: account,
    });
    if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
    const page = await context.newPage();
    await noteContent(page);
    await page.goto(`${url}/console/`);
    const first = await firstContent(page);
    const again = await load(await context.newPage(), `${url}/console/`);
    await clickThrough(page);
    const changes = await clickThrough(page);
    return {
      'first load ms': first.ms,
      'load again ms': again,
      'route change ms': median(changes),
      'script KiB': (await gzippedBytes(first.scripts)) / 1_024,
    };
  } finally {
    await context.close();
  }
}

/** Every page of the navigation, one after the other; how long each took, in milliseconds. */
async function clickThrough(page: Page): Promise<number[]> {
  const links = page.locator('nav a');
  const count = await links.count();
  if (count < 2) throw new Error('there is nowhere to go');
  const times: number[] = [];
  // The first is where we are; it comes last.
  for (let place = 1; place <= count; place += 1) {
    await links.nth(place % count).click();
    times.push((await firstContent(page)).ms);
  }
  return times;
}
