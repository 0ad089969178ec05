import { describe, expect, it } from 'vitest';
import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Written } from '../book.ts';
import type { Command } from '../command.ts';
import { withEnds } from '../slide.ts';
import { idOf, leafOf } from '../testing/desk.ts';
import { type Said, SpokenDesk } from '../testing/desk-spoken.ts';
import type { Entry, Transaction } from '../transaction.ts';
import { Replay } from './replay.ts';

const at = (date: string): Instant => Date.parse(`${date}T00:00:00Z`);
const SLIDES = { timeZone: 'UTC', months: [1, 12] };
const FRIEND = idOf('friend');

function say(d: SpokenDesk, now: Instant, name: string, said: Said): void {
  const { sliding } = withEnds({ effectiveAt: null, ...said } as Command, SLIDES, now) as {
    sliding?: unknown;
  };
  d.do(now, name, (sliding === undefined ? said : { ...said, sliding }) as Said);
}

/** Two lots that slide by a year and one by a month, and a purchase in the next month. */
function history(): SpokenDesk {
  const d = new SpokenDesk();
  const year = { kind: 'issue', points: 10, expiresAt: at('2028-02-01'), slideMonths: 12 } as const;
  say(d, at('2027-01-10'), 'a', year);
  say(d, at('2027-01-11'), 'b', year);
  say(d, at('2027-01-12'), 'c', { ...year, expiresAt: at('2027-03-01'), slideMonths: 1 });
  say(d, at('2027-01-13'), 'plain', { kind: 'issue', points: 10, expiresAt: at('2027-09-01') });
  say(d, at('2027-02-10'), 's', { kind: 'burn', points: 1 });
  return d;
}

const codes = (played: readonly Written[]): string[] => {
  const replay = new Replay();
  return played.flatMap((written) => replay.play(leafOf(written)).map(({ code }) => code));
};

/** The history with its last transaction, or that of another place, changed by a forger. */
function forged(
  d: SpokenDesk,
  change: (entries: readonly Entry[]) => readonly Entry[],
  more: Partial<Transaction> = {},
): string[] {
  const last = d.history.at(-1) as Written;
  const entries = change(last.transaction.entries);
  return codes([
    ...d.history.slice(0, -1),
    { ...last, transaction: { ...last.transaction, entries, ...more } },
  ]);
}

const lotOf = (d: SpokenDesk, name: string): Uuid =>
  d.history.find(({ transaction }) => transaction.id === idOf(name))?.lotsMade[0]?.id as Uuid;
const until =
  (lot: Uuid, expiresAt: Instant | null) =>
  (entries: readonly Entry[]): readonly Entry[] =>
    entries.map((each) =>
      each.kind === 'extend' && each.lot === lot ? { ...each, expiresAt } : each,
    );

