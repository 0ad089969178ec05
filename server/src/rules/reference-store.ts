import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { EarnRatio } from '../kernel/points.ts';
import type { Transaction } from '../platform/database.ts';
import type { Known } from './problem-of.ts';
import type { RuleBody } from './rule.ts';
import type { RuleProgramme } from './stored.ts';

const PROGRAMME = `select id, code, time_zone as "timeZone", clock_offset_ms as "clockOffsetMs",
  rule_notice_days as "ruleNoticeDays" from programme`;

/** The programme; its clock stays as it is until the transaction ends. */
export async function lockProgramme(tx: Transaction, id: number): Promise<RuleProgramme> {
  const { rows } = await tx.query<RuleProgramme>(`${PROGRAMME} where id = $1 for no key update`, [
    id,
  ]);
  if (rows[0] === undefined) throw new Error(`there is no programme ${id}`);
  return rows[0];
}

/** The programme of this number or code, or the one that a merchant takes part in. */
export async function findProgramme(
  tx: Transaction,
  by: { readonly id?: number; readonly code?: string; readonly merchant?: Uuid },
): Promise<RuleProgramme | undefined> {
  const { rows } = await tx.query<RuleProgramme>(
    `${PROGRAMME} where id = $1 or code = $2 or id = (select programme from merchant where id = $3)`,
    [by.id ?? null, by.code ?? null, by.merchant ?? null],
  );
  return rows[0];
}

/** Of what a body names, that which is there for a rule of this owner in this programme. */
export async function readKnown(
  tx: Transaction,
  programme: number,
  merchant: Uuid | null,
  { when, terms }: RuleBody,
): Promise<Known> {
  const pointTypes = await tx.query<{ code: string }>(
    'select code from point_type where programme = $1',
    [programme],
  );
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
  const tiers = await tx.query<{ code: string }>(
    `select distinct json_array_elements(body -> 'tiers') ->> 'code' as code from tier_scheme
      where programme = $1 and ladder in ('00000000-0000-0000-0000-000000000000', $2)`,
    [programme, merchant],
  );
  return {
    merchant,
    tiers: tiers.rows.length === 0 ? null : new Set(tiers.rows.map(({ code }) => code)),
    pointTypes: new Set(pointTypes.rows.map(({ code }) => code)),
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
