import { describe, expect, it } from 'vitest';
import { showId, type Uuid } from '../../kernel/id.ts';
import type { Written } from '../book.ts';
import { shardOwner } from '../cuts/cut.ts';
import { idOf, leafOf } from '../testing/desk.ts';
import { MEMBER, MILES, SpokenDesk } from '../testing/desk-spoken.ts';
import type { Entry, Transaction } from '../transaction.ts';
import { ENTRY } from './leaf.ts';
import { Replay } from './replay.ts';

/** A history as it was written, but for its last transaction, which a forger has changed. */
function forged(
  d: SpokenDesk,
  change: Partial<Transaction>,
  entries?: (entries: readonly Entry[]) => readonly Entry[],
  more: Partial<Written> = {},
): readonly string[] {
  const last = d.history.at(-1) as Written;
  const { transaction } = last;
  const its = entries === undefined ? transaction.entries : entries(transaction.entries);
  return codes([
    ...d.history.slice(0, -1),
    { ...last, ...more, transaction: { ...transaction, entries: its, ...change } },
  ]);
}

function codes(history: readonly Written[]): string[] {
  const replay = new Replay();
  return history.flatMap((written) => replay.play(leafOf(written)).map(({ code }) => code));
}

/** The first entry changed. */
const first =
  (change: Partial<Entry>) =>
  ([entry, ...rest]: readonly Entry[]): readonly Entry[] => [
    { ...(entry as Entry), ...change },
    ...rest,
  ];

function spoken(...said: Parameters<SpokenDesk['do']>[]): SpokenDesk {
  const d = new SpokenDesk();
  for (const each of said) d.do(...each);
  return d;
}

const numbered = (first: string, index: number): Uuid =>
  `${first}0000000-0000-7000-8000-${String(index).padStart(12, '0')}` as Uuid;

const earn: Parameters<SpokenDesk['do']> = [0, 'a', { kind: 'issue', points: 10 }];
const lotOf = (d: SpokenDesk, index = 0): Uuid =>
  d.history[index]?.transaction.entries[0]?.lot as Uuid;

describe('replay of what was written as it was', () => {
  it('finds nothing wrong', () => {
    const d = spoken(earn, [1, 'b', { kind: 'burn', points: 4 }]);
    expect(codes(d.history)).toEqual([]);
  });
});

