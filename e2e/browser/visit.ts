import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeFindings } from './axe.ts';
import { countFetches } from './settled.ts';

const SHOTS = fileURLToPath(new URL('../../tmp/shots/', import.meta.url));
const HEIGHT = 900;
const STEP_MS = 60_000;

export const LANGUAGES = ['zh-CN', 'en'] as const;
export const THEMES = ['light', 'dark'] as const;
export const WIDTHS = [1440, 820] as const;
/** Each language in each theme. */
export const LOOKS = LANGUAGES.flatMap((language) => THEMES.map((theme) => ({ language, theme })));
/** Each language, theme and width once. */
export const TWO_LOOKS = [
  { language: 'zh-CN', theme: 'light', width: 1440 },
  { language: 'en', theme: 'dark', width: 820 },
] as const;

/** How somebody looks at the pages. */
export interface Eyes {
  readonly language?: (typeof LANGUAGES)[number];
  readonly theme?: (typeof THEMES)[number];
  readonly width?: number;
  readonly height?: number;
  /** By finger, on a phone. */
  readonly touch?: boolean;
}

/** A phone of middle size. */
export const PHONE = { width: 390, height: 844, touch: true } as const;

/** A browser of somebody's own: cookies and storage are nobody else's. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Another tab of the same browser, watched like the first. */
  readonly openTab: () => Promise<Page>;
  /** From now on, failures whose text matches are what the test is about. */
  readonly permit: (pattern: RegExp) => void;
  /** Fails on what keeps people out. */
  readonly expectAccessible: (page?: Page) => Promise<void>;
  /** `tmp/shots/<name>-<language>-<theme>-<width>.png`, the whole page. */
  readonly shot: (name: string) => Promise<void>;
}

/**
 * Opens a browser of its own for `journey`, and fails afterwards on anything that went wrong unseen: errors on the console (which
 * has those of the Content-Security-Policy, too), exceptions that nobody caught, requests that failed.
 */
export async function visit(
  browser: Browser,
  baseUrl: string,
  eyes: Eyes,
  journey: (visit: Visit) => Promise<void>,
): Promise<void> {
  const { language = 'zh-CN', theme = 'light', width = WIDTHS[0] } = eyes;
  const { height = HEIGHT, touch = false } = eyes;
  const context = await browser.newContext({
    baseURL: baseUrl,
    locale: language,
    timezoneId: 'Asia/Shanghai',
    colorScheme: theme,
    viewport: { width, height },
    isMobile: touch,
    hasTouch: touch,
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(STEP_MS);
  await countFetches(context);
  const complaints: string[] = [];
  const permitted: RegExp[] = [];
  const complain = (page: Page, text: string): void => {
    if (!permitted.some((pattern) => pattern.test(text)))
      complaints.push(`${new URL(page.url(), baseUrl).pathname}: ${text}`);
  };
  const openTab = async (): Promise<Page> => {
    const page = await context.newPage();
    watch(page, (text) => complain(page, text));
    return page;
  };
  const shot = async (page: Page, name: string): Promise<void> => {
    mkdirSync(SHOTS, { recursive: true });
    const path = join(SHOTS, `${name}-${language}-${theme}-${width}.png`);
    await page.screenshot({ path, fullPage: true, animations: 'disabled' });
  };
  const page = await openTab();
  try {
    await journey({
      ...{ page, context, openTab },
      permit: (pattern) => permitted.push(pattern),
      expectAccessible: async (which = page) => {
        const { pathname } = new URL(which.url());
        none((await axeFindings(which)).map((each) => `${pathname}: ${each}`));
      },
      shot: (name) => shot(page, name),
    });
    none(complaints);
  } catch (error) {
    const name = (expect.getState().currentTestName ?? 'test').replace(/[^\p{L}\p{N}]+/gu, '-');
    // What it looked like says more than what was not found; but it must not hide it.
    await shot(page, `failed-${name.slice(0, 80)}`).catch(() => undefined);
    if (error instanceof Error && !(error instanceof Findings) && complaints.length > 0)
      error.message += `\nThe browser complained:\n${complaints.join('\n')}`;
    throw error;
  } finally {
    await context.close();
  }
}

/** Said in full, which an expectation would cut short. */
class Findings extends Error {
  override readonly name = 'Findings';
}

function none(findings: readonly string[]): void {
  if (findings.length > 0) throw new Findings(findings.join('\n'));
}

function watch(page: Page, complain: (text: string) => void): void {
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    complain(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complain(`exception: ${error.stack ?? error.message}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // What a page that is left, or that asks for something else meanwhile, no longer waits for.
    if (why !== 'net::ERR_ABORTED') complain(`request: ${why} ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400)
      complain(`response: ${response.status()} ${response.request().method()} ${response.url()}`);
  });
}
