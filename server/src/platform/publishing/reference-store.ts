import type { Uuid } from '../../kernel/id.ts';
import type { Transaction } from '../database.ts';

// What whatever is published may name: rules, rewards, promotions.

/** Codes of the programme's point types. */
export async function readPointTypes(
  tx: Transaction,
  programme: number,
): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ code: string }>(
    'select code from point_type where programme = $1',
    [programme],
  );
  return new Set(rows.map(({ code }) => code));
}

/** Codes of all tiers that the programme and the merchant ever had; null: none, so that whatever is named may come. */
export async function readTiers(
  tx: Transaction,
  programme: number,
  merchant: Uuid | null,
): Promise<ReadonlySet<string> | null> {
  const { rows } = await tx.query<{ code: string }>(
    `select distinct json_array_elements(body -> 'tiers') ->> 'code' as code from tier_scheme
      where programme = $1 and ladder in ('00000000-0000-0000-0000-000000000000', $2)`,
    [programme, merchant],
  );
  return rows.length === 0 ? null : new Set(rows.map(({ code }) => code));
}
