/** RFC 9457 problem details as the API answers them; facts of a refusal stand beside these members. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly [fact: string]: unknown;
}

/** The server's answer was a refusal; `problem.code` is stable and says which. */
export class ProblemError extends Error {
  readonly problem: ProblemDetails;
  constructor(problem: ProblemDetails) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
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
