import { readFileSync } from 'node:fs';
import type { Clock } from '../../kernel/clock.ts';
import type { Payments } from './payment.ts';
import { readPrivateKey, readPublicKey } from './wechat-crypto.ts';
import { createWechatPay } from './wechat-pay.ts';

/** A service provider's account at WeChat Pay, as the environment names it; keys in files. */
export interface WechatPayConfig {
  readonly address: string;
  readonly appId: string;
  readonly mchId: string;
  readonly serialNo: string;
  /** The private key of the API certificate, in PEM. */
  readonly keyFile: string;
  /** The public key that WeChat Pay signs with, in PEM, and its id. */
  readonly platformKeyFile: string;
  readonly platformKeyId: string;
  readonly apiKey: string;
  readonly notifyUrl: string;
}

const PREFIX = 'HONGMI_WECHAT_PAY_';
const VISIBLE = /^[\x21-\x7e]{1,200}$/;

/** Each variable, whether its value can be used, and what it should be. */
const VARIABLES: Readonly<
  Record<Exclude<keyof WechatPayConfig, 'address'>, readonly [string, RegExp, string]>
> = {
  appId: ['APP_ID', /^wx[0-9a-zA-Z]{8,62}$/, 'an app id, wx…'],
  mchId: ['MCH_ID', /^\d{8,32}$/, 'the number of the service provider, in digits'],
  serialNo: [
    'SERIAL_NO',
    /^[0-9A-Fa-f]{8,64}$/,
    'the serial number of the API certificate, in hex',
  ],
  keyFile: ['KEY_FILE', /^.{1,4096}$/, 'the path of the private key in PEM'],
  platformKeyId: ['PLATFORM_KEY_ID', VISIBLE, 'the id of WeChat Pay’s public key'],
  platformKeyFile: [
    'PLATFORM_KEY_FILE',
    /^.{1,4096}$/,
    'the path of WeChat Pay’s public key in PEM',
  ],
  apiKey: ['API_KEY', /^[\x21-\x7e]{32}$/, 'the APIv3 key, 32 characters'],
  notifyUrl: [
    'NOTIFY_URL',
    /^https:\/\/[^\s?#]+\/v1\/payments\/notices$/,
    'https://…/v1/payments/notices',
  ],
};
const ADDRESS = 'https://api.mch.weixin.qq.com';

/**
 * Payments by WeChat Pay are offered when all variables are there, and not when none is. Complaints never repeat a
 * value: some are secrets.
 */
export function readWechatPay(
  given: (name: string) => string | undefined,
  complain: (complaint: string) => void,
): WechatPayConfig | undefined {
  const entries = Object.entries(VARIABLES).map(
    ([field, [name, ...rest]]) => [field, `${PREFIX}${name}`, ...rest] as const,
  );
  const address = given(`${PREFIX}ADDRESS`);
  const told = entries.filter(([, name]) => given(name) !== undefined);
  if (told.length === 0 && address === undefined) return undefined;
  let isGood = true;
  const refuse = (complaint: string): void => {
    isGood = false;
    complain(complaint);
  };
  if (address !== undefined && !/^https:\/\/[^\s?#]+$/.test(address))
    refuse(`${PREFIX}ADDRESS must be an https address`);
  for (const [, name, form, expected] of entries) {
    const value = given(name);
    if (value === undefined) refuse(`${name} is missing: payments need all of ${PREFIX}*`);
    else if (!form.test(value)) refuse(`${name} must be ${expected}`);
  }
  if (!isGood) return undefined;
  const values = Object.fromEntries(entries.map(([field, name]) => [field, given(name)]));
  return {
    ...(values as unknown as Omit<WechatPayConfig, 'address'>),
    address: address ?? ADDRESS,
  };
}

/** Throws when a key cannot be read, naming its file and nothing of what is in it. */
export function openWechatPay(config: WechatPayConfig, clock: Clock): Payments {
  const { keyFile, platformKeyFile, platformKeyId, apiKey, ...account } = config;
  return createWechatPay({
    ...account,
    clock,
    privateKey: readKey(keyFile, readPrivateKey),
    platformKeys: new Map([[platformKeyId, readKey(platformKeyFile, readPublicKey)]]),
    apiKey: Buffer.from(apiKey),
  });
}

function readKey<Key>(path: string, read: (pem: string) => Key): Key {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    throw new PaymentKeyError(`${path} cannot be read`, { cause: error });
  }
  try {
    return read(pem);
  } catch (error) {
    throw new PaymentKeyError(`${path} holds no such key in PEM`, { cause: error });
  }
}

/** A key of the payment provider's cannot be used. */
export class PaymentKeyError extends Error {
  override readonly name = 'PaymentKeyError';
}
