import { expect, it } from 'vitest';
import { anId } from '../testing/told.ts';
import { LimitsInMemory } from './limits-in-memory.ts';

it('trims what a budget has left for everybody, after what a member’s own cap leaves', () => {
  const budget = anId();
  const limits = new LimitsInMemory(new Map([[budget, 100]]));
  const cap = { counter: 'month', max: 70, mode: 'trim' } as const;
  const both = [cap, { budget, mode: 'trim' }] as const;
  expect(limits.grant(0, 90, both)).toBe(70);
  expect(limits.grant(0, 10, both)).toBe(0);
  expect(limits.grant(1, 50, both)).toBe(30);
  // The budget is spent: nothing more is counted on the cap either.
  expect(limits.grant(1, 50, both)).toBe(0);
  expect(limits.grant(1, 50, [cap])).toBe(40);
});

it('counts times by awards, and nothing of what was not granted', () => {
  const limits = new LimitsInMemory(new Map());
  const once = { counter: 'first', max: 1, unit: 'times' } as const;
  const none = { budget: anId(), mode: 'trim' } as const;
  expect(limits.grant(0, 500, [once, none])).toBe(0);
  expect(limits.grant(0, 500, [once])).toBe(500);
  expect(limits.grant(0, 500, [once])).toBe(0);
  expect(limits.grant(1, 500, [once])).toBe(500);
});
