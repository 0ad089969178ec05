import type { Page } from 'playwright-core';

/** When a page had something to read, and what had been fetched for it by then. */
export interface FirstContent {
  /** From the navigation to the frame that shows it, in milliseconds. */
  readonly ms: number;
  /** Addresses of the scripts that had been asked for when its heading was there: what is fetched beside the data, nobody waits for. */
  readonly scripts: readonly string[];
}

/** What is worth looking at: a heading, and in a page with a main part the first of what it is about. */
const CONTENT = 'h1';
const ABOUT = 'main :is(dd, td, form, summary, .hm-empty, .hm-row, .hm-qr, .hm-balance-points)';

/** Makes every page that is opened afterwards note when its content was there. Call before the navigation. */
export async function noteContent(page: Page): Promise<void> {
  await page.addInitScript(
    ({ content, about }) => {
      const told = globalThis as unknown as {
        contentAt?: number;
        foundAt?: number;
        askedAt?: number;
        before?: string | undefined;
      };
      const heading = (): string | undefined =>
        document.querySelector(content)?.textContent ?? undefined;
      const look = (): void => {
        if (told.contentAt !== undefined) return;
        const found = heading();
        if (found === undefined || found === told.before) return;
        told.foundAt ??= performance.now();
        if (document.querySelector('main') !== null && document.querySelector(about) === null)
          return;
        // It is in the document now, and seen with the frame after the next.
        told.contentAt = -1;
        requestAnimationFrame(() =>
          requestAnimationFrame((at) => {
            told.contentAt = at - (told.askedAt ?? 0);
          }),
        );
      };
      new MutationObserver(look).observe(document, {
        ...{ childList: true, subtree: true, attributes: true },
      });
      // A click that leads to another page begins anew, and ends with another heading.
      addEventListener(
        'click',
        (event) => {
          if ((event.target as Element).closest('a') === null) return;
          told.askedAt = performance.now();
          told.before = heading();
          delete told.contentAt;
          delete told.foundAt;
        },
        { capture: true },
      );
    },
    { content: CONTENT, about: ABOUT },
  );
}

/** Waits for the content of the page that was opened, or of the one that a click has led to since. */
export async function firstContent(page: Page): Promise<FirstContent> {
  await page.waitForFunction(
    () => ((globalThis as unknown as { contentAt?: number }).contentAt ?? -1) >= 0,
  );
  return await page.evaluate(() => {
    const { contentAt: ms, foundAt } = globalThis as unknown as {
      contentAt: number;
      foundAt: number;
    };
    const scripts = performance
      .getEntriesByType('resource')
      .filter(
        ({ name, startTime }) => new URL(name).pathname.endsWith('.js') && startTime <= foundAt,
      )
      .map(({ name }) => name);
    return { ms, scripts };
  });
}

/** What these files weigh as a browser without brotli gets them, in bytes. */
export async function gzippedBytes(addresses: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    addresses.map(async (address) => {
      const answer = await fetch(address, {
        method: 'HEAD',
        headers: { 'accept-encoding': 'gzip' },
      });
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      return Number(answer.headers.get('content-length'));
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
