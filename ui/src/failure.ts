import { NoAnswerError, ProblemError } from '@hongmi/sdk';
import { SignedOutError } from './session.ts';

/** A part of the page did not come. `needsReload`: and will not, before the page is loaded anew. */
export class NotFetchedError extends Error {
  readonly needsReload: boolean;

  constructor(cause: unknown, needsReload: boolean) {
    super('a part of the page did not come', { cause });
    this.name = 'NotFetchedError';
    this.needsReload = needsReload;
  }
}

/** What can go wrong with a request, as a page tells it apart. */
export type Failure =
  /** Nobody is signed in any more: the person signs in again over the page, and nothing on it is lost. */
  | { readonly kind: 'session' }
  /** No answer came: the server is down or the network is. */
  | { readonly kind: 'unreachable' }
  /** What the page still wants to fetch will not come before the page is loaded anew: there is a new version, say. */
  | { readonly kind: 'reload' }
  /** The API refused: `code` is stable, `facts` are what it said besides. */
  | { readonly kind: 'refused'; readonly code: string; readonly problem: ProblemError['problem'] }
  | { readonly kind: 'broken'; readonly message: string };

const SESSION_CODES = new Set(['unauthenticated', 'session_ended']);

export function failureOf(error: unknown): Failure {
  if (error instanceof NoAnswerError) return { kind: 'unreachable' };
  if (error instanceof NotFetchedError)
    return { kind: error.needsReload ? 'reload' : 'unreachable' };
  if (error instanceof SignedOutError) return { kind: 'session' };
  if (error instanceof ProblemError) {
    const { problem } = error;
    if (problem.status === 401 && SESSION_CODES.has(problem.code)) return { kind: 'session' };
    // A proxy speaks for a server that is away.
    if (problem.code === 'unexpected_answer' && problem.status >= 502)
      return { kind: 'unreachable' };
    if (problem.code === 'unavailable') return { kind: 'unreachable' };
    return { kind: 'refused', code: problem.code, problem };
  }
  return { kind: 'broken', message: error instanceof Error ? error.message : String(error) };
}

/** Whether what was asked for is not there, or not for this person: both look the same from outside. */
export function isAbsent(failure: Failure): boolean {
  if (failure.kind !== 'refused') return false;
  const { status, code } = failure.problem;
  // An id that was mistyped in the address bar names nothing, too.
  return status === 404 || (code === 'invalid_request' && failure.problem.in === 'path');
}

/** Whether the role of the person does not reach so far. */
export function isForbidden(failure: Failure): boolean {
  return failure.kind === 'refused' && failure.problem.status === 403;
}
