// Keeps the shell of these pages, so that they open without the network. installable.ts puts in what stands between underscores.
// Nothing of the API is ever kept here: what a page shows of it offline, the page keeps itself.
const BASE = '__BASE__';
const VERSION = '__VERSION__';
/** @type {readonly string[]} */
const FILES = '__FILES__';

const PREFIX = `hongmi ${BASE} `;
const CACHE = PREFIX + VERSION;
/** A tab that was opened before an update may still ask for parts of its own version. */
const KEPT_VERSIONS = 2;
/** A network that takes longer than that is none, for who holds a phone out to a till. */
const PATIENCE_MS = 3_000;

addEventListener('install', (event) => {
  event.waitUntil(install());
});

addEventListener('activate', (event) => {
  event.waitUntil(activate());
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || !pathname.startsWith(BASE)) return;
  if (request.mode === 'navigate') event.respondWith(openPage(request));
  else if (pathname.startsWith(`${BASE}assets/`)) event.respondWith(openAsset(event));
});

async function install() {
  const cache = await caches.open(CACHE);
  // The page belongs to its files: both are of one version, and its nonce to the policy that is kept with it.
  const page = await fetch(BASE, { headers: { accept: 'text/html' }, cache: 'no-store' });
  if (!page.ok) throw new Error(`the page was answered with ${page.status}`);
  await Promise.all([cache.put(BASE, page), cache.addAll(FILES)]);
  // Nobody is kept on an old version: what is open goes on with the files it has.
  await skipWaiting();
}

async function activate() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const old = names.slice(0, Math.max(0, names.length - (KEPT_VERSIONS - 1)));
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

/** The page of the server, which is always the newest; the one that was kept where there is no server. */
async function openPage(request) {
  const kept = () => caches.open(CACHE).then((cache) => cache.match(BASE));
  try {
    const page = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    // A proxy speaks for a server that is away.
    return page.status < 500 ? page : ((await kept()) ?? page);
  } catch (error) {
    const page = await kept();
    if (page === undefined) throw error;
    return page;
  }
}

/** Files have names of their contents: whichever is there is the right one. */
async function openAsset(event) {
  const { request } = event;
  const kept = await caches.match(request);
  if (kept !== undefined) return kept;
  const fresh = await fetch(request);
  // Nobody waits until it is kept, or goes without it where there is no space.
  if (fresh.ok) event.waitUntil(keep(request, fresh.clone()).catch(() => {}));
  return fresh;
}

async function keep(request, answer) {
  await (await caches.open(CACHE)).put(request, answer);
}
