import type { Instant } from './clock.ts';
import type { Uuid } from './id.ts';

/** An order or an activity that was recorded, or of which something was taken back. */
export interface Touched {
  readonly deed: Uuid;
  readonly member: Uuid;
  /** Where it was done. */
  readonly merchant: Uuid;
  readonly programme: number;
  /** Of one that is new; absent: it must be read, since things may have been taken back of it. */
  readonly worth?: Worth;
}

/** What is left of what was paid, and of the points that were earned. */
export interface Worth {
  readonly at: Instant;
  /** Nothing, of an activity. */
  readonly spendFen: number;
  /** By the number of the point type. */
  readonly points: ReadonlyMap<number, number>;
}

/** Whoever counts what members do. What is not counted for good is told again. */
export interface Counting {
  concerns(programme: number): boolean;
  count(touched: readonly Touched[]): Promise<unknown>;
}

/** Has counted what concerns anybody. False when that failed, of which `onError` is told: then it is to be told again. */
export async function countOrReport(
  { concerns, count }: Counting,
  touched: readonly Touched[],
  onError: (error: unknown) => void,
): Promise<boolean> {
  const concerned = touched.filter(({ programme }) => concerns(programme));
  if (concerned.length === 0) return true;
  try {
    await count(concerned);
    return true;
  } catch (error) {
    onError(error);
    return false;
  }
}
