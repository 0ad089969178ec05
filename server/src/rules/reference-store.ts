import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { EarnRatio } from '../kernel/points.ts';
import type { Transaction } from '../platform/database.ts';
import { readPointTypes, readTiers } from '../platform/publishing/reference-store.ts';
import type { Known } from './known.ts';
import type { RuleBody } from './rule.ts';

/** Of what a body names, that which is there for a rule of this owner in this programme. */
export async function readKnown(
  tx: Transaction,
  programme: number,
  merchant: Uuid | null,
  { when, terms }: RuleBody,
): Promise<Known> {
  const payers = terms?.funders?.flatMap(({ merchant: id }) => (id === 'seller' ? [] : id)) ?? [];
  const merchants = await tx.query<{ id: Uuid }>(
    'select id from merchant where programme = $1 and id = any ($2::uuid[])',
    [programme, [...(when.merchants ?? []), ...payers]],
  );
  const budgets = await tx.query<{ id: Uuid; code: string }>(
    `select b.id, t.code from ledger.budget b join point_type t on t.id = b.point_type
      where b.programme = $1 and b.id = $2 and ($3::uuid is null or b.merchant = $3)`,
    [programme, terms?.budget ?? null, merchant],
  );
  const stores = await tx.query<{ code: string }>(
    `select distinct s.code from store s join merchant m on m.id = s.merchant
      where m.programme = $1 and ($2::uuid is null or m.id = $2) and s.code = any ($3::text[])`,
    [programme, merchant, when.stores ?? []],
  );
  return {
    merchant,
    tiers: await readTiers(tx, programme, merchant),
    pointTypes: await readPointTypes(tx, programme),
    merchants: new Set(merchants.rows.map(({ id }) => id)),
    budgets: new Map(budgets.rows.map(({ id, code }) => [id, code])),
    stores: new Set(stores.rows.map(({ code }) => code)),
  };
}

/** The ratios that merchants a rule is about have `now` or are to have. */
export async function readRatios(
  tx: Transaction,
  { programme, merchant }: { readonly programme: number; readonly merchant: Uuid | null },
  { when }: RuleBody,
  now: Instant,
): Promise<EarnRatio[]> {
  const { rows } = await tx.query<EarnRatio>(
    `select distinct t.earn_points as points, t.earn_per_fen as "perFen"
      from merchant m join merchant_term t on t.merchant = m.id
      where m.programme = $1 and ($2::uuid is null or m.id = $2) and ($3::uuid[] is null or m.id = any ($3))
        and ($4::text[] is null or m.category = any ($4))
        and (t.from_ms > $5 or t.number = (select c.number from merchant_term c
          where c.merchant = m.id and c.from_ms <= $5 order by c.from_ms desc, c.number desc limit 1))`,
    [programme, merchant, when.merchants ?? null, when.merchantCategories ?? null, now],
  );
  return rows;
}
