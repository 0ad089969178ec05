import type Type from 'typebox';
import type { Instant } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { lockPrices } from '../../ledger/price-list.ts';
import type { Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import { mustReadInstant } from '../../platform/web/schema.ts';
import type { Dossier, DossierKind, Requirement } from './dossier.ts';
import type { ChangeDossier, NewDossier } from './schema.ts';
import {
  findDossier,
  insertDossier,
  insertDossierChange,
  insertRequirement,
  readRequirements,
} from './store.ts';

/** Who changes something, and what else has to follow of it. */
export interface DossierDeps {
  readonly programmeClock: (programme: number) => Instant;
  /** Writes what follows into the price list; see terms/apply-prices.ts, which this folder stands below. */
  readonly applyPrices: (
    tx: Transaction,
    programme: number,
    now: Instant,
    changed: readonly Uuid[] | null,
  ) => Promise<number>;
}
export type Changed<T> = { readonly done: T; readonly at: Instant } | { readonly refusal: Refusal };

/** Why a document cannot say this; null: it can. Refused: `period_invalid`, `time_in_future`. */
function wrongWith({ validFrom, validUntil, checkedAt }: Dossier, now: Instant): Refusal | null {
  if (validUntil <= validFrom) return problem('period_invalid');
  return checkedAt > now ? problem('time_in_future') : null;
}

/** Keeps a document of a merchant. */
export async function keepDossier(
  tx: Transaction,
  asked: Type.Static<typeof NewDossier>,
  whose: { readonly programme: number; readonly merchant: Uuid; readonly by: Uuid },
  { programmeClock, applyPrices }: DossierDeps,
): Promise<Changed<Dossier>> {
  await lockPrices(tx);
  const { programme, merchant, by } = whose;
  const now = programmeClock(programme);
  const { kind, documentNo, issuingBody, reference, actor } = asked;
  const made: Dossier = {
    ...{ id: newId(now), programme, merchant, number: 1, kind, documentNo, issuingBody, reference },
    validFrom: mustReadInstant(asked.validFrom),
    validUntil: mustReadInstant(asked.validUntil),
    checkedAt: mustReadInstant(asked.checkedAt),
    ...{ status: 'valid', reason: null, changedAt: now, actor },
  };
  const wrong = wrongWith(made, now);
  if (wrong !== null) return { refusal: wrong };
  await insertDossier(tx, made);
  await insertDossierChange(tx, made, by);
  await applyPrices(tx, programme, now, [merchant]);
  return { done: made, at: now };
}

/** Says anew what a document is, or stops it: at once. Refused: `dossier_not_found`, `dossier_revoked`, `period_invalid`, `time_in_future`. */
export async function changeDossier(
  tx: Transaction,
  id: Uuid,
  asked: Type.Static<typeof ChangeDossier>,
  by: Uuid,
  { programmeClock, applyPrices }: DossierDeps,
): Promise<Changed<Dossier>> {
  await lockPrices(tx);
  const was = await findDossier(tx, id);
  if (was === undefined) return { refusal: problem('dossier_not_found') };
  if (was.status === 'revoked') return { refusal: problem('dossier_revoked') };
  const now = programmeClock(was.programme);
  const { status, validUntil, checkedAt, reference, reason, actor } = asked;
  const to: Dossier = {
    ...was,
    number: was.number + 1,
    status: status ?? was.status,
    validUntil: validUntil === undefined ? was.validUntil : mustReadInstant(validUntil),
    checkedAt: checkedAt === undefined ? was.checkedAt : mustReadInstant(checkedAt),
    reference: reference ?? was.reference,
    ...{ reason, changedAt: now, actor },
  };
  const wrong = wrongWith(to, now);
  if (wrong !== null) return { refusal: wrong };
  await insertDossierChange(tx, to, by);
  await applyPrices(tx, was.programme, now, [was.merchant]);
  return { done: to, at: now };
}

export interface RequirementAsked {
  readonly programme: number;
  readonly kinds: readonly DossierKind[];
  /** undefined: at once. */
  readonly from: Instant | undefined;
  readonly actor: string;
  readonly by: Uuid;
}

/** Sets which documents a programme asks of who issues, from then on until another requirement begins. Refused: `requirement_in_past`. */
export async function setRequirement(
  tx: Transaction,
  { programme, kinds, from: asked, actor, by }: RequirementAsked,
  { programmeClock, applyPrices }: DossierDeps,
): Promise<Changed<Requirement>> {
  await lockPrices(tx);
  const now = programmeClock(programme);
  const from = asked ?? now;
  if (from < now) return { refusal: problem('requirement_in_past') };
  const known = await readRequirements(tx, programme);
  const made = { number: (known.at(-1)?.number ?? 0) + 1, kinds, from };
  await insertRequirement(tx, programme, made, { at: now, key: by, actor });
  await applyPrices(tx, programme, now, null);
  return { done: made, at: now };
}
