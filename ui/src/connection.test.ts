import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { probe } from './connection.ts';

let answers: ((answer: Response) => void)[];
beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
  vi.stubGlobal(
    'fetch',
    (_: string, { signal }: RequestInit) =>
      new Promise<Response>((resolve, reject) => {
        answers.push(resolve);
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('asks one question at a time, and gives up one that nobody answers', async () => {
  const stop = probe(() => {});
  await vi.advanceTimersByTimeAsync(8_000);
  expect(answers).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(8_000);
  expect(answers).toHaveLength(2);
  stop();
});

test('says once that the server is back, and nothing after it was stopped', async () => {
  const then = vi.fn();
  const stop = probe(then);
  await vi.advanceTimersByTimeAsync(2_000);
  answers[0]?.(new Response(null, { status: 503 }));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(then).not.toHaveBeenCalled();
  answers[1]?.(new Response());
  await vi.advanceTimersByTimeAsync(0);
  expect(then).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(2_000);
  stop();
  answers[2]?.(new Response());
  await vi.advanceTimersByTimeAsync(0);
  expect(then).toHaveBeenCalledTimes(1);
});
