import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { settle } from '../jobs/run-jobs.ts';
import { newId, type Uuid } from '../kernel/id.ts';
import { findBudget, makeBudget } from '../ledger/budget.ts';
import type { Command } from '../ledger/command.ts';
import { findBreaches } from '../ledger/testing/invariants.ts';
import { verifyLedger } from '../ledger/verify.ts';
import { withTransaction } from '../platform/database.ts';
import { mustReadId } from '../platform/web/schema.ts';
import { followMerges } from './follow-merges.ts';
import { type MergeDeps, mergeMembers } from './merge-members.ts';
import { findMergeByKey } from './store.ts';

const DAY = 24 * 3600 * 1000;

let t: PointsTestApp;
let merchant: Uuid;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchant = mustReadId('merchant', await t.merchant());
});
afterAll(async () => {
  const [breaches, { findings }] = [await findBreaches(t.pool), await verifyLedger(t.pool)];
  await t.close();
  expect(breaches).toEqual([]);
  expect(findings).toEqual([]);
});

class Died extends Error {}

/** The same with whatever it does after its first `steps` steps failing: every query, transaction and command is one. */
function dyingAfter(steps: number): MergeDeps {
  let left = steps;
  const step = <A extends unknown[], R>(does: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      left -= 1;
      if (left < 0) throw new Died();
      return does(...args);
    };
  };
  const pool = new Proxy(t.pool, {
    get(target, name: 'query' | 'connect') {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== 'function') return own;
      const bound = own.bind(target) as (...args: unknown[]) => Promise<unknown>;
      return name === 'query' || name === 'connect' ? step(bound) : bound;
    },
  });
  const { submit, submitAll, preview } = t.ledger;
  const ledger = {
    ...t.ledger,
    submit: step(submit),
    submitAll: step(submitAll),
    preview: step(preview),
  };
  const uniting = { note: async () => {}, unite: async () => {} };
  return { pool, clock: t.clock, ledger, members: t.members, uniting };
}

/** Whether it was cut off. */
async function isCutOff(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(Died);
    return true;
  }
}

let keys = 0;
const does = async (member: Uuid, what: object): Promise<Uuid> => {
  keys += 1;
  const base = { key: `own ${keys}`, programme: 1, pointType: 1, effectiveAt: null, merchant };
  const answer = await t.ledger.submit({ ...base, member, ...what } as Command);
  expect(answer.status).toBe('applied');
  return answer.transaction?.id as Uuid;
};
const member = async (): Promise<Uuid> => mustReadId('member', await t.member());
const balanceOf = async (id: Uuid): Promise<{ net: number; debt: number; lots: number }> => {
  const { rows } = await t.pool.query(
    `select coalesce(sum(free + held - debt), 0)::int as net, coalesce(sum(debt), 0)::int as debt,
        (select count(*)::int from ledger.lot where member = $1 and open) as lots
      from ledger.member_account where member = $1`,
    [id],
  );
  return rows[0];
};
const newBudget = async (total: number): Promise<Uuid> => {
  const id = newId(t.clock.now());
  const budget = { id, programme: 1, pointType: 1, name: id, merchant: null, createdAt: 0 };
  await withTransaction(t.pool, (tx) => makeBudget(tx, budget, total));
  return id;
};
const job = async (): Promise<void> => {
  t.clock.set(t.clock.now() + 2 * 60_000);
  await settle(t.jobs);
};

