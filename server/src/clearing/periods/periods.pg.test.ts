import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Accruing,
  type AccruingProgramme,
  createAccruing,
} from '../../http/testing/accruing.ts';
import { withTransaction } from '../../platform/database.ts';
import { beginPeriod } from './begin-period.ts';
import { CLOSE_STEPS, type CloseStep, closePeriod, resumeCloses } from './close-period.ts';
import { closeDuePeriods } from './due-periods.ts';
import { verifyFigures } from './figures.ts';
import { figuresCsv } from './figures-csv.ts';
import { MICRO_FEN, type Period } from './period.ts';
import { eachLine, eachPair, eachPosition, listPeriods } from './read.ts';

const HOUR = 3_600_000;
let a: Accruing;
beforeAll(async () => {
  a = await createAccruing();
});
afterAll(() => a.t.close());

async function begun(programme: AccruingProgramme, until = a.t.clock.now()): Promise<Period> {
  const period = await withTransaction(a.t.pool, (tx) =>
    beginPeriod(tx, a.deps, programme.id, until),
  );
  if ('code' in period) throw new Error(period.code);
  return period;
}
/** An hour later, so that every period has a length. */
async function close(programme: AccruingProgramme): Promise<Period> {
  a.t.clock.advance(HOUR);
  return closePeriod(a.deps, (await begun(programme)).id);
}
const all = async <T>(list: AsyncIterable<T>): Promise<T[]> => {
  const out: T[] = [];
  for await (const each of list) out.push(each);
  return out;
};
const csvOf = async (period: Period): Promise<string> =>
  (await all(figuresCsv(a.t.pool, period, a.deps.names))).join('');

/** What is true of everything that was ever closed of a programme, and of what it was closed from. */
async function assertWhole({ id }: AccruingProgramme): Promise<void> {
  const periods = await listPeriods(a.t.pool, id, 0, 1_000);
  const paid = { owed: 0n, due: 0n, fee: 0n };
  let rest = { owed: 0n, due: 0n, fee: 0n };
  for (const [index, period] of periods.entries()) {
    expect(period.number).toBe(index + 1);
    expect(period.from).toBe(periods[index - 1]?.until ?? period.from);
    expect(period.state).toBe('closed');
    const pairs = await all(eachPair(a.t.pool, period.id));
    rest = { owed: 0n, due: 0n, fee: 0n };
    for (const { fen, carry } of pairs) {
      for (const name of ['owed', 'due', 'fee'] as const) {
        paid[name] += BigInt(fen[name]) * MICRO_FEN;
        rest[name] += BigInt(carry[name]);
      }
    }
    const positions = await all(eachPosition(a.t.pool, period.id));
    expect(positions.reduce((sum, { net }) => sum + net, 0)).toBe(0);
    expect((await verifyFigures(a.t.pool, period, a.deps.names)).same).toBe(true);
    const lines = await all(eachLine(a.t.pool, period, null));
    const owed = lines.reduce((sum, { exact }) => sum + exact.owed, 0n);
    expect(owed).toBe(pairs.reduce((sum, { exact }) => sum + exact.owed, 0n));
    expect(lines.every(({ effectiveAt }) => effectiveAt < period.until)).toBe(true);
  }
  const { rows } = await a.t.pool.query<Record<'owed' | 'due' | 'fee', string>>(
    `select coalesce(sum(owed), 0)::text as owed, coalesce(sum(due), 0)::text as due, coalesce(sum(fee), 0)::text as fee
      from ledger.accrual where programme = $1 and effective_at_ms < $2`,
    [id, periods.at(-1)?.until ?? 0],
  );
  for (const name of ['owed', 'due', 'fee'] as const) {
    expect(paid[name] + rest[name]).toBe(BigInt(rows[0]?.[name] ?? 0));
    // Less than two fen in all: one of what is between merchants, one of what they owe themselves.
    expect(rest[name] >= 0n && rest[name] < 2n * MICRO_FEN).toBe(true);
  }
}

