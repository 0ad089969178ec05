import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId, type Uuid } from '../kernel/id.ts';
import { POINTS_MAX } from '../kernel/points.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import type { Command, SentLot } from './command.ts';
import { createLedger } from './create-ledger.ts';
import type { Ledger } from './ledger.ts';
import { createLedgerPool } from './pool.ts';
import { findBreaches } from './testing/invariants.ts';
import type { Answer, Transaction } from './transaction.ts';
import { verifyLedger } from './verify.ts';

const START = Date.UTC(2027, 0, 1);
const DAY = 24 * 3600 * 1000;
const [GREEN, COMMON] = [1, 2];
const SHOP = newId(START);
const FUNDER = newId(START);

let database: TestDatabase;
let pool: Pool;
let ledger: Ledger;
const clock = manualClock(START);
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 4);
  ledger = await createLedger({ pool, clock, programmeClock: clock.now, shards: 2 });
});
afterAll(async () => {
  const [breaches, verified] = [await findBreaches(pool), await verifyLedger(pool)];
  await pool.end();
  await database.drop();
  expect(breaches).toEqual([]);
  expect(verified.findings).toEqual([]);
});

let keys = 0;
const submit = (member: Uuid, what: object): Promise<Answer> => {
  keys += 1;
  const base = { key: `k${keys}`, programme: 1, pointType: GREEN, member, effectiveAt: null };
  return ledger.submit({ ...base, merchant: SHOP, ...what } as Command);
};
const codeOf = (answer: Answer): string =>
  answer.status === 'refused' ? answer.refusal.code : answer.status;
const apply = async (member: Uuid, what: object): Promise<Transaction> => {
  const answer = await submit(member, what);
  expect(codeOf(answer)).toBe('applied');
  return answer.transaction as Transaction;
};
const issue = (member: Uuid, points: number, more: object = {}): Promise<Transaction> =>
  apply(member, { kind: 'issue', points, ...more });
const balanceOf = async (member: Uuid, pointType = GREEN): Promise<number> => {
  const { rows } = await pool.query<{ balance: string }>(
    'select free + held - debt as balance from ledger.member_account where member = $1 and point_type = $2',
    [member, pointType],
  );
  return Number(rows[0]?.balance ?? 0);
};
const openLots = async (member: Uuid, pointType = GREEN): Promise<object[]> => {
  const { rows } = await pool.query(
    `select remaining::int, issuer, funders, funder_shares::int[] as shares, unit_cost::int as cost, expires_at_ms::float8 as until
      from ledger.lot where member = $1 and point_type = $2 and open order by seq`,
    [member, pointType],
  );
  return rows;
};
/** Members of different shards, so that a transfer crosses over. */
function pairOf(): [Uuid, Uuid] {
  const from = newId(START);
  for (;;) {
    const to = newId(START);
    if (ledger.shardOf(to) !== ledger.shardOf(from)) return [from, to];
  }
}

describe('a burn that may be overdrawn', () => {
  it('makes a debt of what is missing, within its maximum', async () => {
    const member = newId(START);
    await issue(member, 30);
    const agreed = { kind: 'burn', points: 50 };
    expect(codeOf(await submit(member, agreed))).toBe('insufficient_points');
    expect(codeOf(await submit(member, { ...agreed, overdraftMax: 19 }))).toBe(
      'insufficient_points',
    );
    const { points, balanceAfter, entries } = await apply(member, { ...agreed, overdraftMax: 20 });
    expect({ points, balanceAfter }).toEqual({ points: 50, balanceAfter: -20 });
    expect(entries.map((entry) => [entry.kind, entry.points])).toEqual([
      ['take', 30],
      ['overdraw', 20],
    ]);
    // The next earn repays it.
    const next = await issue(member, 25);
    expect(next.entries.map((entry) => [entry.kind, entry.points])).toEqual([
      ['repay', 20],
      ['issue', 5],
    ]);
  });

  it('is refunded into its debt first, then into its lots', async () => {
    const member = newId(START);
    await issue(member, 30);
    const burn = await apply(member, { kind: 'burn', points: 50, overdraftMax: 50 });
    const refund = await apply(member, { kind: 'refund', burn: burn.id, points: 25, graceMs: 0 });
    expect(refund.entries.map((entry) => [entry.kind, entry.points])).toEqual([
      ['repay', 20],
      ['restore', 5],
    ]);
    expect(refund.balanceAfter).toBe(5);
  });

  it('is refunded as a new lot of the merchant when its debt was repaid meanwhile', async () => {
    const member = newId(START);
    const burn = await apply(member, { kind: 'burn', points: 50, overdraftMax: 50 });
    await issue(member, 60);
    const refund = await apply(member, { kind: 'refund', burn: burn.id, graceMs: 0 });
    expect(refund.balanceAfter).toBe(60);
    expect(refund.entries).toMatchObject([
      { kind: 'issue', from: { role: 'acquirer' }, points: 50 },
    ]);
    const again = await submit(member, {
      kind: 'return',
      earn: refund.id,
      points: 1,
      policy: 'debt',
    });
    expect(codeOf(again)).toBe('not_an_earn');
  });

  it('never owes more than can be counted', async () => {
    const member = newId(START);
    const all = { kind: 'burn', points: POINTS_MAX, overdraftMax: POINTS_MAX };
    await apply(member, all);
    expect(codeOf(await submit(member, { ...all, points: 1 }))).toBe('points_out_of_range');
  });
});

