import { describe, expect, it } from 'vitest';
import { Book, type Lot, spendingOrder } from './book.ts';
import { memberSide, NOWHERE } from './lots.ts';
import { idOf } from './testing/desk.ts';
import { MEMBER, SHOP } from './testing/desk-spoken.ts';

const lot = (seq: number, expiresAt: number | null): Lot => ({
  ...{
    id: idOf(`lot ${seq}`),
    seq,
    issuer: SHOP,
    availableAt: 0,
    expiresAt,
    issued: 10,
    amount: 10,
  },
  ...{
    slideMonths: null,
    unitCost: null,
    funders: null,
    root: null,
    remaining: 10,
    held: 0,
    expired: 0,
    expiredRecovered: 0,
    returned: 0,
    pending: false,
  },
});

describe('spending order', () => {
  it('is by expiry, never last, then by age', () => {
    const [never, neverToo, late, soon, soonToo] = [
      lot(1, null),
      lot(5, null),
      lot(2, 90),
      lot(3, 50),
      lot(4, 50),
    ];
    const all = [neverToo, soonToo, never, late, soon];
    expect(all.toSorted(spendingOrder)).toEqual([soon, soonToo, late, never, neverToo]);
  });
});

describe('placing a lot', () => {
  const book = new Book(0);
  const placed = (before: Lot[], next: Lot, frontier: Lot | null = null): number[] => {
    const account = book.account(idOf(`${before.length} ${next.seq} ${frontier?.seq}`), 1, 1);
    account.lots = [...before];
    account.frontier = frontier;
    book.place(account, next);
    return account.lots.map(({ seq }) => seq);
  };

  it('puts it where it is spent, whatever is there already', () => {
    const before = [lot(2, 50), lot(4, 50), lot(6, 90)];
    expect(placed(before, lot(1, 40))).toEqual([1, 2, 4, 6]);
    expect(placed(before, lot(3, 50))).toEqual([2, 3, 4, 6]);
    expect(placed(before, lot(5, 50))).toEqual([2, 4, 5, 6]);
    expect(placed(before, lot(7, null))).toEqual([2, 4, 6, 7]);
    expect(placed([], lot(1, 40))).toEqual([1]);
  });

  it('leaves one that is there where it is', () => {
    const [first, second] = [lot(1, 40), lot(2, 50)];
    expect(placed([first, second], first)).toEqual([1, 2]);
    expect(placed([first, second], second)).toEqual([1, 2]);
  });

  it('leaves out what lies beyond the last lot that was loaded, but not that lot itself', () => {
    const last = lot(6, 90);
    expect(placed([lot(2, 50)], lot(7, 90), last)).toEqual([2]);
    expect(placed([lot(2, 50)], lot(8, null), last)).toEqual([2]);
    expect(placed([lot(2, 50)], last, last)).toEqual([2, 6]);
    expect(placed([lot(2, 50)], lot(5, 90), last)).toEqual([2, 5]);
  });
});

describe('posting an entry', () => {
  const none = { kind: 'take', lot: idOf('lot'), ref: null, expiresAt: null } as const;
  const acquirer = { role: 'acquirer', owner: SHOP } as const;

  it('adds up what moves between the same two accounts', () => {
    const book = new Book(3);
    const account = book.account(MEMBER, 1, 7);
    for (const points of [5, 6])
      book.post(account, { ...none, points, from: memberSide(MEMBER), to: acquirer });
    expect(account).toMatchObject({ free: -11, redeemed: 11 });
    expect([...book.counterDeltas.values()]).toEqual([
      { account: acquirer, pointType: 1, programme: 7, points: 11n },
    ]);
    expect(book.nextSeq).toBe(5);
    expect(book.entries.map(({ pointType }) => pointType)).toEqual([1, 1]);
    expect(book.changedAccounts).toEqual(new Set([account]));
  });

  it('keeps accounts of different owners, roles and point types apart', () => {
    const book = new Book(0);
    const sides = [
      acquirer,
      { ...acquirer, owner: MEMBER },
      { ...acquirer, role: 'issuer' },
    ] as const;
    for (const to of sides)
      book.post(book.account(MEMBER, 1, 1), { ...none, points: 1, from: memberSide(MEMBER), to });
    book.post(book.account(MEMBER, 2, 1), { ...none, points: 1, from: NOWHERE, to: acquirer });
    expect(book.counterDeltas.size).toBe(4);
  });

  it('of nothing changes no account', () => {
    const book = new Book(0);
    const account = book.account(MEMBER, 1, 1);
    book.post(account, { ...none, points: 0, from: memberSide(MEMBER), to: acquirer });
    expect(book.entries).toHaveLength(1);
    expect(book.changedAccounts.size + book.counterDeltas.size).toBe(0);
  });
});

describe('a book', () => {
  it('opens an account at nothing, once', () => {
    const book = new Book(0);
    const account = book.account(MEMBER, 1, 7);
    const nothing = { free: 0, held: 0, debt: 0, earned: 0, redeemed: 0, expired: 0 };
    const state = { lastEffectiveAt: 0, lots: [], frontier: null, debts: [] };
    const slides = { sliding: new Set(), slidingUntil: new Map(), openSliding: 0 };
    expect(account).toEqual({
      member: MEMBER,
      pointType: 1,
      programme: 7,
      ...nothing,
      ...state,
      ...slides,
    });
    expect(book.account(MEMBER, 1, 7)).toBe(account);
    expect(book.account(MEMBER, 2, 7)).not.toBe(account);
    expect(book.account(SHOP, 1, 7)).not.toBe(account);
  });

  it('fails loudly when something is needed that was not loaded', () => {
    const book = new Book(0);
    expect(() => book.lot(idOf('x'))).toThrow('was not loaded');
    expect(() => book.termsOf(lot(1, null))).toThrow('were not loaded');
  });
});
