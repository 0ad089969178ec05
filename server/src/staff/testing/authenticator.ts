import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What makes passkeys in a test: as a phone would, with a key that it keeps (WebAuthn level 3, 6.5 and 7). */
export interface Authenticator {
  create(options: CreateOptions, origin: string): object;
  get(options: GetOptions, origin: string, isVerified?: boolean): object;
}
interface CreateOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string };
}
interface GetOptions {
  readonly challenge: string;
  readonly rpId: string;
}

const PRESENT = 0x01;
const VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

export function openAuthenticator(): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  let counter = 0;
  const client = (type: string, challenge: string, origin: string): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const data = (rpId: string, flags: number, rest = Buffer.alloc(0)): Buffer => {
    counter += 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const hash = createHash('sha256').update(rpId).digest();
    return Buffer.concat([hash, Buffer.from([flags]), count, rest]);
  };
  const shown = { id: text(id), rawId: text(id), type: 'public-key', clientExtensionResults: {} };
  return {
    create({ challenge, rp }, origin) {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const credential = Buffer.concat([Buffer.alloc(16), length, id, coseOf(publicKey)]);
      const authData = data(rp.id, PRESENT | VERIFIED | HAS_CREDENTIAL, credential);
      const attestationObject = Buffer.concat([
        Buffer.from([0xa3]),
        ...[cborText('fmt'), cborText('none')],
        ...[cborText('attStmt'), Buffer.from([0xa0])],
        ...[cborText('authData'), cborBytes(authData)],
      ]);
      const clientDataJSON = text(client('webauthn.create', challenge, origin));
      const response = {
        clientDataJSON,
        attestationObject: text(attestationObject),
        transports: [],
      };
      return { ...shown, response };
    },
    get({ challenge, rpId }, origin, isVerified = true) {
      const clientData = client('webauthn.get', challenge, origin);
      const authData = data(rpId, isVerified ? PRESENT | VERIFIED : PRESENT);
      const hash = createHash('sha256').update(clientData).digest();
      const signature = sign('sha256', Buffer.concat([authData, hash]), privateKey);
      return {
        ...shown,
        response: {
          clientDataJSON: text(clientData),
          authenticatorData: text(authData),
          signature: text(signature),
        },
      };
    },
  };
}

const text = (bytes: Buffer): string => bytes.toString('base64url');
const cborText = (value: string): Buffer =>
  Buffer.concat([Buffer.from([0x60 | value.length]), Buffer.from(value)]);
const cborBytes = (bytes: Buffer): Buffer => {
  const head = Buffer.alloc(3);
  head.writeUInt8(0x59);
  head.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
};

/** {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y} (RFC 9053, 7.1.1). */
function coseOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const point = (value: string): Buffer =>
    Buffer.concat([Buffer.from([0x58, 0x20]), Buffer.from(value, 'base64url')]);
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    point(x),
    Buffer.from([0x22]),
    point(y),
  ]);
}
