import type { Uuid } from '../kernel/id.ts';
import { RefusalError } from '../kernel/refusal.ts';
import { reachedMerchant } from '../merchants/reached.ts';
import type { Merchants } from '../merchants/registry.ts';
import { assertNamesOwn, type Principal } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId } from '../platform/web/schema.ts';
import { DEFAULT_PROGRAMME, type Programme } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { COMMON, type Ladder } from './ladder.ts';

/** Whose tiers a caller names. */
export interface NamedLadder {
  readonly programme: Programme;
  readonly ladder: Ladder;
}

/**
 * Whose tiers are meant: a merchant's key means those of its merchant in any case, any other those of the merchant it
 * names, or of the programme. Throws the refusal: `merchant_out_of_reach`, `merchant_not_found`, `programme_not_found`.
 */
export async function namedLadder(
  deps: { readonly programmes: ProgrammeRegistry; readonly merchants: Merchants },
  principal: Principal,
  { programme: code, merchantId }: { readonly programme?: string; readonly merchantId?: string },
): Promise<NamedLadder> {
  const merchant =
    merchantId === undefined ? principal.merchant : mustReadId('merchant', merchantId);
  if (merchant !== null) return ofMerchant(deps, principal, merchant, code);
  const programme = await namedProgramme(deps, principal, code ?? DEFAULT_PROGRAMME);
  return { programme, ladder: { programme: programme.id, ladder: COMMON } };
}

/** The programme a caller names. Throws the refusal: it is another one's, or `programme_not_found`. */
export async function namedProgramme(
  { programmes }: { readonly programmes: ProgrammeRegistry },
  principal: Principal,
  code: string,
): Promise<Programme> {
  assertNamesOwn(principal, code);
  const programme = await programmes.find(code);
  if (programme === undefined) throw new RefusalError(problem('programme_not_found'));
  return programme;
}

/** Throws `member_not_found` unless there is such a member. */
export async function assertMember(
  { hasMember }: { readonly hasMember: (member: Uuid) => boolean | Promise<boolean> },
  member: Uuid,
): Promise<void> {
  if (!(await hasMember(member))) throw new RefusalError(problem('member_not_found'));
}

async function ofMerchant(
  { programmes, merchants }: Parameters<typeof namedLadder>[0],
  principal: Principal,
  merchant: Uuid,
  code: string | undefined,
): Promise<NamedLadder> {
  const found = await reachedMerchant(merchants, principal, merchant);
  const programme = programmes.byId(found.programme);
  if (programme === undefined) throw new Error('the programme of a merchant is known');
  if (code !== undefined && programme.code !== code)
    throw new RefusalError(problem('merchant_not_found'));
  return { programme, ladder: { programme: programme.id, ladder: merchant } };
}
