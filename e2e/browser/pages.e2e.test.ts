import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open, settle, type Who } from './console.ts';
import { openStage } from './stage.ts';
import { type Eyes, LANGUAGES, THEMES, type Visit, WIDTHS } from './visit.ts';

/** Each language, theme and width with each of the others at least once. */
const PAIRS = [
  { language: 'zh-CN', theme: 'light', width: 1440 },
  { language: 'zh-CN', theme: 'dark', width: 820 },
  { language: 'en', theme: 'light', width: 820 },
  { language: 'en', theme: 'dark', width: 1440 },
] as const satisfies readonly Eyes[];
/** `HONGMI_SHOTS=all` takes every picture there is, for somebody who looks at them. */
const ALL = LANGUAGES.flatMap((language) =>
  THEMES.flatMap((theme) => WIDTHS.map((width) => ({ language, theme, width }))),
);
const isAll = process.env.HONGMI_SHOTS === 'all';
const EYES = isAll ? ALL : PAIRS;
const OTHERS: readonly Who[] = [
  'manager',
  'cashier',
  'merchant-finance',
  'finance',
  'regulator',
  'assessor',
  'system',
  'security',
  'audit',
];

const stage = openStage();

test.each(EYES.map((eyes, place) => ({ ...eyes, steps: isAll || place === 0 ? 3 : 1 })))(
  'the operator’s pages are without fault: $language, $theme, $width',
  async ({ steps, ...eyes }) => {
    await lookAround('operator', eyes, { steps, always: true });
  },
);

test.each(OTHERS.map((who, place) => ({ who, eyes: EYES[place % EYES.length] ?? {} })))(
  'the pages of $who are without fault',
  async ({ who, eyes }) => {
    await lookAround(who, eyes, { steps: 1, always: isAll });
  },
);

/** Forms of addresses that somebody has looked at closely. */
const known = new Set<string>();

/**
 * Goes to every page that the navigation leads to, and from there `steps` links further within its area: one page of each form. What
 * somebody has looked at closely already is, unless `always`, only opened: that shows what a role is refused.
 */
async function lookAround(
  who: Who,
  eyes: Eyes,
  { steps, always }: { readonly steps: number; readonly always: boolean },
): Promise<void> {
  await stage.as(who, eyes, async (seen) => {
    const { page, permit } = seen;
    // Of a programme that is new, ledger, clearing and books were not compared yet; a browser calls every 404 an error.
    permit(/reconciliation\?programme=/);
    await open(page, '/');
    const areas = await linksOf(page, 'nav a');
    expect(areas.length).toBeGreaterThan(0);
    const faults: string[] = [];
    const seenHere = new Set<string>();
    const look = async (path: string, area: string, left: number): Promise<void> => {
      const form = formOf(path);
      if (seenHere.has(form)) return;
      seenHere.add(form);
      let further: string[] = [];
      try {
        await open(page, path.replace('/console', ''));
        further = await linksOf(page, 'main a');
        if (always || !known.has(form)) await lookAt(seen, `${who}${nameOf(form)}`);
        known.add(form);
      } catch (error) {
        // The other pages are looked at all the same: all that is wrong is told at once.
        faults.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
      }
      if (left === 0) return;
      for (const link of further) if (link.startsWith(`${area}/`)) await look(link, area, left - 1);
    };
    for (const area of [...areas, '/console/account']) await look(area, area, steps);
    if (faults.length > 0) throw new Error(faults.join('\n\n'));
  });
}

/** What a page shows, and behind each of its tabs. */
async function lookAt({ page, shot, expectAccessible }: Visit, name: string): Promise<void> {
  await shot(name);
  await expectAccessible();
  const tabs = page.locator('main [role="tab"]:not([aria-selected="true"])');
  const names = await tabs.allInnerTexts();
  for (const [place, tab] of names.entries()) {
    await page.locator('main').getByRole('tab', { name: tab, exact: true }).first().click();
    await settle(page);
    await shot(`${name}-tab${place + 2}`);
    await expectAccessible();
  }
}

async function linksOf(page: Page, selector: string): Promise<string[]> {
  const links = await page
    .locator(selector)
    .evaluateAll((all) => all.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
  return [...new Set(links.filter((path) => path.startsWith('/console/')))];
}

/** `/console/members/mem_…/lots` and that of the next member are pages of one form. */
function formOf(path: string): string {
  return path
    .replace(/(?<=.)\/$/, '')
    .split('/')
    .map((part) => (/^[a-z]+_[0-9a-z]{26}$|^\d+$/.test(part) ? 'one' : part))
    .join('/');
}

function nameOf(form: string): string {
  const name = form.replace('/console', '').replaceAll('/', '-');
  return name === '' ? '-home' : name;
}
