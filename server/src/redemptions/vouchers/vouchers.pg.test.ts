import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Lasts, VoucherForm } from '../../kernel/reward.ts';
import { createPool, type Pool, withTransaction } from '../../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/postgres/test-database.ts';
import { createFulfil } from '../fulfil.ts';
import { takeSteps } from '../moves.ts';
import type { Redemption } from '../redemption.ts';
import { lockShelves, writeShelves } from '../stock/stock-store.ts';
import { insertRedemptions } from '../store.ts';
import { sealer, TERMS } from '../testing/counter.ts';
import { findAt, type Till, type Used, undoVoucherUse, useVoucher } from './use-voucher.ts';
import { qrOf, type Voucher } from './voucher.ts';
import { readVouchers } from './voucher-store.ts';

const DAY = 24 * 3600_000;
const clock = manualClock(Date.parse('2026-03-01T00:00:00Z'));
const fulfil = createFulfil({
  sealer,
  timeZoneOf: () => 'Asia/Shanghai',
  tell: async () => {},
  codeOf: () => 'points',
});
const merchant = newId(clock.now());
const by = newId(clock.now());

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, name: 'hongmi-test', connectionsMax: 8 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** A voucher of a redemption that cost nothing. */
async function voucherOf(
  voucher: VoucherForm,
  {
    lasts = { days: 30 },
    stores = undefined as string[] | undefined,
  }: { lasts?: Lasts; stores?: string[] | undefined } = {},
): Promise<{ voucher: Voucher; code: string }> {
  const at = clock.now();
  const ids = { id: newId(at), member: newId(at), reward: newId(at), version: newId(at) };
  const here = stores === undefined ? { merchant } : { merchant, stores };
  const redemption: Redemption = {
    ...{
      ...ids,
      programme: 1,
      promotion: null,
      particulars: null,
      option: 0,
      quantity: 1,
      merchant,
      store: null,
    },
    ...{
      parts: [],
      cashFen: 0,
      payee: null,
      counts: [],
      state: 'reserved',
      refusal: null,
      askedAt: at,
      deadline: at + 1,
    },
    ...{
      confirmedAt: null,
      cancelledAt: null,
      requestKey: ids.id,
      fingerprint: randomBytes(32),
      recordedAt: at,
    },
    terms: { ...TERMS, stores: [here], fulfilment: { kind: 'voucher', voucher, lasts } },
  };
  await withTransaction(pool, async (tx) => {
    await insertRedemptions(tx, [redemption]);
    const shelves = await lockShelves(tx, [redemption]);
    shelves.reserve(redemption);
    await writeShelves(tx, shelves.changes);
  });
  await takeSteps(pool, [{ redemption, step: 'take', at }], {
    fulfil,
    followCash: () => Promise.resolve(),
  });
  const [made] = await readVouchers(pool, [redemption.id], sealer);
  if (made === undefined) throw new Error('there is a voucher');
  const { code, usedAt: _, ...shown } = made;
  return { voucher: shown, code };
}

let numbers = 0;
const till = (billFen: number, more: Partial<Till & { useNo: string }> = {}) => {
  numbers += 1;
  const own = { merchant, store: null, billFen, at: clock.now(), useNo: `bill-${numbers}`, by };
  return { ...own, ...more };
};
const use = (voucher: Voucher, at: ReturnType<typeof till>): Promise<Used | Refusal> =>
  withTransaction(pool, (tx) => useVoucher(tx, voucher, at));
const undo = (used: Used, reason = 'the bill was not paid'): Promise<Used | Refusal> =>
  withTransaction(pool, (tx) =>
    undoVoucherUse(tx, used.use, { at: clock.now(), by, reason, actor: 'till 1' }),
  );
async function must(answer: Promise<Used | Refusal>): Promise<Used> {
  const used = await answer;
  if ('code' in used) throw new Error(used.code);
  return used;
}
const codeOf = (answer: Used | Refusal): string | number =>
  'code' in answer ? answer.code : answer.use.offFen;

const REDUCTION: VoucherForm = { form: 'full_reduction', offFen: 2_000, overFen: 10_000 };
const PARTS: VoucherForm = { form: 'no_threshold', offFen: 5_000, partial: true };

