import type Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import { newId } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Transaction } from '../platform/database.ts';
import { actsFor, isWithin, type Principal, type Scope } from '../platform/web/auth.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId, mustReadInstant } from '../platform/web/schema.ts';
import type { ApiKey, ApiKeyMade, NewApiKey } from './api-key.ts';
import { MERCHANT_SCOPES, newSecret, PLATFORM_SCOPES, showApiKey } from './api-key.ts';
import { findProgramme, insertKey, programmeOfMerchant } from './store.ts';

const NEVER_YET = { revokedAt: null, rotatedAt: null, previousUntil: null, lastUsedAt: null };

type Asked = Type.Static<typeof NewApiKey>;

/** Makes a key: nobody can hand on a scope they lack, nor make a key that reaches further than they do. */
export async function createKey(
  tx: Transaction,
  maker: Principal,
  asked: Asked,
  clock: Clock,
): Promise<Outcome<Type.Static<typeof ApiKeyMade>>> {
  const place = await placeOf(tx, maker, asked);
  if ('code' in place) return { refusal: place };
  const { merchant, programme } = place;
  const refusal = refusalOfScopes(asked.scopes, place, maker);
  if (refusal !== null) return { refusal };
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

type Place = Pick<ApiKey, 'merchant' | 'programme'>;

/** What the key is to reach: what was asked for, or else what its maker reaches. */
async function placeOf(
  tx: Transaction,
  maker: Principal,
  { merchantId, programme: code }: Asked,
): Promise<Place | Refusal> {
  if (merchantId !== undefined && code !== undefined)
    return problem('invalid_request', 'a key is of a merchant or of a programme, not of both');
  const named = merchantId === undefined ? null : mustReadId('merchant', merchantId);
  const merchant = code === undefined ? (named ?? maker.merchant) : named;
  if (!actsFor(maker, merchant)) return problem('merchant_out_of_reach');
  if (merchant !== null) {
    const programme = await programmeOfMerchant(tx, merchant);
    if (programme === undefined || !isWithin(maker, programme.id))
      return problem('merchant_not_found');
    return { merchant, programme };
  }
  if (code === undefined) return { merchant, programme: maker.programme };
  const programme = await findProgramme(tx, code);
  if (programme === undefined || !isWithin(maker, programme.id))
    return problem('programme_not_found');
  return { merchant, programme };
}

/** Why a key that reaches so far cannot have what was asked for. */
function refusalOfScopes(
  scopes: readonly Scope[],
  { merchant, programme }: Place,
  maker: Principal,
): Refusal | null {
  for (const scope of scopes) {
    if (!maker.scopes.has(scope)) return cannotHandOn(scope);
    if (merchant !== null && !MERCHANT_SCOPES.has(scope))
      return problem('operator_only', `a merchant's key cannot have ${scope}`, { scope });
    if (merchant === null && programme !== null && PLATFORM_SCOPES.has(scope))
      return problem('platform_only', `a programme's key cannot have ${scope}`, { scope });
  }
  return null;
}

/** Whoever has a key's secret has its scopes: nobody gets a secret that opens more than their own. */
export function cannotHandOn(scope: Scope): Refusal {
  return problem('scope_missing', `a key without ${scope} cannot hand it on`, { scope });
}
