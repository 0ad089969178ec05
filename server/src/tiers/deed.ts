import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';

/** An order that was recorded, or of which something came back. */
export interface Touched {
  readonly order: Uuid;
  readonly member: Uuid;
  readonly programme: number;
}

/** What is left of an order, and of the points that it earned. */
export interface Deed extends Touched {
  readonly at: Instant;
  readonly spendFen: number;
  /** By the number of the point type. */
  readonly points: ReadonlyMap<number, number>;
}

/** What tiers need to know of orders; whoever records them tells. */
export interface Deeds {
  /** As they are now; ids that are none are absent. */
  read(sql: Sql, orders: readonly Uuid[]): Promise<Deed[]>;
  /** Those among the next `limit` orders by id that belong to the programme, and where those end; null: there are no more. */
  walk(
    sql: Sql,
    programme: number,
    after: Uuid,
    limit: number,
  ): Promise<{ readonly orders: readonly Touched[]; readonly last: Uuid | null }>;
}
