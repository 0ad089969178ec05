import { findRunning } from '@hongmi/server/platform/postgres/embedded';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badBodiesOf, badBytesOf } from './bad-bodies.ts';
import { digestAll } from './digest.ts';
import {
  freePort,
  interrupt,
  makeScene,
  ROOT_KEY,
  type ServerProcess,
  startServer,
} from './running-server.ts';
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
let server: ServerProcess;
let url: string;
let pool: Pool;
let writes: Writes;
beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  server = await startServer({ dataDir, port, env: { HONGMI_TRUSTED_PROXIES: '127.0.0.1' } });
  pool = new Pool({ connectionString: await findRunning(dataDir), max: 2 });
  writes = await prepareWrites(url, pool);
});
afterAll(async () => {
  try {
    await pool.end();
    await interrupt(server);
  } finally {
    await scene.clear();
  }
});

interface Told {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

let keys = 0;
async function send(
  write: Write,
  body: Buffer<ArrayBuffer> | string | undefined,
  headers: Record<string, string> = {},
): Promise<Told> {
  keys += 1;
  const all = {
    authorization: `Bearer ${ROOT_KEY}`,
    'idempotency-key': `bad-${keys}`,
    'content-type': 'application/json',
    ...headers,
  };
  const sent = Object.entries(all).filter(([, value]) => value !== '');
  const response = await fetch(`${url}/v1${write.path}`, {
    method: write.method,
    headers: sent,
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    text: await response.text(),
  };
}

/** A typed problem of the 4xx kind; in the answer of a bulk, of every item. */
function isTypedRefusal({ status, type, text }: Told, isBulk: boolean): boolean {
  const told = JSON.parse(text) as {
    readonly results?: readonly { readonly problem?: Problem }[];
  } & Problem;
  if (status === 200 && isBulk)
    return (
      told.results?.some(({ problem }) => problem !== undefined && isProblem(problem)) ?? false
    );
  return (
    type === 'application/problem+json; charset=utf-8' && told.status === status && isProblem(told)
  );
}
interface Problem {
  readonly type: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}
const isProblem = ({ type, status, code, detail }: Problem): boolean =>
  status >= 400 &&
  status < 500 &&
  /^[a-z_]+$/.test(code) &&
  type === `urn:hongmi:problem:${code}` &&
  detail.length > 0;

/** Sends everything, 16 at a time, and names what was not refused as it should be. */
async function refuseAll<T extends { readonly what: string }>(
  bad: readonly T[],
  ask: (each: T) => Promise<Told>,
  isRight: (told: Told) => boolean,
): Promise<string[]> {
  const wrong: string[] = [];
  const queue = bad.values();
  const work = async (): Promise<void> => {
    for (const each of queue) {
      const told = await ask(each).catch((error: unknown) => ({
        status: 0,
        type: null,
        text: JSON.stringify(String(error)),
      }));
      if (!isRight(told)) wrong.push(`${each.what}: ${told.status} ${told.text.slice(0, 200)}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return wrong;
}

/** Written meanwhile by the server's own jobs, or an answer that is kept for a repeated request. */
const NOT_BY_REQUESTS = [
  'idempotent_answer',
  'job_round',
  'seal',
  'seal_key',
  'replayed',
  'shadow',
  'expiry_walk',
  'tier_walk',
  ...['book_period', 'book_cohort', 'book_slice', 'clearing_issued', 'clearing_issued_slice'],
  ...['clearing_finding', 'clearing_reconciled', 'clearing_reconciliation'],
  ...['funding_followed', 'guard_walk', 'guard_pair', 'guard_day', 'guard_alert'],
  ...['guard_reward_day', 'guard_reward', 'guard_refresh'],
];

const digest = () => digestAll(pool, NOT_BY_REQUESTS);

it('covers every write of the API', async () => {
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  const all = Object.values(paths).flatMap((methods) =>
    Object.entries(methods).flatMap(([method, { operationId }]) =>
      method === 'get' || BY_PEOPLE.includes(operationId) ? [] : [operationId],
    ),
  );
  expect([...new Set(OPERATIONS.map((name) => name.split(' ')[0]))].sort()).toEqual(all.sort());
});

describe.each(OPERATIONS)('%s', (name) => {
  const isBulk = name.endsWith('s') && !name.startsWith('createTransaction ');

  it('answers a typed problem to every field made wrong, and changes nothing', async () => {
    const write = writes[name];
    const before = await digest();
    const bad = isBare(write)
      ? []
      : badBodiesOf(
          WITHOUT_DRY_RUN.includes(name) ? write.good : { ...write.good, dryRun: true },
          [...write.optional, 'dryRun'],
          write.nullable,
        );
    const wrong = await refuseAll(
      bad,
      ({ json }) => send(write, json),
      (told) => isTypedRefusal(told, isBulk),
    );
    expect(wrong).toEqual([]);
    expect(await digest()).toEqual(before);
  });

  it('answers a typed problem to what is no request at all, and changes nothing', async () => {
    const write = writes[name];
    const before = await digest();
    const json = isBare(write) ? undefined : JSON.stringify(write.good);
    const bytes = isBare(write) ? [] : badBytesOf(write.good);
    const headers: Record<string, Record<string, string>> = {
      'no key': { 'idempotency-key': '' },
      'a key with a space': { 'idempotency-key': 'a b' },
      'a key with an accent': { 'idempotency-key': 'clé' },
      'a long key': { 'idempotency-key': 'k'.repeat(129) },
      'no authorization': { authorization: '' },
      'a basic authorization': { authorization: 'Basic aG06aG0=' },
      // From elsewhere: after a hundred of them in a minute no key that must be looked up comes in from there.
      'an unknown secret': {
        'x-forwarded-for': '192.0.2.1',
        authorization: 'Bearer hm_0000000000000000000000000000000000000000000',
      },
    };
    const bad = [
      ...bytes.map(({ what, body, headers: own }) => ({
        what,
        body,
        headers: own ?? {},
        path: write.path,
      })),
      ...Object.entries(headers).map(([what, own]) => ({
        what,
        body: json,
        headers: own,
        path: write.path,
      })),
      ...[
        `${write.path}/`,
        `${write.path}%ff`,
        `${write.path}%00`,
        write.path.toUpperCase(),
        `${write.path}/${'x'.repeat(500)}`,
      ].map((path) => ({ what: path.slice(0, 80), body: json, headers: {}, path })),
    ];
    const wrong = await refuseAll(
      bad,
      ({ body, headers: own, path }) => send({ ...write, path }, body, own),
      (told) => isTypedRefusal(told, false),
    );
    expect(wrong).toEqual([]);
    expect(await digest()).toEqual(before);
  });
});

it('would have accepted every one of these requests before they were made wrong', async () => {
  for (const name of OPERATIONS) {
    const { method, path, good } = writes[name];
    const { status, text } = await send(
      writes[name],
      isBare(writes[name]) ? undefined : JSON.stringify(good),
      isBare(writes[name]) ? { 'content-type': '' } : {},
    );
    const byTheRules = BY_THE_RULES[name];
    if (byTheRules !== undefined) expect(JSON.parse(text).code, name).toBe(byTheRules);
    else expect([200, 201], `${method} ${path} ${name}: ${text}`).toContain(status);
  }
});
