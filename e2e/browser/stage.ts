import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { openBrowser } from '../../bench/src/browser/open-browser.ts';
import { giveSession, type Who } from './console.ts';
import { type DemoServer, openDemo } from './demo.ts';
import { giveMember } from './phone.ts';
import { type Eyes, PHONE, type Visit, visit } from './visit.ts';

type Journey = (seen: Visit) => Promise<void>;

/** What the tests of one file play on: a server with the demo and a browser, of their own. */
export interface Stage {
  /** There once the tests run, like the browser. */
  readonly demo: DemoServer;
  readonly browser: Browser;
  /** Somebody who is not signed in. */
  visit(eyes: Eyes, journey: Journey): Promise<void>;
  /** Somebody who works with the console or at a till. */
  as(who: Who, eyes: Eyes, journey: Journey): Promise<void>;
  /** The member who has this number, on a phone unless `eyes` say otherwise. */
  asMember(phone: string, eyes: Eyes, journey: Journey): Promise<void>;
}

/** Opens the stage before the tests of the file that calls it, and closes it after them. */
export function openStage(): Stage {
  let demo: DemoServer | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    const opened = await Promise.allSettled([
      openDemo().then((server) => {
        demo = server;
      }),
      openBrowser().then((launched) => {
        browser = launched;
      }),
    ]);
    // Only now: what came up beside something that did not is closed, too.
    for (const each of opened) if (each.status === 'rejected') throw each.reason;
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });
  const stage: Stage = {
    get demo() {
      return there(demo);
    },
    get browser() {
      return there(browser);
    },
    visit: (eyes, journey) => visit(stage.browser, stage.demo.url, eyes, journey),
    as: (who, eyes, journey) =>
      stage.visit(eyes, async (seen) => {
        await giveSession(seen.context, stage.demo.url, who);
        await journey(seen);
      }),
    asMember: (phone, eyes, journey) =>
      stage.visit({ ...PHONE, ...eyes }, async (seen) => {
        await giveMember(seen.context, stage.demo, phone);
        await journey(seen);
      }),
  };
  return stage;
}

function there<T>(opened: T | undefined): T {
  if (opened === undefined) throw new Error('the stage opens when the tests run, not before');
  return opened;
}
