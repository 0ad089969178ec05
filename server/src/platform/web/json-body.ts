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
    // An empty body is for the route's schema to judge.
    if (json.length === 0) {
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
  if (typeof value === 'string') return !UNSTORABLE.test(value);
  if (Array.isArray(value)) return value.every(isStorable);
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner));
  }
  return true;
}
