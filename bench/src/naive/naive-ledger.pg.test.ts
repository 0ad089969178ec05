import { newId } from '@hongmi/server/kernel/id';
import { createTestDatabase } from '@hongmi/server/platform/postgres/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNaiveLedger, type NaiveLedger } from './naive-ledger.ts';
import { withClient } from './prepare.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let ledger: NaiveLedger;

beforeAll(async () => {
  database = await createTestDatabase();
  await withClient(database.url, (client) => client.query('create sequence naive_seq cache 100'));
  ledger = await createNaiveLedger(database.url);
});
afterAll(async () => {
  await ledger.close();
  await database.drop();
});

const merchant = newId(1);
let keys = 0;
const command = (kind: 'issue' | 'burn', member: ReturnType<typeof newId>, points: number) => {
  keys += 1;
  return { key: `key-${keys}`, kind, member, merchant, points, detail: null };
};

test('issues make lots and burns take them, oldest first, across lots', async () => {
  const member = newId(2);
  await ledger.apply(command('issue', member, 10));
  await ledger.apply(command('issue', member, 10));
  expect(await ledger.apply(command('burn', member, 15))).toMatchObject({ balanceAfter: 5 });
  const { rows } = await withClient(database.url, (client) =>
    client.query('select remaining::int, open from ledger.lot where member = $1 order by seq', [
      member,
    ]),
  );
  expect(rows).toEqual([
    { remaining: 0, open: false },
    { remaining: 5, open: true },
  ]);
});

test('racing burns never take more than there is, and a refused one leaves nothing', async () => {
  const member = newId(3);
  await ledger.apply(command('issue', member, 50));
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => ledger.apply(command('burn', member, 3))),
  );
  expect(answers.filter((answer) => answer === 'not_enough')).toHaveLength(40 - 16);
  const { rows } = await withClient(database.url, (client) =>
    client.query(
      `select (select free::int from ledger.member_account where member = $1) as free,
         (select count(*)::int from ledger.transaction where member = $1) as transactions,
         (select sum(remaining)::int from ledger.lot where member = $1) as lots`,
      [member],
    ),
  );
  expect(rows).toEqual([{ free: 2, transactions: 17, lots: 2 }]);
});
