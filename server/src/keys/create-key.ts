import type Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import { newId } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Principal } from '../platform/web/auth.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId } from '../platform/web/schema.ts';
import type { ApiKeyMade, NewApiKey } from './api-key.ts';
import { MERCHANT_SCOPES, newSecret, showApiKey } from './api-key.ts';
import { insertKey, merchantExists } from './store.ts';

/** Makes a key: nobody can hand on a scope they lack, and a merchant's key only makes keys of its merchant. */
export async function createKey(
  tx: Transaction,
  maker: Principal,
  asked: Type.Static<typeof NewApiKey>,
  clock: Clock,
): Promise<Outcome<Type.Static<typeof ApiKeyMade>>> {
  const merchant = asked.merchantId === undefined ? null : mustReadId('merchant', asked.merchantId);
  if (maker.merchant !== null && merchant !== maker.merchant)
    return { refusal: problem('merchant_out_of_reach') };
  for (const scope of asked.scopes) {
    if (!maker.scopes.has(scope)) {
      return {
        refusal: problem('scope_missing', `a key without ${scope} cannot hand it on`, { scope }),
      };
    }
    if (merchant !== null && !MERCHANT_SCOPES.has(scope)) {
      return {
        refusal: problem('operator_only', `a merchant's key cannot have ${scope}`, { scope }),
      };
    }
  }
  if (merchant !== null && !(await merchantExists(tx, merchant)))
    return { refusal: problem('merchant_not_found') };
  const now = clock.now();
  const secret = newSecret();
  const key = {
    id: newId(now),
    name: asked.name,
    scopes: asked.scopes,
    merchant,
    root: false,
    createdAt: now,
    revokedAt: null,
  };
  await insertKey(tx, key, sha256(secret));
  const shown = showApiKey(key);
  return { status: 201, body: { ...shown, secret }, stored: { ...shown, secret: null } };
}
