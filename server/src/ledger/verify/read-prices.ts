import type { Sql } from '../../platform/database.ts';
import type { PriceRow } from './price-list.ts';

/** The whole price list: some rows for each merchant and point type, which fit into memory. */
export async function readPrices(client: Sql): Promise<PriceRow[]> {
  const { rows } = await client.query<PriceRow>(
    `select programme, point_type as "pointType", merchant, from_ms as "from", issue_price as "issuePrice", reimbursement, fee,
        issuing, accepting, funding
      from ledger.price`,
  );
  return rows;
}