describe('a conversion', () => {
  const convert = { kind: 'convert', to: COMMON, rate: { num: 3, den: 10 } };

  it('makes one lot for each it took from, with its issuer, funders and expiry', async () => {
    const member = newId(START);
    const funders = [
      { merchant: SHOP, share: 2 },
      { merchant: FUNDER, share: 1 },
    ];
    await issue(member, 15, { expiresAt: START + DAY, funders, unitCost: 900 });
    await issue(member, 20, { merchant: FUNDER });
    const { points, balanceAfter } = await apply(member, { ...convert, points: 25 });
    // 25 × 3/10 = 7.5: 24 points make 7, one stays.
    expect({ points, balanceAfter }).toEqual({ points: 24, balanceAfter: 11 });
    expect(await openLots(member, COMMON)).toEqual([
      {
        ...{ remaining: 4, issuer: SHOP, funders: [SHOP, FUNDER], shares: [2, 1] },
        ...{ cost: 3000, until: START + DAY },
      },
      { remaining: 3, issuer: FUNDER, funders: null, shares: null, cost: null, until: null },
    ]);
    expect(await openLots(member)).toMatchObject([{ remaining: 11 }]);
  });

  it('turns many small lots as one sum', async () => {
    const member = newId(START);
    for (let i = 0; i < 7; i += 1) await issue(member, 1);
    const { points } = await apply(member, { ...convert, points: 7 });
    expect(points).toBe(7);
    expect(await balanceOf(member, COMMON)).toBe(2);
  });

  it('refuses what makes nothing, what is not there, and what could not be counted', async () => {
    const member = newId(START);
    await issue(member, 3);
    const few = await submit(member, { ...convert, points: 3 });
    expect(few).toMatchObject({ refusal: { code: 'too_few_to_convert', facts: { least: 4 } } });
    expect(codeOf(await submit(member, { ...convert, points: 4 }))).toBe('insufficient_points');
    const rate = { num: POINTS_MAX, den: 1 };
    const huge = await submit(member, { kind: 'convert', to: COMMON, rate, points: 3 });
    expect(codeOf(huge)).toBe('points_out_of_range');
    expect(await balanceOf(member)).toBe(3);
  });

  it('repays debts of the other type, and never goes back in its time', async () => {
    const member = newId(START);
    await apply(member, { kind: 'burn', pointType: COMMON, points: 2, overdraftMax: 2 });
    await issue(member, 10);
    const later = { pointType: COMMON, effectiveAt: START + 5, kind: 'adjust', points: 1 };
    await apply(member, later);
    const made = await apply(member, { ...convert, points: 10 });
    expect(made.effectiveAt).toBe(START + 5);
    expect(await balanceOf(member, COMMON)).toBe(2);
  });
});