describe('replay finds', () => {
  it('a balance that is not what the entries make, also of a refusal', () => {
    const d = spoken(earn);
    expect(forged(d, { balanceAfter: 11 })).toEqual(['balance_after']);
    d.do(1, 'b', { kind: 'burn', points: 11 });
    expect(forged(d, {})).toEqual([]);
    expect(forged(d, { balanceAfter: 9 })).toEqual(['balance_after']);
    const stranger = spoken([0, 'b', { kind: 'burn', points: 1 }]);
    expect(forged(stranger, {})).toEqual([]);
    expect(forged(stranger, { balanceAfter: 1 })).toEqual(['balance_after']);
    const replay = new Replay();
    const [written] = stranger.history as [Written];
    const wrong = { ...written, transaction: { ...written.transaction, balanceAfter: 1 } };
    expect(replay.play(leafOf(wrong))).toEqual([
      { code: 'balance_after', facts: { stored: 1, replayed: 0 } },
    ]);
  });

  it('a refusal that moved points or was counted', () => {
    const d = spoken(earn, [1, 'b', { kind: 'burn', points: 11 }]);
    const { entries } = (d.history[0] as Written).transaction;
    expect(forged(d, { entries })).toEqual(['refused_with_entries']);
    expect(forged(d, {}, undefined, { marks: ['counter day'] })).toEqual(['refused_with_marks']);
  });

  it('time that runs back in an account', () => {
    const d = spoken(
      [5, 'a', { kind: 'issue', points: 10 }],
      [6, 'b', { kind: 'burn', points: 1 }],
    );
    expect(forged(d, { effectiveAt: 4 })).toContain('effective_before');
    expect(forged(d, { effectiveAt: 5 })).toEqual([]);
  });

  it('what takes effect before a cut that it follows, whoever and whatever it is', () => {
    const end = { kind: 'cut', member: shardOwner(0), pointType: 0, effectiveAt: 40 } as const;
    const d = spoken([50, 'end', end], [50, 'a', { kind: 'issue', points: 10 }]);
    expect(forged(d, { effectiveAt: 40 })).toEqual([]);
    expect(forged(d, { effectiveAt: 39 })).toEqual(['effective_before_cut']);
    expect(forged(d, { effectiveAt: 39, programme: 2 })).toEqual([]);
    const later = spoken([50, 'end', end], [60, 'end 2', { ...end, effectiveAt: 45 }]);
    expect(forged(later, { effectiveAt: 39 })).toEqual(['effective_before_cut']);
  });

  it('a marker of a cut that is more than one', () => {
    const end = { kind: 'cut', member: shardOwner(0), pointType: 0, effectiveAt: 40 } as const;
    const d = spoken(earn, [50, 'end', end]);
    const { transaction, lotsMade } = d.history[0] as Written;
    const more = ['cut_holds_more'];
    expect(forged(d, {})).toEqual([]);
    expect(forged(d, { member: MEMBER })).toEqual(more);
    expect(forged(d, { member: shardOwner(1) })).toEqual(more);
    expect(forged(d, { pointType: 1 })).toEqual(more);
    expect(forged(d, { points: 1 })).toEqual(more);
    expect(forged(d, { balanceAfter: 1 })).toEqual(more);
    expect(forged(d, { entries: transaction.entries })).toEqual(more);
    expect(forged(d, { refusal: { code: 'x', message: 'x' } })).toEqual(more);
    expect(forged(d, {}, undefined, { lotsMade })).toEqual(more);
    expect(forged(d, {}, undefined, { marks: ['counter day'] })).toEqual(more);
  });

  it('a fact that was used before', () => {
    const d = spoken(earn, [1, 'b', { kind: 'issue', points: 10 }]);
    const marks = ['claim 17'];
    d.history[0] = { ...(d.history[0] as Written), marks };
    expect(forged(d, {}, undefined, { marks: ['claim 18', 'counter 17'] })).toEqual([]);
    expect(forged(d, {}, undefined, { marks })).toEqual(['used_before']);
    const replay = new Replay();
    for (const written of d.history) replay.play(leafOf({ ...written, marks }));
    expect([...replay.claims.keys()]).toEqual(['17']);
  });

  it('more points than there are', () => {
    const d = spoken(earn, [1, 'b', { kind: 'burn', points: 4 }]);
    expect(forged(d, {}, first({ points: 11 }))).toContain('below_zero');
    const held = spoken(
      earn,
      [1, 'h', { kind: 'hold', points: 4, expiresAt: 50 }],
      [2, 'c', { kind: 'capture', hold: idOf('h') }],
    );
    expect(forged(held, {}, first({ points: 5 }))).toContain('below_zero');
    const owing = spoken(
      [0, 'lent', { kind: 'burn', points: 4, overdraftMax: 4 }],
      [1, 'a', { kind: 'issue', points: 10 }],
    );
    expect(forged(owing, {}, first({ points: 5 }))).toContain('below_zero');
  });

  it('a lot that is not there, or of another account', () => {
    const d = spoken(
      earn,
      [0, 'other', { kind: 'issue', points: 10, member: idOf('other') }],
      [0, 'miles', { kind: 'issue', points: 10, pointType: MILES }],
      [1, 'b', { kind: 'burn', points: 4 }],
    );
    expect(forged(d, {}, first({ lot: idOf('nothing') }))).toEqual(['lot_not_there']);
    expect(forged(d, {}, first({ lot: lotOf(d, 1) }))).toEqual(['lot_of_another']);
    expect(forged(d, {}, first({ lot: lotOf(d, 2) }))).toEqual(['lot_of_another']);
  });

  it('a lot that is made twice, or by nothing', () => {
    const d = spoken(earn, [1, 'b', { kind: 'issue', points: 10 }]);
    expect(forged(d, {}, undefined, { lotsMade: [] })).toEqual(['lot_not_there']);
    const { lotsMade } = d.history[0] as Written;
    expect(forged(d, {}, first({ lot: lotOf(d) }), { lotsMade })).toEqual(['out_of_bounds']);
  });

  it('points that were spent before they could be, or after they lapsed', () => {
    const issue = { kind: 'issue', points: 10, availableAt: 5, expiresAt: 8 } as const;
    const d = spoken([0, 'a', issue], [6, 'b', { kind: 'burn', points: 4 }]);
    const at = (effectiveAt: number) => forged(d, { effectiveAt });
    expect([4, 5, 7, 8].map(at)).toEqual([['spent_outside'], [], [], ['spent_outside']]);
    const held = spoken([0, 'a', issue], [6, 'h', { kind: 'hold', points: 4, expiresAt: 50 }]);
    const heldAt = (effectiveAt: number) => forged(held, { effectiveAt });
    expect([4, 5, 7, 8].map(heldAt)).toEqual([['held_outside'], [], [], ['held_outside']]);
  });

  it('points that were sent after they lapsed; pending ones may be sent', () => {
    const issue = { kind: 'issue', points: 10, availableAt: 5, expiresAt: 8 } as const;
    const d = spoken([0, 'a', issue], [1, 't', { kind: 'transfer_out', to: idOf('friend') }]);
    expect(forged(d, {})).toEqual([]);
    expect(forged(d, { effectiveAt: 8 })).toEqual(['spent_outside']);
  });

  it('points that were called lapsed too early', () => {
    const d = spoken(
      [0, 'a', { kind: 'issue', points: 10, expiresAt: 8 }],
      [8, 'e', { kind: 'expire' }],
    );
    expect(forged(d, { effectiveAt: 7 })).toEqual(['expired_early']);
    const never = { ...(d.history[0]?.lotsMade[0] as Written['lotsMade'][0]), expiresAt: null };
    d.history[0] = { ...(d.history[0] as Written), lotsMade: [never] };
    expect(forged(d, {})).toEqual(['expired_early']);
  });

  it('points that were let go before their time, unless their earn is named', () => {
    const d = spoken(
      [0, 'a', { kind: 'issue', points: 10, availableAt: 8 }],
      [5, 'm', { kind: 'mature', earn: idOf('a') }],
    );
    expect(forged(d, {})).toEqual([]);
    expect(forged(d, { subject: null })).toEqual(['matured_early']);
    expect(forged(d, { kind: 'release' })).toEqual(['matured_early']);
    expect(forged(d, { subject: null, effectiveAt: 8 })).toEqual([]);
    d.do(6, 'b', { kind: 'burn', points: 3 });
    expect(forged(d, {})).toEqual([]);
    // Without what let them go they are spent too early.
    d.history.splice(1, 1);
    expect(forged(d, {})).toContain('spent_outside');
  });

  it('a hold that is taken apart beyond what it pinned, or that is not there', () => {
    const d = spoken(
      earn,
      [1, 'h', { kind: 'hold', points: 4, expiresAt: 50 }],
      [1, 'h2', { kind: 'hold', points: 4, expiresAt: 50 }],
      [2, 'c', { kind: 'capture', hold: idOf('h'), points: 3 }],
    );
    expect(forged(d, { balanceAfter: 5 }, first({ points: 5 }))).toEqual(['unpinned_more']);
    expect(forged(d, {}, first({ ref: idOf('nothing') }))).toEqual(['unpinned_more']);
    expect(forged(d, { balanceAfter: 6 }, first({ points: 4 }))).toEqual([]);
    d.do(3, 'r', { kind: 'release', hold: idOf('h2') });
    expect(forged(d, {}, first({ points: 5 }))).toEqual(['unpinned_more']);
  });

  it('debts that are about nothing, or repaid beyond what was owed', () => {
    const d = spoken(
      [0, 'lent', { kind: 'burn', points: 4, overdraftMax: 4 }],
      [0, 'lent 2', { kind: 'burn', points: 4, overdraftMax: 4 }],
      [1, 'a', { kind: 'issue', points: 3 }],
    );
    const nil = '00000000-0000-0000-0000-000000000000' as Uuid;
    expect(forged(d, {}, first({ ref: nil }))).toEqual(['debt_without_lot']);
    expect(forged(d, {}, first({ ref: idOf('nothing') }))).toEqual(['repaid_more']);
    expect(forged(d, { balanceAfter: -3 }, first({ points: 5 }))).toEqual(['repaid_more']);
    const lent = spoken([0, 'lent', { kind: 'burn', points: 4, overdraftMax: 4 }]);
    expect(forged(lent, {}, first({ lot: idOf('other') }))).toEqual(['overdraft_named_otherwise']);
  });

  it('a return of what was not earned here', () => {
    const d = spoken(earn, [
      1,
      'r',
      { kind: 'return', earn: idOf('a'), points: 4, policy: 'debt' },
    ]);
    expect(forged(d, { subject: idOf('nothing') })).toEqual(['returns_nothing']);
  });

  it('points moved between accounts that no transfer or conversion may name', () => {
    const d = spoken(earn, [1, 'b', { kind: 'burn', points: 4 }]);
    const owner = '00000000-0000-0000-0000-000000000000' as Uuid;
    expect(forged(d, {}, first({ to: { role: 'in_transit', owner } }))).toEqual(['no_transfer']);
    expect(forged(d, {}, first({ to: { role: 'conversion', owner } }))).toEqual(['no_conversion']);
  });

  it('what no ledger writes', () => {
    const d = spoken(earn);
    const [written] = d.history as [Written];
    const leaf = leafOf(written);
    // The entry stands before the number of lots, the lot and the number of marks.
    const entryAt = leaf.length - 2 - 122 - 2 - ENTRY.bytes;
    for (const at of [ENTRY.kind, ENTRY.fromRole, ENTRY.toRole]) {
      const bytes = Buffer.from(leaf);
      bytes[entryAt + at] = 99;
      const problems = new Replay().play(bytes).map(({ code }) => code);
      expect(problems, `byte ${at}`).toContain('unreadable');
    }
  });

  it('lots out of their bounds', () => {
    const d = spoken(
      [0, 'a', { kind: 'issue', points: 10 }],
      [0, 'b', { kind: 'issue', points: 10 }],
      [1, 'c', { kind: 'burn', points: 1 }],
      [2, 'r', { kind: 'refund', burn: idOf('c'), graceMs: 0 }],
    );
    expect(forged(d, {}, first({ lot: lotOf(d, 1) }))).toEqual(['out_of_bounds']);
    const burn = spoken(
      [0, 'a', { kind: 'issue', points: 5 }],
      [0, 'b', { kind: 'issue', points: 10 }],
      [1, 'h', { kind: 'hold', points: 5, expiresAt: 9 }],
      [1, 'c', { kind: 'burn', points: 4 }],
    );
    // The five of the first lot are held.
    expect(forged(burn, {}, first({ lot: lotOf(burn) }))).toEqual(['out_of_bounds']);
    const lapse = spoken(
      [0, 'a', { kind: 'issue', points: 5, expiresAt: 9 }],
      [9, 'e', { kind: 'expire' }],
      [9, 'r', { kind: 'return', earn: idOf('a'), points: 4, policy: 'debt' }],
    );
    expect(forged(lapse, {}, first({ points: 5 }))).toEqual([]);
    expect(forged(lapse, {}, first({ points: 6 }))).toEqual(['out_of_bounds']);
  });

  it('and names the lot', () => {
    const d = spoken(earn, [1, 'b', { kind: 'burn', points: 4 }]);
    const replay = new Replay();
    const [issued, burnt] = d.history as [Written, Written];
    replay.play(leafOf(issued));
    const entries = first({ lot: idOf('nothing') })(burnt.transaction.entries);
    const written = { ...burnt, transaction: { ...burnt.transaction, entries } };
    const lot = showId('lot', idOf('nothing'));
    expect(replay.play(leafOf(written))).toEqual([{ code: 'lot_not_there', facts: { lot } }]);
  });
});

