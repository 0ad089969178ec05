import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import { termsAt } from './read-terms.ts';

/**
 * How much of what a merchant issues may be owed for at an instant, in fen: nothing where it pays beforehand, or goes by no terms;
 * null where it pays later without limit, and nothing of it is drawn from its account.
 */
export async function creditLineAt(
  sql: Sql,
  programme: number,
  merchant: Uuid,
  at: Instant,
): Promise<number | null> {
  const terms = await termsAt(sql, programme, merchant, at);
  if (terms === null || terms.settlement === 'prefund') return 0;
  return terms.creditLimitFen;
}
