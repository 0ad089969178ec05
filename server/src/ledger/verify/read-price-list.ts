import type { Sql } from '../../platform/database.ts';
import type { ListedPrice } from './price-list.ts';

/** The whole price list: some rows for each merchant and point type, which fit into memory. */
export async function readPriceList(client: Sql): Promise<ListedPrice[]> {
  const { rows } = await client.query<ListedPrice>(
    `select programme, point_type as "pointType", merchant, from_ms as "from", issue_price as "issuePrice", reimbursement, fee,
        issuing, accepting, funding
      from ledger.price order by programme, point_type, merchant, from_ms`,
  );
  return rows;
}
