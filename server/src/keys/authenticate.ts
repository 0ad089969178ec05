import { LRUCache } from 'lru-cache';
import type { Clock, Instant } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import type { Authenticate, Found, Principal } from '../platform/web/auth.ts';
import { type ApiKey, tenantOf } from './api-key.ts';
import type { FailedAttempts } from './failed-attempts.ts';
import { createFailedAttempts } from './failed-attempts.ts';
import { findBySecretHash } from './store.ts';

/** Older than this, a known key is looked up again beside the request that noticed. */
const REFRESH_MS = 5_000;
/** Older than this, the request waits for the look-up: how long a key revoked by another process may still work when the news of it is lost. */
const STALE_MAX_MS = 10_000;
const KEYS_MAX = 10_000;

const UNKNOWN: Found = { unknown: true };

interface Entry {
  readonly principal: Principal;
  readonly checkedAt: number;
  /** When its secret ends by itself. */
  readonly until: Instant | null;
}

export interface Keyring {
  readonly authenticate: Authenticate;
  /** The same by the token of a session, where there are any. */
  readonly authenticateSession: Authenticate;
  /** Makes this process refuse a revoked key at once. */
  forget(keyId: Uuid): void;
  /** Makes it look a session up again. */
  forgetSession(id: Uuid): void;
  /** Makes it look every key and session up again. */
  forgetAll(): void;
}

/** Who opened something, and when that ends by itself (null: not). */
export interface Opening {
  readonly principal: Principal;
  readonly until: Instant | null;
}

/** Finds who a hash belongs to: of a secret, or of a session's token. */
export type FindOpening = (hash: Buffer, now: Instant) => Promise<Opening | undefined>;

export interface KeyringOptions {
  readonly attempts?: FailedAttempts;
  /** Told every few seconds which keys are used. */
  readonly onUse?: (key: Uuid, now: Instant) => void;
  /** Whose session it is by the hash of its token; undefined: nobody signs in here. */
  readonly findSession?: FindOpening;
}

/** Finds principals by their secret or session, through a cache that holds hashes only. */
export function createKeyring(
  sql: Sql,
  clock: Clock,
  {
    attempts = createFailedAttempts(clock),
    onUse,
    findSession = async () => undefined,
  }: KeyringOptions = {},
): Keyring {
  const entries = new LRUCache<string, Entry>({ max: KEYS_MAX });
  const revoked = new LRUCache<Uuid, true>({ max: KEYS_MAX });
  let lookups = new Map<string, Promise<Principal | undefined>>();
  let forgotten = 0;

  async function findSecret(hash: Buffer, now: Instant): Promise<Opening | undefined> {
    const found = await findBySecretHash(sql, hash, now);
    if (found === undefined) return undefined;
    // Whoever is used is looked up every few seconds: that is often enough to tell in which hour.
    onUse?.(found.key.id, now);
    return { principal: principalOfKey(found.key), until: found.until };
  }

  // One look-up per key at a time, however many requests wait for it.
  function lookUp(name: string, hash: Buffer, find: FindOpening): Promise<Principal | undefined> {
    const running = lookups.get(name);
    if (running !== undefined) return running;
    const among = lookups;
    const lookup = remember(name, hash, find).finally(() => among.delete(name));
    among.set(name, lookup);
    return lookup;
  }

  async function remember(
    name: string,
    hash: Buffer,
    find: FindOpening,
  ): Promise<Principal | undefined> {
    const checkedAt = clock.now();
    const asOf = forgotten;
    const found = await find(hash, checkedAt);
    // A look-up that started before a revocation must not bring the key back.
    if (found === undefined || revoked.has(found.principal.keyId)) {
      entries.delete(name);
      return undefined;
    }
    // Nor one that started before a rotation keep the old secret without its end.
    if (asOf === forgotten) entries.set(name, { ...found, checkedAt });
    return found.principal;
  }

  async function findUnknown(
    name: string,
    hash: Buffer,
    ip: string,
    find: FindOpening,
  ): Promise<Found> {
    // Requests that wait for one look-up are one attempt: a good key may arrive on hundreds of
    // connections at once right after a start.
    const running = lookups.get(name);
    if (running !== undefined) return (await running) ?? UNKNOWN;
    const attempt = attempts.take(ip);
    if ('retryAfterSeconds' in attempt) return attempt;
    try {
      const principal = await lookUp(name, hash, find);
      if (principal === undefined) return UNKNOWN;
      attempt.giveBack();
      return principal;
    } catch (error) {
      attempt.giveBack();
      throw error;
    }
  }

  const authenticateBy =
    (kind: 'key' | 'session', find: FindOpening): Authenticate =>
    (secret, ip) => {
      const hash = sha256(secret);
      const name = kind + hash.toString('latin1');
      const entry = entries.get(name);
      if (entry === undefined) return findUnknown(name, hash, ip, find);
      const now = clock.now();
      const age = now - entry.checkedAt;
      if (entry.until !== null && now >= entry.until) {
        entries.delete(name);
        return UNKNOWN;
      }
      // Below zero when the machine's clock was set back: nobody knows how old it is.
      if (age >= 0 && age < REFRESH_MS) return entry.principal;
      // A key that was good a moment ago is no attempt at guessing, whatever its address did.
      const lookup = lookUp(name, hash, find);
      if (age < 0 || age >= STALE_MAX_MS) return lookup.then((principal) => principal ?? UNKNOWN);
      lookup.catch(() => undefined);
      return entry.principal;
    };

  function forgetWhere(isMeant: (principal: Principal) => boolean): void {
    for (const [name, { principal }] of entries.entries())
      if (isMeant(principal)) entries.delete(name);
    lookups = new Map();
    forgotten += 1;
  }

  return {
    authenticate: authenticateBy('key', findSecret),
    authenticateSession: authenticateBy('session', findSession),
    forget(keyId) {
      revoked.set(keyId, true);
      forgetWhere((principal) => principal.keyId === keyId);
    },
    forgetSession: (id) => forgetWhere(({ staff }) => staff?.session === id),
    forgetAll: () => forgetWhere(() => true),
  };
}

function principalOfKey(key: ApiKey): Principal {
  const { id, scopes, merchant, programme } = key;
  const tenant = tenantOf(key);
  return {
    keyId: id,
    scopes: new Set(scopes),
    merchant,
    programme,
    tenant,
    staff: null,
    member: null,
  };
}
