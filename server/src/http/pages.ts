import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AnswerUnrouted } from './unrouted.ts';

export interface PagesOptions {
  /** Folders of built pages by the address they are under, which begins and ends with a slash. */
  readonly folders: Readonly<Record<string, string>>;
  /** Whether browsers reach the server by https, at its own address or a proxy's. */
  readonly isHttps: boolean;
  /** Answers addresses at which there is nothing. */
  readonly answerUnrouted: AnswerUnrouted;
}

/** What built pages have in place of the nonce; Vite writes it into every tag that needs one. */
export const NONCE_MARK = '__CSP_NONCE__';
const NONCE_BYTES = 18;
/** Files whose names change with their contents, so that nobody has to ask for them twice. */
const HASHED = 'assets/';
const FOREVER = '365d';
const HSTS = 'max-age=31536000; includeSubDomains';
const PERMISSIONS =
  'accelerometer=(), browsing-topics=(), camera=(self), display-capture=(), geolocation=(self), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()';

/** What answers that are no pages may do in a browser: nothing. */
export const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * The Content-Security-Policy of a page. Scripts are files of ours. Styles may also come from scripts that know the nonce: antd writes
 * its own while it runs. Style attributes are not among them: React sets styles one by one, which no policy restricts.
 */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The policy of a service worker: it fetches what its pages would, and does nothing else. */
const WORKER_POLICY = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";
const WORKER = 'sw.js';

/**
 * Built pages: their files, compressed as they were when they were built, and the page itself at every other address below, so that
 * an address opens where it was copied. `/` leads a browser to the first of them.
 */
export async function servePages(app: FastifyInstance, options: PagesOptions): Promise<void> {
  const [first] = Object.keys(options.folders);
  if (first === undefined) return;
  await app.register(async (pages) => {
    if (options.isHttps)
      pages.addHook('onRequest', (_request, reply, done) => {
        reply.header('strict-transport-security', HSTS);
        done();
      });
    // Only for `reply.sendFile`, which knows ranges, validators and precompressed files.
    await pages.register(fastifyStatic, {
      ...{ serve: false, root: resolve('.') },
      ...{ preCompressed: true, index: false, dotfiles: 'ignore' },
    });
    const hidden = { schema: { hide: true } };
    pages.get('/', hidden, (request, reply) => {
      if (asksForPage(request)) reply.redirect(first, 302);
      else options.answerUnrouted(request, reply);
    });
    for (const [prefix, folder] of Object.entries(options.folders)) {
      pages.get(prefix.slice(0, -1), hidden, (request, reply) => {
        const [, query] = request.url.split('?', 2);
        reply.redirect(query === undefined ? prefix : `${prefix}?${query}`, 308);
      });
      pages.get(`${prefix}*`, hidden, async (request, reply) => {
        const path = (request.params as { '*': string })['*'];
        if (await isFile(folder, path)) return sendFile(reply, folder, path);
        // At its own address it is there for whoever asks: watchers and previews do not say what they take.
        if (path.startsWith(HASHED) || (path !== '' && !asksForPage(request))) {
          options.answerUnrouted(request, reply);
          return reply;
        }
        return sendPage(reply, folder);
      });
    }
  });
}

/** Who follows a link says that it takes HTML; scripts, styles and pictures are not asked for like that, nor is data. */
function asksForPage({ headers }: FastifyRequest): boolean {
  return /\btext\/html\b/i.test(headers.accept ?? '');
}

/** Whether a path names a file within a folder, other than the page itself, which is never sent as it is. */
async function isFile(folder: string, path: string): Promise<boolean> {
  const file = resolve(folder, path);
  if (!file.startsWith(resolve(folder) + sep) || path.includes('\0')) return false;
  if (file === resolve(folder, PAGE)) return false;
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ?? false;
}

const PAGE = 'index.html';

function sendFile(reply: FastifyReply, folder: string, path: string): FastifyReply {
  reply.header('cache-control', 'no-cache').header('vary', 'accept-encoding');
  if (path === WORKER) reply.header('content-security-policy', WORKER_POLICY);
  return reply.sendFile(
    path,
    resolve(folder),
    path.startsWith(HASHED) ? { immutable: true, maxAge: FOREVER } : { cacheControl: false },
  );
}

/**
 * Read anew for each answer: it is small, and may be built while the server runs. It has no validator, because a 304 would give a page
 * that is kept, with its nonce, the policy of another.
 */
async function sendPage(reply: FastifyReply, folder: string): Promise<FastifyReply> {
  const nonce = randomBytes(NONCE_BYTES).toString('base64url');
  reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-cache')
    .header('content-security-policy', pagePolicy(nonce))
    .header('cross-origin-opener-policy', 'same-origin')
    .header('referrer-policy', 'same-origin')
    .header('permissions-policy', PERMISSIONS)
    .header('vary', 'accept');
  const page = await readFile(resolve(folder, PAGE), 'utf8').catch((error: unknown) => {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  });
  if (page === undefined) return reply.code(503).header('retry-after', '10').send(NOT_BUILT);
  return reply.send(page.replaceAll(NONCE_MARK, nonce));
}

const NOT_BUILT = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>Hongmi</title></head><body>
<h1>页面尚未构建</h1><p>请运行 <code>npm run build</code>，然后刷新。</p>
<div lang="en"><h1>These pages are not built yet</h1><p>Run <code>npm run build</code>, then reload.</p></div>
</body></html>
`;
