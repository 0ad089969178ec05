import { newId, readId, type Uuid } from '../kernel/id.ts';
import { PUBLICATION_LEAD_MS } from '../platform/publishing/lead.ts';
import type { ActivityKind, RuleBody } from '../rules/rule.ts';
import type { PointsTestApp } from './test-points-app.ts';

/** A rule that gives so many points for one kind of activity. */
export function gives(on: ActivityKind, points: number, more: Partial<RuleBody> = {}): RuleBody {
  return { name: on, on, when: {}, earn: { kind: 'fixed', points, per: 'order' }, ...more };
}

// Rules of one priority go by their codes, so these have the order in which they were published.
let count = 0;

/** Publishes rules of a merchant (null: the operator's), and waits until they are in force; answers their versions. */
export async function publishRules(
  t: PointsTestApp,
  merchantId: string | null,
  bodies: readonly RuleBody[],
): Promise<Uuid[]> {
  const merchant = merchantId === null ? null : readId('merchant', merchantId);
  const { rows } = await t.pool.query<{ programme: number; ahead: number }>(
    `select p.id as programme, p.clock_offset_ms as ahead from programme p
      where p.id = coalesce((select programme from merchant where id = $1), 1)`,
    [merchant],
  );
  const { programme, ahead } = rows[0] as { programme: number; ahead: number };
  const now = t.clock.now() + ahead;
  const by = newId(now);
  const ids: Uuid[] = [];
  for (const body of bodies) {
    count += 1;
    const [rule, id] = [newId(now), newId(now)];
    await t.pool.query(
      'insert into rule (id, programme, merchant, code, made_at_ms, made_by) values ($1, $2, $3, $4, $5, $6)',
      [rule, programme, merchant, `rule-${String(count).padStart(6, '0')}`, now, by],
    );
    await t.pool.query(
      `insert into rule_version (id, rule, number, body, made_at_ms, made_by, published_at_ms, published_by, comparison,
         notice_days, from_ms) values ($1, $2, 1, $3, $4, $5, $4, $5, '{}', 0, $6)`,
      [id, rule, JSON.stringify(body), now, by, now + PUBLICATION_LEAD_MS],
    );
    await noteChange(t, { programme, rule, kind: 'published', by, now });
    ids.push(id);
  }
  await comeIntoForce(t);
  return ids;
}

/** Retires published versions, and waits until they are out of force. */
export async function retireRules(t: PointsTestApp, versions: readonly Uuid[]): Promise<void> {
  for (const version of versions) {
    const { rows } = await t.pool.query<{ programme: number; rule: Uuid; ahead: number }>(
      `select r.programme, r.id as rule, p.clock_offset_ms as ahead from rule_version v join rule r on r.id = v.rule
        join programme p on p.id = r.programme where v.id = $1`,
      [version],
    );
    const { programme, rule, ahead } = rows[0] as { programme: number; rule: Uuid; ahead: number };
    const now = t.clock.now() + ahead;
    const by = newId(now);
    await t.pool.query(
      'update rule_version set until_ms = $2, ended_at_ms = $3, ended_by = $4, retired = true where id = $1',
      [version, now + PUBLICATION_LEAD_MS, now, by],
    );
    await noteChange(t, { programme, rule, kind: 'retired', by, now });
  }
  await comeIntoForce(t);
}

async function noteChange(
  t: PointsTestApp,
  change: { programme: number; rule: Uuid; kind: string; by: Uuid; now: number },
): Promise<void> {
  await t.pool.query(
    'insert into rule_change (programme, rule, kind, changed_at_ms, changed_by) values ($1, $2, $3, $4, $5)',
    [change.programme, change.rule, change.kind, change.now, change.by],
  );
}

async function comeIntoForce(t: PointsTestApp): Promise<void> {
  t.clock.advance(PUBLICATION_LEAD_MS);
  await t.rules.refresh();
}
