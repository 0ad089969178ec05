import { describe, expect, it } from 'vitest';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { Book, LotsMissing } from './book.ts';
import type { Command } from './command.ts';
import { decide } from './decide.ts';
import { SLIDING_LOTS_MAX, withEnds } from './slide.ts';
import { idOf } from './testing/desk.ts';
import {
  MEMBER,
  MILES,
  POINTS,
  type Said,
  SHOP,
  SpokenDesk,
  type Told,
} from './testing/desk-spoken.ts';

const SLIDES = { timeZone: 'Asia/Shanghai', months: [1, 12] };

/** Midnight in Shanghai, or another time of that day. */
const at = (date: string, time = '00:00'): Instant => Date.parse(`${date}T${time}:00+08:00`);

/** A desk at which what a member does counts as the ledger counts it. */
class SlidingDesk extends SpokenDesk {
  override do(now: Instant, name: string, said: Said): Told {
    const { sliding } = withEnds({ effectiveAt: null, ...said } as Command, SLIDES, now) as {
      sliding?: unknown;
    };
    return super.do(now, name, (sliding === undefined ? said : { ...said, sliding }) as Said);
  }

  /** Points that slide by 12 months, as the usual expiry of their type has it. */
  earn(date: string, name: string, points: number, more: object = {}): Told {
    const [year, month] = date.split('-').map(Number) as [number, number];
    const expiresAt = at(`${year + 1}-${two(month + 1)}-01`);
    return this.do(at(date), name, {
      ...{ kind: 'issue', points, expiresAt, slideMonths: 12, ...more },
    });
  }

  /** When each open lot lapses: the last day on which its points can be spent. */
  ends(pointType = POINTS, member = MEMBER): Record<string, string> {
    const names = Object.keys(this.lots(pointType, member));
    const { lots } = this.account(pointType, member);
    return Object.fromEntries(lots.map((lot, index) => [names[index], lastDay(lot.expiresAt)]));
  }
}

const two = (value: number): string => String(value).padStart(2, '0');

function lastDay(expiresAt: Instant | null): string {
  if (expiresAt === null) return 'never';
  return new Date(expiresAt + 8 * 3_600_000 - 1).toISOString().slice(0, 10);
}

const entriesOf = (told: Told, kind: string): number =>
  typeof told === 'string' ? -1 : told.filter((line) => line.startsWith(kind)).length;

