import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import type { Redemption } from '../redemption.ts';
import { lockRedemptions } from '../store.ts';
import type { Case, Saying } from './case.ts';
import { insertCase, insertEntries, lockCasesOf } from './case-store.ts';
import { type AfterSalesDeps, programmeOf } from './deps.ts';
import { placesHeld } from './held-places.ts';
import { readUnits } from './read-units.ts';
import type { CaseReason, ClaimKind } from './reasons.ts';
import { dueIn } from './take-step.ts';
import { refusedOf, type Unit } from './units.ts';

/** What a member is not content with. */
export interface Claim {
  readonly kind: ClaimKind;
  readonly reason: CaseReason;
  /** Of which units, from 0; null: of all that can be. */
  readonly places: readonly number[] | null;
  readonly said: Saying;
}

/**
 * Opens a case about units of a redemption. Each is under one case at a time, and comes back once.
 *
 * Refused: `redemption_not_handed_out`, `after_sales_units_taken`, `after_sales_not_offered`, `after_sales_too_late`,
 * `voucher_used`, `voucher_expired`.
 */
export async function openCase(
  tx: Transaction,
  deps: AfterSalesDeps,
  id: Uuid,
  claim: Claim,
): Promise<Case | Refusal> {
  const found = await lockHandedOut(tx, id);
  if ('code' in found) return found;
  const { redemption, cases } = found;
  if (!hasAfterSales(redemption)) return problem('after_sales_not_offered');
  const places = await placesFor(tx, deps, redemption, cases, claim);
  if ('code' in places) return places;
  const { programme } = redemption;
  const at = deps.programmes.programmeClock(programme);
  const opened = newCase(deps, redemption, { ...claim, places, note: claim.said.note });
  const dueAt = dueIn('opened', at, programmeOf(deps, programme).timeZone);
  return await recordCase(tx, deps, { ...opened, dueAt }, claim.said, null);
}

/** What was given to a fund is not the member's any more; what was taken off a bill goes back with that bill's goods. */
export function hasAfterSales({ terms: { fulfilment } }: Redemption): boolean {
  return fulfilment.kind !== 'donation' && fulfilment.kind !== 'offset';
}

/** A redemption of which something was handed out, locked, and all cases about it, locked too. */
export async function lockHandedOut(
  tx: Transaction,
  id: Uuid,
): Promise<{ readonly redemption: Redemption; readonly cases: readonly Case[] } | Refusal> {
  const redemption = (await lockRedemptions(tx, [id])).get(id);
  if (redemption === undefined) throw new Error(`redemption ${id} is not there`);
  if (redemption.state !== 'fulfilled') return problem('redemption_not_handed_out');
  return { redemption, cases: await lockCasesOf(tx, id) };
}

async function placesFor(
  tx: Transaction,
  deps: AfterSalesDeps,
  redemption: Redemption,
  cases: readonly Case[],
  { kind, places }: Claim,
): Promise<readonly number[] | Refusal> {
  const held = placesHeld(cases, 'at all');
  const free = (await readUnits(tx, redemption)).filter(({ place }) => !held.has(place));
  const wanted = places === null ? free : free.filter(({ place }) => places.includes(place));
  if (wanted.length === 0 || (places !== null && wanted.length < places.length))
    return problem('after_sales_units_taken');
  const at = deps.programmes.programmeClock(redemption.programme);
  const { timeZone } = programmeOf(deps, redemption.programme);
  const whyNot = (unit: Unit): Refusal | null => refusedOf(kind, redemption, unit, at, timeZone);
  const suited = wanted.filter((unit) => whyNot(unit) === null);
  const [unsuited] = wanted.filter((unit) => whyNot(unit) !== null);
  if (unsuited !== undefined && (places !== null || suited.length === 0))
    return whyNot(unsuited) as Refusal;
  return suited.map(({ place }) => place);
}

export function newCase(
  { ledger, programmes }: AfterSalesDeps,
  { id, programme, member, merchant }: Redemption,
  { kind, reason, note, places }: Pick<Case, 'kind' | 'reason' | 'note' | 'places'>,
): Case {
  return {
    ...{ id: ledger.newId(member), redemption: id, programme, member, merchant },
    ...{ kind, reason, note, places, remedy: null, onShelf: null, state: 'opened', steps: 1 },
    ...{ dueAt: null, openedAt: programmes.programmeClock(programme), back: null },
  };
}

/** Writes a new case down, with its first entry. */
export async function recordCase(
  tx: Transaction,
  { clock }: AfterSalesDeps,
  opened: Case,
  said: Saying,
  cancellation: Uuid | null,
): Promise<Case> {
  const { id, state, openedAt: at } = opened;
  await insertCase(tx, opened, { recordedAt: clock.now(), cancellation });
  await insertEntries(tx, [
    { ...said, case: id, number: 1, step: 'open', state, at, reason: null },
  ]);
  return opened;
}
