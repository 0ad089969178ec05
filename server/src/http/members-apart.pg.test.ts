import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { showTerms } from '../catalogue/terms-schema.ts';
import { terms } from '../catalogue/testing/told.ts';
import { showInstant } from '../kernel/clock.ts';
import { readId } from '../kernel/id.ts';
import { testSeed } from '../kernel/testing/seed.ts';
import { writeMessages } from '../messages/write-messages.ts';
import { withTransaction } from '../platform/database.ts';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';
import { operationsOf } from './testing/fuzz-operations.ts';
import { type Operation, requestFor, type Sent } from './testing/fuzz-requests.ts';
import { createPhones, type Phone } from './testing/phone.ts';

const ROUNDS = 80;
const seed = testSeed('members-apart');

let t: PointsTestApp;
let shop: Shop;
let phones: ReturnType<typeof createPhones>;
/** Operations with who comes in, as the document says it. */
let operations: readonly (Operation & { readonly isForKeys: boolean; readonly isOpen: boolean })[];
beforeAll(async () => {
  t = await createPointsTestApp();
  phones = createPhones(t);
  shop = await openShop();
  const document = JSON.parse((await t.app.inject('/openapi.json')).body);
  operations = operationsOf(document).map((operation) => {
    const described = document.paths[operation.path][operation.method.toLowerCase()];
    const ways = (described.security as object[]).flatMap((each) => Object.keys(each));
    return {
      ...operation,
      isForKeys: ways.includes('apiKey'),
      isOpen: ways.includes('memberSession'),
    };
  });
});
afterAll(() => t.close());

interface Shop {
  readonly merchantId: string;
  readonly rewardId: string;
}
/** A merchant whose reward may be had, cancelled and returned. */
async function openShop(): Promise<Shop> {
  for (const purpose of ['messages_in_app', 'share_with_merchant'])
    await t.ok('POST', '/notices', { purpose, zh: ['说明'], en: ['We tell you'] });
  const merchantId = await t.merchant();
  const body = { ...showTerms(terms()), stores: [{ merchant: merchantId }] };
  const reward = await t.ok('POST', '/rewards', { code: 'box', merchantId, body });
  await t.ok('POST', `/rewards/${reward.id}/publish`, {});
  // What was published counts some seconds later.
  t.clock.set(t.clock.now() + 60_000);
  return { merchantId, rewardId: reward.id };
}

interface Shopper {
  readonly phone: Phone;
  /** Ids of what is theirs, by their prefixes. */
  readonly estate: ReadonlyMap<string, readonly string[]>;
}
/** A member on their phone, and one of each thing a member has. */
async function shopper(): Promise<Shopper> {
  const phone = await phones.signIn();
  const { merchantId, rewardId } = shop;
  const at = { merchantId, memberId: phone.member };
  const now = showInstant(t.clock.now());
  const made: unknown[] = [];
  const make = async (path: string, body: object) => {
    const told = await t.ok('POST', path, body);
    made.push(told);
    return told;
  };
  const line = { lineNo: 1, sku: 'melon', quantity: 1, amountFen: 500_000 };
  const order = { ...at, orderNo: `of ${phone.member}`, paidAt: now, lines: [line] };
  await make('/orders', order);
  const done = { kind: 'check_in', activityNo: `of ${phone.member}`, occurredAt: now };
  await make('/activities', { ...at, ...done });
  await phone.ok('POST', '/redemptions', { ...at, rewardId }).then((told) => made.push(told));
  const other = await phone.ok('POST', '/redemptions', { ...at, rewardId });
  made.push(other);
  const claim = { kind: 'return', reason: 'changed_mind', actor: 'me' };
  made.push(await phone.ok('POST', `/redemptions/${other.id}/after-sales`, claim));
  const member = readId('member', phone.member);
  if (member === undefined) throw new Error('a member has an id');
  await withTransaction(t.pool, (tx) =>
    writeMessages(tx, t.jobs, [
      {
        kind: 'receipt',
        programme: 1,
        member,
        dedupeKey: phone.member,
        facts: { merchant: '果店', orderNo: 'A-1', points: '20', pointType: '积分' },
      },
    ]),
  );
  for (const path of ['lots', 'transactions', 'messages'])
    made.push(await phone.ok('GET', `/members/me/${path}`));
  const estate = new Map<string, string[]>();
  const learn = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) learn(each);
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(learn);
    const [, prefix] = /^([a-z]+)_[0-9a-z]{26}$/.exec(String(value)) ?? [];
    if (typeof value !== 'string' || prefix === undefined || OTHERS.has(prefix)) return;
    const ids = estate.get(prefix) ?? [];
    if (!ids.includes(value)) estate.set(prefix, [...ids, value]);
  };
  learn(made);
  return { phone, estate };
}

/** Of things that are no member's own. */
const OTHERS = new Set(['mer', 'rwd', 'rwv', 'rver', 'key', 'dnt']);
/** What a member has, as the tests make it. */
const THINGS = ['act', 'asc', 'lot', 'mem', 'msg', 'ord', 'rdm', 'txn'];
/** What is no request is refused before anybody looks at what it names. */
const FORM = new Set([400, 414]);

