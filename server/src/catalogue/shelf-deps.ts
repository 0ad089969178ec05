import type { Clock } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import type { Announce } from '../platform/publishing/published.ts';
import type { CountedOf } from './member-deps.ts';

/** What rewards and promotions are published with. */
export interface ShelfDeps {
  readonly countedOf: CountedOf;
  readonly pool: Pool;
  readonly clock: Clock;
  readonly announce: Announce;
  readonly programmes: {
    find(
      code: string,
    ): { readonly id: number } | undefined | Promise<{ readonly id: number } | undefined>;
  };
}
