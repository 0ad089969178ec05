import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problem, problemOf, sendProblem } from '../platform/web/problem.ts';

/** Answers what no route takes: 405 with the methods that there are, or 404. */
export type AnswerUnrouted = (request: FastifyRequest, reply: FastifyReply) => void;

/** Register before the routes that it is to know of. */
export function answersUnrouted(app: FastifyInstance): AnswerUnrouted {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set();
    methods.set(url, known);
    for (const each of [method].flat()) known.add(each);
  });
  return (request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const allowed = new Set<string>();
    for (const [url, known] of methods)
      if (matches(url, path)) for (const method of known) allowed.add(method);
    const asked = `there is no ${request.method} at this address`;
    if (allowed.size === 0) {
      sendProblem(reply, problemOf(problem('not_found', asked)));
      return;
    }
    reply.header('allow', [...allowed].sort().join(', '));
    sendProblem(reply, problemOf(problem('method_not_allowed', asked)));
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
