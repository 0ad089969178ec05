import type { Clock } from '../../kernel/clock.ts';
import { sha256 } from '../../kernel/hash.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Transaction } from '../../platform/database.ts';
import { readHeads } from '../read.ts';
import { keyBytes, NO_HASH, rootOfHeads, type Seal, type SealKey, sealBytes } from './seal.ts';
import type { SigningKey, SigningKeys } from './signing-keys.ts';
import { insertSeal, insertSealKey, readLastSeal, readSealKeys } from './store.ts';

/** Nothing can be sealed until someone does what the message says. */
export class CannotSeal extends Error {
  override readonly name = 'CannotSeal';
}

/**
 * Seals where every shard's chain ends now, unless nothing changed since the last seal; the caller
 * holds the seal lock. The ledger's first seal makes its first key.
 */
export async function makeSeal(
  tx: Transaction,
  keys: SigningKeys,
  clock: Clock,
): Promise<Seal | null> {
  const [last, state] = [await readLastSeal(tx), await readHeads(tx)];
  const heads = state.heads.map(({ block, hash }) => ({ block, hash: Buffer.from(hash, 'hex') }));
  const root = rootOfHeads(heads);
  if (last !== undefined ? root.equals(last.root) : heads.every(({ block }) => block === 0))
    return null;
  const { key, signing } = await currentKey(tx, state.ledgerId, keys, clock);
  const statement = {
    number: (last?.number ?? 0) + 1,
    sealedAt: Math.max(clock.now(), last?.sealedAt ?? 0),
    previousHash: last?.hash ?? NO_HASH,
    keyId: key.id,
    heads,
  };
  const bytes = sealBytes(state.ledgerId, { ...statement, shards: heads.length, root });
  const seal = { ...statement, root, hash: sha256(bytes), signature: signing.sign(bytes) };
  await insertSeal(tx, seal, key);
  return seal;
}

async function currentKey(
  tx: Transaction,
  ledgerId: Uuid,
  keys: SigningKeys,
  clock: Clock,
): Promise<{ key: SealKey; signing: SigningKey }> {
  const key = (await readSealKeys(tx)).at(-1);
  if (key === undefined) return addKey(tx, ledgerId, keys, clock);
  const signing = keys.find(key.id);
  if (signing === undefined)
    throw new CannotSeal(
      `the private key of seal key ${key.id} is not here: set HONGMI_SEAL_KEY, or restore seal-keys/${key.id} in the data directory`,
    );
  return { key, signing };
}

/**
 * Gives the ledger a new seal key, introduced by the one before it, for every seal from the next on;
 * the caller holds the seal lock.
 */
export async function addKey(
  tx: Transaction,
  ledgerId: Uuid,
  keys: SigningKeys,
  clock: Clock,
): Promise<{ key: SealKey; signing: SigningKey }> {
  const known = await readSealKeys(tx);
  const before = known.at(-1);
  const introducer = before === undefined ? undefined : keys.find(before.id);
  if (before !== undefined && introducer === undefined)
    throw new CannotSeal(
      `the private key of seal key ${before.id} is not here, so it cannot introduce another`,
    );
  const signing = keys.next(new Set(known.map((each) => each.id)));
  const facts = {
    number: (before?.number ?? 0) + 1,
    id: signing.id,
    publicKey: signing.publicKey,
    firstSeal: ((await readLastSeal(tx))?.number ?? 0) + 1,
    madeAt: clock.now(),
  };
  const signature =
    before === undefined || introducer === undefined
      ? null
      : introducer.sign(keyBytes(ledgerId, facts, before.publicKey));
  const key = { ...facts, signature };
  await insertSealKey(tx, key);
  return { key, signing };
}