describe('cut off between any two steps', () => {
  it('a merge is finished by the job, or never began; asked for again it is whole', async () => {
    let places = 0;
    let finishedByJob = 0;
    for (let isOver = false; !isOver; places += 1) {
      const [absorbed, survivor] = [await member(), await member()];
      await does(absorbed, { kind: 'issue', points: 10, expiresAt: t.clock.now() + 300 * DAY });
      await does(absorbed, { kind: 'issue', points: 20, availableAt: t.clock.now() + 300 * DAY });
      await does(absorbed, { kind: 'burn', points: 13, overdraftMax: 3 });
      await does(survivor, { kind: 'issue', points: 5 });
      const requestKey = `cut off ${places}`;
      const asked = { absorbed, survivor, reason: 'one person', actor: 'Li Na', requestKey };
      isOver = !(await isCutOff(mergeMembers(dyingAfter(places), asked)));
      await job();
      const written = await findMergeByKey(t.pool, requestKey);
      // Debts come last, so that they repay nothing out of what arrives with them.
      const whole = { net: 22, debt: 3, lots: 2 };
      const before = { net: 5, debt: 0, lots: 1 };
      expect(await balanceOf(survivor), `${places} steps`).toEqual(
        written === undefined ? before : whole,
      );
      expect(written?.open ?? false, `${places} steps`).toBe(false);
      if (written !== undefined && !isOver) finishedByJob += 1;
      const merged = await mergeMembers(dyingAfter(1_000), asked);
      expect(merged).toMatchObject({ replayed: written !== undefined, merge: { open: false } });
      expect(await balanceOf(survivor)).toEqual(whole);
      expect(await balanceOf(absorbed)).toEqual({ net: 0, debt: 0, lots: 0 });
    }
    console.info(
      `merge: cut off at ${places} places, ${finishedByJob} of them finished by the job`,
    );
    expect(finishedByJob).toBeGreaterThan(8);
  });

  it('a return of an absorbed member’s earn is finished by the job once it began, and answered as a whole', async () => {
    let places = 0;
    for (let isOver = false; !isOver; places += 1) {
      const [a, b, c] = [await member(), await member(), await member()];
      const budget = await newBudget(200);
      const within = { budget, mode: 'all' };
      const counter = { counter: 'day', max: 100, mode: 'all' };
      const earn = await does(a, { kind: 'issue', points: 100, limits: [counter, within] });
      await does(a, { kind: 'burn', points: 30 });
      for (const [absorbed, survivor] of [
        [a, b],
        [b, c],
      ] as const) {
        const requestKey = `chain ${places} ${survivor}`;
        const asked = { absorbed, survivor, reason: 'r', actor: 'a', requestKey };
        expect(await mergeMembers(dyingAfter(1_000), asked)).toMatchObject({ replayed: false });
      }
      await does(c, { kind: 'issue', points: 20, limits: [counter, within] });
      const command: Command = {
        ...{ kind: 'return', key: `return ${places}`, programme: 1, pointType: 1, member: a },
        ...{ earn, points: 100, policy: 'debt', effectiveAt: null },
        limits: [{ counter: 'day' }, { budget }],
      };
      isOver = !(await isCutOff(followMerges(dyingAfter(places)).submit(command)));
      await job();
      const begun = await t.pool.query('select from ledger.transaction where key = $1', [
        command.key,
      ]);
      const whole = { net: -10, debt: 10, lots: 0 };
      const before = { net: 90, debt: 0, lots: 2 };
      expect(await balanceOf(c), `${places} steps`).toEqual(begun.rowCount === 1 ? whole : before);
      const answer = await followMerges(dyingAfter(1_000)).submit(command);
      expect(answer.status).toBe('applied');
      const taken = answer.transaction?.entries.map(({ kind, points }) => [kind, points]);
      expect(taken, `${places} steps`).toEqual([
        ['recover', 70],
        ['recover', 20],
        ['overdraw', 10],
      ]);
      expect(await balanceOf(c)).toEqual(whole);
      // The survivor's shard gives the budget back what it spent of it, once; its counter is about its own earns.
      const isOneShard = t.ledger.shardOf(a) === t.ledger.shardOf(c);
      expect(await findBudget(t.pool, budget)).toMatchObject({ spent: isOneShard ? 20 : 100 });
      const { rows } = await t.pool.query(
        `select value from ledger.counter where member = any($1) and name = 'day' order by value`,
        [[a, b, c]],
      );
      expect(rows).toEqual([{ value: 20 }, { value: 100 }]);
    }
    console.info(`return: cut off at ${places} places`);
    expect(places).toBeGreaterThan(6);
    const { rows } = await t.pool.query('select count(*)::int as left from absorbed_return');
    expect(rows).toEqual([{ left: 0 }]);
  });

  it('a refund of an absorbed member’s burn reaches the survivor, by the job if nobody asks again', async () => {
    let places = 0;
    for (let isOver = false; !isOver; places += 1) {
      const [absorbed, survivor] = [await member(), await member()];
      await does(absorbed, { kind: 'issue', points: 50 });
      const burn = await does(absorbed, { kind: 'burn', points: 50 });
      const asked = { absorbed, survivor, reason: 'r', actor: 'a', requestKey: `r ${absorbed}` };
      expect(await mergeMembers(dyingAfter(1_000), asked)).toMatchObject({ replayed: false });
      const command: Command = {
        ...{ kind: 'refund', key: `refund ${places}`, programme: 1, pointType: 1 },
        ...{ member: absorbed, burn, graceMs: 0, effectiveAt: null },
      };
      isOver = !(await isCutOff(followMerges(dyingAfter(places)).submit(command)));
      await job();
      const { rowCount } = await t.pool.query(
        'select from ledger.transaction where subject = $1 and refusal is null',
        [burn],
      );
      expect((await balanceOf(survivor)).net, `${places} steps`).toBe(rowCount === 1 ? 50 : 0);
    }
    console.info(`refund: cut off at ${places} places`);
  });
});

