import { expect, it } from 'vitest';
import { type JobsOptions, settle } from './run-jobs.ts';

it('one kind that cannot be settled keeps no other from its turn, and is told of', async () => {
  const trouble = new Error('an order that the ledger chokes on');
  const turns: string[] = [];
  const resumes = [
    async () => {
      turns.push('orders');
      throw trouble;
    },
    async () => {
      turns.push('birthdays');
      return 3;
    },
  ];
  const failure = await settle({ clock: { now: () => 0 }, resumes } as unknown as JobsOptions).then(
    () => undefined,
    (error: AggregateError) => error.errors,
  );
  expect(failure).toEqual([trouble]);
  expect(turns).toEqual(['orders', 'birthdays']);
});
