import { expect, test } from 'vitest';
import { undisturbed } from './undisturbed.ts';

function runs(...otherCores: (number | undefined)[]) {
  let count = 0;
  return {
    count: () => count,
    run: async () => {
      count += 1;
      return { otherCores: otherCores[count - 1], nth: count };
    },
  };
}
const say = (): void => undefined;

test('a disturbed run is repeated until one is not', async () => {
  const { run, count } = runs(1.5, 0.9, 0.1, 0);
  expect(await undisturbed({ patience: 5, say })(run)).toMatchObject({ nth: 3 });
  expect(count()).toBe(3);
});

test('patience ends, and then the last one counts', async () => {
  const { run, count } = runs(2, 2, 2, 2);
  expect(await undisturbed({ patience: 2, say })(run)).toMatchObject({ nth: 3, otherCores: 2 });
  expect(count()).toBe(3);
});

test('where the system does not tell, one run is enough', async () => {
  const { run, count } = runs(undefined);
  await undisturbed({ patience: 3, say })(run);
  expect(count()).toBe(1);
});
