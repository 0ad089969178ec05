import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../database.ts';
import { problem } from '../web/problem.ts';
import { CODES, type Family } from './family.ts';
import type { Caller } from './published.ts';
import { deleteDraft, deleteItem, insertChange, lockItem, readDrafts } from './store.ts';
import { readLastNumber } from './version-store.ts';

/** Drops an item's draft; an item of which nothing was ever published goes with it (`removed`), and its code is free again. */
export async function dropDraft(
  tx: Transaction,
  family: Family,
  id: Uuid,
  by: Caller,
): Promise<{ readonly removed: boolean } | Refusal> {
  const item = await lockItem(tx, family, id, by.view);
  if ('message' in item) return item;
  const draft = (await readDrafts(tx, family, [item])).get(id);
  if (draft === undefined) return problem(CODES[family].hasNoDraft);
  const removed = (await readLastNumber(tx, family, id)) === 0;
  await deleteDraft(tx, family, id);
  if (removed) await deleteItem(tx, family, id);
  await insertChange(tx, family, {
    programme: item.programme,
    of: id,
    kind: removed ? 'removed' : 'draft_dropped',
    draft,
    at: by.clock.now() + item.clockOffsetMs,
    by: by.key,
  });
  return { removed };
}
