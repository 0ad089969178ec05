import { NoAnswerError, ProblemError } from '@hongmi/sdk';
import { expect, test } from 'vitest';
import { createWriteKey, type WriteKey } from './write-key.ts';

const refusal = (status: number, code: string): ProblemError =>
  new ProblemError({ type: '', title: '', detail: '', status, code }, null);
function counted(): WriteKey {
  let made = 0;
  return createWriteKey(() => {
    made += 1;
    return `key ${made}`;
  });
}

test('what nobody knows the end of is asked for again as the same request', () => {
  for (const error of [
    new NoAnswerError('/v1/redemptions', 6, new Error('lost')),
    refusal(503, 'unavailable'),
    refusal(500, 'internal'),
    refusal(401, 'session_ended'),
  ]) {
    const key = counted();
    expect(key.of({ quantity: 1 })).toBe('key 1');
    key.ended({ quantity: 1 }, error);
    expect(key.of({ quantity: 1 })).toBe('key 1');
  }
});

test('after an answer, made or refused, the same is a new request', () => {
  const key = counted();
  key.of(undefined);
  key.ended(undefined, refusal(409, 'insufficient_points'));
  expect(key.of(undefined)).toBe('key 2');
  key.ended(undefined);
  expect(key.of(undefined)).toBe('key 3');
});

test('something else is another request, and keeps its key when the first one ends', () => {
  const key = counted();
  key.of({ quantity: 1 });
  expect(key.of({ quantity: 2 })).toBe('key 2');
  key.ended({ quantity: 1 });
  expect(key.of({ quantity: 2 })).toBe('key 2');
});
