import { describe, expect, it } from 'vitest';
import { showId, type Uuid } from '../kernel/id.ts';
import { idOf } from './testing/desk.ts';
import { MEMBER, MILES, POINTS, type Said, SHOP, SpokenDesk } from './testing/desk-spoken.ts';

const [BANK, CINEMA, TILL] = [idOf('bank'), idOf('cinema'), idOf('till')];
const FRIEND = idOf('friend');

/** A programme in which a point costs its issuer 10, and brings who takes it 9 less 1. */
function cleared(): SpokenDesk {
  const d = new SpokenDesk();
  for (const [id, name] of [[BANK, 'bank'] as const, [CINEMA, 'cinema'] as const]) d.call(id, name);
  d.call(TILL, 'till');
  d.price(0, null);
  return d;
}
const issue = (points: number, more: object = {}): Said =>
  ({ kind: 'issue', points, ...more }) as Said;
const shared = (...shares: number[]) => ({
  funders: shares.map((share, place) => ({ merchant: [SHOP, BANK, CINEMA][place] as Uuid, share })),
});
/** Points used at the cinema. */
const burn = (points: number, more: object = {}): Said =>
  ({ kind: 'burn', points, merchant: CINEMA, ...more }) as Said;
const refund = (of: string, points?: number): Said =>
  ({
    kind: 'refund',
    burn: idOf(of),
    graceMs: 0,
    ...(points === undefined ? {} : { points }),
  }) as Said;

/** Sends all points of a member, with the terms they have. */
function send(d: SpokenDesk, now: number, { from, to }: { from: Uuid; to: Uuid }): void {
  const out = `out ${now}`;
  d.do(now, out, { kind: 'transfer_out', to, points: 10, member: from });
  const lots = d.written.transaction.entries.map(({ lot, points }) => {
    const terms = d.desk.book.termsOf(d.desk.book.lot(lot));
    return { ...terms, lot, points };
  });
  const source = { kind: 'transfer', id: idOf(out) } as const;
  d.do(now + 1, `in ${now}`, { kind: 'transfer_in', from, member: to, lots, debt: 0, source });
}

/** What all that was done leaves owed between each two, in points and money; nothing where it is nothing. */
function left(d: SpokenDesk): Record<string, string> {
  const sums = new Map<string, bigint[]>();
  for (const { payer, taker, points, owed, due, fee } of d.history.flatMap(
    (each) => each.accruals,
  )) {
    const sum = sums.get(`${payer} ${taker}`) ?? [0n, 0n, 0n, 0n];
    sums.set(
      `${payer} ${taker}`,
      [BigInt(points), owed, due, fee].map((each, at) => each + (sum[at] as bigint)),
    );
  }
  return Object.fromEntries(
    [...sums]
      .filter(([, sum]) => sum.some((each) => each !== 0n))
      .map(([pair, sum]) => [pair, sum.join()]),
  );
}

