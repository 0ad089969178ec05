import type Type from 'typebox';
import { newId, showId } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { readBody } from './body-schema.ts';
import type { Caller } from './caller.ts';
import { checkBody } from './check-body.ts';
import { placeOf } from './place.ts';
import { mustReadRule } from './read-rules.ts';
import type { NewRule, RuleShown } from './schema.ts';
import { insertChange, insertRule, putDraft } from './store.ts';

type Asked = Type.Static<typeof NewRule>;

/**
 * Makes a rule with the draft of its first version. A merchant's key makes that merchant's.
 *
 * Refused: `merchant_out_of_reach`, `merchant_not_found`, `programme_not_found`, `rule_invalid`, `rule_exists`.
 */
export async function createRule(
  tx: Transaction,
  asked: Asked,
  by: Caller,
): Promise<Outcome<Type.Static<typeof RuleShown>>> {
  const place = await placeOf(tx, asked, by.view);
  if ('message' in place) return { refusal: place };
  const { programme, merchant } = place;
  const body = readBody(asked.body);
  const refusal = await checkBody(tx, programme, merchant, body);
  if (refusal !== null) return { refusal };
  const machine = by.clock.now();
  const made = { madeAt: machine + programme.clockOffsetMs, madeBy: by.key };
  const id = newId(machine);
  const existing = await insertRule(tx, {
    id,
    programme: programme.id,
    merchant,
    code: asked.code,
    ...made,
  });
  if (existing !== null) {
    const facts = { ruleId: showId('rule', existing) };
    const message = `there is a rule ${asked.code} already, of the same programme and owner`;
    return { refusal: problem('rule_exists', message, facts) };
  }
  const draft = { rule: id, id: newId(machine), number: 1, body, ...made };
  await putDraft(tx, draft);
  await insertChange(tx, {
    programme: programme.id,
    rule: id,
    kind: 'made',
    draft,
    at: made.madeAt,
    by: by.key,
  });
  return { status: 201, body: await mustReadRule(tx, id, by) };
}
