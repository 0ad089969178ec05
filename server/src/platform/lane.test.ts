import { expect, it } from 'vitest';
import { createLane, LaneFull } from './lane.ts';

/** A lane whose batches the test answers by hand, in the order in which they left. */
function laneOf(maxBatch: number, maxQueue = 100) {
  const batches: { items: readonly string[]; answer: (error?: Error) => Promise<void> }[] = [];
  const lane = createLane<string, string>({
    maxBatch,
    maxQueue,
    run: (items) =>
      new Promise((resolve, reject) => {
        const answer = async (error?: Error): Promise<void> => {
          if (error === undefined)
            resolve(items.map((item) => (item === 'bad' ? new Error('bad') : `${item}!`)));
          else reject(error);
          await turn();
        };
        batches.push({ items, answer });
      }),
  });
  return { lane, batches };
}

/** Until everything that can go on has gone on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const outcome = (answers: Promise<unknown>): Promise<unknown> =>
  answers.catch((error: Error) => error.message);

it('gathers while a batch is in flight, and answers in order', async () => {
  const { lane, batches } = laneOf(3);
  const first = lane.push('a');
  await turn();
  const rest = lane.pushAll(['b', 'c', 'd', 'e']);
  expect(lane.depth).toBe(5);
  await batches[0]?.answer();
  await batches[1]?.answer();
  await batches[2]?.answer();
  expect(batches.map(({ items }) => items)).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  expect([await first, await rest]).toEqual(['a!', ['b!', 'c!', 'd!', 'e!']]);
  expect(lane.depth).toBe(0);
});

it('does nothing more of what came in together once a batch of it failed, and goes on with the others', async () => {
  const { lane, batches } = laneOf(2);
  const together = outcome(lane.pushAll(['a', 'b', 'c', 'd', 'e']));
  const other = lane.push('x');
  await turn();
  await batches[0]?.answer();
  await batches[1]?.answer(new Error('unavailable'));
  expect(await together).toBe('unavailable');
  await batches[2]?.answer();
  expect(await other).toBe('x!');
  expect(batches.map(({ items }) => items)).toEqual([['a', 'b'], ['c', 'd'], ['x']]);
});

it('nor once one item of it failed; those of its batch are done', async () => {
  const { lane, batches } = laneOf(2);
  const before = lane.push('x');
  const together = outcome(lane.pushAll(['bad', 'b', 'c']));
  const after = lane.pushAll(['y', 'z']);
  await turn();
  await batches[0]?.answer();
  expect([await before, await together]).toEqual(['x!', 'bad']);
  await batches[1]?.answer();
  expect(await after).toEqual(['y!', 'z!']);
  expect(batches.map(({ items }) => items)).toEqual([
    ['x', 'bad'],
    ['y', 'z'],
  ]);
  await lane.drain();
});

it('ends when all that waited was of what failed', async () => {
  const { lane, batches } = laneOf(1);
  const together = outcome(lane.pushAll(['a', 'b']));
  await turn();
  const drained = lane.drain();
  await batches[0]?.answer(new Error('unavailable'));
  await drained;
  expect([await together, lane.depth, batches.length]).toEqual(['unavailable', 0, 1]);
});

it('takes all of what comes in together or none', async () => {
  const { lane, batches } = laneOf(10, 3);
  await expect(lane.pushAll(['a', 'b', 'c', 'd'])).rejects.toThrow(LaneFull);
  const answers = lane.pushAll(['a', 'b', 'c']);
  await turn();
  await batches[0]?.answer();
  expect(await answers).toEqual(['a!', 'b!', 'c!']);
});