describe('what a member does', () => {
  it('keeps all points that slide until one day, the end of a month, once a month', () => {
    const d = new SlidingDesk();
    d.earn('2027-01-10', 'a', 10);
    d.earn('2027-01-31', 'b', 10);
    expect(d.ends()).toEqual({ a: '2028-01-31', b: '2028-01-31' });
    expect(d.earn('2027-02-01', 'c', 10)).toEqual([
      'issue 10 of c: issuer shop → member',
      `extend 0 of a: none → none until ${at('2028-03-01')}`,
      `extend 0 of b: none → none until ${at('2028-03-01')}`,
    ]);
    expect(d.ends()).toEqual({ a: '2028-02-29', b: '2028-02-29', c: '2028-02-29' });
    expect(entriesOf(d.earn('2027-02-28', 'd', 10), 'extend')).toBe(0);
    expect(
      entriesOf(d.do(at('2027-02-28', '23:59'), 'e', { kind: 'burn', points: 1 }), 'extend'),
    ).toBe(0);
    expect(entriesOf(d.do(at('2027-03-01'), 'f', { kind: 'burn', points: 1 }), 'extend')).toBe(4);
    expect(new Set(Object.values(d.ends()))).toEqual(new Set(['2028-03-31']));
  });

  it('is earning, spending and capturing, and nothing else', () => {
    const d = new SlidingDesk();
    d.earn('2027-01-10', 'a', 50);
    const hold = { kind: 'hold', points: 10, expiresAt: at('2027-12-01') } as const;
    expect(entriesOf(d.do(at('2027-02-10'), 'h', hold), 'extend')).toBe(0);
    d.do(at('2027-02-11'), 'adjusted', { kind: 'adjust', points: 5, expiresAt: null });
    d.do(at('2027-02-12'), 'adjusted down', { kind: 'adjust', points: -1 });
    d.do(at('2027-02-13'), 'r', { kind: 'return', earn: idOf('a'), points: 1, policy: 'debt' });
    d.do(at('2027-02-14'), 'x', { kind: 'release', hold: idOf('h') });
    d.do(at('2027-02-15'), 'birthday', {
      ...{ kind: 'issue', points: 5, expiresAt: at('2028-03-01'), slideMonths: 12, unasked: true },
    });
    d.do(at('2027-02-16'), 'too much', { kind: 'burn', points: 10_000 });
    expect(d.ends()).toEqual({ a: '2028-01-31', birthday: '2028-02-29', adjusted: 'never' });
    const second = { ...hold, points: 4 };
    d.do(at('2027-02-17'), 'h2', second);
    expect(
      entriesOf(d.do(at('2027-02-18'), 'c', { kind: 'capture', hold: idOf('h2') }), 'extend'),
    ).toBe(1);
    expect(d.ends()).toMatchObject({ a: '2028-02-29', birthday: '2028-02-29' });
  });

  it('comes too late at the instant at which points lapse', () => {
    const early = new SlidingDesk();
    early.earn('2027-01-10', 'a', 10);
    early.do(at('2028-02-01') - 1, 'b', { kind: 'burn', points: 1 });
    expect(early.ends()).toEqual({ a: '2029-01-31' });
    const late = new SlidingDesk();
    late.earn('2027-01-10', 'a', 10);
    expect(late.do(at('2028-02-01'), 'b', { kind: 'burn', points: 1 })).toContain(
      'insufficient_points',
    );
    late.earn('2028-02-01', 'c', 10);
    expect(late.do(at('2028-02-01'), 'e', { kind: 'expire' })).toEqual([
      'expire 10 of a: member → breakage',
    ]);
    expect(late.ends()).toEqual({ c: '2029-02-28' });
  });

  it('spends what lapses first, and extends what is left', () => {
    const d = new SlidingDesk();
    d.earn('2027-01-10', 'a', 10);
    d.do(at('2027-01-10'), 'own', { kind: 'issue', points: 10, expiresAt: at('2027-06-01') });
    expect(d.do(at('2027-03-05'), 'b', { kind: 'burn', points: 15 })).toEqual([
      'take 10 of own: member → acquirer shop',
      'take 5 of a: member → acquirer shop',
      `extend 0 of a: none → none until ${at('2028-04-01')}`,
    ]);
    expect(d.do(at('2027-05-05'), 'all', { kind: 'burn', points: 5 })).toHaveLength(1);
  });

  it('leaves points that have an end of their own, and those of another account', () => {
    const d = new SlidingDesk();
    d.earn('2027-01-10', 'jewel', 10, { slideMonths: undefined, expiresAt: at('2031-01-11') });
    d.earn('2027-01-10', 'mile', 10, { pointType: MILES });
    d.earn('2027-04-10', 'a', 10);
    expect(d.ends()).toEqual({ a: '2028-04-30', jewel: '2031-01-10' });
    expect(d.ends(MILES)).toEqual({ mile: '2028-01-31' });
  });

  it('counts by what each lot was issued with, whatever the policy is now', () => {
    const d = new SlidingDesk();
    d.earn('2027-01-10', 'year', 10);
    d.earn('2027-01-10', 'month', 10, { slideMonths: 1, expiresAt: at('2027-03-01') });
    d.earn('2027-02-28', 'plain', 10, { slideMonths: undefined, expiresAt: null });
    expect(d.ends()).toEqual({ month: '2027-03-31', year: '2028-02-29', plain: 'never' });
    d.do(at('2027-04-01'), 'b', { kind: 'burn', points: 1 });
    expect(d.ends()).toEqual({ month: '2027-03-31', year: '2028-04-30', plain: 'never' });
  });
});

