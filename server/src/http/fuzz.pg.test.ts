import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reach } from '../kernel/testing/patience.ts';
import { testSeed } from '../kernel/testing/seed.ts';
import { type RunningServer, runServer } from '../main/server.ts';
import { readConfig } from '../platform/config.ts';
import { createPool, type Pool } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { operationsOf } from './testing/fuzz-operations.ts';
import { type Operation, requestFor, type Sent } from './testing/fuzz-requests.ts';
import type { Schema } from './testing/fuzz-schema.ts';
import { makeOneOfEach } from './testing/one-of-each.ts';

const REQUESTS_PER_OPERATION = 25;
/** What the framework answers when the form of a request is wrong, whatever the operation. */
const FORM_STATUSES = [404, 405, 413, 414, 415, 431];
/** A refusal by the ledger is recorded, which moves its chain; so is a transfer that came to nothing. */
const MOVE_WITH_REFUSALS = [
  // That a code was tried counts, right or wrong.
  'public.member_code',
  ...['ledger.transaction', 'ledger.block', 'ledger.head', 'public.transfer'],
  // A redemption that came to nothing is kept, and what it asked for counts nothing.
  ...['public.redemption', 'public.reward_stock', 'public.reward_count'],
];
/** Answers kept for a repeated key, and notes of orders that are cleared once they were answered. */
const WRITTEN_LATER = [
  'public.idempotent_answer',
  // What was refused stands there as well.
  ...['public.audit_entry', 'public.audit_outcome'],
  // What is tried at sign-in counts, whatever it comes to.
  ...['public.staff_attempt', 'public.staff_code_used', 'public.staff_verification'],
  'public.unsettled',
  'public.expiry_walk',
  'public.tier_walk',
  // What a statement says of issued points is gathered when one is read first; what became of funded ones, before payments are made.
  ...['public.clearing_issued', 'public.clearing_issued_slice', 'public.funding_followed'],
  ...['public.funding_lot', 'public.funding_account'],
];
/** What became of a claim is noted after its answer. */
const DIGESTED: Readonly<Record<string, string>> = {
  'ledger.claim': '(t.hash, t.shard, t.key, t.fingerprint)',
  // When a key was used is noted later.
  'public.api_key': "(to_jsonb(t) - 'last_used_at')",
};

/** What a member fetched counts as delivered. */
const LEAVE_EVIDENCE = ['fetchMessages'];

