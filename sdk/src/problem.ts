import type { components } from './generated/schema.ts';

type Described = components['schemas']['Problem'];

/** Every code this version of the API refuses with. A server that is newer may have more. */
export type ProblemCode = Described['code'];

/** One thing that is wrong with what was asked: where (a JSON pointer into the request) and what. */
export type RefusedPart = components['schemas']['RefusedPart'];

/** RFC 9457 problem details as the API answers them; facts of a refusal stand beside these members. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Stable. `unexpected_answer` when something in between answered instead of the API. */
  readonly code: ProblemCode | 'unexpected_answer' | (string & {});
  /** All that is wrong, where that is more than `detail` can say. */
  readonly errors?: readonly RefusedPart[];
  readonly [fact: string]: unknown;
}

/** The server's answer was a refusal; `problem.code` is stable and says which. */
export class ProblemError extends Error {
  readonly problem: ProblemDetails;
  /** The answer's `X-Request-Id`, to find it in the server's log. */
  readonly requestId: string | null;
  constructor(problem: ProblemDetails, requestId: string | null = null) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.problem = problem;
    this.requestId = requestId;
  }

  get code(): ProblemDetails['code'] {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }

  /** All that is wrong with what was asked; empty where `detail` says it. */
  get errors(): readonly RefusedPart[] {
    return this.problem.errors ?? [];
  }
}

/** A refusal of one of these codes. */
export type Refused<C extends string> = ProblemError & {
  readonly code: C;
  readonly problem: ProblemDetails & { readonly code: C };
};

/**
 * Whether an error is a refusal, and one of these codes when any are named:
 *
 * ```ts
 * if (isRefusal(error, 'insufficient_points')) show(error.problem.available);
 * ```
 */
export function isRefusal<C extends ProblemCode = ProblemCode>(
  error: unknown,
  ...codes: readonly C[]
): error is Refused<C> {
  if (!(error instanceof ProblemError)) return false;
  return codes.length === 0 || codes.some((code) => code === error.problem.code);
}

/** No answer came, however often it was tried. Whether the request was performed is not known: repeat it with its key. */
export class NoAnswerError extends Error {
  readonly url: string;
  readonly attempts: number;
  constructor(url: string, attempts: number, cause: unknown) {
    super(`no answer from ${url} after ${attempts} attempts`, { cause });
    this.name = 'NoAnswerError';
    this.url = url;
    this.attempts = attempts;
  }
}

/** The problem of an answer that is not 2xx, also where something in between answered instead of the API. */
export function problemOf(status: number, body: string): ProblemDetails {
  try {
    const parsed: unknown = JSON.parse(body);
    if (isProblem(parsed)) return parsed;
  } catch {
    // Not JSON: a proxy's page.
  }
  return {
    type: 'about:blank',
    title: 'Not an answer of Hongmi',
    status,
    detail: `HTTP ${status}: ${body.slice(0, 200)}`,
    code: 'unexpected_answer',
  };
}

function isProblem(value: unknown): value is ProblemDetails {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'detail' in value &&
    'status' in value
  );
}
