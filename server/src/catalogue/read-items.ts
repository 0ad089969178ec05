import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { type Caller, type Item, isOwn, type View } from '../platform/publishing/published.ts';
import { findItem, readDrafts } from '../platform/publishing/store.ts';
import { readStanding } from '../platform/publishing/version-store.ts';
import { type Shelf, showItem } from './shelf-schema.ts';

/** Items as the caller sees them: with drafts where these are his. */
export async function readItems<Body>(
  sql: Sql,
  shelf: Shelf<Body>,
  items: readonly Item[],
  view: View,
  clock: Clock,
): Promise<object[]> {
  const machine = clock.now();
  const shown = items.map((item) => ({ ...item, now: machine + item.clockOffsetMs }));
  const own = items.filter((item) => isOwn(view, item));
  const drafts = await readDrafts<Body>(sql, shelf.family, own);
  const versions = await readStanding<Body>(sql, shelf.family, shown);
  const known = own.map(({ id }) => ({ id, body: versions.get(id)?.[0]?.body ?? null }));
  const told = (await shelf.aside?.read(sql, known)) ?? [];
  const asides = new Map(own.map(({ id }, place) => [id, told[place]]));
  return shown.map((item) => ({
    ...showItem(shelf, item, drafts.get(item.id), versions.get(item.id) ?? []),
    ...(asides.get(item.id) ?? shelf.aside?.hidden),
  }));
}

/** An item that the transaction has locked or made. */
export async function mustReadItem<Body>(
  tx: Transaction,
  shelf: Shelf<Body>,
  id: Uuid,
  { view, clock }: Caller,
): Promise<object> {
  const item = await findItem(tx, shelf.family, id, view);
  const [shown] = item === undefined ? [] : await readItems(tx, shelf, [item], view, clock);
  if (shown === undefined) throw new Error('it is there until its transaction ends');
  return shown;
}