it('nets what was accrued, to the fen, and says the same for ever', async () => {
  const programme = await a.programme();
  for (let points = 1; points <= 20; points += 1) await a.accrue(programme, points % 3, points);
  const period = await close(programme);
  expect(period).toMatchObject({ number: 1, state: 'closed', until: a.t.clock.now() });
  const csv = await csvOf(period);
  expect(createHash('sha256').update(csv).digest()).toEqual(period.figuresHash);
  expect(csv.split('\r\n').filter((line) => line.startsWith('position,'))).toHaveLength(4);
  await a.accrue(programme, 0, 5);
  await close(programme);
  expect(await csvOf(period)).toBe(csv);
  await assertWhole(programme);
});

it('takes what comes late into the period it is recorded in, and leaves what came early to the next', async () => {
  const programme = await a.programme();
  const start = a.t.clock.now();
  a.t.clock.advance(2 * HOUR);
  await a.accrue(programme, 0, 7);
  // The first hour is closed when the second one has begun: what took effect meanwhile is not in it.
  const first = await closePeriod(a.deps, (await begun(programme, start + HOUR)).id);
  expect(await all(eachPair(a.t.pool, first.id))).toEqual([]);
  expect(await all(eachPosition(a.t.pool, first.id))).toEqual([]);
  // Told late: the cut lets it take effect at its time, not before.
  await a.accrue(programme, 1, 9, start + HOUR / 2);
  const second = await closePeriod(a.deps, (await begun(programme, start + 2 * HOUR)).id);
  const lines = await all(eachLine(a.t.pool, second, null));
  expect(lines.map(({ points, effectiveAt }) => [points, effectiveAt])).toEqual([
    [9, start + HOUR],
  ]);
  await close(programme);
  await assertWhole(programme);
  const [, , third] = await listPeriods(a.t.pool, programme.id, 0, 9);
  expect(await all(eachLine(a.t.pool, third as Period, null))).toMatchObject([{ points: 7 }]);
});

it.each(CLOSE_STEPS)('goes on after a crash behind “%s”, to the same figures', async (step) => {
  const programme = await a.programme();
  await a.accrue(programme, 0, 11);
  await a.accrue(programme, 1, 12);
  a.t.clock.advance(HOUR);
  const { id } = await begun(programme);
  const crash = (done: CloseStep): void => {
    if (done === step) throw new Error(`crash behind ${step}`);
  };
  await expect(closePeriod({ ...a.deps, onStep: crash }, id)).rejects.toThrow('crash behind');
  // Whatever it got as far as, nothing of it shows: a period is closed or it is not.
  expect(await all(eachPair(a.t.pool, id))).toEqual([]);
  await a.accrue(programme, 2, 500);
  expect(await resumeCloses(a.deps)).toBe(1);
  expect(await resumeCloses(a.deps)).toBe(0);
  const lines = await all(eachPair(a.t.pool, id));
  expect(lines.reduce((sum, { points }) => sum + points, 0)).toBe(23);
  await close(programme);
  await assertWhole(programme);
});

it('is closed once, whoever closes it at the same time', async () => {
  const programme = await a.programme();
  await a.accrue(programme, 0, 3);
  a.t.clock.advance(HOUR);
  const until = a.t.clock.now();
  const [one, two] = await Promise.all([begun(programme, until), begun(programme, until)]);
  expect(one.id).toBe(two.id);
  const closed = await Promise.all([1, 2, 3].map(() => closePeriod(a.deps, one.id)));
  for (const each of closed) expect(each).toEqual(closed[0]);
  expect(await listPeriods(a.t.pool, programme.id, 0, 9)).toHaveLength(1);
  await assertWhole(programme);
});

