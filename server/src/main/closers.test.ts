import { expect, test } from 'vitest';
import { createClosers } from './closers.ts';

test('what was started last is stopped first, whatever fails or hangs on the way', async () => {
  const closed: string[] = [];
  const failed: string[] = [];
  const closers = createClosers(20);
  closers.add('database', () => closed.push('database'));
  closers.add('jobs', () => new Promise(() => {}));
  closers.add('ledger', async () => {
    closed.push('ledger');
    throw new Error('stuck');
  });
  closers.add('api', async () => closed.push('api'));
  const onError = (name: string): void => void failed.push(name);
  await Promise.all([closers.close(onError), closers.close(onError)]);
  expect(closed).toEqual(['api', 'ledger', 'database']);
  expect(failed).toEqual(['ledger', 'jobs']);
});
