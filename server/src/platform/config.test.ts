import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

test('nothing set gives a loopback server with the embedded database and the demo', () => {
  expect(readConfig({ PATH: '/bin', HONGMI_PORT: ' ' }, 4)).toEqual({
    role: 'all',
    host: '127.0.0.1',
    port: 8080,
    dataDir: '.data',
    databaseUrl: undefined,
    migrationUrl: undefined,
    rootKey: undefined,
    masterKey: undefined,
    sealKey: undefined,
    sealFile: undefined,
    demo: 'on',
    demoMembers: 3_000,
    shards: 8,
    ledgerConnections: 4,
    ledgerThreads: 2,
    log: 'warn',
    sms: 'console',
    auditDays: 1_096,
    trustedProxies: [],
    publicUrl: new URL('http://localhost:8080'),
  });
});

test('one of several processes needs the database and the keys that all share', () => {
  const sharedByAll = {
    DATABASE_URL: 'postgres://hongmi:secret@db:5432/hongmi',
    HONGMI_ROOT_KEY: 'hm_root_key',
    HONGMI_MASTER_KEY: '11'.repeat(32),
  };
  const sealing = { ...sharedByAll, HONGMI_SEAL_KEY: '33'.repeat(32) };
  for (const [role, shared] of [
    ['api', sharedByAll],
    ['worker', sealing],
  ] as const) {
    expect(readConfig({ HONGMI_ROLE: role, ...shared })).toMatchObject({ role });
    for (const name of Object.keys(shared))
      expect(() => readConfig({ HONGMI_ROLE: role, ...shared, [name]: '' })).toThrow(name);
  }
  expect(() => readConfig({ HONGMI_ROLE: 'both' })).toThrow(/all, api, worker/);
});

test('where browsers reach the server is an origin', () => {
  const told = (url: string) => readConfig({ HONGMI_PUBLIC_URL: url }).publicUrl.origin;
  expect(readConfig({ HONGMI_PORT: '9000' }).publicUrl.origin).toBe('http://localhost:9000');
  expect(told('https://points.example.com')).toBe('https://points.example.com');
  for (const wrong of ['points.example.com', 'https://points.example.com/app', 'ftp://a.example'])
    expect(() => told(wrong)).toThrow(/HONGMI_PUBLIC_URL/);
});

test('proxies that are believed are addresses and networks, and never everybody', () => {
  const told = (proxies: string) => readConfig({ HONGMI_TRUSTED_PROXIES: proxies }).trustedProxies;
  expect(told(' 127.0.0.1, 10.0.0.0/8,fd00::/8, ::1 ,')).toEqual([
    ...['127.0.0.1', '10.0.0.0/8', 'fd00::/8', '::1'],
  ]);
  for (const wrong of [
    ...['0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0/8', 'proxy.local', '10.0.0.1/', '10.0.0.1/8/8'],
    ...['fe80::1%eth0', 'true', '*', '10.0.0.0/08', '10.0.0.1 10.0.0.2'],
  ])
    expect(() => told(`127.0.0.1,${wrong}`), wrong).toThrow(/HONGMI_TRUSTED_PROXIES/);
});

test('the audit log is kept for half a year at least', () => {
  const told = (days: string) => readConfig({ HONGMI_AUDIT_DAYS: days }).auditDays;
  expect(told('183')).toBe(183);
  for (const wrong of ['182', '0', '-1', '1.5', 'forever', '36501'])
    expect(() => told(wrong), wrong).toThrow(/HONGMI_AUDIT_DAYS must be .* 183/);
});

test('a small machine has one thread for the ledger', () => {
  expect(readConfig({}, 2)).toMatchObject({ ledgerThreads: 1 });
});

test('an external database has no demo, and cannot be given one', () => {
  const DATABASE_URL = 'postgres://hongmi:secret@db:5432/hongmi';
  expect(readConfig({ DATABASE_URL })).toMatchObject({ databaseUrl: DATABASE_URL, demo: 'off' });
  expect(() => readConfig({ DATABASE_URL, HONGMI_DEMO: 'on' })).toThrow(/HONGMI_DEMO/);
  expect(() => readConfig({ DATABASE_URL, HONGMI_DEMO: 'still' })).toThrow(/HONGMI_DEMO/);
});

test('every bad value is named at once, and no secret is repeated', () => {
  const env = {
    HONGMI_PORT: 'tcp://10.0.0.1:8080',
    HONGMI_SHARDS: '0',
    HONGMI_LEDGER_CONNECTIONS: '1.5',
    HONGMI_LOG: 'loud',
    HONGMI_DEMO: 'maybe',
    HONGMI_ROOT_KEY: 'hunter2',
    HONGMI_MASTER_KEY: 'swordfish',
    HONGMI_SEAL_KEY: 'swordfish',
    DATABASE_URL: 'mysql://root:letmein@db',
  };
  let message = '';
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    message = (error as ConfigError).message;
  }
  for (const name of Object.keys(env)) expect(message).toContain(name);
  for (const secret of ['hunter2', 'swordfish', 'letmein']) expect(message).not.toContain(secret);
});