it('lets members in where the routes say so, and nowhere else', async () => {
  const { phone } = await shopper();
  const closed = operations.filter(({ isForKeys, isOpen }) => isForKeys && !isOpen);
  expect(closed.length).toBeGreaterThan(200);
  const known = new Map<string, string[]>([['mem', [phone.member]]]);
  for (const operation of closed) {
    const [sent] = fc
      .sample(requestFor(operation, known, { auth: '', key: 'closed' }), {
        seed,
        numRuns: 20,
      })
      .filter(({ isMalformed }) => !isMalformed) as [Sent];
    const { status, body } = await ask(phone, sent, operation.operationId);
    expect([operation.operationId, status, body.code]).toEqual([
      operation.operationId,
      403,
      'not_for_members',
    ]);
  }
});

it('shows a member of another one’s things as little as of what is not there, and changes nothing of them', async () => {
  const [own, other] = [await shopper(), await shopper()];
  expect([...other.estate.keys()].sort()).toEqual(THINGS);
  const ids = [...other.estate.values()].flat();
  const known = new Map([...other.estate, ['mer', [shop.merchantId]], ['rwd', [shop.rewardId]]]);
  const before = await thingsOf(other.phone.member);
  const named = new Set<string>();
  const faults: string[] = [];
  let requests = 0;
  const open = operations.filter(({ isForKeys, isOpen }) => isForKeys && isOpen);
  for (const operation of open) {
    for (let round = 0; round < ROUNDS; round += 1) {
      requests += 1;
      const [sent] = fc.sample(requestFor(operation, known, { auth: '', key: `k${requests}` }), {
        seed: seed + requests,
        numRuns: 1,
      }) as [Sent];
      if (sent.isMalformed) continue;
      const text = `${sent.target} ${sent.body ?? ''}`;
      const asked = ids.filter((id) => text.includes(id));
      const { status, body } = await ask(own.phone, sent, `walk-${requests}`);
      const shown = ids.filter((id) => JSON.stringify(body).includes(id) && !asked.includes(id));
      if (shown.length > 0) faults.push(`${sent.method} ${text} shows ${shown}`);
      if (asked.length === 0) continue;
      // A list by something of another's has nothing in it.
      const isEmpty = status === 200 && body.items?.length === 0;
      if (status === 404 || isEmpty) named.add(operation.operationId);
      else if (!FORM.has(status))
        faults.push(`${sent.method} ${text}: ${status} ${JSON.stringify(body)}`);
    }
  }
  expect(faults.slice(0, 10)).toEqual([]);
  expect(await thingsOf(other.phone.member)).toEqual(before);
  // Whatever takes the id of such a thing, be it a route of tomorrow, was asked about another's.
  const takes = open.filter(({ parameters, body }) => {
    const asked = JSON.stringify([parameters, body]);
    return THINGS.some((prefix) => asked.includes(`^${prefix}_`));
  });
  expect(takes.length).toBeGreaterThan(25);
  expect(takes.map(({ operationId }) => operationId).filter((id) => !named.has(id))).toEqual([]);
});

it('answers members about their own', async () => {
  const { phone, estate } = await shopper();
  const first = (prefix: string): string => estate.get(prefix)?.[0] ?? '';
  const paths = [
    ...['balance', 'lots', 'transactions', 'expiry', 'orders', 'carbon', 'rewards', 'consents'],
    ...['consent-changes', 'messages', 'memberships'],
  ].map((name) => `/members/me/${name}`);
  const year = `from=${showInstant(0)}&to=${showInstant(t.clock.now())}`;
  paths.push(`/members/me/statement?${year}`, '/activities', '/redemptions', '/after-sales');
  paths.push(`/orders/${first('ord')}`, `/orders/${first('ord')}/explanation`);
  paths.push(`/activities/${first('act')}`, `/activities/${first('act')}/explanation`);
  paths.push(`/lots/${first('lot')}/trail`, `/redemptions/${first('rdm')}`);
  paths.push(`/transactions/${first('txn')}`);
  paths.push(`/after-sales/${first('asc')}`, '/programmes', '/merchants', '/notices', '/funds');
  for (const path of paths) {
    const { status, body } = await phone.send('GET', path);
    expect([path, status]).toEqual([path, 200]);
    const text = JSON.stringify(body);
    // Nor which person of a merchant, nor who bears the cost.
    expect(text).not.toContain('"funders"');
    expect(text).not.toContain('"entries"');
    expect(text).not.toMatch(/"actor":"(?!mem_)/);
  }
  const lists = ['/activities', '/redemptions', '/after-sales'];
  for (const path of lists) {
    const { items } = await phone.ok('GET', path);
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) expect(item.memberId).toBe(phone.member);
  }
});

/** As a page sends it, whatever key there is. */
function ask(phone: Phone, { method, target, headers, body }: Sent, key: string) {
  const { authorization: _, ...rest } = headers;
  const path = target.replace(/^\/v1/, '');
  const told = body === undefined ? undefined : JSON.parse(String(body));
  return phone.send(method as 'GET', path, told, { ...rest, 'idempotency-key': key });
}

/** A digest of every row that names the member as its own, table by table. */
async function thingsOf(member: string): Promise<Record<string, string>> {
  const { rows } = await t.pool.query<{ name: string }>(
    `select format('%I.%I', c.table_schema, c.table_name) as name from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
      where c.column_name = 'member' and c.udt_name = 'uuid' and t.table_type = 'BASE TABLE' order by 1`,
  );
  const things: Record<string, string> = {};
  for (const { name } of rows) {
    const { rows: found } = await t.pool.query<{ of: string }>(
      `select count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as of
        from ${name} t where t.member = $1`,
      [readId('member', member)],
    );
    things[name] = found[0]?.of ?? '';
  }
  return things;
}
