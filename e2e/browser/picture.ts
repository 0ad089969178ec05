import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const PICTURES = process.env.HONGMI_PICTURES;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * What a screen shows at this moment, for the README, which has screens and not pages of any length: `NAME-zh.png` and `NAME-en.png` of
 * the folder that `HONGMI_PICTURES` names, `docs/images`; without it only among the shots.
 */
export async function picture(page: Page, name: string, language: string): Promise<void> {
  const file = `${name}-${language.slice(0, 2)}.png`;
  const path = `${ROOT}tmp/shots/story-${file}`;
  mkdirSync(`${ROOT}tmp/shots`, { recursive: true });
  await page.screenshot({ path, animations: 'disabled' });
  if (PICTURES !== undefined) copyFileSync(path, `${ROOT}${PICTURES}/${file}`);
}
