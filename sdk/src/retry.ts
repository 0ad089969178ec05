import { NoAnswerError, ProblemError, problemOf } from './problem.ts';

/** How long a request is tried. Waits double from `firstMs` up to `longestMs`, half of each by chance. */
export interface Retry {
  readonly attempts: number;
  readonly firstMs: number;
  readonly longestMs: number;
  /** One attempt may take this long. */
  readonly timeoutMs: number;
}

export const DEFAULT_RETRY: Retry = {
  attempts: 6,
  firstMs: 100,
  longestMs: 5_000,
  timeoutMs: 60_000,
};

export interface RetryTools {
  readonly fetch: typeof fetch;
  readonly wait: (ms: number) => Promise<void>;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
}

export const realTools: RetryTools = {
  fetch: (input, init) => fetch(input, init),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
};

// "Not now": the same request may be answered in a moment. Writes are repeated too: they have a key.
const AGAIN = new Set([429, 502, 503, 504]);

/**
 * Sends a request until it is answered, and reads the answer whole, so that a connection lost half-way
 * counts as no answer. Throws a {@link ProblemError} for an answer that is not 2xx, and a
 * {@link NoAnswerError} when there was none.
 */
export async function fetchAnswered(
  request: Request,
  retry: Retry,
  tools: RetryTools,
): Promise<Response> {
  const { url, method, headers } = request;
  const hasBody = request.body !== null;
  // Read once: the body of a Request can be sent once only.
  const body = hasBody ? await request.text() : undefined;
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt >= retry.attempts;
    let wait = backoff(attempt, retry, tools.random);
    try {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(retry.timeoutMs)]);
      const init = { method, headers, signal, redirect: 'error' } as const;
      const response = await tools.fetch(url, body === undefined ? init : { ...init, body });
      const text = await response.text();
      if (response.ok) return new Response(text === '' ? null : text, response);
      if (last || !AGAIN.has(response.status))
        throw new ProblemError(problemOf(response.status, text));
      wait = Math.max(wait, retryAfterMs(response.headers.get('retry-after')));
    } catch (error) {
      if (error instanceof ProblemError || request.signal.aborted) throw error;
      if (last) throw new NoAnswerError(url, attempt, error);
    }
    await tools.wait(Math.min(wait, Math.max(retry.longestMs, retry.firstMs)));
  }
}

function backoff(attempt: number, retry: Retry, random: () => number): number {
  const whole = Math.min(retry.longestMs, retry.firstMs * 2 ** (attempt - 1));
  return whole / 2 + (whole / 2) * random();
}

function retryAfterMs(header: string | null): number {
  return header !== null && /^\d{1,4}$/.test(header) ? Number(header) * 1000 : 0;
}
