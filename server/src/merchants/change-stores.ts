import type Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { insertStore, lockStore, updateStore } from './store.ts';
import { type NewStore, type StoreChange, type StoreShown, showStore } from './stores.ts';

type Shown = Type.Static<typeof StoreShown>;

/** Opens a store of a merchant that there is; its code is its own there. */
export async function addStore(
  tx: Transaction,
  merchant: Uuid,
  asked: Type.Static<typeof NewStore>,
  clock: Clock,
): Promise<Outcome<Shown>> {
  const { code, name, zone = null, state = 'open' } = asked;
  const store = { merchant, code, name, zone, state, createdAt: clock.now() };
  if (await insertStore(tx, store)) return { status: 201, body: showStore(store) };
  const message = `the merchant has a store ${code} already`;
  return { refusal: problem('store_exists', message, { store: code }) };
}

/** Renames, moves, closes or opens a store. */
export async function changeStore(
  tx: Transaction,
  merchant: Uuid,
  code: string,
  asked: Type.Static<typeof StoreChange>,
): Promise<Outcome<Shown>> {
  const store = await lockStore(tx, merchant, code);
  if (store === undefined) return { refusal: problem('store_not_found') };
  const changed = { ...store, ...asked };
  await updateStore(tx, changed);
  return { status: 200, body: showStore(changed) };
}