describe('issuing', () => {
  it('gives a lot the price of its issuer at the time, whatever the command says', () => {
    const d = cleared();
    d.price(5, SHOP, { issuePrice: 20 });
    const costs = [4, 5].map((now) => {
      d.do(now, `issue ${now}`, issue(10, { unitCost: 7 }));
      return d.written.lotsMade[0]?.unitCost;
    });
    d.do(5, 'up', { kind: 'adjust', points: 3 });
    expect([...costs, d.written.lotsMade[0]?.unitCost]).toEqual([10, 20, 20]);
    expect(d.written.accruals).toEqual([]);
  });

  it('is refused with the code of its issuer’s price, from its instant on', () => {
    const d = cleared();
    d.price(5, SHOP, { issuing: 'dossier_lapsed' });
    expect(d.do(4, 'a', issue(1))).toHaveLength(1);
    expect(d.do(5, 'b', issue(1))).toBe('dossier_lapsed');
    expect(d.do(5, 'c', { kind: 'adjust', points: 1 })).toBe('dossier_lapsed');
    expect(d.do(5, 'd', { kind: 'adjust', points: -1 })).toHaveLength(1);
    expect(d.do(5, 'e', issue(1, { merchant: BANK }))).toHaveLength(1);
  });

  it('is refused with the code of the first who pays for it and may not issue either', () => {
    const d = cleared();
    d.price(5, CINEMA, { issuing: 'dossier_lapsed' });
    d.price(6, BANK, { issuing: 'merchant_left' });
    const named = (merchant: Uuid): string =>
      JSON.stringify({ merchantId: showId('merchant', merchant) });
    const all = issue(3, shared(1, 1, 1));
    expect(d.do(4, 'a', all)).toHaveLength(1);
    expect(d.do(5, 'b', all)).toBe(`dossier_lapsed ${named(CINEMA)}`);
    expect(d.do(6, 'c', all)).toBe(`merchant_left ${named(BANK)}`);
    // Who pays for none of it, and who pays for others, is nobody to be asked.
    expect(d.do(6, 'd', issue(3, shared(1, 0, 0)))).toHaveLength(1);
    expect(d.do(6, 'e', issue(3))).toHaveLength(1);
    // The issuer comes first, even where it pays for none of it.
    d.price(7, SHOP, { issuing: 'funding_missing' });
    expect(d.do(7, 'f', all)).toBe('funding_missing');
    expect(d.do(7, 'g', issue(3, shared(0, 1)))).toBe('funding_missing');
  });

  it('asks who pays and has no price of its own by the standard one', () => {
    const d = cleared();
    d.price(0, SHOP);
    d.price(5, null, { issuing: 'dossier_missing' });
    expect(d.do(5, 'a', issue(3))).toHaveLength(1);
    const bank = JSON.stringify({ merchantId: showId('merchant', BANK) });
    expect(d.do(5, 'b', issue(3, shared(1, 1)))).toBe(`dossier_missing ${bank}`);
    d.price(6, BANK);
    expect(d.do(6, 'c', issue(3, shared(1, 1)))).toHaveLength(1);
  });

  it('draws and counts nothing when who pays may not', () => {
    const d = cleared();
    const own = d.budget('own', 100);
    d.price(1, SHOP, { issuePrice: 1000, funding: own });
    d.price(1, BANK, { issuing: 'funding_missing' });
    const limits = [{ counter: 'day', max: 5, mode: 'all' }];
    expect(d.do(2, 'a', issue(4, { ...shared(1, 1), limits }))).toMatch(/^funding_missing /);
    expect(d.desk.book.allotments.get(own)).toMatchObject({ spent: 0 });
    expect(d.do(2, 'b', issue(5, { limits }))).toHaveLength(1);
  });

  it('draws on the funding of each who pays for its part, rounded up, or not at all', () => {
    const d = cleared();
    const [own, other] = [d.budget('own', 9), d.budget('other', 4)];
    d.price(1, SHOP, { issuePrice: 1001, funding: own });
    d.price(1, BANK, { issuePrice: 5, funding: other });
    expect(d.do(2, 'a', issue(7, shared(2, 1)))).toHaveLength(1);
    // 5 of 7 points at 1.001 thousandths, and 2 of them.
    expect(d.written.marks).toEqual([`funding ${own} 6`, `funding ${other} 3`]);
    expect(d.do(2, 'b', issue(2, shared(1, 1)))).toBe('funding_exhausted');
    expect(d.do(2, 'c', issue(3))).toBe('funding_exhausted');
    expect(d.do(2, 'd', issue(1))).toHaveLength(1);
    expect(d.written.marks).toEqual([`funding ${own} 2`]);
    expect(d.desk.book.allotments.get(own)).toMatchObject({ spent: 8, left: 1 });
  });

  it('pays what debts took of it as well', () => {
    const d = cleared();
    const own = d.budget('own', 10);
    d.price(1, SHOP, { issuePrice: 1000, funding: own });
    d.do(0, 'sale', burn(5, { overdraftMax: 5 }));
    expect(d.do(2, 'a', issue(6))).toHaveLength(2);
    expect(d.written.marks).toEqual([`funding ${own} 6`]);
  });

  it('draws nothing for points that cost nothing', () => {
    const d = cleared();
    d.price(0, SHOP, { issuePrice: 0, funding: d.budget('own', 0) });
    d.do(0, 'a', issue(6));
    expect(d.written.marks).toEqual([]);
  });

  it('is refused where the points are worth more than a number shows', () => {
    const d = cleared();
    d.price(0, SHOP, { issuePrice: 1_000_000_000_000 });
    expect(d.do(0, 'a', issue(4_000_001))).toBe('value_out_of_range');
    expect(d.do(0, 'b', issue(4_000_000))).toHaveLength(1);
  });

  it('is as it was where nothing has a price yet', () => {
    const d = new SpokenDesk();
    d.price(5, null, { issuing: 'merchant_left', accepting: 'merchant_left' });
    d.do(4, 'a', issue(10));
    expect(d.written.lotsMade[0]?.unitCost).toBeNull();
    d.do(4, 'b', burn(10));
    expect([d.written.marks, d.written.accruals]).toEqual([[], []]);
    // Made before there were prices.
    d.do(4, 'c', refund('b', 5));
    d.price(6, null);
    d.do(6, 'd', burn(5));
    expect([d.written.marks, d.written.accruals]).toEqual([['price 9 1'], []]);
  });
});

