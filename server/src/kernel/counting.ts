import type { Uuid } from './id.ts';

/** An order or an activity that was recorded, or of which something was taken back. */
export interface Touched {
  readonly deed: Uuid;
  readonly member: Uuid;
  readonly programme: number;
}

/** Whoever counts what members do. What is not counted for good is told again. */
export interface Counting {
  concerns(programme: number): boolean;
  count(touched: readonly Touched[]): Promise<unknown>;
}
