import { type Browser, chromium } from 'playwright-core';
import { unpackChromium } from './unpack-chromium.ts';

/**
 * A browser without a window. The package's own arguments (one process for everything) crash it when a second context is opened;
 * these run as root and not, and without /dev/shm. Close it when done: it lives as long as this process otherwise.
 */
export async function openBrowser(args: readonly string[] = []): Promise<Browser> {
  const { executable, env } = await unpackChromium();
  return await chromium.launch({
    executablePath: executable,
    headless: true,
    // Root may not have a sandbox, and what is opened here is our own.
    chromiumSandbox: false,
    env: { ...(process.env as Record<string, string>), ...env },
    args: [
      ...['--no-zygote', '--disable-gpu', '--disable-dev-shm-usage'],
      ...['--font-render-hinting=none', '--force-color-profile=srgb', '--hide-scrollbars'],
      ...args,
    ],
  });
}
