import { expect, test } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { createFailedAttempts } from './failed-attempts.ts';

const limits = { max: 3, windowMs: 60_000, addressesMax: 2 };

function exhaust(attempts: ReturnType<typeof createFailedAttempts>, ip: string): void {
  for (let i = 0; i < limits.max; i += 1) expect(attempts.take(ip)).toHaveProperty('giveBack');
}

test('an address waits out its window after too many failures', () => {
  const clock = manualClock(1_000);
  const attempts = createFailedAttempts(clock, limits);
  exhaust(attempts, '10.0.0.1');
  clock.advance(15_500);
  expect(attempts.take('10.0.0.1')).toEqual({ retryAfterSeconds: 45 });
  expect(attempts.take('10.0.0.2')).toHaveProperty('giveBack');
  clock.advance(44_500);
  exhaust(attempts, '10.0.0.1');
});

test('a success gives its attempt back', () => {
  const attempts = createFailedAttempts(manualClock(0), limits);
  for (let i = 0; i < 10; i += 1) {
    const taken = attempts.take('10.0.0.1');
    if (!('giveBack' in taken)) throw new Error('refused');
    taken.giveBack();
  }
});

test('a /64 counts as one address, a mapped IPv4 address as itself', () => {
  const attempts = createFailedAttempts(manualClock(0), limits);
  exhaust(attempts, '2001:db8:1:2::1');
  expect(attempts.take('2001:db8:1:2:ffff::9')).toHaveProperty('retryAfterSeconds');
  expect(attempts.take('::ffff:10.0.0.1')).toHaveProperty('giveBack');
});

test('the memory is bounded', () => {
  const attempts = createFailedAttempts(manualClock(0), limits);
  exhaust(attempts, '10.0.0.1');
  attempts.take('10.0.0.2');
  attempts.take('10.0.0.3');
  expect(attempts.take('10.0.0.1')).toHaveProperty('giveBack');
});