describe('replay of what an activity extends finds', () => {
  it('nothing wrong with what was written', () => {
    const d = history();
    expect(d.written.transaction.entries.map(({ kind }) => kind)).toEqual([
      ...['take', 'extend', 'extend', 'extend'],
    ]);
    expect(codes(d.history)).toEqual([]);
  });

  it('a lot that was left out, but not all of them', () => {
    const d = history();
    for (const name of ['a', 'b'])
      expect(
        forged(d, (entries) =>
          entries.filter(({ lot, kind }) => kind !== 'extend' || lot !== lotOf(d, name)),
        ),
      ).toEqual(['extended_in_part']);
    // By how many months it should have slid nobody knows who has no calendar: no extension at all is no fault.
    expect(forged(d, (entries) => entries.slice(0, 1))).toEqual([]);
  });

  it('another end for one, an end too far or too near for all, or an end that was before', () => {
    const d = history();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => lotOf(d, name)) as [Uuid, Uuid, Uuid];
    const both = (to: Instant) => (entries: readonly Entry[]) =>
      until(a, to)(until(b, to)(entries));
    expect(forged(d, until(b, at('2028-04-01')))).toContain('extended_otherwise');
    expect(forged(d, both(at('2030-01-01')))).toContain('extended_otherwise');
    expect(forged(d, both(at('2028-02-01')))).toContain('extended_back');
    expect(forged(d, both(at('2027-12-01')))).toContain('extended_back');
    expect(forged(d, until(c, at('2027-06-01')))).toEqual(['extended_otherwise']);
    expect(forged(d, until(a, null))).toContain('extended_unasked');
  });

  it('a lot that does not slide', () => {
    const d = history();
    const plain = lotOf(d, 'plain');
    const swap = (entries: readonly Entry[]): readonly Entry[] => [
      ...entries,
      { ...(entries.at(-1) as Entry), lot: plain, expiresAt: at('2028-03-01') },
    ];
    expect(forged(d, swap)).toEqual(['extended_unasked']);
  });

  it('a lot that had lapsed', () => {
    const d = history();
    say(d, at('2027-04-02'), 'late', { kind: 'burn', points: 1 });
    const c = lotOf(d, 'c');
    const late = {
      ...(d.written.transaction.entries.at(-1) as Entry),
      lot: c,
      expiresAt: at('2027-06-01'),
    };
    expect(forged(d, (entries) => [...entries, late])).toContain('extended_late');
  });

  it('what extends and is no activity, or gives nothing back', () => {
    const d = history();
    const extend = d.written.transaction.entries.at(-1) as Entry;
    say(d, at('2027-02-11'), 'x', { kind: 'adjust', points: -1 });
    const again = { ...extend, lot: lotOf(d, 'a'), expiresAt: at('2028-04-01') };
    expect(forged(d, (entries) => [...entries, again])).toEqual(['extended_unasked']);
    say(d, at('2027-02-12'), 'r', { kind: 'refund', burn: idOf('s'), graceMs: 5 });
    expect(forged(d, (entries) => [...entries, again])).toEqual(['extended_unasked']);
  });

  it('a mark of a lot that it did not make, that never lapses, or without months', () => {
    const d = history();
    const [first] = d.history as [Written];
    const marked = (marks: readonly string[]) => codes([{ ...first, marks }]);
    const a = lotOf(d, 'a');
    expect(marked([`slides ${a} 12`])).toEqual([]);
    expect(marked([`slides ${idOf('x')} 12`])).toEqual(['slides_nothing']);
    for (const wrong of [
      `slides ${a}`,
      `slides ${a} 0`,
      `slides ${a} x`,
      'slides 12',
      'slides  12',
    ])
      expect(marked([wrong])).toEqual(['slides_nothing']);
    const never = first.lotsMade.map((lot) => ({ ...lot, expiresAt: null }));
    expect(codes([{ ...first, lotsMade: never }])).toEqual(['slides_nothing']);
    const [, second] = d.history as [Written, Written];
    expect(codes([first, { ...second, marks: [...second.marks, `slides ${a} 1`] }])).toEqual([
      'slides_nothing',
    ]);
  });

  it('a transfer that arrives without what it was sent with', () => {
    const d = history();
    d.call(FRIEND, 'friend');
    say(d, at('2027-02-20'), 't', { kind: 'transfer_out', to: FRIEND, points: 40 - 1 });
    const sent = d.written.transaction.entries.filter(({ kind }) => kind === 'take');
    const terms = { funders: null, ruleVersion: null, evidence: null, unitCost: null };
    const lots = sent.map(({ lot, points, expiresAt }) => {
      const { issuer, availableAt, slideMonths } = d.desk.book.lot(lot);
      const slides = slideMonths === null ? {} : { slideMonths };
      return { ...terms, lot, points, issuer, availableAt, expiresAt, ...slides };
    });
    const source = { kind: 'transfer', id: idOf('t') } as const;
    const arrive = { kind: 'transfer_in', from: d.written.transaction.member, debt: 0 } as const;
    say(d, at('2027-02-21'), 'i', { ...arrive, member: FRIEND, source, lots });
    const ends = (played: readonly Written[]) => {
      const replay = new Replay();
      for (const each of played) replay.play(leafOf(each));
      return [
        replay.between.sent.get(idOf('t'))?.what,
        replay.between.arrived.get(idOf('t'))?.what,
      ];
    };
    const [left, came] = ends(d.history);
    expect(came).toBe(left);
    const without = { ...d.written, marks: d.written.marks.slice(1) };
    const [, otherwise] = ends([...d.history.slice(0, -1), without]);
    expect(otherwise).not.toBe(left);
  });
});
