import type Type from 'typebox';
import { type Instant, showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mergedAway, readSurvivors } from './merged.ts';
import { gramsOf, type NameKept, nameContext, openName } from './name.ts';
import { deleteGrams, insertGrams, lockName, setName } from './name-store.ts';

export interface NameDeps {
  readonly sealer: Sealer;
  readonly now: Instant;
  /** Whether the caller may change or delete a name that is there; whoever may not, gives a first one. */
  readonly mayChange: boolean;
}

/** Keeps what a member is called, instead of an earlier name; null deletes it. */
export async function keepName(
  tx: Transaction,
  member: Uuid,
  name: string | null,
  { sealer, now, mayChange }: NameDeps,
): Promise<Outcome<Type.Static<typeof NameKept>>> {
  const gone = mergedAway(await readSurvivors(tx, member));
  if (gone !== undefined) return { refusal: gone };
  const known = await lockName(tx, member);
  if (known === undefined) return { refusal: problem('member_not_found') };
  const before = openName(sealer, member, known.sealed);
  // Also with the same name: or whoever may not see it would find out by guessing.
  if (before !== null && !mayChange)
    return { refusal: problem('operator_only', 'only the operator changes a name that is there') };
  if (before !== name) await replaceName(tx, member, { before, name }, sealer);
  const body = { memberId: showId('member', member), given: name !== null, at: showInstant(now) };
  return { status: 200, body };
}

/** Deletes the names of these members; they need not have any. */
export async function forgetNames(
  tx: Transaction,
  members: readonly Uuid[],
  sealer: Sealer,
): Promise<void> {
  for (const member of [...members].sort()) {
    const known = await lockName(tx, member);
    const before = known === undefined ? null : openName(sealer, member, known.sealed);
    if (before !== null) await replaceName(tx, member, { before, name: null }, sealer);
  }
}

/** One person has one name: the survivor's, or that of who becomes part of them if they have none. Both members are locked. */
export async function uniteNames(
  tx: Transaction,
  { absorbed, survivor }: { readonly absorbed: Uuid; readonly survivor: Uuid },
  sealer: Sealer,
): Promise<void> {
  const [theirs, own] = [await lockName(tx, absorbed), await lockName(tx, survivor)];
  const name = openName(sealer, absorbed, theirs?.sealed ?? null);
  if (name === null) return;
  await replaceName(tx, absorbed, { before: name, name: null }, sealer);
  if (own?.sealed === null) await replaceName(tx, survivor, { before: null, name }, sealer);
}

/** The member is locked, and called `before`. */
async function replaceName(
  tx: Transaction,
  member: Uuid,
  { before, name }: { readonly before: string | null; readonly name: string | null },
  sealer: Sealer,
): Promise<void> {
  if (before !== null) await deleteGrams(tx, member, gramsOf(sealer, before));
  await setName(tx, member, name === null ? null : sealer.seal(nameContext(member), name));
  if (name === null) return;
  await insertGrams(
    tx,
    gramsOf(sealer, name).map((gram) => ({ gram, member })),
  );
}
