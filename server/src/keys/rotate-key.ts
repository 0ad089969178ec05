import type Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Principal } from '../platform/web/auth.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import type { ApiKeyMade, Rotation } from './api-key.ts';
import { newSecret, showApiKey } from './api-key.ts';
import { cannotHandOn } from './create-key.ts';
import { lockKey, rotateSecret } from './store.ts';

const HOUR_MS = 3_600_000;

/**
 * Gives a key a new secret; the old one works for some hours more, so that whoever uses it can change over
 * without a pause. A second rotation within them ends the secret before both.
 */
export async function rotateKey(
  tx: Transaction,
  maker: Principal,
  id: Uuid,
  { overlapHours }: Type.Static<typeof Rotation>,
  clock: Clock,
): Promise<Outcome<Type.Static<typeof ApiKeyMade>>> {
  const key = await lockKey(tx, id, maker);
  if (key === undefined) return { refusal: problem('key_not_found') };
  if (key.root)
    return {
      refusal: problem('key_is_root', 'the root key is changed where the server is started'),
    };
  const now = clock.now();
  if (key.revokedAt !== null || (key.expiresAt !== null && key.expiresAt <= now))
    return { refusal: problem('key_ended') };
  // What a newer version granted is not among them: it means nothing to this one.
  const missing = key.scopes.find((scope) => !maker.scopes.has(scope));
  if (missing !== undefined) return { refusal: cannotHandOn(missing) };
  const secret = newSecret();
  const previousUntil = now + overlapHours * HOUR_MS;
  await rotateSecret(tx, id, { hash: sha256(secret), now, previousUntil });
  const shown = showApiKey({ ...key, rotatedAt: now, previousUntil });
  return { status: 200, body: { ...shown, secret }, stored: { ...shown, secret: null } };
}
