import { describe, expect, it } from 'vitest';
import { POINTS_MAX } from '../../kernel/points.ts';
import { Book, LotsMissing } from '../book.ts';
import type { SentLot } from '../command.ts';
import { decide } from '../decide.ts';
import { idOf } from '../testing/desk.ts';
import { MEMBER, MILES, type Said, SHOP, SpokenDesk } from '../testing/desk-spoken.ts';
import { LOTS_SENT_MAX } from './transfer.ts';

const FRIEND = idOf('friend');
const plain = { funders: null, ruleVersion: null, evidence: null, unitCost: null };

function withFriend(): SpokenDesk {
  const d = new SpokenDesk();
  d.call(FRIEND, 'friend');
  return d;
}

const source = (name: string) => ({ kind: 'transfer', id: idOf(name) }) as const;
const out = (name: string, points?: number): Said => ({
  ...{ kind: 'transfer_out', to: FRIEND, source: source(name) },
  ...(points === undefined ? {} : { points }),
});

/** What the friend would be sent by the last sending. */
function arriving(d: SpokenDesk, name: string): Said {
  const { entries } = d.written.transaction;
  const lots = entries
    .filter((entry) => entry.kind === 'take')
    .map(({ lot, points, expiresAt }): SentLot => {
      return { lot, points, expiresAt, issuer: SHOP, availableAt: 0, ...plain };
    });
  const debt = entries.reduce((sum, each) => sum + (each.kind === 'repay' ? each.points : 0), 0);
  return { kind: 'transfer_in', member: FRIEND, from: MEMBER, lots, debt, source: source(name) };
}

describe('transfer_out', () => {
  it('sends points on their way, each lot with where it goes and when it lapses', () => {
    const d = withFriend();
    d.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 50 });
    d.do(0, 'b', { kind: 'issue', points: 10 });
    expect(d.do(1, 't', out('t', 12))).toEqual([
      'take 10 of a: member → in_transit for friend until 50',
      'take 2 of b: member → in_transit for friend',
    ]);
    expect(d.written.transaction.points).toBe(12);
    expect(d.account()).toMatchObject({ free: 8, earned: 20, redeemed: 0 });
    expect(d.do(1, 't2', out('t2', 9))).toBe('insufficient_points {"available":8}');
  });

  it('is counted on the giver’s limits, and refused beyond them', () => {
    const d = withFriend();
    d.do(0, 'a', { kind: 'issue', points: 100 });
    const limits = [{ counter: 'gifts', max: 15, mode: 'all' }] as const;
    expect(d.do(1, 't', { ...out('t', 10), limits } as Said)).toHaveLength(1);
    expect(d.written.marks).toEqual(['counter gifts']);
    expect(d.do(1, 't2', { ...out('t2', 6), limits } as Said)).toBe(
      'limit_reached {"counter":"gifts","left":5}',
    );
    expect(d.do(1, 't3', { ...out('t3', 5), limits } as Said)).toHaveLength(1);
  });
});

describe('transfer_out of everything', () => {
  it('sends pending lots and debts too, and lets lapse what has lapsed', () => {
    const d = withFriend();
    d.do(0, 'lapsed', { kind: 'issue', points: 3, expiresAt: 2 });
    d.do(0, 'pending', { kind: 'issue', points: 10, availableAt: 50 });
    d.do(2, 'lent', { kind: 'burn', points: 6, overdraftMax: 6 });
    expect(d.do(3, 't', out('t'))).toEqual([
      'expire 3 of lapsed: member → breakage',
      'take 10 of pending: member → in_transit for friend',
      'repay 6 of t: in_transit → debt member for lent',
    ]);
    expect(d.written.transaction.points).toBe(10);
    expect(d.totals()).toEqual({ free: 0, held: 0, debt: 0 });
    expect(d.do(3, 't2', out('t2'))).toBe('nothing_to_transfer');
  });

  it('sends a debt alone', () => {
    const d = withFriend();
    d.do(0, 'lent', { kind: 'burn', points: 6, overdraftMax: 6 });
    expect(d.do(1, 't', out('t'))).toEqual(['repay 6 of t: in_transit → debt member for lent']);
    expect(d.written.transaction.points).toBe(0);
  });

  it('is refused while something is held, for a hold stays with its member', () => {
    const d = withFriend();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    d.do(0, 'h', { kind: 'hold', points: 1, expiresAt: 50 });
    expect(d.do(1, 't', out('t'))).toBe('holds_open {"held":1}');
  });

  it('needs all lots', () => {
    const d = withFriend();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    d.account().frontier = { expiresAt: null, seq: 0 };
    expect(() => d.do(1, 't', out('t'))).toThrow(LotsMissing);
  });
});

