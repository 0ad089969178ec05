import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { readWechatPay, type WechatPayConfig } from './payment/config.ts';
import { decodeMasterKey } from './seal.ts';

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const ROLES = ['all', 'api', 'worker'] as const;

const SMS = ['none', 'console'] as const;

const DEMOS = ['on', 'still', 'off'] as const;

/** How the server runs. README.md explains every variable. */
export interface Config {
  /** What this process does: serve requests (`api`), run the jobs (`worker`), or both. */
  readonly role: (typeof ROLES)[number];
  readonly host: string;
  readonly port: number;
  /** Where browsers reach the server: its origin names cookies and passkeys. */
  readonly publicUrl: URL;
  /** Proxies whose word counts of where a request comes from: addresses and networks (CIDR). */
  readonly trustedProxies: readonly string[];
  readonly dataDir: string;
  /** An external PostgreSQL; undefined: the embedded one, in the data directory. */
  readonly databaseUrl: string | undefined;
  /** The owner of that database, who migrates it; undefined: the role of `databaseUrl` does everything. */
  readonly migrationUrl: string | undefined;
  readonly rootKey: string | undefined;
  readonly masterKey: string | undefined;
  /** Private keys that sign seals, separated by commas, the newest last; undefined: in the data directory. */
  readonly sealKey: string | undefined;
  /** Where seals leave the database; undefined: `seals.jsonl` in the data directory. */
  readonly sealFile: string | undefined;
  /** Whether the demo is loaded, once, into the embedded database; `still`: without visits that go on afterwards. */
  readonly demo: (typeof DEMOS)[number];
  /** Members of the demo, when it is first loaded. */
  readonly demoMembers: number;
  /** Logical shards; read only when the ledger is first made. */
  readonly shards: number;
  readonly ledgerConnections: number;
  /** Threads that decide and write; 0: the main thread does. */
  readonly ledgerThreads: number;
  readonly log: LogLevel;
  /** How many days entries of the audit log are kept. */
  readonly auditDays: number;
  /** Who sends text messages, of which members sign in by one: nobody, or the console of whoever started the server. */
  readonly sms: (typeof SMS)[number];
  /** Cash beside points; undefined: none is taken. */
  readonly wechatPay: WechatPayConfig | undefined;
}

/** Names every variable with a value that cannot be used. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly complaints: readonly string[];
  constructor(complaints: readonly string[]) {
    super(`The configuration cannot be used:\n${complaints.map((each) => `  ${each}`).join('\n')}`);
    this.complaints = complaints;
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/** Of logs: six months by law (网络安全法, 第二十一条), and three years as of the registers beside them. */
const AUDIT_DAYS_MIN = 183;
const AUDIT_DAYS = 1_096;
const AUDIT_DAYS_MAX = 36_500;

