import type Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import { newId } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Transaction } from '../platform/database.ts';
import type { Principal, Scope } from '../platform/web/auth.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId, mustReadInstant } from '../platform/web/schema.ts';
import type { ApiKey, ApiKeyMade, NewApiKey } from './api-key.ts';
import { MERCHANT_SCOPES, newSecret, PLATFORM_SCOPES, showApiKey } from './api-key.ts';
import { findProgramme, insertKey, programmeOfMerchant } from './store.ts';

const NEVER_YET = { revokedAt: null, rotatedAt: null, previousUntil: null, lastUsedAt: null };

type Asked = Type.Static<typeof NewApiKey>;

/** Makes a key: nobody can hand on a scope they lack, and a merchant's key only makes keys of its merchant. */
export async function createKey(
  tx: Transaction,
  maker: Principal,
  asked: Asked,
  clock: Clock,
): Promise<Outcome<Type.Static<typeof ApiKeyMade>>> {
  const merchant = asked.merchantId === undefined ? null : mustReadId('merchant', asked.merchantId);
  if (maker.merchant !== null && merchant !== maker.merchant)
    return { refusal: problem('merchant_out_of_reach') };
  const refusal = refusalOfScopes(asked, maker);
  if (refusal !== null) return { refusal };
  let programme: ApiKey['programme'] | undefined = null;
  if (merchant !== null) programme = await programmeOfMerchant(tx, merchant);
  else if (asked.programme !== undefined) programme = await findProgramme(tx, asked.programme);
  if (programme === undefined)
    return { refusal: problem(merchant === null ? 'programme_not_found' : 'merchant_not_found') };
  const now = clock.now();
  const expiresAt = asked.expiresAt === undefined ? null : mustReadInstant(asked.expiresAt);
  if (expiresAt !== null && expiresAt <= now) return { refusal: problem('key_ends_in_past') };
  const secret = newSecret();
  const key = {
    id: newId(now),
    name: asked.name,
    scopes: asked.scopes,
    merchant,
    programme,
    root: false,
    createdAt: now,
    expiresAt,
  };
  await insertKey(tx, key, sha256(secret));
  const shown = showApiKey({ ...key, ...NEVER_YET });
  return { status: 201, body: { ...shown, secret }, stored: { ...shown, secret: null } };
}

/** Why a key that reaches so far cannot have what was asked for. */
function refusalOfScopes(
  { scopes, merchantId, programme }: Asked,
  maker: Principal,
): Refusal | null {
  if (merchantId !== undefined && programme !== undefined)
    return problem('invalid_request', 'a key is of a merchant or of a programme, not of both');
  for (const scope of scopes) {
    if (!maker.scopes.has(scope)) return cannotHandOn(scope);
    if (merchantId !== undefined && !MERCHANT_SCOPES.has(scope))
      return problem('operator_only', `a merchant's key cannot have ${scope}`, { scope });
    if (programme !== undefined && PLATFORM_SCOPES.has(scope))
      return problem('platform_only', `a programme's key cannot have ${scope}`, { scope });
  }
  return null;
}

/** Whoever has a key's secret has its scopes: nobody gets a secret that opens more than their own. */
export function cannotHandOn(scope: Scope): Refusal {
  return problem('scope_missing', `a key without ${scope} cannot hand it on`, { scope });
}