describe('at the same time', () => {
  it('burns and a merge: every point is spent once or moved once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [absorbed, survivor] = [await member(), await member()];
      await does(absorbed, { kind: 'issue', points: 100 });
      const ledger = followMerges({ ...dyingAfter(Number.MAX_SAFE_INTEGER) });
      // Two of three go to the ledger as a process sends them that has not heard of the merge.
      const burns = Array.from({ length: 12 }, (_, index) => {
        const key = `race ${absorbed} ${index}`;
        const base = { kind: 'burn', key, programme: 1, pointType: 1, effectiveAt: null } as const;
        return (index % 3 === 0 ? ledger : t.ledger).submit({
          ...{ ...base, member: absorbed, merchant, points: 10 },
        });
      });
      const earns = [1, 2].map((index) =>
        t.ledger.submit({
          ...{ kind: 'issue', key: `late ${absorbed} ${index}`, programme: 1, pointType: 1 },
          ...{ member: absorbed, merchant, points: 1, effectiveAt: null },
        }),
      );
      const asked = { absorbed, survivor, reason: 'r', actor: 'a', requestKey: newId(0) };
      const merged = mergeMembers(dyingAfter(Number.MAX_SAFE_INTEGER), asked);
      const answers = await Promise.all(burns);
      await Promise.all(earns);
      expect(await merged).toMatchObject({ replayed: false });
      await job();
      const spent = answers.filter((each) => each.status === 'applied').length * 10;
      expect((await balanceOf(survivor)).net).toBe(102 - spent);
      expect(await balanceOf(absorbed)).toEqual({ net: 0, debt: 0, lots: 0 });
    }
  });

  it('a hold made while the merge was written ends, and what it held is moved', async () => {
    const [absorbed, survivor] = [await member(), await member()];
    await does(absorbed, { kind: 'issue', points: 100 });
    const requestKey = `held ${absorbed}`;
    const asked = { absorbed, survivor, reason: 'r', actor: 'a', requestKey };
    const { ledger, ...deps } = dyingAfter(Number.MAX_SAFE_INTEGER);
    let isPreviewed = false;
    const slow = {
      ...ledger,
      preview: async (commands: readonly Command[]) => {
        const answers = await ledger.preview(commands);
        if (commands[0]?.kind === 'transfer_in' && !isPreviewed) {
          isPreviewed = true;
          await does(absorbed, { kind: 'hold', points: 30, expiresAt: t.clock.now() + DAY });
        }
        return answers;
      },
    };
    const merged = await mergeMembers({ ...deps, ledger: slow }, asked);
    expect(merged).toMatchObject({ merge: { open: true } });
    await job();
    expect(await balanceOf(survivor)).toMatchObject({ net: 0 });
    t.clock.set(t.clock.now() + 2 * DAY);
    const hold = await t.pool.query('select id from ledger.hold where member = $1', [absorbed]);
    await does(absorbed, { kind: 'release', hold: hold.rows[0].id, timeout: true });
    await job();
    expect(await balanceOf(survivor)).toMatchObject({ net: 100 });
    expect((await findMergeByKey(t.pool, requestKey))?.open).toBe(false);
  });
});
