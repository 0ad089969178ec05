import { describe, expect, it } from 'vitest';
import { refusal } from '../kernel/refusal.ts';
import { hashOfClaim } from './claim.ts';
import type { Command } from './command.ts';
import { shardOwner } from './cuts/cut.ts';
import { idOf } from './testing/desk.ts';
import { MEMBER, MILES, SHOP, SpokenDesk } from './testing/desk-spoken.ts';

const issue = { kind: 'issue', points: 10 } as const;
const cut = (effectiveAt: number) =>
  ({ kind: 'cut', member: shardOwner(0), pointType: 0, effectiveAt }) as const;

describe('when a transaction takes effect', () => {
  const effectiveAt = (d: SpokenDesk) => d.written.transaction.effectiveAt;

  it('is now, or when it is said to have happened', () => {
    const d = new SpokenDesk();
    d.do(50, 'a', issue);
    expect(effectiveAt(d)).toBe(50);
    d.do(51, 'b', { ...issue, effectiveAt: 70 });
    expect(effectiveAt(d)).toBe(70);
  });

  it('is never before the account’s transaction before; a refusal holds nothing back', () => {
    const d = new SpokenDesk();
    d.do(50, 'a', issue);
    d.do(60, 'b', { ...issue, effectiveAt: 20 });
    expect(effectiveAt(d)).toBe(50);
    d.do(60, 'refused', { kind: 'burn', points: 100, effectiveAt: 80 });
    expect(effectiveAt(d)).toBe(80);
    d.do(60, 'c', issue);
    expect(effectiveAt(d)).toBe(60);
    d.do(10, 'd', { ...issue, pointType: MILES });
    expect(effectiveAt(d)).toBe(10);
  });

  it('of a conversion is not before either account’s, and binds both', () => {
    const d = new SpokenDesk();
    d.do(10, 'a', issue);
    d.do(50, 'b', { ...issue, pointType: MILES });
    d.do(20, 'x', { kind: 'convert', to: MILES, points: 1, rate: { num: 1, den: 1 } });
    expect(effectiveAt(d)).toBe(50);
    expect([d.account(), d.account(MILES)].map((each) => each.lastEffectiveAt)).toEqual([50, 50]);
  });

  it('is never before the end of a closed period, of this programme', () => {
    const d = new SpokenDesk();
    d.do(50, 'end', cut(40));
    d.do(30, 'a', issue);
    expect(effectiveAt(d)).toBe(40);
    // Its marker was held up by a crash.
    d.do(50, 'earlier', cut(35));
    expect(effectiveAt(d)).toBe(40);
    d.do(50, 'b', { ...issue, member: idOf('other'), effectiveAt: 1 });
    expect(effectiveAt(d)).toBe(40);
  });
});

describe('a cut', () => {
  it('is a transaction of nobody that moves nothing', () => {
    const d = new SpokenDesk();
    expect(d.do(50, 'end', cut(40))).toEqual([]);
    const nothing = { points: 0, balanceAfter: 0, entries: [], refusal: null };
    expect(d.written.transaction).toMatchObject({ id: idOf('end'), effectiveAt: 40, ...nothing });
    expect(d.written).toMatchObject({ entryFirst: 0, lotsMade: [], marks: [] });
  });
});

describe('a decision', () => {
  it('is recorded with the command it answers', () => {
    const d = new SpokenDesk();
    const source = { kind: 'order', id: idOf('order') } as const;
    d.do(50, 'a', { ...issue, source, detail: { note: 'coffee' } });
    expect(d.written.transaction).toMatchObject({
      ...{ id: idOf('a'), key: 'a', kind: 'issue', programme: 1, pointType: 1, member: MEMBER },
      ...{ points: 10, effectiveAt: 50, merchant: SHOP, subject: null, source, refusal: null },
      ...{ balanceAfter: 10, detail: { note: 'coffee' } },
    });
    d.do(50, 'r', { kind: 'return', earn: idOf('a'), points: 4, policy: 'debt' });
    expect(d.written.transaction).toMatchObject({ subject: idOf('a'), balanceAfter: 6 });
  });

  it('has no merchant, source or detail where the command has none', () => {
    const d = new SpokenDesk();
    d.do(50, 'a', { ...issue, expiresAt: 60 });
    const command: Command = {
      ...{ kind: 'expire', key: 'e', programme: 1, pointType: 1, member: MEMBER },
      effectiveAt: null,
    };
    const { transaction } = d.desk.execute(command, 60);
    expect(transaction).toMatchObject({ merchant: null, source: null, detail: null });
    // It was given no id either.
    expect(transaction.id).toBe(idOf('made 1'));
  });

  it('counts balance as what is free and held, less the debt', () => {
    const d = new SpokenDesk();
    d.do(0, 'a', { ...issue, availableAt: 99 });
    d.do(0, 'b', issue);
    d.do(0, 'h', { kind: 'hold', points: 4, expiresAt: 90 });
    d.do(0, 'lent', { kind: 'burn', points: 9, overdraftMax: 9 });
    expect(d.totals()).toEqual({ free: 10, held: 4, debt: 3 });
    expect(d.written.transaction.balanceAfter).toBe(11);
  });

  it('may be taken beforehand, from outside', () => {
    const d = new SpokenDesk();
    const reason = refusal('already_claimed', 'somebody was quicker');
    expect(d.do(0, 'a', issue, reason)).toBe('already_claimed');
    expect(d.written.transaction).toMatchObject({ points: 10, refusal: reason, balanceAfter: 0 });
    expect(d.do(0, 'e', { kind: 'expire' })).toBe('nothing_due');
    expect(d.written.transaction.points).toBe(0);
  });

  it('is marked with the facts an issue claims, each once, and only when it is applied', () => {
    const d = new SpokenDesk();
    const claim = { merchant: SHOP, scope: 'order', fact: '17' };
    const claims = [claim, { ...claim, fact: '18' }, claim];
    d.do(0, 'refused', { ...issue, claims, expiresAt: 0 });
    expect(d.written.marks).toEqual([]);
    const limits = [{ counter: 'day', max: 99, mode: 'all' }] as const;
    d.do(0, 'a', { ...issue, claims, limits });
    const marks = claims.slice(0, 2).map((each) => `claim ${hashOfClaim(each)}`);
    expect(d.written.marks).toEqual(['counter day', ...marks]);
  });

  it('starts afresh for each command', () => {
    const d = new SpokenDesk();
    const limits = [{ counter: 'day', max: 99, mode: 'all' }] as const;
    d.do(0, 'a', { ...issue, limits });
    d.do(0, 'b', { kind: 'burn', points: 1 });
    expect(d.written).toMatchObject({ lotsMade: [], marks: [], entryFirst: 1 });
    expect(d.written.transaction.entries).toHaveLength(1);
  });
});