describe('using', () => {
  it('is owed by who issued the points, and due to who took them, by the prices of their times', () => {
    const d = cleared();
    d.do(0, 'a', issue(10));
    d.price(1, SHOP, { issuePrice: 20 });
    d.price(2, CINEMA, { reimbursement: 12, fee: 3 });
    d.do(1, 'b', issue(10));
    d.do(1, 'c', burn(4));
    expect(d.owed()).toEqual(['use 4: shop 40 → cinema 36 - 4']);
    d.do(2, 'd', burn(8));
    expect(d.owed()).toEqual(['use 6: shop 60 → cinema 72 - 18', 'use 2: shop 40 → cinema 24 - 6']);
    expect(d.written.marks).toEqual(['price 12 3']);
  });

  it('is split by who pays, so that it adds up', () => {
    const d = cleared();
    d.do(0, 'a', issue(10, shared(1, 1, 1)));
    d.do(1, 'b', burn(4, { merchant: TILL }));
    expect(d.owed()).toEqual([
      'use 2: shop 14 → till 12 - 2',
      'use 1: bank 13 → till 12 - 1',
      'use 1: cinema 13 → till 12 - 1',
    ]);
  });

  it('costs who takes its own points no more than they do', () => {
    const d = cleared();
    d.do(0, 'a', issue(10, shared(1, 1)));
    d.do(1, 'b', burn(4, { merchant: SHOP }));
    expect(d.owed()).toEqual(['use 2: shop 20 → shop 20 - 0', 'use 2: bank 20 → shop 18 - 2']);
  });

  it('is owed once it is captured, by the price of then, and a capture is never refused', () => {
    const d = cleared();
    d.do(0, 'a', issue(10));
    d.do(1, 'hold', { kind: 'hold', points: 6, expiresAt: 50, merchant: CINEMA });
    expect([d.written.marks, d.owed()]).toEqual([[], []]);
    d.price(2, CINEMA, { reimbursement: 5, fee: 0, accepting: 'merchant_left' });
    expect(d.do(2, 'no', burn(1))).toBe('merchant_left');
    expect(d.do(2, 'nor', { kind: 'hold', points: 1, expiresAt: 50, merchant: CINEMA })).toBe(
      'merchant_left',
    );
    d.do(2, 'capture', { kind: 'capture', hold: idOf('hold'), points: 4 });
    expect([d.written.marks, d.owed()]).toEqual([
      ['price 5 0'],
      ['use 4: shop 40 → cinema 20 - 0'],
    ]);
    d.do(3, 'release', { kind: 'release', hold: idOf('hold') });
    expect(d.owed()).toEqual([]);
  });

  it('draws on the quota of who takes, which is given back with the points', () => {
    const d = cleared();
    const quota = d.budget('quota', 10);
    d.price(0, CINEMA, { quota });
    d.do(0, 'a', issue(50));
    d.do(1, 'b', burn(6));
    expect(d.do(1, 'c', burn(5))).toBe('acceptance_quota_reached {"left":4}');
    d.do(1, 'hold', { kind: 'hold', points: 4, expiresAt: 50, merchant: CINEMA });
    expect(d.do(1, 'd', burn(1))).toBe('acceptance_quota_reached {"left":0}');
    const now = () => d.desk.book.allotments.get(quota)?.spent;
    d.do(2, 'capture', { kind: 'capture', hold: idOf('hold'), points: 3 });
    expect(now()).toBe(10);
    // Another quota by then: what was drawn goes back to where it was drawn.
    d.price(3, CINEMA, { quota: d.budget('next', 100) });
    d.do(3, 'release', { kind: 'release', hold: idOf('hold') });
    expect([now(), d.written.marks]).toEqual([9, [`budget ${quota}`]]);
    d.do(3, 'e', refund('capture', 2));
    expect(now()).toBe(7);
    d.do(3, 'f', refund('b'));
    expect(now()).toBe(1);
  });

  it('draws nothing on a quota when the points are not there', () => {
    const d = cleared();
    const quota = d.budget('quota', 10);
    d.price(0, CINEMA, { quota });
    expect(d.do(0, 'a', burn(5))).toBe('insufficient_points {"available":0}');
    expect(d.desk.book.allotments.get(quota)?.spent).toBe(0);
  });

  it('says nothing of points that leave otherwise', () => {
    const d = cleared();
    d.do(0, 'a', issue(10, { expiresAt: 5 }));
    d.do(0, 'b', issue(10));
    d.do(1, 'down', { kind: 'adjust', points: -2 });
    d.do(6, 'expire', { kind: 'expire' });
    d.do(6, 'return', { kind: 'return', earn: idOf('a'), points: 8, policy: 'debt' });
    d.do(7, 'out', { kind: 'transfer_out', to: FRIEND, points: 1 });
    expect(left(d)).toEqual({});
  });

  it('is refused where it would bring more than a number shows', () => {
    const d = cleared();
    d.price(0, SHOP, { issuePrice: 0 });
    d.price(0, CINEMA, { reimbursement: 1_000_000_000_000 });
    d.do(0, 'a', issue(5_000_000));
    expect(d.do(0, 'b', burn(4_000_001))).toBe('value_out_of_range');
    d.do(0, 'hold', { kind: 'hold', points: 4_000_001, expiresAt: 50, merchant: TILL });
    d.price(1, TILL, { reimbursement: 1_000_000_000_000 });
    expect(d.do(1, 'c', { kind: 'capture', hold: idOf('hold') })).toBe('value_out_of_range');
    expect(d.do(1, 'd', { kind: 'capture', hold: idOf('hold'), points: 4_000_000 })).toHaveLength(
      1,
    );
  });
});

