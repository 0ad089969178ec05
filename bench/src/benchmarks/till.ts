import type { BrowserContext, Page } from 'playwright-core';
import { callApi } from '../api.ts';
import { openBrowser } from '../browser/open-browser.ts';
import { openAccount } from '../browser/staff-account.ts';
import { median, medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { withStage } from '../stage.ts';
import { show } from './run.ts';

const ROUNDS = 5;
const SALES = 20;
const TABLET = { width: 1024, height: 768 };
const PHONE = '+99900000001';
const COLUMNS = ['tap to confirmation ms', 'slowest ms', 'order alone ms', 'slowest order ms'];

/** What a cashier waits for after a tap: until the till says that it is booked, beside the same order told to the API alone. */
export async function till(settings: Settings): Promise<Outcome> {
  const { say } = settings;
  return withStage({ ...settings, members: 1, merchants: 1 }, async (stage) => {
    const { ledger } = stage;
    const [merchantId = ''] = stage.merchants;
    const url = `http://localhost:${ledger.address.port}`;
    const account = await openAccount(ledger, url, { role: 'merchant_cashier', merchantId });
    const { id: memberId } = await callApi<{ id: string }>(
      ledger,
      '/v1/members',
      { phone: PHONE, merchantId },
      'bench-member',
    );
    const browser = await openBrowser();
    stage.onClose(() => browser.close());
    const context = await browser.newContext({ locale: 'en', viewport: TABLET, hasTouch: true });
    const page = await openTill(context, url, account);
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const [sales, orders]: [number[], number[]] = [[], []];
      for (let sale = 0; sale < SALES; sale += 1) {
        sales.push(await ringUp(page));
        orders.push(await orderAlone(page, { merchantId, memberId }));
      }
      const figures = {
        'tap to confirmation ms': median(sales),
        'slowest ms': Math.max(...sales),
        'order alone ms': median(orders),
        'slowest order ms': Math.max(...orders),
      };
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'till',
      checks: [
        {
          what: 'points given, from tap to confirmation',
          measured: medianOf(rounds, 'tap to confirmation ms'),
          unit: 'ms',
          atMost: 300,
        },
        {
          what: 'the slowest of a round',
          measured: medianOf(rounds, 'slowest ms'),
          unit: 'ms',
          atMost: 300,
        },
        {
          what: 'beside the order alone',
          measured: medianRatio(rounds, 'tap to confirmation ms', 'order alone ms'),
          unit: 'times',
        },
      ],
      columns: COLUMNS,
      rounds,
      notes: [
        `A cashier in Chromium without a window, 1024 × 768, on the machine that serves the till: ${SALES} times a round a member’s number and an amount are typed and “Give points” is tapped. From the finger’s touch to the frame that shows “Booked”: written to the browser’s disk, asked who is signed in, sent, answered, written again. After each, the same order is told to POST /v1/orders by the same browser, and nothing is shown of it.`,
      ],
    };
  });
}

async function openTill(context: BrowserContext, url: string, account: object): Promise<Page> {
  const headers = { origin: url };
  const answer = await context.request.post(`${url}/v1/sign-in`, { headers, data: account });
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
  const page = await context.newPage();
  await page.addInitScript(noteTaps);
  await page.goto(`${url}/till/`);
  await page.locator('.till-scan').waitFor();
  return page;
}

interface Noted {
  tappedAt: number;
  saidAt: number | undefined;
}

/** Runs in the page: when a finger touched it last, and when the result of that was painted. */
function noteTaps(): void {
  const noted: Noted = { tappedAt: 0, saidAt: undefined };
  (globalThis as unknown as { noted: Noted }).noted = noted;
  addEventListener(
    'pointerdown',
    ({ timeStamp }) => {
      noted.tappedAt = timeStamp;
      noted.saidAt = undefined;
    },
    { capture: true },
  );
  let wasSaid = false;
  new MutationObserver(() => {
    const isSaid = document.querySelector('.till-verdict[data-tone="good"]') !== null;
    if (isSaid && !wasSaid)
      requestAnimationFrame(() =>
        requestAnimationFrame((at) => {
          noted.saidAt = at;
        }),
      );
    wasSaid = isSaid;
  }).observe(document, { childList: true, subtree: true });
}

/** One sale; answers how long the cashier waited, in milliseconds. */
async function ringUp(page: Page): Promise<number> {
  const tap = (name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).tap();
  await page.getByLabel('Scan or type').fill(PHONE);
  await page.keyboard.press('Enter');
  await page.locator('.till-customer').waitFor();
  for (const key of '23') await tap(key);
  await tap('Give points');
  await page.waitForFunction(
    () => (globalThis as unknown as { noted: Noted }).noted.saidAt !== undefined,
  );
  const ms = await page.evaluate(() => {
    const { saidAt = Number.NaN, tappedAt } = (globalThis as unknown as { noted: Noted }).noted;
    return saidAt - tappedAt;
  });
  await tap('Next customer');
  await page.locator('.till-scan').waitFor();
  return ms;
}

/** The same, told to the API by the browser itself: until it is answered, in milliseconds. */
function orderAlone(
  page: Page,
  whose: { readonly merchantId: string; readonly memberId: string },
): Promise<number> {
  return page.evaluate(async (told) => {
    const orderNo = crypto.randomUUID();
    const began = performance.now();
    const answer = await fetch('/v1/orders', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': orderNo },
      body: JSON.stringify({
        ...{ ...told, orderNo, paidAt: new Date().toISOString(), channel: 'till' },
        lines: [{ lineNo: 1, sku: 'till', quantity: 1, amountFen: 2_300 }],
      }),
    });
    if (!answer.ok) throw new Error(`the order: ${answer.status} ${await answer.text()}`);
    await answer.json();
    return performance.now() - began;
  }, whose);
}