describe('a voucher', () => {
  it('is found by its code at the merchant it is of, and by nobody else', async () => {
    const { voucher, code } = await voucherOf(REDUCTION);
    for (const told of [code, code.toLowerCase(), qrOf(code)])
      expect(await findAt(pool, told, merchant, sealer)).toEqual(voucher);
    for (const [told, whose] of [
      [code, newId(clock.now())],
      [code.replace(/^./, (first) => (first === '0' ? '1' : '0')), merchant],
      ['', merchant],
    ] as [string, Uuid][])
      expect(await findAt(pool, told, whose, sealer)).toMatchObject({ code: 'voucher_not_found' });
    const { rows } = await pool.query('select voucher::text as row from voucher where id = $1', [
      voucher.id,
    ]);
    expect(rows[0].row).not.toContain(code);
  });

  it('is used once, whichever of two tills is first', async () => {
    const { voucher } = await voucherOf(REDUCTION);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => use(voucher, till(12_000))));
    expect(answers.map(codeOf).sort()).toEqual([2_000, ...Array(4).fill('voucher_used')].sort());
  });

  it('is used once under a number of the merchant, however often it is told', async () => {
    const { voucher } = await voucherOf(PARTS);
    const once = till(1_000);
    const answers = await Promise.all([use(voucher, once), use(voucher, once)]);
    expect(
      answers.map((each) => ('code' in each ? each.code : [each.use.offFen, each.known])).sort(),
    ).toEqual([
      [1_000, false],
      [1_000, true],
    ]);
    expect(codeOf(await use(voucher, { ...once, billFen: 999 }))).toBe('voucher_use_exists');
    const { voucher: other } = await voucherOf(PARTS);
    expect(codeOf(await use(other, once))).toBe('voucher_use_exists');
  });

  it('in parts is used until nothing is left, and never for more, whoever races', async () => {
    const { voucher } = await voucherOf(PARTS);
    const answers = await Promise.all(Array.from({ length: 8 }, () => use(voucher, till(900))));
    expect(answers.map(codeOf).sort()).toEqual(
      [900, 900, 900, 900, 900, 500, 'voucher_used', 'voucher_used'].sort(),
    );
  });

  it('that was given back can be used again, once more', async () => {
    for (const [form, off] of [
      [REDUCTION, 2_000],
      [PARTS, 5_000],
    ] as const) {
      const { voucher } = await voucherOf(form);
      const used = await must(use(voucher, till(10_000)));
      expect(codeOf(await use(voucher, till(10_000)))).toBe('voucher_used');
      const [first, second] = await Promise.all([undo(used), undo(used)]);
      expect(
        [first, second].map((each) => ('code' in each ? each.code : each.known)).sort(),
      ).toEqual([false, true]);
      expect(codeOf(await undo(used, 'another'))).toBe('voucher_use_undone');
      // A till that hears anything else would hand it out, and the voucher counts still.
      const { useNo } = used.use;
      expect(codeOf(await use(voucher, { ...till(10_000), useNo }))).toBe('voucher_use_undone');
      const again = await Promise.all([use(voucher, till(10_000)), use(voucher, till(10_000))]);
      expect(again.map(codeOf).sort()).toEqual([off, 'voucher_used'].sort());
    }
  });

  it('lapses by time, and counts only at the stores of its terms', async () => {
    const { voucher } = await voucherOf(REDUCTION, { lasts: { days: 2 }, stores: ['a', 'b'] });
    expect(codeOf(await use(voucher, till(10_000)))).toBe('voucher_elsewhere');
    expect(codeOf(await use(voucher, till(10_000, { store: 'c' })))).toBe('voucher_elsewhere');
    expect(codeOf(await use(voucher, till(9_999, { store: 'a' })))).toBe('bill_too_small');
    const end = Date.parse('2026-03-03T16:00:00Z');
    expect(voucher.expiresAt).toBe(end);
    expect(codeOf(await use(voucher, till(10_000, { store: 'a', at: end })))).toBe(
      'voucher_expired',
    );
    expect(codeOf(await use(voucher, till(10_000, { store: 'a', at: end - 1 })))).toBe(2_000);
    expect(end - clock.now()).toBeLessThan(3 * DAY);
  });
});
