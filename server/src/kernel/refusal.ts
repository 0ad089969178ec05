/**
 * An expected "no": a value inside the code, a 4xx problem outside. `code` is stable and part of the
 * API; `facts` are the numbers a caller needs to act on it (say, the points that are available).
 * A bug throws instead.
 */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
  /** Everything that is wrong with what was asked, where that is more than the message can say. */
  readonly errors?: readonly RefusedPart[];
}

/** One thing that is wrong: where (a JSON pointer into the request), and what. */
export interface RefusedPart {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  /** Of a text: where in it, lines and columns from 1. */
  readonly at?: { readonly offset: number; readonly line: number; readonly column: number };
}

export function refusal(code: string, message: string, facts?: Refusal['facts']): Refusal {
  return facts === undefined ? { code, message } : { code, message, facts };
}

/** A refusal travelling as an exception, for the few places where a value cannot (a batch that is cut short). */
export class RefusalError extends Error {
  readonly refusal: Refusal;
  constructor(reason: Refusal) {
    super(reason.message);
    this.name = 'RefusalError';
    this.refusal = reason;
  }
}