describe('transfer_in', () => {
  it('makes a lot of each that was sent, with its terms and its origin', () => {
    const d = withFriend();
    d.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 50 });
    d.do(0, 'b', { kind: 'issue', points: 10 });
    d.do(1, 't', out('t', 12));
    expect(d.do(2, 'in', arriving(d, 't'))).toEqual([
      'issue 10 of in: in_transit → member friend for a',
      'issue 2 of in.2: in_transit → member friend for b',
    ]);
    expect(d.written.lotsMade).toMatchObject([
      { issuer: SHOP, availableAt: 0, expiresAt: 50, issued: 10 },
      { issuer: SHOP, expiresAt: null, issued: 2 },
    ]);
    expect(d.written.transaction.points).toBe(12);
    expect(d.account(1, FRIEND)).toMatchObject({ free: 12, earned: 0 });
  });

  it('repays the receiver’s debts first; a debt that was sent becomes the receiver’s', () => {
    const d = withFriend();
    d.do(0, 'lent', { kind: 'burn', points: 6, overdraftMax: 6 });
    d.do(0, 't', out('t'));
    expect(d.do(1, 'in', arriving(d, 't'))).toEqual(['overdraw 6 of in: debt friend → in_transit']);
    d.do(1, 'a', { kind: 'issue', points: 10 });
    d.do(1, 't2', out('t2', 10));
    expect(d.do(2, 'in2', arriving(d, 't2'))).toEqual([
      'repay 6 of in2: in_transit → debt friend for in',
      'issue 4 of in2: in_transit → member friend for a',
    ]);
    expect(d.totals(1, FRIEND)).toEqual({ free: 4, held: 0, debt: 0 });
  });

  it('is refused when the receiver could not hold it', () => {
    const receive = (d: SpokenDesk, name: string, points: number, debt: number) =>
      d.do(1, name, {
        ...{ kind: 'transfer_in', member: FRIEND, from: MEMBER, source: source(name), debt },
        lots: [{ lot: idOf('x'), points, issuer: SHOP, availableAt: 0, expiresAt: null, ...plain }],
      });
    const d = withFriend();
    expect(receive(d, 'in', POINTS_MAX - 5, 0)).toHaveLength(1);
    expect(receive(d, 'in2', 6, 0)).toBe('points_out_of_range');
    expect(receive(d, 'in3', 4, 2)).toBe('points_out_of_range');
    expect(receive(d, 'in4', 4, 1)).toHaveLength(2);
  });
});

