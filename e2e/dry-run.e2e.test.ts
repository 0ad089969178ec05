import {
  createTestDatabase,
  type TestDatabase,
} from '@hongmi/server/platform/postgres/test-database';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answered, createCaller } from './caller.ts';
import { digestAll } from './digest.ts';
import {
  freePort,
  interrupt,
  makeScene,
  type ServerProcess,
  startServer,
} from './running-server.ts';
import { unlike } from './unlike.ts';
import { BY_PEOPLE } from './writes/staff.ts';
import { isBare, type Write } from './writes/write.ts';
import {
  BY_THE_RULES,
  OPERATIONS,
  prepareWrites,
  WITHOUT_DRY_RUN,
  type Writes,
} from './writes/writes.ts';

const scene = makeScene();
const dataDir = scene.dir('data');
let database: TestDatabase;
let server: ServerProcess;
let url: string;
let pool: Pool;
let writes: Writes;
beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  database = await createTestDatabase();
  const env = { DATABASE_URL: database.url, HONGMI_MASTER_KEY: '22'.repeat(32) };
  server = await startServer({ dataDir, port, env });
  pool = new Pool({ connectionString: database.url, max: 2 });
  writes = await prepareWrites(url, pool);
  await interrupt(server);
  // Without the jobs nothing is written but by requests.
  server = await startServer({ dataDir, port, env: { ...env, HONGMI_ROLE: 'api' } });
});
afterAll(async () => {
  try {
    await interrupt(server);
    await pool.end();
    await database.drop();
  } finally {
    await scene.clear();
  }
});

const REHEARSED = OPERATIONS.filter((name) => !WITHOUT_DRY_RUN.includes(name));
/** What is answered by these as well can only be known once it is done: where the ledger wrote it, what the codes are. */
const KNOWN_LATER: Readonly<Record<string, readonly string[]>> = {
  makeCut: ['complete', 'markers'],
  closeClearingPeriod: ['state', 'closedAt', 'figuresSha256'],
  redeem: ['vouchers'],
};
/** These have dry runs of their own, which leave out what the ledger decides when it writes. */
const OF_THEIR_OWN =
  /^(create(Order|Return|Activity|Activitie|Transaction|Transfer|Redemption)|completeOrder|returnOrder|noteForgery|approveAdjustment|mergeMembers|redeem|voidBill|returnBill|cancelRedemption)/;
/** Notes for the jobs are cleared once what they are about is settled. */
const CLEARED_LATER = ['unsettled'];

let keys = 0;
const nextKey = (): string => `dry-${keys++}`;

async function ask(write: Write, dryRun: boolean, key: string): Promise<Answered> {
  const { method, path } = write;
  const caller = createCaller(url);
  if (isBare(write)) {
    const query = dryRun ? `${path.includes('?') ? '&' : '?'}dryRun=true` : '';
    return await caller.once(method, `${path}${query}`, undefined, key);
  }
  const { dryRun: _, ...good } = write.good as { dryRun?: boolean };
  return await caller.once(method, path, dryRun ? { ...good, dryRun } : good, key);
}

/** A dry run that must change nothing and say what doing it then answers, under the same key. */
async function rehearseAndDo(name: (typeof OPERATIONS)[number]): Promise<Answered> {
  const key = nextKey();
  const before = await digestAll(pool, CLEARED_LATER);
  const said = await ask(writes[name], true, key);
  expect(await digestAll(pool, CLEARED_LATER), `${name} ${said.text}`).toEqual(before);
  const done = await ask(writes[name], false, key);
  const isRefused = done.status >= 400;
  expect(said.status, `${said.text}\n${done.text}`).toBe(isRefused ? done.status : 200);
  // Of an order it says what only a look at the member says once it is done.
  const isExtra = (field: string) => field === 'balanceAfter' && name.startsWith('createOrder');
  const { dryRun, ...told } = JSON.parse(said.text, (field, value) =>
    isExtra(field) ? undefined : value,
  ) as Json;
  expect(dryRun, said.text).toBe(isRefused ? undefined : true);
  const later = (KNOWN_LATER[name] ?? []).map((each) => [each, told[each]]);
  const known = { ...previewed(done), ...(isRefused ? {} : Object.fromEntries(later)) };
  expect(unlike(told, known, OF_THEIR_OWN.test(name)), `${said.text}\n${done.text}`).toEqual([]);
  return done;
}

