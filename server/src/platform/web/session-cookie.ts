import type { FastifyRequest } from 'fastify';
import type { Authenticate, SessionCookie } from './auth.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const COOKIES_MAX = 8_192;

/**
 * Names of cookies. Under `__Host-` a browser takes them from this host over https alone, and sends them nowhere else
 * (RFC 6265bis, 4.1.3.2); over plain http, as on a developer's machine, it would refuse the name.
 */
export function cookieName(name: string, isSecure: boolean): string {
  return isSecure ? `__Host-${name}` : name;
}

/** The cookie beside a session's, which scripts may read. */
export const companionName = (name: string): string => `${name}_there`;

/**
 * What says to pages that there is a session, and nothing of it: without one they ask for nothing that would be refused. It lives where
 * and as long as the session's cookie does, and goes with it; whoever makes one up gains a refusal.
 *
 * @param cookie the session's `Set-Cookie`
 */
export function companionOf(cookie: string): string {
  const [pair = '', ...attributes] = cookie.split(';');
  const at = pair.indexOf('=');
  const said = `${companionName(pair.slice(0, at))}=${pair.length > at + 1 ? '1' : ''}`;
  return [said, ...attributes.filter((each) => !/^ *httponly$/i.test(each))].join(';');
}

/** The value of a cookie, decoded; undefined when there is none. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined || header.length > COOKIES_MAX) return undefined;
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at === -1 || part.slice(0, at).trim() !== name) continue;
    try {
      return decodeURIComponent(part.slice(at + 1).trim());
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/**
 * Whether a browser says that the request comes from this origin's own pages: by `Sec-Fetch-Site`, or else by `Origin`.
 * Who says neither is not a browser of today. `publicOrigin` counts beside the host that was asked, because a proxy may ask
 * under another name.
 */
export function isSameOrigin({ headers }: FastifyRequest, publicOrigin: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = headers;
  return origin !== undefined && (origin === publicOrigin || hostOf(origin) === headers.host);
}

/** Whether a browser says that the request comes from another origin; of who says nothing it is not known. */
export function isCrossSite(request: FastifyRequest, publicOrigin: string): boolean {
  const { 'sec-fetch-site': site, origin } = request.headers;
  return (site !== undefined || origin !== undefined) && !isSameOrigin(request, publicOrigin);
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** Takes sessions from the cookie of this name. */
export function createSessionCookie(options: {
  readonly name: string;
  readonly publicOrigin: string;
  readonly authenticate: Authenticate;
  readonly isProven?: SessionCookie['isProven'];
}): SessionCookie {
  const { name, publicOrigin, authenticate, isProven } = options;
  return {
    authenticate,
    ...(isProven && { isProven }),
    // The library that sets it signs it; the token alone is what cannot be guessed.
    tokenOf: ({ headers }) => readCookie(headers.cookie, name)?.split('.', 1)[0] || undefined,
    comesFromElsewhere: (request) =>
      !READS.has(request.method) && !isSameOrigin(request, publicOrigin),
  };
}