describe('transfer_return', () => {
  const giveBack = (name: string, counters?: readonly string[]): Said => ({
    ...{ kind: 'transfer_return', out: idOf(name), graceMs: 100, source: source(name) },
    ...(counters === undefined ? {} : { counters }),
  });

  it('gives back what never arrived, to the lots it came from, latest take first', () => {
    const d = withFriend();
    d.do(0, 'a', { kind: 'issue', points: 10, expiresAt: 50 });
    d.do(0, 'b', { kind: 'issue', points: 10 });
    d.do(1, 't', out('t', 12));
    expect(d.do(50, 'r', giveBack('t'))).toEqual([
      'restore 2 of b: in_transit → member',
      'extend 0 of a: none → none until 150',
      'restore 10 of a: in_transit → member',
    ]);
    expect(d.written.transaction.points).toBe(12);
    expect(d.lots()).toEqual({ a: 10, b: 10 });
    expect(d.do(50, 'r2', giveBack('t'))).toBe('transfer_returned');
  });

  it('gives the limits their points back, never below nothing', () => {
    const d = withFriend();
    d.do(0, 'a', { kind: 'issue', points: 100 });
    const limits = [{ counter: 'gifts', max: 15, mode: 'all' }] as const;
    d.do(1, 't', { ...out('t', 10), limits } as Said);
    d.do(1, 'r', giveBack('t', ['gifts', 'other']));
    expect(d.written.marks).toEqual(['counter gifts', 'counter other']);
    expect(d.desk.book.counters.get(`${MEMBER}/gifts`)).toBe(0);
    expect(d.desk.book.counters.get(`${MEMBER}/other`)).toBe(0);
    expect(d.do(1, 't2', { ...out('t2', 15), limits } as Said)).toHaveLength(1);
  });

  it('brings a debt back that was sent along', () => {
    const d = withFriend();
    d.do(0, 'pending', { kind: 'issue', points: 10, availableAt: 50 });
    d.do(0, 'lent', { kind: 'burn', points: 6, overdraftMax: 6 });
    d.do(1, 't', out('t'));
    expect(d.do(2, 'r', giveBack('t'))).toEqual([
      'restore 10 of pending: in_transit → member',
      'overdraw 6 of r: debt member → in_transit',
    ]);
    expect(d.totals()).toEqual({ free: 10, held: 0, debt: 6 });
    expect(d.written.marks).toEqual([]);
  });

  it('is refused when the account has filled up meanwhile', () => {
    const d = withFriend();
    d.do(0, 'a', { kind: 'adjust', points: 10 });
    d.do(1, 't', out('t', 10));
    d.do(1, 'b', { kind: 'adjust', points: POINTS_MAX - 9 });
    expect(d.do(2, 'r', giveBack('t'))).toBe('points_out_of_range');
    d.do(2, 'c', { kind: 'adjust', points: -1 });
    expect(d.do(3, 'r2', giveBack('t'))).toHaveLength(1);
  });

  it('is refused when a debt that was sent along has no room beside what came since', () => {
    const d = withFriend();
    d.do(0, 'pending', { kind: 'adjust', points: 10 });
    d.do(0, 'h', { kind: 'hold', points: 10, expiresAt: 9 });
    d.do(0, 'lent', { kind: 'burn', points: 6, overdraftMax: 6 });
    d.do(0, 'release', { kind: 'release', hold: idOf('h') });
    expect(d.do(1, 't', out('t'))).toHaveLength(2);
    // Six were spent; ten points and a debt of six would come back.
    d.do(1, 'b', { kind: 'adjust', points: POINTS_MAX - 21 });
    expect(d.do(2, 'r', giveBack('t'))).toBe('points_out_of_range');
    d.do(2, 'c', { kind: 'adjust', points: -1 });
    expect(d.do(3, 'r2', giveBack('t'))).toHaveLength(2);
  });

  it('acts only on a transfer of this member and point type that was sent', () => {
    const d = withFriend();
    d.do(0, 'a', { kind: 'issue', points: 10 });
    d.do(1, 'refused', out('refused', 11));
    d.do(1, 't', out('t', 10));
    const missing = 'transfer_not_found';
    expect(d.do(2, 'r', giveBack('a'))).toBe(missing);
    expect(d.do(2, 'r2', giveBack('refused'))).toBe(missing);
    expect(d.do(2, 'r3', giveBack('nothing'))).toBe(missing);
    expect(d.do(2, 'r4', { ...giveBack('t'), member: FRIEND })).toBe(missing);
    expect(d.do(2, 'r5', { ...giveBack('t'), pointType: MILES })).toBe(missing);
  });
});

it('sends everything of at most so many lots, as one transaction can make where they arrive', () => {
  const book = new Book(0);
  const account = book.account(MEMBER, 1, 1);
  const lot = { issuer: SHOP, availableAt: 0, expiresAt: null, issued: 1, amount: 1, remaining: 1 };
  const rest = {
    slideMonths: null,
    unitCost: null,
    funders: null,
    root: null,
    held: 0,
    expired: 0,
    expiredRecovered: 0,
    returned: 0,
    pending: false,
  };
  const count = LOTS_SENT_MAX + 1;
  for (let seq = 0; seq < count; seq += 1)
    account.lots.push({ id: idOf(`lot ${seq}`), seq, ...lot, ...rest });
  account.free = count;
  const base = { key: 'all', programme: 1, pointType: 1, member: MEMBER, effectiveAt: null };
  const command = { ...base, kind: 'transfer_out', to: FRIEND } as const;
  const newId = () => idOf('sent');
  const { transaction } = decide(book, command, Buffer.alloc(32), { now: 0, newId });
  expect(transaction).toMatchObject({ points: LOTS_SENT_MAX, balanceAfter: 1, refusal: null });
  expect(transaction.entries).toHaveLength(LOTS_SENT_MAX);
});
