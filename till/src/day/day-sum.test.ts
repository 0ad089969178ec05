import { describe, expect, it } from 'vitest';
import { isPastUndoing, salesOf } from '../desk/sale.ts';
import { type Act, type Booked, type Entry, offlineLeft, type State } from '../queue/entry.ts';
import { sumOf } from './day-sum.ts';

const BOOKED: Booked = { id: 'x', points: {}, fen: 0, reason: null, memberId: null };
const booked = (more: Partial<Booked> = {}): State => ({
  state: 'booked',
  booked: { ...BOOKED, ...more },
});
const REFUSED: State = {
  state: 'refused',
  why: { code: 'voucher_used', title: '', facts: {} },
  seen: false,
};
const WAITING: State = { state: 'waiting' };

let seq = 0;
function entry(act: Act, state: State, more: Partial<Entry> = {}): Entry {
  seq += 1;
  return {
    ...{ key: `k${seq}`, seq, staff: { id: 's', name: 'S' }, merchantId: 'mer', store: null },
    ...{
      whom: null,
      shown: null,
      lane: 'a',
      act,
      at: '2026-11-23T04:00:00.000Z',
      isOffline: false,
    },
    ...state,
    ...more,
  } as Entry;
}
const earn = (amountFen: number): Act => ({ kind: 'earn', orderNo: 'o', amountFen });
const offset = (points: number): Act => ({
  ...{ kind: 'offset', billNo: 'b', billFen: 2_000, rewardId: 'r', units: 1 },
  ...{ offFen: 100, pointType: 'points', points },
});
const undo = (of: string): Act => ({ kind: 'undo', of, what: 'earn' });

describe('the sum of a day', () => {
  it('has what was booked, and counts what was not', () => {
    const voucher: Act = { kind: 'voucher', useNo: 'v', code: 'c', billFen: 900 };
    const back: Act = {
      ...{ kind: 'return', returnNo: 'r', orderNo: 'o', lines: [], amountFen: 300 },
    };
    expect(
      sumOf([
        entry(earn(1_000), booked({ points: { points: 10 } })),
        entry(earn(500), WAITING),
        entry(offset(20), booked({ points: { points: -20 }, fen: 100 })),
        entry(voucher, booked({ fen: 300 })),
        entry(voucher, REFUSED),
        entry(back, booked({ points: { points: -3 } })),
      ]),
    ).toEqual({
      ...{
        sales: 1,
        salesFen: 1_000,
        earned: { points: 10 },
        offsets: 1,
        burned: { points: 20 },
        offsetFen: 100,
      },
      ...{ vouchers: 1, voucherFen: 300, returns: 1, returnedFen: 300, undone: 0 },
      ...{ takenBack: { points: 3 }, givenBack: {}, waiting: 1, failed: 1 },
    });
  });

  it('is without what was undone, once that is booked', () => {
    const sale = entry(earn(1_000), booked({ points: { points: 10 } }));
    expect(sumOf([sale, entry(undo(sale.key), WAITING)])).toMatchObject({ sales: 1, undone: 0 });
    expect(sumOf([sale, entry(undo(sale.key), booked())])).toMatchObject({
      ...{ sales: 0, earned: {}, undone: 1 },
    });
  });
});

describe('goods that came back', () => {
  const back = (fen: number, orderNo = 'o'): Act => ({
    ...{ kind: 'return', returnNo: `r${fen}`, orderNo, lines: [], amountFen: fen },
  });

  it('of a sale that is undone afterwards are undone with it: the day is as if it had not been', () => {
    const sale = entry(earn(1_400), booked({ points: { points: 14 } }));
    const part = entry(back(400), booked({ points: { points: -4 } }));
    const other = entry(back(300, 'another'), booked({ points: { points: -3 } }));
    const rest = entry(undo(sale.key), booked({ points: { points: -10 } }));
    expect(sumOf([rest, part, sale, other])).toMatchObject({
      ...{ sales: 0, salesFen: 0, earned: {}, undone: 1 },
      ...{ returns: 1, returnedFen: 300, takenBack: { points: 3 } },
    });
  });

  it('of a bill give points back', () => {
    const unitPoints = { points: 20 };
    const returned: Act = {
      ...{ kind: 'return_bill', returnNo: 'r', redemptionId: 'x', amountFen: 500, unitPoints },
    };
    expect(sumOf([entry(returned, booked({ points: { points: 40 }, fen: 300 }))])).toMatchObject({
      ...{ returns: 1, returnedFen: 500, takenBack: {}, givenBack: { points: 40 } },
    });
  });
});

describe('what can still be undone', () => {
  const sale = entry(earn(1_400), booked());
  const bill = entry(offset(20), booked({ id: 'rdm' }));
  const back = (amountFen: number): Entry =>
    entry({ kind: 'return', returnNo: 'r', orderNo: 'o', lines: [], amountFen }, WAITING);

  it('is a sale until all of it came back, and a bill until any of it did', () => {
    expect(isPastUndoing(sale, [sale])).toBe(false);
    expect(isPastUndoing(sale, [back(400), sale])).toBe(false);
    expect(isPastUndoing(sale, [back(1_000), back(400), sale])).toBe(true);
    expect(isPastUndoing(bill, [bill])).toBe(false);
    const some = entry(
      {
        ...{ kind: 'return_bill', returnNo: 'r', redemptionId: 'rdm' },
        ...{ amountFen: 1, unitPoints: {} },
      },
      booked(),
    );
    expect(isPastUndoing(bill, [some, bill])).toBe(true);
  });

  it('and what came back wholly is not offered once more', () => {
    expect(salesOf([back(400), sale], undefined).map(({ leftFen }) => leftFen)).toEqual([1_000]);
    expect(salesOf([back(1_400), sale], undefined)).toEqual([]);
  });
});

describe('what is left of a day’s limit', () => {
  const dayOf = (at: string): string => at.slice(0, 10);
  const left = (entries: Entry[]) =>
    offlineLeft(entries, 'a', { pointType: 'points', day: '2026-11-23', dayMax: 100, dayOf });
  const offline = { isOffline: true };
  it('is less what was agreed offline for the member today, waiting or booked', () => {
    expect(
      left([
        entry(offset(20), WAITING, offline),
        entry(offset(30), booked(), offline),
        entry(offset(40), REFUSED, offline),
        entry(offset(50), booked()),
        entry(offset(60), WAITING, { ...offline, lane: 'b' }),
        entry(offset(70), WAITING, { ...offline, at: '2026-11-22T04:00:00.000Z' }),
        entry(earn(5_000), WAITING, offline),
      ]),
    ).toBe(50);
  });

  it('is never below nothing, and what was undone counts no more', () => {
    const big = entry(offset(500), WAITING, offline);
    expect(left([big])).toBe(0);
    expect(left([big, entry(undo(big.key), WAITING)])).toBe(100);
  });
});
