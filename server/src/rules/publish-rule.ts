import type Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import { tell } from '../platform/news.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { holdBooks } from './book-store.ts';
import type { Caller } from './caller.ts';
import { checkBody } from './check-body.ts';
import { judgeChange } from './judge-change.ts';
import { RULE_LEAD_MS } from './lead.ts';
import { effectOf } from './notice.ts';
import { mustReadRule } from './read-rules.ts';
import { lockProgramme } from './reference-store.ts';
import type { RuleShown } from './schema.ts';
import { proveChange } from './simulation/prove-change.ts';
import { deleteDraft, insertChange, lockRule, readDrafts } from './store.ts';
import { countOthers, endVersions, insertVersion, readVersionsFrom } from './version-store.ts';

/** Rules that one owner may have in force or announced: every process holds all of them, compiled. */
export const RULES_MAX = 1_000;

/**
 * Publishes a rule's draft. It counts from `asked`, or as soon as it may: within seconds when it is proven to be
 * as good for members as what it replaces (by its form, or where that leaves doubts by a simulation), else after the programme's notice. What held before ends there, and
 * what was announced for later is withdrawn. Of two that publish one draft the second finds no draft any more.
 *
 * Refused: `rule_not_found`, `merchant_out_of_reach`, `rule_has_no_draft`, what is wrong with the draft
 * (its programme may have changed since it was saved), `rule_time_past`, `notice_needed`,
 * `rule_limit_reached`, `simulation_not_found`, `simulation_proves_nothing`.
 */
export async function publishRule(
  tx: Transaction,
  id: Uuid,
  { from: asked, simulation }: { readonly from: Instant | null; readonly simulation: Uuid | null },
  by: Caller,
): Promise<Outcome<Type.Static<typeof RuleShown>>> {
  const rule = await lockRule(tx, id, by.view);
  if ('message' in rule) return { refusal: rule };
  const draft = (await readDrafts(tx, [rule])).get(id);
  if (draft === undefined) return { refusal: problem('rule_has_no_draft') };
  const programme = await lockProgramme(tx, rule.programme);
  await holdBooks(tx);
  // Only now, with the clock standing and nobody reading: see registry.ts.
  const now = by.clock.now() + programme.clockOffsetMs;
  const refusal = await checkBody(tx, programme, rule.merchant, draft.body);
  if (refusal !== null) return { refusal };
  if ((await countOthers(tx, rule, now)) >= RULES_MAX)
    return { refusal: problem('rule_limit_reached', undefined, { max: RULES_MAX }) };
  const replaced = await readVersionsFrom(tx, id, Math.max(asked ?? 0, now + RULE_LEAD_MS));
  const byForm = await judgeChange(tx, rule, replaced, draft.body, now);
  const comparison =
    byForm.verdict === 'better_or_equal' || simulation === null
      ? byForm
      : await proveChange(tx, { rule, draft, comparison: byForm, simulation, view: by.view, now });
  if ('message' in comparison) return { refusal: comparison };
  const needsNotice = comparison.verdict === 'worse';
  const effect = effectOf(programme, now, asked, needsNotice);
  if ('message' in effect) {
    const reasons = comparison.reasons.map(({ path, reason }) => `${path} ${reason}`).join(', ');
    const facts = { ...effect.facts, ...(needsNotice ? { reasons } : {}) };
    return { refusal: { ...effect, facts } };
  }
  await endVersions(tx, id, { at: now, by: by.key, from: effect.from, retired: false });
  await insertVersion(tx, {
    ...draft,
    ...effect,
    comparison,
    publishedAt: now,
    publishedBy: by.key,
  });
  await deleteDraft(tx, id);
  await insertChange(tx, {
    programme: programme.id,
    rule: id,
    kind: 'published',
    draft,
    at: now,
    by: by.key,
    from: effect.from,
  });
  if (needsNotice) {
    await by.announce(tx, {
      programme,
      version: draft.id,
      merchant: rule.merchant,
      name: draft.body.name,
      description: draft.body.description ?? null,
      change: replaced.length === 0 ? 'begins' : 'changes',
      from: effect.from,
    });
  }
  await tell(tx, 'rules', String(programme.id));
  return { status: 200, body: await mustReadRule(tx, id, by) };
}
