import type Type from 'typebox';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import type { Caller } from './caller.ts';
import type { RuleDraftDropped } from './schema.ts';
import { deleteDraft, deleteRule, insertChange, lockRule, readDrafts } from './store.ts';
import { readLastNumber } from './version-store.ts';

/** Drops a rule's draft; a rule of which nothing was ever published goes with it, and its code is free again. */
export async function dropDraft(
  tx: Transaction,
  id: Uuid,
  by: Caller,
): Promise<Outcome<Type.Static<typeof RuleDraftDropped>>> {
  const rule = await lockRule(tx, id, by.view);
  if ('message' in rule) return { refusal: rule };
  const draft = (await readDrafts(tx, [rule])).get(id);
  if (draft === undefined) return { refusal: problem('rule_has_no_draft') };
  const removed = (await readLastNumber(tx, id)) === 0;
  await deleteDraft(tx, id);
  if (removed) await deleteRule(tx, id);
  await insertChange(tx, {
    programme: rule.programme,
    rule: id,
    kind: removed ? 'removed' : 'draft_dropped',
    draft,
    at: by.clock.now() + rule.clockOffsetMs,
    by: by.key,
  });
  return { status: 200, body: { id: showId('rule', id), removed } };
}
