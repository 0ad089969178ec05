import { newId, showId, type Uuid } from '../../kernel/id.ts';
import type { Pool } from '../../platform/database.ts';
import type { RuleRegistry } from '../../rules/registry.ts';
import type { RuleBody } from '../../rules/rule.ts';

const LONG_AGO = Date.parse('2020-01-01T00:00:00Z');
/** Any key: nobody asks who it was. */
const SOMEBODY = newId(LONG_AGO);
let rules = 0;

/** A rule that has been in force for long, without the notice and the waiting that publishing it takes; its version. */
export async function publishRule(
  { pool, rules: registry }: { readonly pool: Pool; readonly rules: RuleRegistry },
  body: Omit<RuleBody, 'name' | 'on'> & Partial<RuleBody>,
  { programme = 'default', merchant = null }: { programme?: string; merchant?: Uuid | null } = {},
): Promise<string> {
  rules += 1;
  const [rule, version] = [newId(LONG_AGO), newId(LONG_AGO)];
  await pool.query(
    `insert into rule (id, programme, merchant, code, made_at_ms, made_by)
     select $1, p.id, $3, $4, 1, $5 from programme p where p.code = $2`,
    [rule, programme, merchant, `rule-${rules}`, SOMEBODY],
  );
  await pool.query(
    `insert into rule_version (id, rule, number, body, made_at_ms, made_by, published_at_ms, published_by, comparison,
       notice_days, from_ms) values ($1, $2, 1, $3, 1, $4, 1, $4, '{}', 0, $5)`,
    [
      version,
      rule,
      JSON.stringify({ name: `rule ${rules}`, on: 'order', ...body }),
      SOMEBODY,
      LONG_AGO,
    ],
  );
  await pool.query(
    `insert into rule_change (programme, rule, kind, version, version_number, changed_at_ms, changed_by, from_ms)
     select p.id, $2, 'published', $3, 1, 1, $4, $5 from programme p where p.code = $1`,
    [programme, rule, version, SOMEBODY, LONG_AGO],
  );
  await registry.refresh();
  return showId('ruleVersion', version);
}
