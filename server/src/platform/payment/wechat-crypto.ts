import {
  constants,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';

/** SHA-256 with RSA and PKCS#1 v1.5, over lines that each end with a line feed (WeChat Pay v3, 签名生成). */
export function signLines(key: KeyObject, lines: readonly (string | number)[]): string {
  const padding = constants.RSA_PKCS1_PADDING;
  return sign('sha256', textOf(lines), { key, padding }).toString('base64');
}

export function verifyLines(
  key: KeyObject,
  lines: readonly (string | number)[],
  signature: string,
): boolean {
  const padding = constants.RSA_PKCS1_PADDING;
  return verify('sha256', textOf(lines), { key, padding }, Buffer.from(signature, 'base64'));
}

const textOf = (lines: readonly (string | number)[]): Buffer =>
  Buffer.from(lines.map((line) => `${line}\n`).join(''));

export const newNonce = (): string => randomBytes(16).toString('hex');

const TAG_BYTES = 16;

/** What AES-256-GCM hides under the APIv3 key; undefined: it was not encrypted with this key, or somebody changed it. */
export function openSealed(
  apiKey: Buffer,
  sealed: { readonly ciphertext: string; readonly nonce: string; readonly associated_data: string },
): string | undefined {
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  if (bytes.length < TAG_BYTES) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', apiKey, Buffer.from(sealed.nonce), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(sealed.associated_data));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = [decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()];
    return Buffer.concat(text).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Keys in PEM; throw what is wrong without repeating them. */
export function readPrivateKey(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'rsa') throw new Error('the merchant’s key is not an RSA key');
  return key;
}

export function readPublicKey(pem: string): KeyObject {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'rsa') throw new Error('the platform’s key is not an RSA key');
  return key;
}
