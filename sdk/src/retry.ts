import { NoAnswerError, ProblemError, problemOf } from './problem.ts';

/** How long a request is tried. Waits double from `firstMs` up to `longestMs`, half of each by chance. */
export interface Retry {
  readonly attempts: number;
  readonly firstMs: number;
  readonly longestMs: number;
  /** One attempt may take this long, until its answer is read. */
  readonly timeoutMs: number;
}

export const DEFAULT_RETRY: Retry = {
  attempts: 6,
  firstMs: 100,
  longestMs: 5_000,
  timeoutMs: 60_000,
};

/** Told before a request is sent again. */
export interface RetryEvent {
  readonly method: string;
  readonly url: string;
  /** Which attempt was in vain, from 1. */
  readonly attempt: number;
  /** How long is waited now. */
  readonly waitMs: number;
  /** Why: a `ProblemError` of "not now", or what became of the connection. */
  readonly cause: unknown;
}

/** With what requests are sent and waited for. */
export interface Sender {
  readonly fetch: typeof fetch;
  /** Rejects with the signal's reason when that comes first. */
  readonly wait: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  readonly onRetry: (event: RetryEvent) => void;
}

export interface Request {
  readonly url: string;
  readonly init: RequestInit & { readonly method: string };
  readonly signal: AbortSignal | undefined;
}

// "Not now": the same request may be answered in a moment. Writes are repeated too: they have a key.
const AGAIN = new Set([429, 502, 503, 504]);

type Attempt<T> = { readonly answer: T } | { readonly cause: unknown; readonly leastMs: number };

/**
 * Sends a request until it is answered, and lets `read` take the answer in, so that a connection lost half-way counts as no answer.
 * Throws a {@link ProblemError} for an answer that is not 2xx, a {@link NoAnswerError} when there was none, and the signal's reason.
 */
export async function sendAnswered<T>(
  request: Request,
  retry: Retry,
  sender: Sender,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const { url, init, signal } = request;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const tried = await tryOnce(request, retry.timeoutMs, sender, read);
    if ('answer' in tried) return tried.answer;
    const { cause, leastMs } = tried;
    const longest = Math.max(retry.longestMs, retry.firstMs);
    const left = retry.attempts - attempt;
    if (left <= 0 || isOutOfReach(cause, leastMs, longest * left))
      throw cause instanceof ProblemError ? cause : new NoAnswerError(url, attempt, cause);
    const waitMs = Math.min(Math.max(backoff(attempt, retry, sender.random), leastMs), longest);
    sender.onRetry({ method: init.method, url, attempt, waitMs, cause });
    await sender.wait(waitMs, signal);
  }
}

async function tryOnce<T>(
  { url, init, signal }: Request,
  timeoutMs: number,
  { fetch }: Sender,
  read: (response: Response) => Promise<T>,
): Promise<Attempt<T>> {
  // By hand: not every browser that is in use has AbortSignal.any.
  const stop = new AbortController();
  const forward = () => stop.abort(signal?.reason);
  const timer = setTimeout(
    () => stop.abort(new Error(`not answered in ${timeoutMs} ms`)),
    timeoutMs,
  );
  signal?.addEventListener('abort', forward);
  try {
    const response = await fetch(url, { ...init, signal: stop.signal });
    if (response.ok) return { answer: await read(response) };
    const problem = problemOf(response.status, await response.text());
    const cause = new ProblemError(problem, response.headers.get('x-request-id'));
    if (!AGAIN.has(response.status)) throw cause;
    return { cause, leastMs: retryAfterMs(response.headers.get('retry-after')) };
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    signal?.throwIfAborted();
    return { cause: error, leastMs: 0 };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', forward);
  }
}

/** A wait that a signal ends. */
export function waitFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}

/** Whether a limit lasts longer than anybody waits here: who asked hears of it now, and not after waiting in vain. */
function isOutOfReach(cause: unknown, leastMs: number, patienceMs: number): boolean {
  return cause instanceof ProblemError && cause.status === 429 && leastMs > patienceMs;
}

function backoff(attempt: number, retry: Retry, random: () => number): number {
  const whole = Math.min(retry.longestMs, retry.firstMs * 2 ** (attempt - 1));
  return whole / 2 + (whole / 2) * random();
}

function retryAfterMs(header: string | null): number {
  return header !== null && /^\d{1,4}$/.test(header) ? Number(header) * 1000 : 0;
}
