import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { randomSlice } from '../kernel/id.ts';
import { readOrMakeSecret, SecretFileError } from './secret-file.ts';

/** Encrypts personal fields at rest, and makes what can be searched without decrypting. */
export interface Sealer {
  /** nonce (12 bytes) ‖ ciphertext ‖ tag (16), AES-256-GCM. `context` (field and row) must be given again to open. */
  seal(context: string, plain: string): Buffer;
  /** Undefined when it was sealed under another key or context, or altered. */
  open(context: string, sealed: Buffer): string | undefined;
  /** A keyed 32-byte index of a value: equal values of one purpose have equal indexes, and nothing else shows. */
  index(purpose: string, value: string): Buffer;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MASTER_BYTES = 32;

export function createSealer(master: Buffer): Sealer {
  if (master.length !== MASTER_BYTES) throw new Error('a master key has 32 bytes');
  const sealing = derive(master, 'hongmi seal 1');
  const indexing = derive(master, 'hongmi index 1');
  return {
    seal(context, plain) {
      // From the large pulls: a system call for each took a third of the time of sealing.
      const nonce = randomSlice(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(context));
      return Buffer.concat([
        nonce,
        cipher.update(plain, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
    },
    open(context, sealed) {
      if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', sealing, sealed.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-TAG_BYTES));
      try {
        const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
        // Of this mode nothing is left to come; it is here that an altered one is found out.
        decipher.final();
        return plain.toString('utf8');
      } catch {
        return undefined;
      }
    },
    index: (purpose, value) =>
      createHmac('sha256', indexing).update(`${purpose}\n${value}`).digest(),
  };
}

function derive(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), purpose, MASTER_BYTES));
}

/**
 * The master key: HONGMI_MASTER_KEY (32 bytes in base64 or hex), else `<dataDir>/master-key`, made once.
 * Lost with it: every phone number and the search for them; keep a copy apart from the database.
 */
export function readMasterKey(dataDir: string, given: string | undefined): Buffer {
  if (given !== undefined) {
    const key = decodeMasterKey(given);
    if (key === undefined)
      throw new SecretFileError('HONGMI_MASTER_KEY is not 32 bytes in base64 or hex');
    return key;
  }
  const path = join(dataDir, 'master-key');
  const { secret } = readOrMakeSecret(path, () => randomBytes(MASTER_BYTES).toString('base64'));
  const key = decodeMasterKey(secret);
  if (key === undefined)
    throw new SecretFileError(`${path} does not hold 32 bytes in base64; restore it from a backup`);
  return key;
}

/** 32 bytes from base64 or hex, or undefined. */
export function decodeMasterKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === MASTER_BYTES ? bytes : undefined;
}
