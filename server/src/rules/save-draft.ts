import type Type from 'typebox';
import { newId, type Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { readBody } from './body-schema.ts';
import type { Caller } from './caller.ts';
import { checkBody } from './check-body.ts';
import { mustReadRule } from './read-rules.ts';
import type { NewDraft, RuleShown } from './schema.ts';
import { insertChange, lockRule, putDraft, readDrafts } from './store.ts';
import { readLastNumber } from './version-store.ts';

/** Replaces a rule's draft, or begins its next version. */
export async function saveDraft(
  tx: Transaction,
  id: Uuid,
  asked: Type.Static<typeof NewDraft>,
  by: Caller,
): Promise<Outcome<Type.Static<typeof RuleShown>>> {
  const rule = await lockRule(tx, id, by.view);
  if ('message' in rule) return { refusal: rule };
  const body = readBody(asked.body);
  const refusal = await checkBody(tx, { id: rule.programme }, rule.merchant, body);
  if (refusal !== null) return { refusal };
  const now = by.clock.now();
  const earlier = (await readDrafts(tx, [rule])).get(id);
  const draft = {
    rule: id,
    id: earlier?.id ?? newId(now),
    number: earlier?.number ?? (await readLastNumber(tx, id)) + 1,
    body,
    madeAt: now + rule.clockOffsetMs,
    madeBy: by.key,
  };
  await putDraft(tx, draft);
  await insertChange(tx, {
    programme: rule.programme,
    rule: id,
    kind: 'drafted',
    draft,
    at: draft.madeAt,
    by: by.key,
  });
  return { status: 200, body: await mustReadRule(tx, id, by) };
}