describe('an activity of the past', () => {
  it('moves nothing back', () => {
    const d = new SlidingDesk();
    d.earn('2027-06-10', 'a', 10);
    d.do(at('2027-07-01'), 'late', { kind: 'burn', points: 1, effectiveAt: at('2027-05-01') });
    expect(d.ends()).toEqual({ a: '2028-06-30' });
  });

  it('that is told out of order lasts as long as what its member did since', () => {
    const d = new SlidingDesk();
    d.earn('2027-06-10', 'june', 10);
    d.earn('2027-08-01', 'march', 10, {
      ...{ effectiveAt: at('2027-03-05'), expiresAt: at('2028-04-01') },
    });
    expect(d.ends()).toEqual({ june: '2028-06-30', march: '2028-06-30' });
  });

  it('extends by the day on which it takes effect', () => {
    const d = new SlidingDesk();
    d.earn('2027-01-10', 'a', 10);
    d.do(at('2027-08-01'), 'b', { kind: 'burn', points: 1, effectiveAt: at('2027-03-05') });
    expect(d.ends()).toEqual({ a: '2028-03-31' });
  });
});

describe('points that slide', () => {
  it('that are held slide too, and come back with their new end', () => {
    const d = new SlidingDesk();
    d.earn('2027-01-10', 'a', 10);
    d.do(at('2027-01-11'), 'h', { kind: 'hold', points: 10, expiresAt: at('2029-01-01') });
    d.earn('2027-09-10', 'b', 1);
    d.do(at('2028-03-01'), 'x', { kind: 'release', hold: idOf('h') });
    expect(d.ends()).toEqual({ a: '2028-09-30', b: '2028-09-30' });
    expect(d.do(at('2028-09-30', '23:59'), 's', { kind: 'burn', points: 11 })).toHaveLength(2);
  });

  it('that are given back keep the end they had; what lapsed lives for the grace, and slides on', () => {
    const d = new SlidingDesk();
    const graceMs = 30 * 86_400_000;
    d.earn('2027-01-10', 'a', 10);
    d.do(at('2027-02-10'), 'b', { kind: 'burn', points: 10 });
    d.do(at('2027-02-11'), 'back', { kind: 'refund', burn: idOf('b'), points: 4, graceMs });
    expect(d.ends()).toEqual({ a: '2028-01-31' });
    d.do(at('2028-02-05'), 'e', { kind: 'expire' });
    d.do(at('2028-02-10'), 'back 2', { kind: 'refund', burn: idOf('b'), points: 6, graceMs });
    expect(d.ends()).toEqual({ a: '2028-03-10' });
    d.earn('2028-03-01', 'c', 1);
    expect(d.ends()).toEqual({ a: '2029-03-31', c: '2029-03-31' });
    expect(d.account()).toMatchObject({ free: 7, expired: 4 });
  });

  it('are taken back by a return as all others are', () => {
    const d = new SlidingDesk();
    d.earn('2027-01-10', 'a', 10);
    d.earn('2027-02-10', 'b', 10);
    d.do(at('2027-03-10'), 's', { kind: 'burn', points: 15 });
    expect(
      d.do(at('2028-03-10'), 'r', { kind: 'return', earn: idOf('a'), points: 10, policy: 'debt' }),
    ).toEqual([
      'recover 5 of b: member → issuer shop for a',
      'owe 5 of a: debt member → issuer shop',
    ]);
  });

  it('slide on where they are sent, with what the receiver does', () => {
    const d = new SlidingDesk();
    const friend = idOf('friend');
    d.call(friend, 'friend');
    d.earn('2027-01-10', 'a', 10);
    d.earn('2027-05-10', 'b', 1);
    expect(d.do(at('2027-05-11'), 't', { kind: 'transfer_out', to: friend, points: 4 })).toEqual([
      `take 4 of a: member → in_transit for friend until ${at('2028-06-01')}`,
    ]);
    const { availableAt } = d.desk.book.lot(d.history[0]?.lotsMade[0]?.id as Uuid);
    const terms = {
      issuer: SHOP,
      funders: null,
      ruleVersion: null,
      evidence: null,
      unitCost: null,
    };
    const lots = [
      ...[{ ...terms, lot: d.history[0]?.lotsMade[0]?.id as Uuid, points: 4, availableAt }],
    ].map((each) => ({ ...each, expiresAt: at('2028-06-01'), slideMonths: 12 }));
    const arrive = { kind: 'transfer_in', from: MEMBER, lots, debt: 0, member: friend } as const;
    const source = { kind: 'transfer', id: idOf('t') } as const;
    d.do(at('2027-05-12'), 'i', { ...arrive, source });
    expect(d.ends(POINTS, friend)).toEqual({ i: '2028-05-31' });
    d.do(at('2027-09-01'), 's', { kind: 'burn', points: 1, member: friend });
    expect(d.ends(POINTS, friend)).toEqual({ i: '2028-09-30' });
    expect(d.ends()).toEqual({ a: '2028-05-31', b: '2028-05-31' });
  });

  it('slide on as what they are converted into', () => {
    const d = new SlidingDesk();
    d.earn('2027-01-10', 'a', 10);
    d.do(at('2027-02-10'), 'v', {
      kind: 'convert',
      to: MILES,
      points: 4,
      rate: { num: 1, den: 2 },
    });
    expect(d.ends(MILES)).toEqual({ v: '2028-01-31' });
    d.do(at('2027-03-10'), 'm', { kind: 'burn', points: 1, pointType: MILES });
    expect(d.ends(MILES)).toEqual({ v: '2028-03-31' });
    expect(d.ends()).toEqual({ a: '2028-01-31' });
  });
});