let folder: string;
let database: TestDatabase;
let server: RunningServer;
let pool: Pool;
const auth = `hm_${randomBytes(32).toString('base64url')}`;
const agent = new Agent({ keepAlive: true });
const known = new Map<string, string[]>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hongmi-fuzz-'));
  database = await createTestDatabase();
  const config = readConfig({
    // Sources run in this thread; without the jobs, nothing is written but by requests.
    HONGMI_LEDGER_THREADS: '0',
    HONGMI_ROLE: 'api',
    HONGMI_SMS: 'console',
    HONGMI_ROOT_KEY: auth,
    HONGMI_MASTER_KEY: randomBytes(32).toString('hex'),
    HONGMI_PORT: '0',
    HONGMI_DATA_DIR: folder,
    DATABASE_URL: database.url,
    HONGMI_SHARDS: '4',
  });
  server = await runServer(config, { log: pino({ level: 'silent' }) });
  pool = createPool({ url: database.url, name: 'test', connectionsMax: 1 });
  // Tiers that requests publish count some seconds later.
  const tiers = [{ code: 'gold', name: 'Gold', qualify: { visits: 1 } }];
  await pool.query(
    `insert into tier_scheme (programme, ladder, number, body, from_ms, comparison, notice_days, published_at_ms, published_by)
     select id, '00000000-0000-0000-0000-000000000000', 1, $1, 10001, '{"verdict":"better_or_equal","reasons":[]}', 0, 1, '00000000-0000-7000-8000-000000000000'
     from programme where code = 'default'`,
    [JSON.stringify({ window: { kind: 'rolling', months: 12 }, tiers })],
  );
});
afterAll(async () => {
  agent.destroy();
  await pool.end();
  await server.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

interface Told {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function send({ method, target, headers, body }: Sent): Promise<Told> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    // Without its length, the body of a GET would stand on the connection as another request.
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const asked = request(
      { agent, hostname, port, method, path: target, headers: { ...headers, ...length } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            type: answer.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

/** A digest of every table that only requests write, in one snapshot. */
async function digest(): Promise<string> {
  digests ??= await digestsOf(pool);
  const { rows } = await pool.query<{ of: string }>({ name: 'digest', text: digests });
  return rows.map((row) => row.of).join('\n');
}
let digests: string | undefined;

async function digestsOf(sql: Pool): Promise<string> {
  const { rows } = await sql.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_schema in ('public', 'ledger') and table_type = 'BASE TABLE' order by 1`,
  );
  return rows
    .filter(({ name }) => !WRITTEN_LATER.includes(name))
    .map(
      ({ name }) =>
        `select '${name} ' || md5(coalesce(string_agg(of, '|' order by of), '')) as of
           from (select ${DIGESTED[name] ?? 't'}::text as of from ${name} t) d`,
    )
    .join(' union all ');
}

/** Remembers ids and codes that an answer shows, so that later requests name what exists. */
function learn(value: unknown, name = ''): void {
  if (Array.isArray(value)) for (const inner of value) learn(inner, name);
  else if (value !== null && typeof value === 'object')
    for (const [inner, each] of Object.entries(value)) learn(each, inner);
  else if (typeof value === 'string' && value.length <= 128) {
    const prefix = /^([a-z]+)_[0-9a-z]{26}$/.exec(value)?.[1];
    const values = known.get(prefix ?? name) ?? [];
    if (!values.includes(value)) known.set(prefix ?? name, [...values.slice(-20), value]);
  }
}

const checks = new Map<Schema, (value: unknown) => boolean>();
function matches(schema: Schema, value: unknown): boolean {
  let check = checks.get(schema);
  if (check === undefined) {
    const compiled = Compile(schema as never);
    check = (given) => compiled.Check(given);
    checks.set(schema, check);
  }
  return check(value);
}

/** What is wrong with an answer; nothing when the document allows it. */
function faultOf(
  operation: Operation,
  sent: Sent,
  told: Told,
  problem: Schema | undefined,
): string | undefined {
  const { status, type, text } = told;
  if (status >= 500) return 'a failure of the server';
  if (sent.method !== operation.method || sent.target.split('?')[0] === '') return undefined;
  const schema =
    operation.responses.get(status) ??
    (sent.isMalformed || FORM_STATUSES.includes(status) ? problem : undefined);
  if (schema === undefined)
    return operation.responses.has(status) ? undefined : 'an undocumented status';
  if (status >= 400 && !type.startsWith('application/problem+json'))
    return 'a refusal that is no problem';
  // A table or a paper.
  if (!type.includes('json')) return undefined;
  return matches(schema, JSON.parse(text)) ? undefined : 'not what the document says';
}

/** Makes one of each kind, and redeems what is published as soon as it is offered. */
async function prepare(): Promise<void> {
  const headers = { authorization: `Bearer ${auth}`, 'content-type': 'application/json' };
  let made = 0;
  const ask = async (method: string, path: string, body: object, key = auth) => {
    made += 1;
    const told = await send({
      ...{ method, target: `/v1${path}`, isMalformed: false },
      headers: { ...headers, authorization: `Bearer ${key}`, 'idempotency-key': `first${made}` },
      body: JSON.stringify(body),
    });
    expect(told.status, `${path} ${told.text}`).toBeLessThan(300);
    return JSON.parse(told.text) as { id?: string; secret?: string };
  };
  const { secret } = await ask('POST', '/keys', { name: 'second', scopes: ['clearing:write'] });
  const make: Parameters<typeof makeOneOfEach>[0] = async (
    method,
    path,
    body,
    isSecond = false,
  ) => {
    const answer = await ask(method, path, body, isSecond ? secret : auth);
    learn(answer);
    return answer.id ?? '';
  };
  const { member, reward } = await makeOneOfEach(make);
  // What is published counts some seconds later.
  const target = `/v1/members/${member}/rewards`;
  let offered = '';
  const isOffered = async (): Promise<boolean> => {
    const asked = { method: 'GET', target, headers, body: undefined, isMalformed: false };
    offered = (await send(asked)).text;
    return offered.includes(reward);
  };
  await reach(isOffered, () => `the reward is not offered: ${offered}`);
  const [merchantId] = known.get('mer') ?? [];
  const wanted = { merchantId, memberId: member, rewardId: reward, option: 0 };
  for (let each = 0; each < 3; each += 1) await make('POST', '/redemptions', wanted);
}

it('answers whatever is asked as the document says, fails never, and changes nothing when it refuses', async () => {
  const seed = testSeed('fuzz');
  const document = await send({
    method: 'GET',
    target: '/openapi.json',
    headers: {},
    body: undefined,
    isMalformed: false,
  });
  const operations = operationsOf(JSON.parse(document.text));
  const problem = operations.find((each) => each.responses.has(401))?.responses.get(401);
  const faults: string[] = [];
  await prepare();
  let state = await digest();
  const statuses = new Map<string, Set<number>>();
  let requests = 0;
  for (let round = 0; round < REQUESTS_PER_OPERATION; round += 1) {
    for (const operation of operations) {
      requests += 1;
      const [sent] = fc.sample(
        requestFor(operation, known, { auth, key: `fuzz-${seed}-${requests}` }),
        { seed: seed + requests, numRuns: 1 },
      ) as [Sent];
      const isWrite = operation.method !== 'GET' || LEAVE_EVIDENCE.includes(operation.operationId);
      const told = await send(sent);
      const seen = statuses.get(operation.operationId) ?? new Set();
      statuses.set(operation.operationId, seen.add(told.status));
      let fault = faultOf(operation, sent, told, problem);
      // Papers and tables are no JSON.
      if (told.status < 300 && told.type.startsWith('application/json'))
        learn(JSON.parse(told.text));
      if (isWrite) {
        const before = state;
        state = await digest();
        if (told.status >= 300) fault ??= differs(before, state);
      }
      if (fault !== undefined)
        faults.push(
          `${operation.operationId}: ${fault}\n  ${sent.method} ${sent.target} ${JSON.stringify(sent.headers)}\n  ` +
            `${String(sent.body).slice(0, 1_000)}\n  ${told.status} ${told.type} ${told.text.slice(0, 1_000)}`,
        );
    }
  }
  console.info(`fuzz: ${requests} requests to ${operations.length} operations`);
  expect(faults.slice(0, 10)).toEqual([]);
  // A generator that only ever makes what is refused would prove little.
  const done = [...statuses.values()].filter((seen) => [...seen].some((status) => status < 300));
  expect(done.length).toBeGreaterThan(operations.length / 2);
});

function differs(before: string, after: string): string | undefined {
  const old = new Set(before.split('\n'));
  const changed = after
    .split('\n')
    .filter((line) => !old.has(line))
    .map((line) => line.split(' ')[0] as string)
    .filter((name) => !MOVE_WITH_REFUSALS.includes(name));
  return changed.length === 0 ? undefined : `refused, but ${changed.join(', ')} changed`;
}
