import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { problem, problemOf, sendProblem } from '../platform/web/problem.ts';

export type AnswerUnrouted = (request: FastifyRequest, reply: FastifyReply) => void;

export interface Unrouted {
  /** Answers what no route takes: 405 with the methods that the address takes, or 404. */
  readonly answer: AnswerUnrouted;
  /**
   * Makes addresses without parameters take only their own methods: `GET /members/bulk` is no look for a
   * member named bulk. Call when all routes are registered.
   */
  close(): void;
}

/** Call before the first route is registered. */
export function watchRoutes(app: FastifyInstance): Unrouted {
  const addresses = new Map<string, Set<string>>();
  let isClosing = false;
  app.addHook('onRoute', ({ url, method }) => {
    if (isClosing) return;
    const methods = addresses.get(url) ?? new Set();
    addresses.set(url, methods);
    for (const each of [method].flat()) methods.add(each);
  });
  const answer: AnswerUnrouted = (request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const methods = addresses.get(path) ?? [...addresses].find(([url]) => matches(url, path))?.[1];
    const asked = `there is no ${request.method} at this address`;
    if (methods === undefined) {
      sendProblem(reply, problemOf(problem('not_found', asked)));
      return;
    }
    reply.header('allow', [...methods].sort().join(', '));
    sendProblem(reply, problemOf(problem('method_not_allowed', asked)));
  };
  return {
    answer,
    close() {
      isClosing = true;
      for (const [url, methods] of addresses) {
        if (url.includes(':')) continue;
        const others = [...addresses].filter(([other]) => other !== url && matches(other, url));
        // HEAD comes with GET.
        const foreign = new Set(others.flatMap(([, theirs]) => [...theirs]));
        for (const method of foreign)
          if (!methods.has(method) && method !== 'HEAD')
            app.route({
              method: method as HTTPMethods,
              url,
              schema: { hide: true },
              handler: answer,
            });
      }
    },
  };
}

/** Whether a path has the form of a route's address: parameters stand for one segment each. */
function matches(url: string, path: string): boolean {
  const [wanted, given] = [url.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, place) =>
      part.startsWith(':') ? given[place] !== '' : part === given[place],
    )
  );
}
