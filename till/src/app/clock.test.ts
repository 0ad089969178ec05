import { expect, it } from 'vitest';
import { createClock } from './clock.ts';

it('runs on while somebody sets the clock back, and follows it past a sleep', () => {
  let wall = 1_000_000;
  let running = 50;
  const now = createClock(
    () => wall,
    () => running,
  );
  const pass = (ms: number): void => {
    wall += ms;
    running += ms;
  };
  pass(500);
  expect(now()).toBe(1_000_500);
  wall -= 3_600_000;
  pass(500);
  expect(now()).toBe(1_001_000);
  wall += 3_600_000;
  // A night: the page counts nothing of it.
  wall += 8 * 3_600_000;
  pass(1_000);
  expect(now()).toBe(1_002_000 + 8 * 3_600_000);
});
