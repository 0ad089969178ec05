import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { PriceRow } from '../../ledger/price-list.ts';
import type { Sql } from '../../platform/database.ts';

export type OwnedPrice = PriceRow & { readonly merchant: Uuid };

export interface PriceFilter {
  readonly programme: number;
  /** Only rows of this merchant; undefined: of all. */
  readonly merchant: Uuid | undefined;
  /** Beside the standard rows, whose may be seen; null: everybody's. */
  readonly seenBy: Uuid | null;
  /** Only the rows that count then; null: all, of all times. */
  readonly at: Instant | null;
}

/** Where a row stands in the list. */
export type PricePlace = readonly [pointType: number, merchant: Uuid, from: Instant];

/** Rows of the price list by point type, merchant (the standard rows first) and time, after the row `after`. */
export async function listPrices(
  sql: Sql,
  filter: PriceFilter,
  after: PricePlace | null,
  limit: number,
): Promise<OwnedPrice[]> {
  const { rows } = await sql.query<OwnedPrice>(
    `select p.merchant, p.point_type as "pointType", p.from_ms as "from", p.issue_price as "issuePrice", p.reimbursement, p.fee,
        p.issuing, p.accepting, p.funding, p.quota
      from ledger.price p where p.programme = $1 and ($2::uuid is null or p.merchant = $2)
        and ($3::uuid is null or p.merchant = $3 or p.merchant = '00000000-0000-0000-0000-000000000000')
        and ($4::int8 is null or p.from_ms = (select max(l.from_ms) from ledger.price l
          where (l.programme, l.point_type, l.merchant) = (p.programme, p.point_type, p.merchant) and l.from_ms <= $4))
        and ($5::int4 is null or (p.point_type, p.merchant, p.from_ms) > ($5, $6, $7))
      order by p.point_type, p.merchant, p.from_ms limit $8`,
    [
      ...[filter.programme, filter.merchant ?? null, filter.seenBy, filter.at],
      ...[after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit],
    ],
  );
  return rows;
}
