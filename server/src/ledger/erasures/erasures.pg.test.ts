import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { readId, type Uuid } from '../../kernel/id.ts';
import { verifyLedger } from '../verify.ts';

let t: PointsTestApp;
let shop: string;
let member: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  shop = await t.merchant();
});
beforeEach(async () => {
  member = await t.member();
});
afterAll(() => t.close());

const adjust = (points: number, key?: string) =>
  t.call(
    'POST',
    '/transactions',
    {
      kind: 'adjust',
      memberId: member,
      merchantId: shop,
      points,
      actor: 'Li Na',
      reason: '补发：王芳的小票',
    },
    key === undefined ? {} : { key },
  );
const erase = (body: object = { actor: 'Zhang', reason: 'request 7' }, key?: string) =>
  t.call('POST', `/members/${member}/erasures`, body, key === undefined ? {} : { key });
const transactions = async () => (await t.ok('GET', `/members/${member}/transactions`)).items;
const bare = (): Uuid => readId('member', member) as Uuid;
const verified = async () => {
  const { findings, erased } = await verifyLedger(t.pool);
  return { erased, findings: findings.map(({ message }) => message) };
};

it('erases the text, keeps the points, and the ledger still verifies', async () => {
  await adjust(50);
  await adjust(-20);
  const other = await t.member();
  await t.ok('POST', '/transactions', {
    kind: 'issue',
    memberId: other,
    merchantId: shop,
    points: 1,
  });
  const before = await verified();
  expect((await transactions())[0]).toMatchObject({ reason: '补发：王芳的小票', actor: 'Li Na' });
  const erasure = await erase();
  expect(erasure).toMatchObject({
    status: 201,
    body: { memberId: member, transactions: 2, actor: 'Zhang', reason: 'request 7' },
  });
  for (const each of await transactions()) {
    expect(each).not.toHaveProperty('reason');
    expect(each).not.toHaveProperty('actor');
  }
  expect(await t.balance(member)).toMatchObject({ available: 30 });
  const { rows } = await t.pool.query(
    `select count(*) filter (where detail is null and salt is null and fingerprint is null) as erased,
      count(*) as all from ledger.transaction where member = $1`,
    [bare()],
  );
  expect(rows[0]).toEqual({ erased: 2, all: 2 });
  expect(await verified()).toEqual({ erased: before.erased + 2, findings: [] });
  const { items } = await t.ok('GET', `/members/${member}/erasures`);
  expect(items).toEqual([erasure.body]);
});

it('covers what was there, not what comes after; a second erasure does', async () => {
  await adjust(50);
  await erase();
  await adjust(10);
  expect((await transactions())[0]).toHaveProperty('reason');
  expect((await erase()).body).toMatchObject({ transactions: 1 });
  expect((await erase()).body).toMatchObject({ transactions: 0 });
  expect(await verified()).toMatchObject({ findings: [] });
});

it('leaves nothing of what is kept about the person beside the ledger by their consent', async () => {
  for (const purpose of ['credit_band', 'birthday'])
    await t.ok('POST', '/notices', { purpose, zh: ['说明'], en: ['We keep it'] });
  const agrees = { version: 1, channel: 'app' };
  await t.ok('PUT', `/members/${member}/consents/credit_band`, agrees);
  const [from, until] = [t.clock.now(), t.clock.now() + 1].map((at) => new Date(at).toISOString());
  await t.ok('PUT', `/members/${member}/credit-band`, {
    band: 'good',
    from,
    until,
    source: 'bureau',
  });
  await t.ok('PUT', `/members/${member}/birthday`, { birthday: '05-20' });
  const served = { code: 'wheelchair', zh: '轮椅', en: 'Wheelchair', serviceReason: 'a ramp' };
  await t.ok('POST', '/segments', served);
  await t.ok('PUT', `/members/${member}/segments/wheelchair`, {});
  await erase();
  expect((await t.call('GET', `/members/${member}/credit-band`)).body.code).toBe(
    'credit_band_not_found',
  );
  expect((await t.ok('GET', `/members/${member}/segments`)).items).toEqual([]);
  const { rows } = await t.pool.query(
    'select birthday_sealed, birthday_index from member where id = $1',
    [bare()],
  );
  expect(rows).toEqual([{ birthday_sealed: null, birthday_index: null }]);
  // What they said about it is kept.
  expect((await t.ok('GET', `/members/${member}/consent-changes`)).items).toHaveLength(1);
});

it('is done once under one key', async () => {
  await adjust(50);
  const first = await erase(undefined, 'once');
  expect((await erase(undefined, 'once')).body).toEqual(first.body);
  expect((await t.ok('GET', `/members/${member}/erasures`)).items).toHaveLength(1);
});

it('makes keys from before unusable, and books nothing twice under them', async () => {
  await adjust(50, 'adjust-1');
  expect((await adjust(50, 'adjust-1')).body.transaction).toMatchObject({ points: 50 });
  await erase();
  expect(await adjust(50, 'adjust-1')).toMatchObject({
    status: 422,
    body: { code: 'idempotency_key_reused' },
  });
  expect(await t.balance(member)).toMatchObject({ available: 50 });
});

it('needs a right of its own, a reason, an actor, and a member', async () => {
  const auth = await t.apiKey(['members:write', 'points:adjust']);
  const path = `/members/${member}/erasures`;
  const body = { actor: 'a', reason: 'b' };
  expect((await t.call('POST', path, body, { auth })).body.code).toBe('scope_missing');
  expect((await erase({ actor: 'a' })).status).toBe(400);
  expect((await erase({ actor: ' ', reason: 'b' })).status).toBe(400);
  const stranger = '/members/mem_01h455vb4pex5vsknk084sn02q/erasures';
  expect((await t.call('POST', stranger, body)).body.code).toBe('member_not_found');
  expect((await t.call('GET', stranger)).body.code).toBe('member_not_found');
});

it('an erasure that the register does not name is a finding', async () => {
  await adjust(50);
  const gone = `update ledger.transaction set detail = null, salt = null, fingerprint = null where member = $1`;
  const keep = (await t.pool.query('select * from ledger.transaction where member = $1', [bare()]))
    .rows[0];
  await t.pool.query(gone, [bare()]);
  const message = 'its free text and salt are gone, but no erasure in the register names it';
  expect((await verified()).findings).toEqual([message]);
  // A register that ends before the transaction's block does not name it.
  await erase();
  await t.pool.query('update ledger.erasure set last_block = last_block - 1 where member = $1', [
    bare(),
  ]);
  expect((await verified()).findings).toEqual([message]);
  await t.pool.query('delete from ledger.erasure where member = $1', [bare()]);
  await t.pool.query(
    'update ledger.transaction set detail = $2, salt = $3, fingerprint = $4 where member = $1',
    [bare(), keep.detail, keep.salt, keep.fingerprint],
  );
  expect((await verified()).findings).toEqual([]);
});

it('takes text, fingerprint and salt together or not at all', async () => {
  await adjust(50);
  for (const part of ['salt = null', 'salt = null, fingerprint = null', 'fingerprint = null'])
    await expect(
      t.pool.query(`update ledger.transaction set ${part} where member = $1`, [bare()]),
    ).rejects.toThrow(/erased_whole/);
});
