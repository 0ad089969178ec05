import { describe, expect, it } from 'vitest';
import { Book, type Lot, LotsMissing, type MemberAccount, spendingOrder } from './book.ts';
import { chooseTakes, isSpendable, latestExpiringFirst, repayDebts } from './lots.ts';
import { idOf } from './testing/desk.ts';
import { MEMBER, SHOP } from './testing/desk-spoken.ts';
import { PLATFORM } from './transaction.ts';

const lot = (seq: number, remaining: number, more: Partial<Lot> = {}): Lot => ({
  ...{ id: idOf(`lot ${seq}`), seq, issuer: SHOP, availableAt: 0, expiresAt: null },
  ...{ issued: 100, amount: 100, remaining, held: 0, expired: 0, expiredRecovered: 0 },
  ...{ returned: 0, pending: false, slideMonths: null, unitCost: null, funders: null, root: null },
  ...more,
});

/** An account of which only these lots are known; with a frontier there may be more. */
function accountOf(lots: Lot[], more: Partial<MemberAccount> = {}): MemberAccount {
  const account = new Book(0).account(MEMBER, 1, 1);
  const last = lots.at(-1);
  const isPart = 'frontier' in more;
  if (isPart && last !== undefined) more.frontier = { expiresAt: last.expiresAt, seq: last.seq };
  return Object.assign(account, { lots, ...more });
}
const more = { frontier: { expiresAt: null, seq: 0 } };

describe('spendable', () => {
  it('is from the instant it is available until the one it lapses', () => {
    const each = lot(1, 10, { availableAt: 5, expiresAt: 8, pending: true });
    expect([4, 5, 7, 8].map((at) => isSpendable(each, at))).toEqual([false, true, true, false]);
    // Let go before its time, it still lapses.
    const released = { ...each, pending: false };
    expect([4, 7, 8].map((at) => isSpendable(released, at))).toEqual([true, true, false]);
    expect(isSpendable(lot(1, 10, { held: 10 }), 1)).toBe(false);
    expect(isSpendable(lot(1, 10, { held: 9 }), 1)).toBe(true);
  });
});

describe('choosing lots', () => {
  it('asks for more only when those it has do not settle it', () => {
    const lots = [lot(1, 10), lot(2, 10)];
    const takes = [
      { lot: lots[0], points: 10 },
      { lot: lots[1], points: 10 },
    ];
    expect(chooseTakes(accountOf(lots, { ...more }), 20, 0)).toEqual({ takes });
    expect(() => chooseTakes(accountOf(lots, { ...more }), 21, 0)).toThrow(LotsMissing);
    expect(chooseTakes(accountOf(lots), 21, 0)).toEqual({ available: 20 });
  });

  it('looks for what exceeds the debt, beyond what it takes', () => {
    const lots = [lot(1, 10), lot(2, 10)];
    const takes = [{ lot: lots[0], points: 4 }];
    expect(chooseTakes(accountOf(lots, { ...more, debt: 16 }), 4, 0)).toEqual({ takes });
    expect(() => chooseTakes(accountOf(lots, { ...more, debt: 17 }), 4, 0)).toThrow(LotsMissing);
    expect(chooseTakes(accountOf(lots, { debt: 17 }), 4, 0)).toEqual({ available: 3 });
    expect(chooseTakes(accountOf(lots, { debt: 21 }), 4, 0)).toEqual({ available: 0 });
  });

  it('knows of nothing where nothing is', () => {
    expect(chooseTakes(accountOf([]), 1, 0)).toEqual({ available: 0 });
  });
});

describe('the latest expiring first', () => {
  it('is the spending order turned round, without those it is not to touch, held or lapsed ones', () => {
    const never = lot(1, 10);
    const late = lot(2, 10, { expiresAt: 90 });
    const later = lot(3, 10, { expiresAt: 90 });
    const held = lot(4, 10, { expiresAt: 95, held: 10 });
    const lapsed = lot(5, 10, { expiresAt: 5 });
    const all = [lapsed, late, later, held, never].sort(spendingOrder);
    const account = accountOf(all);
    expect(latestExpiringFirst(account, [lot(9, 1)], 5)).toEqual([never, later, late]);
    expect(latestExpiringFirst(account, [never], 5)).toEqual([later, late]);
    expect(account.lots).toEqual(all);
    expect(() => latestExpiringFirst(accountOf(all, { ...more }), [never], 5)).toThrow(LotsMissing);
  });
});

describe('repaying debts', () => {
  const owing = (remaining: number[], debt: number) => {
    const debts = remaining.map((each, seq) => ({
      ...{ seq, lot: idOf(`debt ${seq}`), amount: 10, remaining: each },
    }));
    return accountOf([], { debts, debt });
  };
  const issuer = { role: 'issuer', owner: SHOP } as const;

  it('takes at most what is owed, oldest first, and writes only the debts it touched', () => {
    const account = owing([0, 4, 5, 6], 15);
    const book = new Book(7);
    expect(repayDebts(book, account, 6, issuer, idOf('lot'))).toBe(6);
    expect(book.entries.map(({ points, ref }) => [points, ref])).toEqual([
      [4, idOf('debt 1')],
      [2, idOf('debt 2')],
    ]);
    expect([...book.changedDebts.keys()].map(({ seq }) => seq)).toEqual([1, 2]);
    expect(account.debts.map(({ remaining }) => remaining)).toEqual([0, 0, 3, 6]);
    expect(account.debt).toBe(9);
    expect(repayDebts(book, account, 100, issuer, idOf('lot'))).toBe(9);
    expect(repayDebts(book, account, 100, issuer, idOf('lot'))).toBe(0);
  });

  it('fails loudly when the debts that were loaded are not those of the account', () => {
    const lost = owing([4], 5);
    expect(() => repayDebts(new Book(0), lost, 5, issuer, PLATFORM)).toThrow('do not add up');
  });
});
