import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../kernel/clock.ts';
import { type ConfigError, readConfig } from '../config.ts';
import { openWechatPay } from './config.ts';

const GOOD = {
  HONGMI_DEMO: 'off',
  HONGMI_WECHAT_PAY_APP_ID: 'wx0000000000000001',
  HONGMI_WECHAT_PAY_MCH_ID: '1900000001',
  HONGMI_WECHAT_PAY_SERIAL_NO: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
  HONGMI_WECHAT_PAY_KEY_FILE: 'apiclient_key.pem',
  HONGMI_WECHAT_PAY_PLATFORM_KEY_ID: 'PUB_KEY_ID_0000000000000000000000000001',
  HONGMI_WECHAT_PAY_PLATFORM_KEY_FILE: 'wechatpay.pem',
  HONGMI_WECHAT_PAY_API_KEY: 'super-secret-super-secret-super!',
  HONGMI_WECHAT_PAY_NOTIFY_URL: 'https://points.example/v1/payments/notices',
};

function complaintsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).complaints;
  }
}

describe('the configuration of payments', () => {
  it('is whole or absent', () => {
    expect(readConfig({}).wechatPay).toBeUndefined();
    expect(readConfig(GOOD).wechatPay).toMatchObject({
      address: 'https://api.mch.weixin.qq.com',
      mchId: '1900000001',
    });
    for (const name of Object.keys(GOOD).slice(1))
      expect(complaintsOf({ ...GOOD, [name]: '' }), name).toEqual([
        `${name} is missing: payments need all of HONGMI_WECHAT_PAY_*`,
      ]);
  });

  it('is never repeated in a complaint', () => {
    for (const name of Object.keys(GOOD)
      .slice(1)
      .filter((each) => !each.endsWith('_FILE'))) {
      const [complaint = ''] = complaintsOf({ ...GOOD, [name]: 'not what is wanted' });
      expect(complaint, name).toMatch(`${name} must be `);
      expect(complaint).not.toContain('not what is wanted');
    }
    expect(complaintsOf({ ...GOOD, HONGMI_WECHAT_PAY_ADDRESS: 'http://a' })).toHaveLength(1);
  });

  it('goes with no demo, which pays by itself', () => {
    expect(complaintsOf({ ...GOOD, HONGMI_DEMO: 'on' })).toEqual([
      'HONGMI_DEMO has payments of its own; unset HONGMI_WECHAT_PAY_*, or set HONGMI_DEMO=off',
    ]);
  });
});

describe('its keys', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hongmi-pay-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are read from files, and what is wrong with one names its file alone', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const config = readConfig(GOOD).wechatPay as NonNullable<
      ReturnType<typeof readConfig>['wechatPay']
    >;
    const [own, theirs] = [join(folder, 'own.pem'), join(folder, 'theirs.pem')];
    const open = () =>
      openWechatPay({ ...config, keyFile: own, platformKeyFile: theirs }, manualClock(0));
    expect(open).toThrow(`${own} cannot be read`);
    writeFileSync(own, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(theirs, 'a secret that is no key');
    expect(open).toThrow(`${theirs} holds no such key in PEM`);
    writeFileSync(theirs, publicKey.export({ type: 'spki', format: 'pem' }));
    expect(open().readNotice({}, '{}')).toBeNull();
  });
});