describe('a transfer', () => {
  const source = (id: Uuid): object => ({ source: { kind: 'transfer', id } });
  async function send(from: Uuid, to: Uuid, more: object): Promise<Transaction> {
    const id = ledger.newId(from);
    return apply(from, { kind: 'transfer_out', id, to, ...source(id), ...more });
  }
  const arriving = (sent: Transaction, lots: readonly SentLot[], debt = 0): object => ({
    ...{ kind: 'transfer_in', from: sent.member, lots, debt },
    ...source(sent.id),
  });
  const plain = { funders: null, ruleVersion: null, evidence: null, unitCost: null };
  const lotsOf = (sent: Transaction): SentLot[] =>
    sent.entries
      .filter((entry) => entry.kind === 'take')
      .map(({ lot, points, expiresAt }) => {
        return { lot, points, issuer: SHOP, availableAt: START, expiresAt, ...plain };
      });

  it('arrives with the terms of each lot, and cannot be given back as well', async () => {
    const [from, to] = pairOf();
    await issue(from, 10, { expiresAt: START + DAY });
    await issue(from, 10);
    const sent = await send(from, to, { points: 15 });
    expect(await balanceOf(from)).toBe(5);
    const arrived = await apply(to, arriving(sent, lotsOf(sent)));
    expect(arrived).toMatchObject({ points: 15, balanceAfter: 15 });
    expect(await openLots(to)).toMatchObject([
      { remaining: 10, issuer: SHOP, until: START + DAY },
      { remaining: 5, issuer: SHOP, until: null },
    ]);
    // A gift is no earn: nothing can be returned of it.
    const back = await submit(to, { kind: 'return', earn: arrived.id, points: 1, policy: 'debt' });
    expect(codeOf(back)).toBe('not_an_earn');
  });

  it('comes back once, also to a lot that lapsed meanwhile', async () => {
    const [from, to] = pairOf();
    await issue(from, 10, { expiresAt: START + DAY });
    const sent = await send(from, to, {
      points: 10,
      limits: [{ counter: 'gifts', max: 10, mode: 'all' }],
    });
    const back = { kind: 'transfer_return', out: sent.id, graceMs: DAY, ...source(sent.id) };
    const late = { ...back, effectiveAt: START + 2 * DAY, counters: ['gifts'] };
    expect(await apply(from, late)).toMatchObject({ points: 10, balanceAfter: 10 });
    expect(await openLots(from)).toMatchObject([{ remaining: 10, until: START + 3 * DAY }]);
    expect(codeOf(await submit(from, late))).toBe('transfer_returned');
    expect(codeOf(await submit(to, back))).toBe('transfer_not_found');
    const counted = await pool.query('select value from ledger.counter where member = $1', [from]);
    expect(counted.rows).toEqual([{ value: 0 }]);
  });

  it('is refused beyond what may be sent', async () => {
    const [from, to] = pairOf();
    await issue(from, 10);
    const limits = [{ counter: 'gifts', max: 5, mode: 'all' }];
    const more = { kind: 'transfer_out', to, points: 6, limits };
    expect(codeOf(await submit(from, more))).toBe('limit_reached');
    expect(codeOf(await submit(from, { kind: 'transfer_out', to, points: 11 }))).toBe(
      'insufficient_points',
    );
  });

  it('of everything takes pending lots and debts along, but no holds', async () => {
    const [from, to] = pairOf();
    await issue(from, 10, { expiresAt: START + 2 });
    await issue(from, 20, { availableAt: START + DAY });
    const hold = await apply(from, { kind: 'hold', points: 1, expiresAt: START + DAY });
    const all = { kind: 'transfer_out', to };
    expect(codeOf(await submit(from, all))).toBe('holds_open');
    await apply(from, { kind: 'release', hold: hold.id });
    await apply(from, { kind: 'burn', points: 17, overdraftMax: 7 });
    await issue(to, 3);
    const sent = await send(from, to, {});
    expect(sent).toMatchObject({ points: 20, balanceAfter: 0 });
    const pending = lotsOf(sent).map((lot) => ({ ...lot, availableAt: START + DAY }));
    const arrived = await apply(to, arriving(sent, pending, 7));
    expect(arrived.balanceAfter).toBe(3 + 20 - 7);
    expect(codeOf(await submit(from, all))).toBe('nothing_to_transfer');
  });

  it('of everything comes back with its debt', async () => {
    const [from, to] = pairOf();
    await issue(from, 10);
    await apply(from, { kind: 'burn', points: 14, overdraftMax: 4 });
    const sent = await send(from, to, {});
    expect(sent).toMatchObject({ points: 0, balanceAfter: 0 });
    const back = { kind: 'transfer_return', out: sent.id, graceMs: DAY, ...source(sent.id) };
    expect((await apply(from, back)).balanceAfter).toBe(-4);
  });

  it('is found by verify when something else arrives than was sent', async () => {
    const [from, to] = pairOf();
    const other = await createTestDatabase();
    const otherPool = createLedgerPool(other.url, 2);
    const kept = ledger;
    try {
      ledger = await createLedger({
        ...{ pool: otherPool, clock, programmeClock: clock.now, shards: 2 },
      });
      await issue(from, 10);
      const sent = await send(from, to, { points: 10 });
      const [lot] = lotsOf(sent) as [SentLot];
      await apply(to, arriving(sent, [{ ...lot, issuer: FUNDER }]));
      const nobody = { ...sent, id: ledger.newId(from) };
      await apply(to, arriving(nobody, [lot]));
      const { findings } = await verifyLedger(otherPool);
      expect(findings.map((each) => each.message)).toEqual([
        expect.stringMatching(/it takes in something else than trf_.* sent/),
        expect.stringMatching(/nobody sent its transfer trf_/),
      ]);
    } finally {
      ledger = kept;
      await otherPool.end();
      await other.drop();
    }
  });
});