describe('replay counts', () => {
  it('what marks say: counters by member, budgets, never below nothing', () => {
    const d = spoken(earn, [0, 'b', { kind: 'issue', points: 5, member: idOf('other') }]);
    const marks = ['counter day', 'budget b1', 'other x'];
    const replay = new Replay();
    for (const written of d.history) replay.play(leafOf({ ...written, marks }));
    expect([...replay.counters.values()]).toEqual([10, 5]);
    expect([...replay.budgets]).toEqual([['b1', 15]]);
    expect(replay.claims.size).toBe(0);
  });

  it('what a return or a claw-back took as given back, and not what it asked for', () => {
    const marks = ['counter day', 'budget b1'];
    const d = spoken(
      earn,
      [1, 'b', { kind: 'burn', points: 7 }],
      [2, 'r', { kind: 'return', earn: idOf('a'), points: 6, policy: 'pending_only' }],
    );
    const replay = new Replay();
    const play = (written: Written, more: readonly string[]): void => {
      replay.play(leafOf({ ...written, marks: more }));
    };
    for (const [index, written] of d.history.entries()) play(written, index === 1 ? [] : marks);
    expect([...replay.counters.values(), ...replay.budgets.values()]).toEqual([7, 7]);
    const giver = { role: 'issuer', merchant: MEMBER } as const;
    const about = {
      earn: idOf('a'),
      lot: idOf('lot'),
      giver,
      arrived: [],
      policy: 'debt',
    } as const;
    d.do(3, 'c', { kind: 'claw_back', points: 3, ...about });
    play(d.written, ['budget b1']);
    expect([...replay.counters.values(), ...replay.budgets.values()]).toEqual([7, 4]);
    d.do(3, 'c2', { kind: 'claw_back', points: 5, ...about });
    play(d.written, ['budget b1']);
    expect([...replay.budgets.values()]).toEqual([0]);
  });

  it('how many times, less those of which nothing is left', () => {
    const d = spoken(
      earn,
      [0, 'other', { kind: 'issue', points: 5 }],
      [1, 'r', { kind: 'return', earn: idOf('a'), points: 6, policy: 'debt' }],
    );
    const replay = new Replay();
    const play = (written: Written): void => {
      replay.play(leafOf({ ...written, marks: ['times day'] }));
    };
    d.history.forEach(play);
    expect([...replay.counters.values()]).toEqual([2]);
    d.do(2, 'r2', { kind: 'return', earn: idOf('a'), points: 4, policy: 'debt' });
    play(d.written);
    expect([...replay.counters.values()]).toEqual([1]);
    d.do(2, 'b', { kind: 'burn', points: 5 });
    d.do(3, 'r3', { kind: 'return', earn: idOf('other'), points: 5, policy: 'pending_only' });
    play(d.history.at(-2) as Written);
    expect([...replay.counters.values()]).toEqual([2]);
    play(d.written);
    expect([...replay.counters.values()]).toEqual([2]);
    const nothing = { ...d.written.transaction, subject: idOf('nothing') };
    play({ ...d.written, transaction: nothing });
    expect([...replay.counters.values()]).toEqual([2]);
  });

  it('any number of earns', () => {
    const replay = new Replay();
    const d = spoken(earn);
    const [written] = d.history as [Written];
    const [made] = written.lotsMade as [Written['lotsMade'][0]];
    const [entry] = written.transaction.entries as [Entry];
    const earns = 1_100;
    const found = [];
    for (let index = 0; index < earns; index += 1) {
      const [id, lot] = [numbered('e', index), numbered('f', index)];
      const balanceAfter = 10 * (index + 1);
      const entries = [{ ...entry, lot }];
      const transaction = { ...written.transaction, id, balanceAfter, entries };
      const lotsMade = [{ ...made, id: lot }];
      found.push(...replay.play(leafOf({ ...written, transaction, lotsMade })));
    }
    expect(found).toEqual([]);
    const r = { kind: 'return', earn: idOf('a'), points: 4, policy: 'debt' } as const;
    d.do(1, 'r', r);
    const returned = d.written;
    for (const index of [0, 1_023, 1_024, earns - 1]) {
      const entries = [
        { ...(returned.transaction.entries[0] as Entry), lot: numbered('f', index) },
      ];
      const subject = numbered('e', index);
      replay.play(
        leafOf({ ...returned, transaction: { ...returned.transaction, subject, entries } }),
      );
      expect(replay.lots.at(index).returned).toBe(4);
    }
  });
});