describe('a refund', () => {
  it('takes back what its points were worth, by the prices of then, and ends at exactly nothing', () => {
    const d = cleared();
    d.do(0, 'a', issue(10, shared(3, 2, 2)));
    d.do(0, 'b', issue(10, { merchant: BANK }));
    d.do(1, 'c', burn(13, { merchant: TILL }));
    d.price(2, null, { issuePrice: 1, reimbursement: 1, fee: 0 });
    for (const [name, points] of [
      ['d', 1] as const,
      ['e', 4] as const,
      ['f', 1] as const,
      ['g', 7] as const,
    ]) {
      d.do(3, name, refund('c', points));
      const { accruals } = d.written;
      expect(accruals.reduce((sum, each) => sum + each.points, 0)).toBe(-points);
      expect(accruals.reduce((sum, each) => sum + each.owed, 0n)).toBe(BigInt(-10 * points));
    }
    expect(left(d)).toEqual({});
    expect(
      d.written.accruals.every(({ kind, effectiveAt }) => kind === 'reversal' && effectiveAt === 3),
    ).toBe(true);
  });

  it('settles a debt with what it gives back', () => {
    const d = cleared();
    d.do(0, 'a', issue(10));
    d.do(0, 'b', issue(10, { merchant: BANK }));
    d.do(1, 'c', burn(20));
    d.do(2, 'return', { kind: 'return', earn: idOf('a'), points: 6, policy: 'debt' });
    d.do(3, 'd', refund('c', 8));
    // The bank's points settle the debt about the shop's: it would have had to bear it.
    expect(d.owed()).toEqual([
      'reversal -6: bank -60 → cinema -54 - -6',
      'repayment 6: bank 60 → shop 60 - 0',
      'reversal -2: bank -20 → cinema -18 - -2',
    ]);
  });

  it('accrues nothing for points that settle a debt about their own lot', () => {
    const d = cleared();
    d.do(0, 'a', issue(10, shared(1, 1)));
    d.do(1, 'c', burn(10));
    d.do(2, 'return', { kind: 'return', earn: idOf('a'), points: 10, policy: 'debt' });
    d.do(3, 'd', refund('c'));
    expect(left(d)).toEqual({});
  });
});

