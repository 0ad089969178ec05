import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { RefusalError } from '../../kernel/refusal.ts';
import { problem } from './problem.ts';

/**
 * Takes JSON in UTF-8 and nothing else. Fastify's own parser would silently replace bytes that are
 * not UTF-8, and accept text that PostgreSQL cannot store (NUL, half a surrogate pair).
 */
export function acceptJsonBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } =
      request.headers;
    if (encoding !== 'identity' || !isUtf8Type(type)) {
      done(
        new RefusalError(
          problem('unsupported_media_type', 'send application/json in UTF-8, not compressed'),
        ),
      );
      return;
    }
    if (!isUtf8(body as Buffer)) {
      done(new RefusalError(problem('invalid_text', 'the body is not valid UTF-8')));
      return;
    }
    const json = (body as Buffer).toString('utf8');
    // An empty body is for the route's schema to judge. Where there is none, no body is looked at: it
    // may be nested deeper than what walks through it can go.
    if (json.length === 0 || request.routeOptions.schema?.body === undefined) {
      done(null, undefined);
      return;
    }
    void parseJson(request, json, (error, value) => {
      if (error !== null && error !== undefined)
        done(new RefusalError(problem('invalid_json', error.message)));
      else if (json.includes('\\u') && !isStorable(value)) {
        done(
          new RefusalError(
            problem('invalid_text', 'the body contains NUL or an unpaired surrogate'),
          ),
        );
      } else done(null, value);
    });
  });
}

function isUtf8Type(type: string): boolean {
  const charset = /charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}

// With the u flag a surrogate matches only when its other half is missing.
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** False when any string inside, key or value, cannot be stored as PostgreSQL text. */
export function isStorable(value: unknown): boolean {
  // No recursion: a body may be nested deeper than the stack.
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === 'string') {
      if (UNSTORABLE.test(next)) return false;
    } else if (Array.isArray(next)) for (const inner of next) left.push(inner);
    else if (next !== null && typeof next === 'object')
      for (const [key, inner] of Object.entries(next)) left.push(key, inner);
  }
  return true;
}
