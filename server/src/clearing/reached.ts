import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { RefusalError } from '../kernel/refusal.ts';
import { reachedMerchant } from '../merchants/reached.ts';
import type { Merchants } from '../merchants/registry.ts';
import { assertNamesOwn, type Principal } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId, mustReadInstant } from '../platform/web/schema.ts';
import { DEFAULT_PROGRAMME, type Programme } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';

/** What routes of clearing look programmes and merchants up in. */
export interface Registries {
  readonly programmes: ProgrammeRegistry;
  readonly merchants: Merchants;
}

/** The programme a caller names, else its own, else the default one; throws the refusal when it is not there, or not for them. */
export async function reachedProgramme(
  { programmes }: Pick<Registries, 'programmes'>,
  principal: Principal,
  named: string | undefined,
): Promise<Programme> {
  const code = named ?? principal.programme?.code ?? DEFAULT_PROGRAMME;
  assertNamesOwn(principal, code);
  const found = await programmes.find(code);
  if (found === undefined) throw new RefusalError(problem('programme_not_found'));
  return found;
}

/** The merchant a caller names in a programme; throws the refusal when it is not there, or not for them. */
export async function reachedIn(
  { merchants }: Pick<Registries, 'merchants'>,
  principal: Principal,
  programme: Programme,
  shown: string,
): Promise<Uuid> {
  const merchant = await reachedMerchant(merchants, principal, mustReadId('merchant', shown));
  if (merchant.programme !== programme.id) throw new RefusalError(problem('merchant_not_found'));
  return merchant.id;
}

/** Whose things a list shows: the merchant that is named, or that the caller's key is of; null: everybody's. */
export async function seenOf(
  registries: Pick<Registries, 'merchants'>,
  principal: Principal,
  programme: Programme,
  shown: string | undefined,
): Promise<Uuid | null> {
  if (shown === undefined) return principal.merchant;
  return await reachedIn(registries, principal, programme, shown);
}

/** The programme of this number; throws for an unknown one: what names it was found. */
export function programmeOf({ programmes }: Pick<Registries, 'programmes'>, id: number): Programme {
  const found = programmes.byId(id);
  if (found === undefined) throw new Error(`there is no programme ${id}`);
  return found;
}

/** An instant that may be asked about; without one, now. */
export const instantOr = (shown: string | undefined, now: Instant): Instant =>
  shown === undefined ? now : mustReadInstant(shown);
