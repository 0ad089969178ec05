import { newId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../database.ts';
import type { Caller } from './published.ts';
import type { Publishing } from './publishing.ts';
import { insertChange, lockItem, putDraft, readDrafts } from './store.ts';
import { readLastNumber } from './version-store.ts';

/** Replaces an item's draft, or begins its next version; answers the item's id. */
export async function saveDraft<Body>(
  tx: Transaction,
  { family, check }: Publishing<Body>,
  id: Uuid,
  body: Body,
  by: Caller,
): Promise<Uuid | Refusal> {
  const item = await lockItem(tx, family, id, by.view);
  if ('message' in item) return item;
  const refusal = await check(tx, { id: item.programme }, item.merchant, body);
  if (refusal !== null) return refusal;
  const now = by.clock.now();
  const earlier = (await readDrafts(tx, family, [item])).get(id);
  const draft = {
    of: id,
    id: earlier?.id ?? newId(now),
    number: earlier?.number ?? (await readLastNumber(tx, family, id)) + 1,
    body,
    madeAt: now + item.clockOffsetMs,
    madeBy: by.key,
  };
  await putDraft(tx, family, draft);
  await insertChange(tx, family, {
    programme: item.programme,
    of: id,
    kind: 'drafted',
    draft,
    at: draft.madeAt,
    by: by.key,
  });
  return id;
}
