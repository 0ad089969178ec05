import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { Conflict, type Sql, type Transaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import type { Draft, NumberedChange, Rule, RuleChange } from './stored.ts';

const RULE = `select r.id, r.programme, p.code as "programmeCode", p.clock_offset_ms as "clockOffsetMs", r.merchant, r.code,
  r.made_at_ms as "madeAt", r.made_by as "madeBy" from rule r join programme p on p.id = r.programme`;

/**
 * What a caller sees: of one programme or all, and everything in it or what one merchant may see, which is its
 * own rules and of the operator's those that were published.
 */
export interface View {
  readonly programme: number | null;
  readonly merchant: Uuid | null;
}

/** Whether the caller has to do with a programme at all. */
export function reachesProgramme(view: View, programme: number): boolean {
  return view.programme === null || view.programme === programme;
}

/** Whether the caller may write rules of this owner. */
export function isOwn(
  view: View,
  { programme, merchant }: Pick<Rule, 'programme' | 'merchant'>,
): boolean {
  const isTheirs = view.merchant === null || view.merchant === merchant;
  return isTheirs && reachesProgramme(view, programme);
}

/** Which rules are asked for. */
export interface RuleFilter {
  readonly programme: number | null;
  readonly merchant: Uuid | null;
  readonly code: string | null;
}

const SEEN = `($1::int is null or r.programme = $1) and ($2::uuid is null or r.merchant = $2
  or r.merchant is null and exists (select from rule_version v where v.rule = r.id))`;

export async function findRule(sql: Sql, id: Uuid, view: View): Promise<Rule | undefined> {
  const { rows } = await sql.query<Rule>(`${RULE} where ${SEEN} and r.id = $3`, [
    view.programme,
    view.merchant,
    id,
  ]);
  return rows[0];
}

/** Rules by age, after the rule `after`. */
export async function listRules(
  sql: Sql,
  { programme, merchant, code }: RuleFilter,
  view: View,
  after: Uuid | null,
  limit: number,
): Promise<Rule[]> {
  const { rows } = await sql.query<Rule>(
    `${RULE} where ${SEEN} and ($3::int is null or r.programme = $3) and ($4::uuid is null or r.merchant = $4)
       and ($5::text is null or r.code = $5) and ($6::uuid is null or r.id > $6) order by r.id limit $7`,
    [view.programme, view.merchant, programme, merchant, code, after, limit],
  );
  return rows;
}

/** The id of another rule that has this code there; null when the rule was inserted. */
export async function insertRule(
  tx: Transaction,
  rule: Omit<Rule, 'programmeCode' | 'clockOffsetMs'>,
): Promise<Uuid | null> {
  const { rowCount } = await tx.query(
    `insert into rule (id, programme, merchant, code, made_at_ms, made_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (programme, merchant, code) do nothing`,
    [rule.id, rule.programme, rule.merchant, rule.code, rule.madeAt, rule.madeBy],
  );
  if (rowCount === 1) return null;
  const { rows } = await tx.query<{ id: Uuid }>(
    'select id from rule where programme = $1 and merchant is not distinct from $2 and code = $3',
    [rule.programme, rule.merchant, rule.code],
  );
  if (rows[0] === undefined) throw new Conflict('the rule of this code is gone again');
  return rows[0].id;
}

/**
 * The rule, when the caller may write it: nobody else does until the transaction ends. `rule_not_found` when
 * the caller does not even see it.
 */
export async function lockRule(tx: Transaction, id: Uuid, view: View): Promise<Rule | Refusal> {
  // Before it is looked for: of two that remove a rule the second finds nothing. The table's trigger takes it too.
  await tx.query("select pg_advisory_xact_lock(hashtext('hongmi rule'), hashtext($1))", [id]);
  const rule = await findRule(tx, id, view);
  if (rule === undefined) return problem('rule_not_found');
  return isOwn(view, rule) ? rule : problem('merchant_out_of_reach');
}

export async function deleteRule(tx: Transaction, id: Uuid): Promise<void> {
  await tx.query('delete from rule where id = $1', [id]);
}

const DRAFT =
  'select rule, id, number, body, made_at_ms as "madeAt", made_by as "madeBy" from rule_draft';

/** The drafts of these rules. */
export async function readDrafts(
  sql: Sql,
  rules: readonly Pick<Rule, 'id'>[],
): Promise<Map<Uuid, Draft>> {
  const { rows } = await sql.query<Draft>(`${DRAFT} where rule = any ($1::uuid[])`, [
    rules.map(({ id }) => id),
  ]);
  return new Map(rows.map((each) => [each.rule, each]));
}

export async function findDraft(sql: Sql, id: Uuid): Promise<Draft | undefined> {
  const { rows } = await sql.query<Draft>(`${DRAFT} where id = $1`, [id]);
  return rows[0];
}

/** Writes the draft of a locked rule, in place of the one there is. */
export async function putDraft(tx: Transaction, draft: Draft): Promise<void> {
  await tx.query(
    `insert into rule_draft (rule, id, number, body, made_at_ms, made_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (rule) do update set body = excluded.body, made_at_ms = excluded.made_at_ms, made_by = excluded.made_by`,
    [draft.rule, draft.id, draft.number, JSON.stringify(draft.body), draft.madeAt, draft.madeBy],
  );
}

export async function deleteDraft(tx: Transaction, rule: Uuid): Promise<void> {
  await tx.query('delete from rule_draft where rule = $1', [rule]);
}

/** Something that is done with a rule. */
interface NewChange extends Pick<RuleChange, 'programme' | 'rule' | 'kind'> {
  /** What it is done with; null: the rule itself. */
  readonly draft: Pick<Draft, 'id' | 'number'> | null;
  readonly at: Instant;
  /** An API key. */
  readonly by: Uuid;
  /** When it takes effect, if not at once. */
  readonly from?: Instant;
}

/** Writes down who did what. */
export async function insertChange(
  tx: Transaction,
  { programme, rule, kind, draft, at, by, from }: NewChange,
): Promise<void> {
  await tx.query(
    `insert into rule_change (programme, rule, kind, version, version_number, changed_at_ms, changed_by, from_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [programme, rule, kind, draft?.id ?? null, draft?.number ?? null, at, by, from ?? null],
  );
}

/** What was done with a rule by age, after the change with the number `after`. */
export async function listChanges(
  sql: Sql,
  rule: Uuid,
  after: number,
  limit: number,
): Promise<NumberedChange[]> {
  const { rows } = await sql.query<NumberedChange>(
    `select number, programme, rule, kind, version, version_number as "versionNumber", changed_at_ms as "changedAt",
       changed_by as "changedBy", from_ms as "from" from rule_change
     where rule = $1 and number > $2 order by number limit $3`,
    [rule, after, limit],
  );
  return rows;
}
