import { expect, test } from 'vitest';
import {
  DISPUTE_STATES,
  decideBy,
  isOver,
  isTooLate,
  type StepKind,
  stateAfter,
} from './dispute.ts';

const DAY = 86_400_000;
const STEPS: readonly StepKind[] = ['evidence', 'escalated', 'upheld', 'rejected', 'withdrawn'];

test('what is over takes no step, whatever it is', () => {
  for (const state of DISPUTE_STATES.filter(isOver))
    for (const step of STEPS) expect(stateAfter(state, step)).toBeUndefined();
  expect(DISPUTE_STATES.filter(isOver)).toEqual(['upheld', 'rejected', 'withdrawn']);
});

test('evidence changes nothing, and an escalated dispute is not escalated again', () => {
  expect(stateAfter('open', 'evidence')).toBe('open');
  expect(stateAfter('escalated', 'evidence')).toBe('escalated');
  expect(stateAfter('open', 'escalated')).toBe('escalated');
  expect(stateAfter('escalated', 'escalated')).toBeUndefined();
  expect(stateAfter('escalated', 'upheld')).toBe('upheld');
});

test('a period may be disputed for thirty days to the millisecond, and is decided within fifteen', () => {
  expect(isTooLate(1_000, 1_000 + 30 * DAY)).toBe(false);
  expect(isTooLate(1_000, 1_001 + 30 * DAY)).toBe(true);
  expect(decideBy(1_000)).toBe(1_000 + 15 * DAY);
});
