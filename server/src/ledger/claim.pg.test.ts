import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId, shardOfMember, type Uuid } from '../kernel/id.ts';
import type { Pool } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { claimantOf, hashOfClaim } from './claim.ts';
import { claimFacts } from './claim-store.ts';
import type { Claim, IssueCommand, Limit } from './command.ts';
import { createLedger } from './create-ledger.ts';
import type { Ledger } from './ledger.ts';
import { createLedgerPool } from './pool.ts';
import type { Answer } from './transaction.ts';
import { verifyLedger } from './verify.ts';

const SHARDS = 4;
const clock = manualClock(Date.UTC(2027, 0, 1));
const merchant = newId(clock.now());
let database: TestDatabase;
let pools: Pool[];
let pool: Pool;
let ledgers: Ledger[];
let keys = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  pools = [1, 2, 3].map(() => createLedgerPool(database.url, 4));
  pool = pools[0] as Pool;
  ledgers = [];
  for (const each of pools) {
    const programmeClock = () => clock.now();
    ledgers.push(await createLedger({ pool: each, clock, programmeClock, shards: SHARDS }));
  }
});
afterEach(async () => {
  await Promise.all(ledgers.map((ledger) => ledger.drain()));
  expect((await verifyLedger(pool)).findings).toEqual([]);
});
afterAll(async () => {
  await Promise.all(pools.map((each) => each.end()));
  await database.drop();
});

const ledger = (): Ledger => ledgers[0] as Ledger;
const receipt = (fact: string): Claim => ({ merchant, scope: 'receipt', fact });
const refusing: Limit = { counter: 'none', max: 0, mode: 'all' };

function commandOf(facts: readonly string[], given: Partial<IssueCommand> = {}): IssueCommand {
  keys += 1;
  return {
    kind: 'issue',
    key: `k${keys}`,
    programme: 1,
    pointType: 1,
    member: newId(clock.now()),
    merchant,
    effectiveAt: null,
    points: 10,
    claims: facts.map(receipt),
    ...given,
  };
}

/** Claims as a process does that is killed before it submits. */
async function claimAndDie(command: IssueCommand): Promise<void> {
  const claimant = claimantOf(command, SHARDS);
  if (claimant === null) throw new Error('it claims nothing');
  expect(await claimFacts(pool, [claimant], clock.now())).toEqual([[]]);
}

async function claimsOf(fact: string): Promise<{ open: boolean; transaction: Uuid | null }[]> {
  const { rows } = await pool.query<{ open: boolean; transaction: Uuid | null }>(
    `select command is not null as open, transaction from ledger.claim where hash = decode($1, 'hex')`,
    [hashOfClaim(receipt(fact))],
  );
  return rows;
}

const told = (answer: Answer | undefined): string =>
  answer?.status === 'applied' ? 'applied' : (answer?.refusal.code ?? 'nothing');

it('pays one of those who race for a receipt through three processes, and tells the others', async () => {
  for (let round = 0; round < 5; round += 1) {
    const fact = `race ${round}`;
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => (ledgers[n % 3] as Ledger).submit(commandOf([fact]))),
    );
    const applied = answers.filter((answer) => answer.status === 'applied');
    expect(applied).toHaveLength(1);
    expect(new Set(answers.map(told))).toEqual(new Set(['applied', 'already_claimed']));
    await Promise.all(ledgers.map((each) => each.drain()));
    expect(await claimsOf(fact)).toEqual([
      { open: false, transaction: applied[0]?.transaction?.id },
    ]);
  }
});

it('answers every key the same again, whether it won or lost', async () => {
  const [winner, loser] = [commandOf(['again']), commandOf(['again'])];
  const first = await ledger().submit(winner);
  const second = await ledger().submit(loser);
  expect([told(first), told(second)]).toEqual(['applied', 'already_claimed']);
  expect(await (ledgers[1] as Ledger).submit(winner)).toEqual({ ...first, replayed: true });
  expect(await (ledgers[1] as Ledger).submit(loser)).toEqual({ ...second, replayed: true });
  // The same key with another fact is another request, and must not keep that fact.
  const other = await ledger().submit({ ...winner, claims: [receipt('unused')] });
  expect(told(other)).toBe('idempotency_key_reused');
  expect(await claimsOf('unused')).toEqual([]);
});

it('frees what the ledger refused, for everybody else and for ever', async () => {
  const refused = commandOf(['freed'], { limits: [refusing] });
  expect(told(await ledger().submit(refused))).toBe('limit_reached');
  expect(await claimsOf('freed')).toEqual([]);
  expect(told(await ledger().submit(commandOf(['freed'])))).toBe('applied');
  expect(told(await ledger().submit(refused))).toBe('limit_reached');
});

it('claims all facts of a command or none', async () => {
  expect(told(await ledger().submit(commandOf(['two'])))).toBe('applied');
  expect(told(await ledger().submit(commandOf(['one', 'two', 'three'])))).toBe('already_claimed');
  expect(await claimsOf('one')).toEqual([]);
  expect(told(await ledger().submit(commandOf(['three', 'one', 'three'])))).toBe('applied');
  const crossed = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      (ledgers[n % 3] as Ledger).submit(commandOf(n % 2 === 0 ? ['x', 'y'] : ['y', 'x'])),
    ),
  );
  expect(crossed.filter((answer) => answer.status === 'applied')).toHaveLength(1);
});

