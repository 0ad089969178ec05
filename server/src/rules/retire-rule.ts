import type Type from 'typebox';
import { localDate } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import { tell } from '../platform/news.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { holdBooks } from './book-store.ts';
import type { Caller } from './caller.ts';
import { RULE_LEAD_MS } from './lead.ts';
import { effectOf } from './notice.ts';
import { mustReadRule } from './read-rules.ts';
import { lockProgramme } from './reference-store.ts';
import type { RuleShown } from './schema.ts';
import { insertChange, lockRule } from './store.ts';
import { endVersions, readVersionsFrom } from './version-store.ts';

/**
 * Ends a rule, from `asked` or as soon as it may. It counts as worse for members, and so after the programme's
 * notice, unless nothing of it can fire any more because its dates are over.
 *
 * Refused: `rule_not_found`, `merchant_out_of_reach`, `rule_not_in_force`, `rule_time_past`, `notice_needed`.
 */
export async function retireRule(
  tx: Transaction,
  id: Uuid,
  asked: Instant | null,
  by: Caller,
): Promise<Outcome<Type.Static<typeof RuleShown>>> {
  const rule = await lockRule(tx, id, by.view);
  if ('message' in rule) return { refusal: rule };
  const programme = await lockProgramme(tx, rule.programme);
  await holdBooks(tx);
  // Only now, with the clock standing and nobody reading: see registry.ts.
  const now = by.clock.now() + programme.clockOffsetMs;
  const ended = await readVersionsFrom(tx, id, Math.max(asked ?? 0, now + RULE_LEAD_MS));
  const last = ended.at(-1);
  if (last === undefined) return { refusal: problem('rule_not_in_force') };
  const today = localDate(now, programme.timeZone);
  const isOver = ended.every(({ body }) => (body.when.dates?.to ?? '9999-12-31') < today);
  const effect = effectOf(programme, now, asked, !isOver);
  if ('message' in effect) return { refusal: effect };
  if (ended.every(({ until }) => until !== null && until <= effect.from))
    return { refusal: problem('rule_not_in_force', 'the rule ends before that already') };
  await endVersions(tx, id, { at: now, by: by.key, from: effect.from, retired: true });
  await insertChange(tx, {
    programme: programme.id,
    rule: id,
    kind: 'retired',
    draft: null,
    at: now,
    by: by.key,
    from: effect.from,
  });
  if (!isOver) {
    const { id: version, body } = last;
    await by.announce(tx, {
      programme,
      version,
      merchant: rule.merchant,
      name: body.name,
      description: null,
      change: 'ends',
      from: effect.from,
    });
  }
  await tell(tx, 'rules', String(programme.id));
  return { status: 200, body: await mustReadRule(tx, id, by) };
}
