import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId, showId, type Uuid } from '../kernel/id.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import type { Command, ReturnPolicy } from './command.ts';
import { createLedger } from './create-ledger.ts';
import type { Ledger } from './ledger.ts';
import { createLedgerPool } from './pool.ts';
import { findBreaches } from './testing/invariants.ts';
import type { Answer, Transaction } from './transaction.ts';
import { verifyLedger } from './verify.ts';

const START = Date.UTC(2027, 0, 1);
const DAY = 24 * 3600 * 1000;
const SHOP = newId(START);

let database: TestDatabase;
let pool: Pool;
let ledger: Ledger;
const clock = manualClock(START);
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 2);
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
  const base = { key: `k${keys}`, programme: 1, pointType: 1, member, effectiveAt: null };
  return ledger.submit({ ...base, merchant: SHOP, ...what } as Command);
};
const apply = async (member: Uuid, what: object): Promise<Transaction> => {
  const answer = await submit(member, what);
  expect(answer.status === 'refused' ? answer.refusal.code : answer.status).toBe('applied');
  return answer.transaction as Transaction;
};
const told = ({ entries }: Transaction): unknown[] =>
  entries.map(({ kind, points, lot, ref }) => [kind, points, lot, ref]);
const lotOf = ({ entries }: Transaction): Uuid => entries[0]?.lot as Uuid;

/** The absorbed member's earn of 1,000, of which 930 were spent, and the lot that the other 70 became. */
let absorbed: Uuid;
let survivor: Uuid;
let earn: Transaction;
let arrived: Uuid;
const expiresAt = START + 30 * DAY;
beforeEach(async () => {
  clock.set(START);
  absorbed = newId(START);
  survivor = newId(START);
  earn = await apply(absorbed, { kind: 'issue', points: 1_000, expiresAt });
  await apply(absorbed, { kind: 'burn', points: 930 });
  const out = ledger.newId(absorbed);
  const source = { kind: 'move', id: out };
  await apply(absorbed, { kind: 'transfer_out', id: out, to: survivor, source });
  const terms = { issuer: SHOP, funders: null, ruleVersion: null, evidence: null, unitCost: null };
  const lot = { ...terms, lot: lotOf(earn), points: 70, availableAt: START, expiresAt };
  const taken = { kind: 'transfer_in', from: absorbed, lots: [lot], debt: 0, source };
  arrived = lotOf(await apply(survivor, taken));
});
/** The return itself stands on the absorbed account, and finds nothing there. */
const giveBack = (points: number): Promise<Transaction> =>
  apply(absorbed, { kind: 'return', earn: earn.id, points, policy: 'debt', isAbsorbed: true });
const clawBack = async (
  points: number,
  policy: ReturnPolicy,
  more: object = {},
): Promise<Transaction> => {
  await giveBack(points);
  return apply(survivor, {
    ...{ kind: 'claw_back', earn: earn.id, lot: lotOf(earn), arrived: [arrived] },
    ...{ giver: { role: 'issuer', merchant: SHOP }, points, policy, ...more },
  });
};

describe('a claw-back from the survivor of a merge', () => {
  it('takes what arrived of the returned lot first, and names that lot', async () => {
    await apply(survivor, { kind: 'issue', points: 50 });
    const taken = await clawBack(60, 'debt');
    expect(taken).toMatchObject({ points: 60, balanceAfter: 60, subject: earn.id });
    expect(told(taken)).toEqual([['recover', 60, arrived, lotOf(earn)]]);
  });

  it('takes other lots by policy, and makes a debt of the rest', async () => {
    const other = await apply(survivor, { kind: 'issue', points: 20 });
    const taken = await clawBack(100, 'debt');
    expect(told(taken)).toEqual([
      ['recover', 70, arrived, lotOf(earn)],
      ['recover', 20, lotOf(other), lotOf(earn)],
      ['overdraw', 10, taken.id, null],
    ]);
    expect(taken.balanceAfter).toBe(-10);
    // The next earn repays it.
    expect((await apply(survivor, { kind: 'issue', points: 15 })).balanceAfter).toBe(5);
  });

  it('leaves other lots alone where only pending points are asked for, and forgoes the rest', async () => {
    await apply(survivor, { kind: 'issue', points: 20 });
    expect((await clawBack(100, 'pending_only')).balanceAfter).toBe(20);
    expect((await clawBack(100, 'within_balance', { arrived: [] })).balanceAfter).toBe(0);
  });

  it('counts what expired of it since as recovered, and does not break holds', async () => {
    await apply(survivor, { kind: 'hold', points: 25, expiresAt: START + 40 * DAY });
    clock.set(expiresAt);
    await apply(survivor, { kind: 'expire' });
    const taken = await clawBack(50, 'debt');
    expect(told(taken)).toEqual([
      ['recover_expired', 45, arrived, null],
      ['overdraw', 5, taken.id, null],
    ]);
  });

  it('gives back to the adjustment account what an adjustment gave', async () => {
    const giver = { role: 'adjustment', merchant: SHOP };
    const { entries } = await clawBack(1, 'debt', { giver });
    expect(entries[0]?.to).toEqual({ role: 'adjustment', owner: SHOP });
  });

  it('is refused for a lot that is not of the account', async () => {
    const wanted = { lot: lotOf(earn), arrived: [lotOf(earn)], points: 1, policy: 'debt' };
    const giver = { role: 'issuer', merchant: SHOP };
    const answer = await submit(survivor, { kind: 'claw_back', earn: earn.id, giver, ...wanted });
    expect(answer).toMatchObject({ status: 'refused', refusal: { code: 'lot_not_found' } });
  });

  it('is found by verify when it takes more than the return left', async () => {
    await giveBack(60);
    const about = { earn: earn.id, lot: lotOf(earn), arrived: [arrived], policy: 'debt' };
    const giver = { role: 'issuer', merchant: SHOP };
    const more = { kind: 'claw_back', ...about, giver, points: 61 };
    const taken = await apply(survivor, more);
    const { findings } = await verifyLedger(pool);
    expect(findings.map((each) => [each.about, each.message])).toEqual([
      [
        `transaction ${showId('transaction', taken.id)}`,
        'more was clawed back than the 60 points that returns of its earn left',
      ],
    ]);
    // Made good, for what is verified at the end.
    await giveBack(1);
    expect((await verifyLedger(pool)).findings).toEqual([]);
  });

  it('is known by its key also when more lots have arrived, but not under another policy', async () => {
    const asked = {
      ...{ key: `once ${survivor}`, kind: 'claw_back', earn: earn.id, lot: lotOf(earn) },
      ...{ giver: { role: 'issuer', merchant: SHOP }, points: 10, arrived: [arrived] },
    };
    await giveBack(10);
    expect((await submit(survivor, { ...asked, policy: 'debt' })).replayed).toBe(false);
    const again = await submit(survivor, { ...asked, policy: 'debt', arrived: [] });
    expect(again).toMatchObject({ status: 'applied', replayed: true });
    const other = await submit(survivor, { ...asked, policy: 'pending_only' });
    expect(other).toMatchObject({ refusal: { code: 'idempotency_key_reused' } });
  });
});