it('loses nothing and takes nothing twice while points move', async () => {
  const programme = await a.programme({ merchants: 5 });
  // Nothing is told late of before its prices.
  a.t.clock.advance(HOUR);
  let isOver = false;
  async function traffic(merchant: number): Promise<void> {
    for (let points = 1 + merchant; !isOver; points += 5) {
      a.t.clock.advance(1);
      await a.accrue(programme, merchant, points, a.t.clock.now() - (points % 7 === 0 ? 50 : 0));
    }
  }
  const running = [0, 1, 2, 3, 4].map(traffic);
  for (let round = 0; round < 8; round += 1) {
    a.t.clock.advance(10);
    await closePeriod(a.deps, (await begun(programme)).id);
  }
  isOver = true;
  await Promise.all(running);
  await close(programme);
  expect(await listPeriods(a.t.pool, programme.id, 0, 99)).toHaveLength(9);
  await assertWhole(programme);
});

it('closes by the months of its programme, and up to a cut that was made by hand', async () => {
  const programme = await a.programme();
  await a.accrue(programme, 0, 1);
  const due = {
    ...a.deps,
    programmes: { all: () => [{ id: programme.id, timeZone: 'Asia/Shanghai' }] },
    cycleOf: async () => 'month' as const,
  };
  expect(await closeDuePeriods(due)).toBe(0);
  a.t.clock.set(Date.parse('2026-07-15T00:00:00Z'));
  expect(await closeDuePeriods(due)).toBe(4);
  expect(await closeDuePeriods(due)).toBe(0);
  const periods = await listPeriods(a.t.pool, programme.id, 0, 9);
  expect(periods.at(-1)?.until).toBe(Date.parse('2026-07-01T00:00:00+08:00'));
  const at = '2026-08-03T00:00:00.000Z';
  a.t.clock.set(Date.parse(at));
  await a.t.ok('POST', '/ledger/cuts', { programme: programme.code, at });
  expect(await closeDuePeriods(due)).toBe(1);
  expect((await listPeriods(a.t.pool, programme.id, 4, 9)).at(-1)?.until).toBe(Date.parse(at));
  expect(await closeDuePeriods({ ...due, cycleOf: async () => null })).toBe(0);
  await assertWhole(programme);
});

it('finds figures that are not what the ledger says', async () => {
  const programme = await a.programme();
  await a.accrue(programme, 0, 8);
  const period = await close(programme);
  expect((await verifyFigures(a.t.pool, period, a.deps.names)).same).toBe(true);
  await a.t.pool.query('update ledger.accrual set owed = owed + 1 where programme = $1', [
    programme.id,
  ]);
  expect((await verifyFigures(a.t.pool, period, a.deps.names)).same).toBe(false);
  await a.t.pool.query('update ledger.accrual set owed = owed - 1 where programme = $1', [
    programme.id,
  ]);
  expect((await verifyFigures(a.t.pool, period, a.deps.names)).same).toBe(true);
});

it('refuses what is not over, what is closed, and a programme without prices', async () => {
  const programme = await a.programme();
  const { code } = programme;
  const post = (until: number, options = {}) =>
    a.t.call('POST', '/clearing/periods', { programme: code, until: iso(until) }, options);
  const iso = (ms: number): string => new Date(ms).toISOString();
  const start = a.t.clock.now();
  a.t.clock.advance(4 * HOUR);
  expect((await post(start + 5 * HOUR)).body.code).toBe('period_in_future');
  expect((await post(start)).body.code).toBe('period_not_after_last');
  const made = await post(start + 2 * HOUR, { key: 'close' });
  expect(made).toMatchObject({ status: 201, body: { number: 1, state: 'closed' } });
  expect((await post(start + 2 * HOUR, { key: 'close' })).body).toEqual(made.body);
  expect((await post(start + 2 * HOUR)).body).toEqual(made.body);
  expect((await post(start + HOUR)).body.code).toBe('period_closed');
  await a.t.ok('POST', '/ledger/cuts', { programme: code, at: iso(start + 4 * HOUR) });
  expect((await post(start + 3 * HOUR)).body.code).toBe('period_not_after_last');
  const default_ = { until: iso(start + HOUR) };
  expect((await a.t.call('POST', '/clearing/periods', default_)).body.code).toBe(
    'programme_not_cleared',
  );
});
