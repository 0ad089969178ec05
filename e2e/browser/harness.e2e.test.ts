import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../../bench/src/browser/open-browser.ts';
import { visit } from './visit.ts';

/** Pages with one thing wrong each: what watches the console's pages must see it. */
const PAGES: Readonly<Record<string, string>> = {
  '/good': '<main><h1>通兑积分</h1><button>好</button></main>',
  '/console-error': '<script nonce="known">console.error("broken")</script>',
  '/exception': '<script nonce="known">setTimeout(() => { throw new Error("unseen") })</script>',
  '/inline': '<script>alert(1)</script>',
  '/style-attribute': '<p style="color:red">red</p>',
  '/missing': '<img src="/nowhere.png" alt="nothing">',
  '/unreachable':
    '<script nonce="known">fetch("/hang-up").catch(() => console.log("expected"))</script>',
  '/unlabelled': '<main><h1>Form</h1><input><img src="data:,"></main>',
};

let server: Server;
let url: string;
let browser: Browser;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/hang-up') return void request.socket.destroy();
    const page = PAGES[request.url ?? ''];
    const policy =
      "default-src 'none'; script-src 'nonce-known'; img-src 'self' data:; connect-src 'self'";
    response.writeHead(page === undefined && request.url !== '/favicon.ico' ? 404 : 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
    });
    response.end(`<!doctype html><html lang="zh-CN"><title>通兑</title>${page ?? ''}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

const open = (path: string) =>
  visit(browser, url, {}, async ({ page }) => {
    await page.goto(path, { waitUntil: 'networkidle' });
  });

test('a page without fault passes', async () => {
  await visit(browser, url, {}, async ({ page, expectAccessible }) => {
    await page.goto('/good');
    await expectAccessible();
  });
});

test.each([
  ['/console-error', /console: broken/],
  ['/exception', /exception: Error: unseen/],
  ['/inline', /script-src/],
  ['/style-attribute', /style-src/],
  ['/missing', /response: 404 GET .*nowhere\.png/],
  ['/unreachable', /request: net::ERR_EMPTY_RESPONSE .*hang-up/],
])('what goes wrong on %s is seen', async (path, complaint) => {
  await expect(open(path)).rejects.toThrow(complaint);
});

test('what a test permits is not held against the page', async () => {
  await visit(browser, url, {}, async ({ page, permit }) => {
    permit(/nowhere\.png|404/);
    await page.goto('/missing', { waitUntil: 'networkidle' });
  });
});

test('what keeps people out is found', async () => {
  await visit(browser, url, {}, async ({ page, expectAccessible }) => {
    await page.goto('/unlabelled');
    await expect(expectAccessible()).rejects.toThrow(/label.*image-alt|image-alt.*label/s);
  });
});

test('Chinese has a font: characters differ', async () => {
  await visit(browser, url, {}, async ({ page }) => {
    await page.goto('/good');
    const draw = (character: string): Promise<string> =>
      page.evaluate((text) => {
        const canvas = document.createElement('canvas');
        const brush = canvas.getContext('2d');
        if (brush === null) throw new Error('nothing to draw on');
        brush.font = '40px sans-serif';
        brush.fillText(text, 10, 60);
        return canvas.toDataURL();
      }, character);
    // Without a font each of them is the same empty box.
    expect(await draw('积')).not.toBe(await draw('分'));
  });
});