it('finishes what a crash left between claim and command, for whoever comes next', async () => {
  const [dead, next] = [commandOf(['crash']), commandOf(['crash'])];
  await claimAndDie(dead);
  expect(told(await (ledgers[2] as Ledger).submit(next))).toBe('already_claimed');
  expect(await ledger().submit(dead)).toMatchObject({ status: 'applied', replayed: true });
  // One that the ledger would refuse stands in nobody's way.
  const hopeless = commandOf(['hopeless'], { limits: [refusing] });
  await claimAndDie(hopeless);
  expect(told(await (ledgers[2] as Ledger).submit(commandOf(['hopeless'])))).toBe('applied');
  expect(told(await ledger().submit(hopeless))).toBe('limit_reached');
});

it('finishes what a crash left between command and note', async () => {
  const command = commandOf(['note']);
  await claimAndDie(command);
  // The command without its claim is what the engine gets.
  const applied = await ledger().submit(command);
  await ledger().drain();
  const reopen = `update ledger.claim set command = $2, transaction = null where hash = decode($1, 'hex')`;
  await pool.query(reopen, [hashOfClaim(receipt('note')), JSON.stringify(command)]);
  expect(told(await ledger().submit(commandOf(['note'])))).toBe('already_claimed');
  expect(await claimsOf('note')).toEqual([{ open: false, transaction: applied.transaction?.id }]);
});

it('finishes in a job what nobody asks for again', async () => {
  const left = [commandOf(['left 1', 'left 2']), commandOf(['left 3'], { limits: [refusing] })];
  for (const command of left) await claimAndDie(command);
  const opened = clock.now();
  expect(await ledger().resumeClaims(opened)).toBe(0);
  expect(await ledger().resumeClaims(opened + 1)).toBe(2);
  expect(await ledger().resumeClaims(opened + 1)).toBe(0);
  expect(await claimsOf('left 2')).toEqual([{ open: false, transaction: expect.any(String) }]);
  expect(await claimsOf('left 3')).toEqual([]);
});

it('pays once when many processes finish the same crash at once', async () => {
  const [dead, rival] = [commandOf(['many']), commandOf(['many'])];
  await claimAndDie(dead);
  const submit = (n: number) => (ledgers[n % 3] as Ledger).submit(n % 2 === 0 ? dead : rival);
  const answers = await Promise.all([
    ...Array.from({ length: 30 }, (_, n) => submit(n)),
    ...ledgers.map((each) => each.resumeClaims(clock.now() + 1)),
  ]);
  const transactions = answers.flatMap((answer) =>
    typeof answer !== 'number' && answer.status === 'applied' ? [answer.transaction.id] : [],
  );
  expect(new Set(transactions).size).toBe(1);
});

it('decides commands of one request in order, also when they want the same', async () => {
  const commands = [
    commandOf(['bulk'], { limits: [refusing] }),
    commandOf(['bulk']),
    commandOf([]),
    commandOf(['bulk']),
    commandOf(['bulk 2']),
  ];
  const expected = ['limit_reached', 'applied', 'applied', 'already_claimed', 'applied'];
  expect((await ledger().preview(commands)).map(told)).toEqual(expected);
  expect(await claimsOf('bulk')).toEqual([]);
  expect((await ledger().submitAll(commands)).map(told)).toEqual(expected);
  const [again] = await ledger().preview([commandOf(['bulk'])]);
  expect(told(again)).toBe('already_claimed');
});

it('tells facts apart by scope and merchant', async () => {
  const fact = { merchant, scope: 'receipt', fact: 'A 1' };
  const facts: Claim[] = [
    fact,
    { ...fact, merchant: null },
    { ...fact, merchant: newId(clock.now()) },
    { ...fact, scope: 'voucher' },
    { ...fact, scope: 'receipt A', fact: '1' },
  ];
  for (const claim of facts)
    expect(told(await ledger().submit(commandOf([], { claims: [claim] })))).toBe('applied');
  for (const claim of facts)
    expect(told(await ledger().submit(commandOf([], { claims: [claim] })))).toBe('already_claimed');
});

it('is found out when a claim is taken away or given to another', async () => {
  const answer = await ledger().submit(commandOf(['kept']));
  await ledger().drain();
  const hash = hashOfClaim(receipt('kept'));
  const shard = shardOfMember(answer.transaction?.member as Uuid, SHARDS);
  const change = async (sql: string, values: unknown[]): Promise<string[]> => {
    await pool.query('create table kept_claim as table ledger.claim');
    await pool.query(sql, values);
    const { findings } = await verifyLedger(pool);
    await pool.query(
      'truncate ledger.claim; insert into ledger.claim table kept_claim; drop table kept_claim',
    );
    expect(findings.every((finding) => finding.shard === shard)).toBe(true);
    return findings.map((finding) => `${finding.about}: ${finding.message}`);
  };
  expect(await change(`delete from ledger.claim where hash = decode($1, 'hex')`, [hash])).toEqual([
    `claim ${hash}: it is missing`,
  ]);
  expect(
    await change(`update ledger.claim set transaction = $2 where hash = decode($1, 'hex')`, [
      hash,
      newId(clock.now()),
    ]),
  ).toEqual([expect.stringContaining(`claim ${hash}: it names transaction txn_`)]);
});
