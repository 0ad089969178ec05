import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { giveToFolderOwner } from '../../platform/ownership.ts';
import { decodeMasterKey } from '../../platform/seal.ts';
import { readOrMakeSecret, readSecret, SecretFileError } from '../../platform/secret-file.ts';
import { keyIdOf } from './seal.ts';

/** A private key that signs seals. The key itself never leaves this module. */
export interface SigningKey {
  /** Hex; see {@link keyIdOf}. */
  readonly id: string;
  /** 32 bytes. */
  readonly publicKey: Buffer;
  sign(bytes: Uint8Array): Buffer;
}

/** The private keys within reach: those of HONGMI_SEAL_KEY, and the files in `<dataDir>/seal-keys`. */
export interface SigningKeys {
  find(id: string): SigningKey | undefined;
  /** A key that is not among `known` (hex ids): the last one given that is new, else a fresh one in a file of its own, mode 0600. */
  next(known: ReadonlySet<string>): SigningKey;
}

const SEED_BYTES = 32;
// RFC 8410: a PKCS #8 private key of Ed25519 is this and the seed.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * @param given HONGMI_SEAL_KEY: one or more 32-byte seeds in base64 or hex, separated by commas, the
 *   newest last. Several while a rotation has not reached every server.
 */
export function openSigningKeys(dataDir: string, given: string | undefined): SigningKeys {
  const fromSettings = (given ?? '')
    .split(',')
    .filter((text) => text.trim() !== '')
    .map((text) => keyOf(seedOf(text.trim(), 'HONGMI_SEAL_KEY')));
  const folder = join(dataDir, 'seal-keys');
  return {
    find(id) {
      const set = fromSettings.find((key) => key.id === id);
      if (set !== undefined) return set;
      const path = join(folder, id);
      const secret = readSecret(path);
      return secret === undefined ? undefined : keyOf(seedOf(secret, path));
    },
    next(known) {
      const set = fromSettings.findLast((key) => !known.has(key.id));
      if (set !== undefined) return set;
      if (!existsSync(folder)) {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        giveToFolderOwner(folder);
      }
      const seed = randomBytes(SEED_BYTES);
      const key = keyOf(seed);
      readOrMakeSecret(join(folder, key.id), () => seed.toString('base64'));
      return key;
    },
  };
}

function seedOf(text: string, from: string): Buffer {
  const seed = decodeMasterKey(text);
  if (seed === undefined)
    throw new SecretFileError(`${from} does not hold 32 bytes in base64 or hex`);
  return seed;
}

function keyOf(seed: Buffer): SigningKey {
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(secret).export({ format: 'jwk' });
  const publicKey = Buffer.from(x as string, 'base64url');
  return { id: keyIdOf(publicKey), publicKey, sign: (bytes) => sign(null, bytes, secret) };
}

/** The key object of 32 raw bytes, for {@link isSignedBy}. */
export function verifyingKey(publicKey: Buffer): KeyObject {
  const x = publicKey.toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

export function isSignedBy(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  return verify(null, bytes, key, signature);
}
