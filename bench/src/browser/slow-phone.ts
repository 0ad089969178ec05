import type { Browser, BrowserContext, Page } from 'playwright-core';
import { firstContent, noteContent } from './first-content.ts';

/** How a page came up on a phone that is slow, in a place where the network is. */
export interface Vitals {
  /** Until the largest thing on the screen was painted, in milliseconds. */
  readonly lcpMs: number;
  /** By how much tasks after the first paint were longer than 50 ms, all together: for so long nothing answered a finger. */
  readonly blockedMs: number;
  /** Of all layout shifts, which is never less than the worst window of them. */
  readonly shift: number;
  /** Addresses of the scripts that had been asked for when there was something to read. */
  readonly scripts: readonly string[];
}

const CPU_SLOWDOWN = 4;
const [LATENCY_MS, DOWN_KBPS, UP_KBPS] = [150, 1_600, 750];
/** Chromium holds back whole requests instead of packets; by these factors its developer tools make up for that ("Slow 4G"). */
const [LATENCY_FACTOR, SPEED_FACTOR] = [3.75, 0.9];
const BYTES_PER_KBIT = 125;
const TASK_MS_MAX = 50;
const SCREEN = { width: 390, height: 844 };

/** A browser of its own on a phone, where nothing is cached. */
export function openPhone(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({
    ...{ viewport: SCREEN, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
    ...{ locale: 'zh-CN', timezoneId: 'Asia/Shanghai' },
  });
}

/** How requests travel: as fast as within this machine, or by slow 4G. */
export type Network = 'near' | 'slow 4G';

/** Opens an address at a quarter of this machine's speed, and watches until nothing is on its way any more. */
export async function loadSlowly(
  context: BrowserContext,
  url: string,
  network: Network,
): Promise<Vitals> {
  const page = await context.newPage();
  try {
    await slowDown(page, network);
    await page.addInitScript(watchVitals);
    await noteContent(page);
    await page.goto(url, { timeout: 60_000 });
    const { scripts } = await firstContent(page);
    await page.waitForLoadState('networkidle');
    // What was fetched last has to be painted, too.
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          requestIdleCallback(resolve);
        }),
    );
    return { ...(await page.evaluate(readVitals, TASK_MS_MAX)), scripts };
  } finally {
    await page.close();
  }
}

async function slowDown(page: Page, network: Network): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  if (network === 'near') return;
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: LATENCY_MS * LATENCY_FACTOR,
    downloadThroughput: DOWN_KBPS * BYTES_PER_KBIT * SPEED_FACTOR,
    uploadThroughput: UP_KBPS * BYTES_PER_KBIT * SPEED_FACTOR,
  });
}

interface Noted {
  paints: PerformanceEntry[];
  tasks: PerformanceEntry[];
  shifts: (PerformanceEntry & { value: number })[];
}

/** Runs in the page, before anything else. */
function watchVitals(): void {
  const noted: Noted = { paints: [], tasks: [], shifts: [] };
  (globalThis as unknown as { noted: Noted }).noted = noted;
  const note = (type: string, list: PerformanceEntry[]): void =>
    new PerformanceObserver((found) => void list.push(...found.getEntries())).observe({
      ...{ type, buffered: true },
    });
  note('largest-contentful-paint', noted.paints);
  note('longtask', noted.tasks);
  note('layout-shift', noted.shifts);
}

/** Runs in the page. */
function readVitals(taskMsMax: number): Omit<Vitals, 'scripts'> {
  const { paints, tasks, shifts } = (globalThis as unknown as { noted: Noted }).noted;
  const [first] = performance.getEntriesByName('first-contentful-paint');
  const painted = first?.startTime ?? 0;
  const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
  return {
    lcpMs: paints.at(-1)?.startTime ?? Number.POSITIVE_INFINITY,
    // Of a task during which the first paint came, what was after it.
    blockedMs: sum(
      tasks.map(({ startTime, duration }) =>
        Math.max(0, startTime + duration - Math.max(startTime, painted) - taskMsMax),
      ),
    ),
    shift: sum(shifts.map(({ value }) => value)),
  };
}