/** An answer in bulk as its dry run tells it. */
function previewed({ body }: Answered): object {
  if (!Array.isArray(body.results)) return body;
  const results = (body.results as readonly Json[]).map((each) => {
    const { redemption } = each;
    // Its vouchers, like its ids, are there once it is.
    if (redemption !== undefined && each.status === 'applied')
      return { ...each, redemption: { ...redemption, vouchers: [], dryRun: true } };
    const { order, activity, return: returned, ...rest } = each;
    const preview = order ?? activity ?? returned;
    return preview === undefined ? rest : { ...rest, preview: { ...preview, dryRun: true } };
  });
  return { ...body, results };
}

type Json = Record<string, unknown>;
interface Described {
  readonly operationId: string;
  readonly description: string;
  readonly parameters?: readonly { readonly name: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Json }> };
}

it('is there for every write, or the document says why not', async () => {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Json & {
    readonly paths: Record<string, Record<string, Described>>;
  };
  const takes = (schema: Json): boolean => {
    if (typeof schema.$ref === 'string') {
      const at = schema.$ref.slice(2).split('/');
      return takes(at.reduce<Json>((inner, each) => inner[each] as Json, document));
    }
    const { properties = {}, anyOf = [] } = schema as { properties?: Json; anyOf?: Json[] };
    return 'dryRun' in properties || anyOf.some(takes);
  };
  const without: string[] = [];
  for (const methods of Object.values(document.paths))
    for (const [method, described] of Object.entries(methods)) {
      const { operationId, description, parameters = [], requestBody } = described;
      if (method === 'get' || BY_PEOPLE.includes(operationId)) continue;
      const schema = requestBody?.content['application/json']?.schema ?? {};
      if (takes(schema) || parameters.some((each) => each.name === 'dryRun')) continue;
      expect(description, operationId).toContain('Without `dryRun`: ');
      without.push(operationId);
    }
  const expected = new Set(WITHOUT_DRY_RUN.map((name) => name.split(' ')[0]));
  expect(new Set(without)).toEqual(expected);
  const all = Object.values(document.paths).flatMap((methods) =>
    Object.entries(methods).flatMap(([method, { operationId }]) =>
      method === 'get' || BY_PEOPLE.includes(operationId) ? [] : operationId,
    ),
  );
  expect(new Set(OPERATIONS.map((name) => name.split(' ')[0]))).toEqual(new Set(all));
});

describe.each(REHEARSED)('%s', (name) => {
  it('answers what doing it answers, changes nothing, and leaves the key free', async () => {
    const done = await rehearseAndDo(name);
    expect(done.replayed).toBe(false);
    const byTheRules = BY_THE_RULES[name];
    if (byTheRules === undefined) expect([200, 201, 202], done.text).toContain(done.status);
    else expect(done.body.code, done.text).toBe(byTheRules);
    // Done a second time most are refused, and so are their dry runs.
    await rehearseAndDo(name);
  });
});

it('of a key that was used answers what that key is answered', async () => {
  const key = nextKey();
  for (const [write, own] of [
    [writes.changeBudget, key],
    [writes.forgetBirthday, nextKey()],
    [writes.withdrawConsent, nextKey()],
  ] as const) {
    const { body } = await ask(write, false, own);
    const again = await ask(write, true, own);
    expect(again.replayed, again.text).toBe(true);
    expect(again.body).toEqual({ ...body, dryRun: true });
  }
  const other = await ask({ ...writes.changeBudget, good: { total: 2_001 } }, true, key);
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
});

it('is asked for by true alone', async () => {
  const key = nextKey();
  const before = await digestAll(pool, CLEARED_LATER);
  const caller = createCaller(url);
  for (const dryRun of ['true', 1, null]) {
    const body = { ...writes.createBudget.good, name: 'autumn', dryRun };
    const told = await caller.once('POST', '/budgets', body, key);
    expect([told.status, told.body.code], told.text).toEqual([400, 'invalid_request']);
  }
  for (const query of ['dryRun=1', 'dryRun', 'dryRun=true&dryRun=true']) {
    const told = await caller.once(
      'DELETE',
      `${writes.dropRuleDraft.path}?${query}`,
      undefined,
      key,
    );
    expect([told.status, told.body.code], told.text).toEqual([400, 'invalid_request']);
  }
  expect(await digestAll(pool, CLEARED_LATER)).toEqual(before);
});
