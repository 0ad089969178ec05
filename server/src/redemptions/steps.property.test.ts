import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  after,
  hasOfStock,
  isAtRest,
  isOver,
  STATES,
  STEPS,
  type State,
  type Step,
} from './steps.ts';

const ALL_STEPS = [...new Set(STATES.flatMap((state) => Object.keys(STEPS[state])))] as Step[];

/** Takes steps as they come; those that cannot be taken are not. */
function walk(steps: readonly Step[]): State[] {
  const path: State[] = ['recorded'];
  for (const step of steps) {
    const next = after(path.at(-1) as State, step);
    if (next !== undefined) path.push(next);
  }
  return path;
}

describe('the states of a redemption', () => {
  it('lead only where the table says', () => {
    const legal = new Set(
      STATES.flatMap((from) => Object.values(STEPS[from]).map((to) => `${from} ${to}`)),
    );
    const told = [
      'recorded reserved, recorded refused, reserved held, reserved refusing, held confirmed, held timing_out',
      'confirmed fulfilled, confirmed refusing, fulfilled cancelling, refusing refused, timing_out timed_out',
      'cancelling cancelled',
    ];
    expect([...legal]).toEqual(told.join(', ').split(', '));
    const steps = fc.array(fc.constantFrom(...ALL_STEPS), { maxLength: 40 });
    fc.assert(
      fc.property(steps, (taken) => {
        const path = walk(taken);
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
      fc.property(steps, (taken) => {
        const path = walk(taken);
        let isConfirmed = false;
        const had = path.map((state) => {
          if (state === 'confirmed') isConfirmed = true;
          return hasOfStock(state, isConfirmed);
        });
        const changes = had.filter((each, at) => at === 0 || each !== had[at - 1]);
        expect([
          'nothing',
          'nothing reserved',
          'nothing reserved nothing',
          'nothing reserved sold',
          'nothing reserved sold nothing',
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