describe('what must be known', () => {
  const decideAt = (book: Book, command: object, now: Instant) => {
    const base = { key: 'k', programme: 1, pointType: POINTS, member: MEMBER, effectiveAt: null };
    const whole = withEnds({ ...base, merchant: SHOP, ...command } as Command, SLIDES, now);
    let made = 0;
    const newId = (): Uuid => idOf(`${now} ${JSON.stringify(command)} ${made++}`);
    return decide(book, whole, Buffer.alloc(32), { now, newId });
  };

  it('asks for more lots when it takes effect in a later month than it was asked to', () => {
    const book = new Book(0);
    const account = book.account(MEMBER, POINTS, 1);
    account.frontier = { expiresAt: Number.NEGATIVE_INFINITY, seq: 0 };
    account.slidingUntil.set(1, at('2027-03-01'));
    account.slidingUntil.set(12, at('2028-02-01'));
    account.lastEffectiveAt = at('2027-02-01');
    const issue = { kind: 'issue', points: 1 };
    expect(() => decideAt(book, issue, at('2027-01-31'))).toThrow(LotsMissing);
    account.lastEffectiveAt = at('2027-01-31', '23:59');
    expect(decideAt(book, issue, at('2027-01-31')).transaction.refusal).toBeNull();
  });

  it(`makes no more than ${SLIDING_LOTS_MAX} open lots that slide, until some are used up`, () => {
    const book = new Book(0);
    const issue = { kind: 'issue', points: 1, expiresAt: at('2028-02-01'), slideMonths: 12 };
    expect(decideAt(book, issue, at('2027-01-10')).transaction.refusal).toBeNull();
    const account = book.account(MEMBER, POINTS, 1);
    // As if the others lay beyond what was loaded, in their right places.
    account.openSliding = SLIDING_LOTS_MAX - 1;
    expect(decideAt(book, issue, at('2027-01-11')).transaction.refusal).toBeNull();
    expect(decideAt(book, issue, at('2027-01-12')).transaction.refusal).toMatchObject({
      code: 'too_many_sliding_lots',
      facts: { max: SLIDING_LOTS_MAX },
    });
    const plain = { kind: 'issue', points: 1 };
    expect(decideAt(book, plain, at('2027-01-13')).transaction.refusal).toBeNull();
    decideAt(book, { kind: 'burn', points: 1 }, at('2027-02-01'));
    expect(decideAt(book, issue, at('2027-02-01')).transaction.refusal).toBeNull();
    expect(account.openSliding).toBe(SLIDING_LOTS_MAX);
  });
});
