import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';

/** Where what a merchant issues is drawn from. */
export interface FundedBy {
  readonly merchant: Uuid;
  /** `ledger.price.funding`; in thousandths of a fen. */
  readonly budget: Uuid;
  /** By the programme's clock. */
  readonly from: Instant;
}

/** The funding accounts of a programme, from which the price list is derived; a merchant has one at most. */
export async function readFundingAccounts(sql: Sql, programme: number): Promise<FundedBy[]> {
  const { rows } = await sql.query<FundedBy>(
    'select merchant, budget, from_ms as "from" from funding_account where programme = $1 order by merchant',
    [programme],
  );
  return rows;
}