describe('what an offline till lent', () => {
  it('is owed when it is repaid, by the price of its burn, by who issued what repays it', () => {
    const d = cleared();
    d.do(0, 'a', issue(3));
    d.do(1, 'c', burn(10, { overdraftMax: 10 }));
    expect(d.owed()).toEqual(['use 3: shop 30 → cinema 27 - 3']);
    d.price(2, CINEMA, { reimbursement: 1, fee: 1 });
    d.price(2, BANK, { issuePrice: 30 });
    d.do(3, 'e', issue(5, { merchant: BANK }));
    expect(d.owed()).toEqual(['use 5: bank 150 → cinema 45 - 5']);
    d.do(3, 'f', issue(5, { merchant: CINEMA }));
    expect(d.owed()).toEqual(['use 2: cinema 20 → cinema 20 - 0']);
  });

  it('stays nobody’s where it was lent before points had a price', () => {
    const d = new SpokenDesk();
    d.price(5, null);
    d.do(1, 'c', burn(10, { overdraftMax: 10 }));
    d.do(6, 'e', issue(20));
    expect(d.written.transaction.entries).toHaveLength(2);
    expect(d.owed()).toEqual([]);
  });

  it('is given back as points of the merchant once it was repaid, who then owes for them', () => {
    const d = cleared();
    d.do(1, 'c', burn(10, { overdraftMax: 10 }));
    d.do(2, 'e', issue(7, { merchant: BANK }));
    expect(d.owed()).toEqual(['use 7: bank 70 → cinema 63 - 7']);
    // It may issue nothing, and has nothing paid in: a refund asks for neither.
    const funding = d.budget('paid in', 0);
    d.price(3, CINEMA, { issuePrice: 20, issuing: 'terms_missing', funding });
    expect(d.do(4, 'r', refund('c'))).toEqual([
      'repay 3 of c: acquirer cinema → debt member for c',
      'issue 7 of r: acquirer cinema → member',
    ]);
    expect(d.owed()).toEqual([]);
    expect(d.written.marks).toEqual([]);
    expect(d.written.lotsMade[0]).toMatchObject({ issuer: CINEMA, unitCost: 20, funders: null });
    d.do(5, 'u', burn(7, { merchant: TILL }));
    expect(d.owed()).toEqual(['use 7: cinema 140 → till 63 - 7']);
  });

  it('repays what another till lent at the cost of the merchant who gives it back', () => {
    const d = cleared();
    d.do(1, 'c', burn(10, { overdraftMax: 10 }));
    d.do(2, 'e', issue(10, { merchant: BANK }));
    d.do(3, 't', burn(4, { overdraftMax: 4, merchant: TILL }));
    expect(d.do(4, 'r', refund('c'))).toEqual([
      'repay 4 of r: acquirer cinema → debt member for t',
      'issue 6 of r: acquirer cinema → member',
    ]);
    expect(d.owed()).toEqual(['use 4: cinema 40 → till 36 - 4']);
  });

  it('may repay an older debt before its own, and nobody owes more by it', () => {
    const d = cleared();
    d.do(1, 't', burn(4, { overdraftMax: 4, merchant: TILL }));
    d.do(2, 'c', burn(4, { overdraftMax: 4 }));
    expect(d.do(3, 'r', refund('c'))).toEqual([
      'repay 4 of r: acquirer cinema → debt member for t',
      'issue 0 of r: acquirer cinema → member',
    ]);
    expect(d.owed()).toEqual(['use 4: cinema 40 → till 36 - 4']);
    d.do(4, 'e', issue(4, { merchant: BANK }));
    expect(d.owed()).toEqual(['use 4: bank 40 → cinema 36 - 4']);
  });

  it('is given back in parts, each at the price of its own time', () => {
    const d = cleared();
    d.do(0, 'a', issue(2));
    d.do(1, 'c', burn(10, { overdraftMax: 8 }));
    d.do(2, 'e', issue(8, { merchant: BANK }));
    d.do(3, 'r', refund('c', 5));
    d.price(4, null, { issuePrice: 12 });
    d.do(5, 's', refund('c'));
    expect(d.owed()).toEqual(['reversal -2: shop -20 → cinema -18 - -2']);
    expect(d.written.lotsMade).toMatchObject([{ issuer: CINEMA, issued: 3, unitCost: 12 }]);
    d.do(6, 'u', burn(8, { merchant: TILL }));
    expect(d.owed()).toEqual([
      'use 2: shop 20 → till 18 - 2',
      'use 5: cinema 50 → till 45 - 5',
      'use 1: cinema 12 → till 9 - 1',
    ]);
  });

  it('is nobody’s once its debt went along to another member, but what is given back is the merchant’s', () => {
    const d = cleared();
    d.do(1, 'c', burn(10, { overdraftMax: 10 }));
    d.do(2, 'out', { kind: 'transfer_out', to: FRIEND });
    const source = { kind: 'transfer', id: idOf('out') } as const;
    const went = { kind: 'transfer_in', from: MEMBER, member: FRIEND, lots: [], debt: 10 } as const;
    d.do(3, 'in', { ...went, source });
    d.do(4, 'e', issue(10, { merchant: BANK, member: FRIEND }));
    expect(d.owed()).toEqual([]);
    expect(d.do(5, 'r', refund('c'))).toEqual(['issue 10 of r: acquirer cinema → member']);
    d.do(6, 'u', burn(10, { merchant: TILL }));
    expect(d.owed()).toEqual(['use 10: cinema 100 → till 90 - 10']);
  });

  it('is not given back where it would cost more than a number shows', () => {
    const d = cleared();
    const points = 5_000_000;
    d.do(1, 'c', burn(points, { overdraftMax: points }));
    d.price(2, CINEMA, { issuePrice: 1_000_000_000_000 });
    // Its own debt is struck out all the same: nothing is made of it.
    d.do(2, 'own', refund('c', 1));
    d.do(3, 'e', issue(points, { merchant: BANK }));
    expect(d.do(4, 'r', refund('c'))).toMatch('value_out_of_range');
    expect(d.do(4, 's', refund('c', 4_000_000))).toHaveLength(1);
  });
});