/** An address, or a network that is not everybody. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}

/** Reads the configuration; throws one {@link ConfigError} that lists everything wrong. */
export function readConfig(env: Env, processors = availableParallelism()): Config {
  const complaints: string[] = [];
  const complain = <T>(fallback: T, complaint: string): T => {
    complaints.push(complaint);
    return fallback;
  };
  // An empty variable is the usual way to say "not set" in a compose file.
  const given = (name: string): string | undefined => {
    const value = env[name]?.trim();
    return value === '' ? undefined : value;
  };
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const value = given(name);
    if (value === undefined) return fallback;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    return complain(
      fallback,
      `${name} must be a whole number from ${min} to ${max}, not ${JSON.stringify(value)}`,
    );
  };
  const oneOf = <T extends string>(name: string, fallback: T, choices: readonly T[]): T => {
    const value = given(name);
    if (value === undefined) return fallback;
    const found = choices.find((choice) => choice === value.toLowerCase());
    return (
      found ??
      complain(fallback, `${name} must be ${choices.join(', ')}, not ${JSON.stringify(value)}`)
    );
  };
  // Secrets are never repeated in a message: it ends up in a log.
  const secret = (
    name: string,
    isGood: (value: string) => boolean,
    expected: string,
  ): string | undefined => {
    const value = given(name);
    if (value === undefined || isGood(value)) return value;
    return complain(undefined, `${name} must be ${expected}`);
  };
  const postgresUrl = (name: string): string | undefined =>
    secret(
      name,
      (value) => /^postgres(ql)?:\/\/\S+$/i.test(value),
      'a URL like postgres://user:password@host:5432/database',
    );
  const port = integer('HONGMI_PORT', 8080, 0, 65_535);
  const publicUrl = (): URL => {
    const fallback = new URL(`http://localhost:${port === 0 ? 8080 : port}`);
    const value = given('HONGMI_PUBLIC_URL');
    if (value === undefined) return fallback;
    const url = URL.canParse(value) ? new URL(value) : undefined;
    const isOrigin = url !== undefined && /^https?:$/.test(url.protocol) && value === url.origin;
    return isOrigin
      ? url
      : complain(
          fallback,
          `HONGMI_PUBLIC_URL must be an origin like https://points.example.com, not ${JSON.stringify(value)}`,
        );
  };
  const trustedProxies = (): readonly string[] => {
    const listed = (given('HONGMI_TRUSTED_PROXIES') ?? '').split(',').map((each) => each.trim());
    const proxies = listed.filter((each) => each !== '');
    const wrong = proxies.find((each) => !isNetwork(each));
    if (wrong === undefined) return proxies;
    const expected = 'addresses or networks like 10.0.0.0/8, separated by commas';
    return complain([], `HONGMI_TRUSTED_PROXIES must be ${expected}, not ${JSON.stringify(wrong)}`);
  };
  const databaseUrl = postgresUrl('DATABASE_URL');

  const demo = oneOf('HONGMI_DEMO', databaseUrl === undefined ? 'on' : 'off', DEMOS);

  const config: Config = {
    role: oneOf('HONGMI_ROLE', 'all', ROLES),
    host: given('HONGMI_HOST') ?? '127.0.0.1',
    port,
    publicUrl: publicUrl(),
    trustedProxies: trustedProxies(),
    dataDir: given('HONGMI_DATA_DIR') ?? '.data',
    databaseUrl,
    migrationUrl: postgresUrl('HONGMI_MIGRATION_URL'),
    rootKey: secret(
      'HONGMI_ROOT_KEY',
      (value) => /^[\x21-\x7e]{8,200}$/.test(value),
      '8 to 200 visible ASCII characters',
    ),
    masterKey: secret(
      'HONGMI_MASTER_KEY',
      (value) => decodeMasterKey(value) !== undefined,
      '32 bytes in base64 or hex',
    ),
    sealKey: secret(
      'HONGMI_SEAL_KEY',
      (value) => value.split(',').every((each) => decodeMasterKey(each.trim()) !== undefined),
      '32 bytes in base64 or hex, or several of them separated by commas',
    ),
    sealFile: given('HONGMI_SEAL_FILE'),
    demo,
    demoMembers: integer('HONGMI_DEMO_MEMBERS', 3_000, 50, 20_000),
    shards: integer('HONGMI_SHARDS', 8, 1, 256),
    ledgerConnections: integer('HONGMI_LEDGER_CONNECTIONS', 4, 1, 64),
    ledgerThreads: integer('HONGMI_LEDGER_THREADS', processors < 4 ? 1 : 2, 0, 16),
    log: oneOf('HONGMI_LOG', 'warn', LOG_LEVELS),
    auditDays: integer('HONGMI_AUDIT_DAYS', AUDIT_DAYS, AUDIT_DAYS_MIN, AUDIT_DAYS_MAX),
    sms: oneOf('HONGMI_SMS', demo === 'off' ? 'none' : 'console', SMS),
    wechatPay: readWechatPay(given, (complaint) => complaints.push(complaint)),
  };
  if (config.demo !== 'off' && databaseUrl !== undefined) {
    complaints.push('HONGMI_DEMO needs the embedded database; unset DATABASE_URL');
  }
  if (config.demo !== 'off' && config.wechatPay !== undefined) {
    complaints.push(
      'HONGMI_DEMO has payments of its own; unset HONGMI_WECHAT_PAY_*, or set HONGMI_DEMO=off',
    );
  }
  if (config.role !== 'all') {
    // Each process would make keys of its own, and the last to start would lock the others' users out.
    const shared = ['DATABASE_URL', 'HONGMI_ROOT_KEY', 'HONGMI_MASTER_KEY'];
    // Workers seal.
    if (config.role === 'worker') shared.push('HONGMI_SEAL_KEY');
    for (const name of shared)
      if (given(name) === undefined)
        complaints.push(`HONGMI_ROLE=${config.role} needs ${name}, the same in every process`);
  }
  if (config.migrationUrl !== undefined && databaseUrl === undefined) {
    complaints.push('HONGMI_MIGRATION_URL needs DATABASE_URL: the embedded database has its owner');
  }
  if (complaints.length > 0) throw new ConfigError(complaints);
  return config;
}
