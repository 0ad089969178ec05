import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  after,
  confirms,
  FIRST_STATES,
  hasOfStock,
  isAtRest,
  isOver,
  STATES,
  STEPS,
  type State,
  type Step,
} from './steps.ts';

const ALL_STEPS = [...new Set(STATES.flatMap((state) => Object.keys(STEPS[state])))] as Step[];

const firsts = fc.constantFrom<State>(...FIRST_STATES);

/** Takes steps as they come; those that cannot be taken are not. */
function walk(first: State, steps: readonly Step[]): { path: State[]; taken: Step[] } {
  const path: State[] = [first];
  const taken: Step[] = [];
  for (const step of steps) {
    const next = after(path.at(-1) as State, step);
    if (next === undefined) continue;
    path.push(next);
    taken.push(step);
  }
  return { path, taken };
}

describe('the states of a redemption', () => {
  it('lead only where the table says', () => {
    const legal = new Set(
      STATES.flatMap((from) => Object.values(STEPS[from]).map((to) => `${from} ${to}`)),
    );
    const told = [
      'reserved fulfilled, reserved confirmed, reserved paying, reserved refused, reserved refusing, reserved timing_out',
      'paying confirmed, paying refusing, paying timing_out',
      'confirmed fulfilled, confirmed refusing, fulfilled cancelling, refusing refused, timing_out timed_out',
      'cancelling cancelled',
    ];
    expect([...legal]).toEqual(told.join(', ').split(', '));
    const steps = fc.array(fc.constantFrom(...ALL_STEPS), { maxLength: 40 });
    fc.assert(
      fc.property(firsts, steps, (first, asked) => {
        const { path } = walk(first, asked);
        for (let at = 1; at < path.length; at += 1)
          expect(legal).toContain(`${path[at - 1]} ${path[at]}`);
      }),
    );
  });

  it('each come to an end, and to rest without anybody asking for more', () => {
    for (const state of STATES) {
      let reached = new Set<State>([state]);
      for (let round = 0; round < STATES.length; round += 1)
        reached = new Set(
          [...reached].flatMap((each) => [each, ...(Object.values(STEPS[each]) as State[])]),
        );
      expect([...reached].some(isOver)).toBe(true);
      expect([...reached].some(isAtRest)).toBe(true);
    }
  });

  it('are left once: a step that is taken again finds nothing to do', () => {
    for (const state of STATES)
      for (const step of Object.keys(STEPS[state]) as Step[]) {
        const next = after(state, step) as State;
        expect(after(next, step)).toBeUndefined();
      }
  });

  it('give back what they had of the stock, once, and sell it when they are confirmed', () => {
    const steps = fc.array(fc.constantFrom(...ALL_STEPS), { maxLength: 40 });
    fc.assert(
      fc.property(firsts, steps, (first, asked) => {
        const { path, taken } = walk(first, asked);
        const had = path.map((state, at) => hasOfStock(state, taken.slice(0, at).some(confirms)));
        const changes = had.filter((each, at) => at === 0 || each !== had[at - 1]);
        expect([
          'nothing',
          'reserved',
          'reserved nothing',
          'reserved sold',
          'reserved sold nothing',
        ]).toContain(changes.join(' '));
        const last = path.at(-1) as State;
        if (isOver(last)) expect(had.at(-1)).toBe('nothing');
      }),
    );
  });

  it('never undo by time what is confirmed', () => {
    for (const state of ['confirmed', 'fulfilled'] as const)
      expect(after(state, 'time_out')).toBeUndefined();
  });
});
