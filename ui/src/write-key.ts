import { failureOf } from './failure.ts';

/** Idempotency-Keys of one write of a page: the same for what is asked for again, unchanged, until it is answered. */
export interface WriteKey {
  of(asked: unknown): string;
  /** It was made, or failed with an error. */
  ended(asked: unknown, error?: unknown): void;
}

/** `random`: a key that nothing else has. */
export function createWriteKey(random: () => string = randomKey): WriteKey {
  let last: { readonly text: string; readonly key: string } | undefined;
  return {
    of(asked) {
      const text = textOf(asked);
      if (last?.text !== text) last = { text, key: random() };
      return last.key;
    },
    ended(asked, error) {
      if (last?.text === textOf(asked) && (error === undefined || isAnswer(error)))
        last = undefined;
    },
  };
}

/** By which two requests of one write are the same. */
export const textOf = (asked: unknown): string => JSON.stringify(asked) ?? '';

/**
 * Whether a failure says that nothing was done. The API keeps such an answer with its key and would give it again when its cause is
 * gone; so what is asked for after it is a new request. Of all other failures nobody knows what became of the request.
 */
function isAnswer(error: unknown): boolean {
  const failure = failureOf(error);
  return failure.kind === 'refused' && failure.problem.status < 500;
}

/** 128 random bits. `crypto.randomUUID` is missing where the page came over plain http from another machine. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
