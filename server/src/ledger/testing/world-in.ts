import { type Pool, withTransaction } from '../../platform/database.ts';
import { makeBudget } from '../budget.ts';
import { readTermsOfLots } from '../read-terms.ts';
import type { Stage } from './play.ts';

/** Prices and lots of runs that are played on a database. Nobody asks for the point types of a run before it begins. */
export function worldIn(pool: Pool): Pick<Stage, 'price' | 'termsOf'> {
  return {
    price: ({ prices, budgets }, { programme, pointTypes: [pointType] }) =>
      withTransaction(pool, async (tx) => {
        for (const [id, total] of budgets)
          await makeBudget(
            tx,
            { id, programme, pointType, name: id, merchant: null, createdAt: 0 },
            total,
          );
        for (const row of prices)
          await tx.query(
            `insert into ledger.price (programme, point_type, merchant, from_ms, issue_price, reimbursement, fee, issuing,
                accepting, funding, quota)
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
            [
              ...[programme, row.pointType, row.merchant, row.from, row.issuePrice],
              ...[row.reimbursement, row.fee, row.issuing, row.accepting, row.funding, row.quota],
            ],
          );
      }),
    async termsOf(lots) {
      const found = await readTermsOfLots(pool, lots);
      return new Map([...found].map(([lot, { terms }]) => [lot, terms]));
    },
  };
}