describe('a debt about a returned lot', () => {
  it('is owed to its issuer by who issued what repays it, at that one’s own cost', () => {
    const d = cleared();
    d.price(0, BANK, { issuePrice: 30 });
    d.do(0, 'a', issue(10));
    d.do(1, 'b', burn(10));
    d.do(2, 'return', { kind: 'return', earn: idOf('a'), points: 10, policy: 'debt' });
    d.do(3, 'c', issue(4, { merchant: BANK }));
    expect(d.owed()).toEqual(['repayment 4: bank 120 → shop 120 - 0']);
    d.do(3, 'd', issue(4));
    expect(d.owed()).toEqual([]);
    d.do(3, 'e', issue(2, shared(1, 1)));
    expect(d.owed()).toEqual(['repayment 1: bank 10 → shop 10 - 0']);
  });

  it('is so too when other lots are taken for it at once', () => {
    const d = cleared();
    d.do(0, 'a', issue(10));
    d.do(1, 'b', burn(10));
    d.do(2, 'c', issue(4, { merchant: BANK }));
    d.do(3, 'return', { kind: 'return', earn: idOf('a'), points: 10, policy: 'within_balance' });
    expect(d.owed()).toEqual(['repayment 4: bank 40 → shop 40 - 0']);
  });

  it('is so when its member has become part of another one, but for what came of the lot itself', () => {
    const d = cleared();
    d.do(0, 'a', issue(10, shared(1, 1)));
    send(d, 1, { from: MEMBER, to: FRIEND });
    const [made] = d.written.lotsMade;
    expect(made).toMatchObject({ unitCost: 10, root: idOf('made 0') });
    d.do(3, 'b', issue(5, { merchant: BANK, member: FRIEND }));
    d.do(4, 'back', {
      ...{ kind: 'claw_back', earn: idOf('a'), lot: idOf('made 0') },
      ...{ points: 12, policy: 'within_balance', giver: { role: 'issuer', merchant: SHOP } },
      ...{ arrived: [made?.id as Uuid], member: FRIEND },
    });
    expect(d.owed()).toEqual(['repayment 2: bank 20 → shop 20 - 0']);
  });

  it('is nobody’s when points of the same lot come back by way of somebody else', () => {
    const d = cleared();
    d.do(0, 'a', issue(10, shared(1, 1)));
    send(d, 1, { from: MEMBER, to: FRIEND });
    d.do(2, 'return', { kind: 'return', earn: idOf('a'), points: 6, policy: 'debt' });
    send(d, 3, { from: FRIEND, to: MEMBER });
    expect(d.written.transaction.entries.map(({ kind }) => kind)).toEqual(['repay', 'issue']);
    expect(d.owed()).toEqual([]);
  });
});

describe('turning points into others', () => {
  it('carries their cost along, and who pays it', () => {
    const d = cleared();
    d.price(0, null, { pointType: MILES, issuePrice: 99, reimbursement: 4, fee: 0 });
    d.do(0, 'a', issue(9, shared(1, 1)));
    d.do(1, 'convert', { kind: 'convert', to: MILES, points: 9, rate: { num: 3, den: 2 } });
    expect(d.written.lotsMade).toMatchObject([{ unitCost: 6, amount: 13 }]);
    d.do(2, 'b', { kind: 'burn', points: 5, merchant: CINEMA, pointType: MILES });
    expect(d.owed()).toEqual(['use 3: shop 15 → cinema 10 - 0', 'use 2: bank 15 → cinema 10 - 0']);
    expect(POINTS).not.toBe(MILES);
  });

  it('is refused where one point would cost more than a number shows', () => {
    const d = cleared();
    d.price(0, SHOP, { issuePrice: 1_000_000_000_000 });
    d.do(0, 'a', issue(4_000_000));
    const rate = { num: 1, den: 4_000_000 };
    expect(d.do(1, 'b', { kind: 'convert', to: MILES, points: 4_000_000, rate })).toBe(
      'value_out_of_range',
    );
  });
});
