import { expect, it } from 'vitest';
import { eachAlone, finishLeftovers, type Leftovers } from './leftovers.ts';

/** Numbers that wait; those of `stuck` never end, those of `broken` throw, and with them whatever is finished beside them. */
function numbers(count: number, { stuck = [0], broken = [0] } = {}) {
  const waiting = new Set(Array.from({ length: count }, (_, index) => index + 1));
  const looks: number[] = [];
  const leftovers: Leftovers<number> = {
    async read(before, after, limit) {
      return [...waiting].filter((each) => each < before && each > (after ?? 0)).slice(0, limit);
    },
    async finish(list) {
      looks.push(list.length);
      if (list.some((each) => broken.includes(each))) throw new Error(`broken ${list.join()}`);
      const ended = list.filter((each) => !stuck.includes(each));
      for (const each of ended) waiting.delete(each);
      return ended.length;
    },
  };
  return { leftovers, waiting, looks };
}

const upTo = (max: number) => Array.from({ length: max }, (_, index) => index + 1);

it('finishes everything that waits since before a time, page by page', async () => {
  const { leftovers, waiting, looks } = numbers(25);
  expect(await finishLeftovers(leftovers, 21, 10)).toBe(20);
  expect([...waiting]).toEqual([21, 22, 23, 24, 25]);
  expect(looks).toEqual([10, 10]);
});

it('gets behind pages of what cannot end, and looks at each once', async () => {
  const { leftovers, waiting, looks } = numbers(35, { stuck: upTo(30) });
  expect(await finishLeftovers(leftovers, 100, 10)).toBe(5);
  expect(waiting.size).toBe(30);
  expect(looks).toEqual([10, 10, 10, 5]);
});

it('finishes what stands beside and behind what fails, and tells of it', async () => {
  const { leftovers, waiting } = numbers(25, { broken: [3, 4, 17] });
  const failure = await finishLeftovers(leftovers, 100, 10).catch((error) => error);
  expect(failure).toBeInstanceOf(AggregateError);
  expect(failure.message).toContain('3 of what was left behind');
  expect(failure.errors.map(({ message }: Error) => message)).toEqual([
    'broken 3',
    'broken 4',
    'broken 17',
  ]);
  expect([...waiting]).toEqual([3, 4, 17]);
});

it('tells of a few failures where all fail alike, and still looks at all', async () => {
  const { leftovers, looks } = numbers(40, { broken: upTo(40) });
  const failure = await finishLeftovers(leftovers, 100, 20).catch((error) => error);
  expect(failure.errors).toHaveLength(10);
  expect(looks.filter((size) => size === 1)).toHaveLength(40);
});

it('fails at once where it cannot be read what waits', async () => {
  const { leftovers } = numbers(25);
  const read = () => Promise.reject(new Error('no database'));
  await expect(finishLeftovers({ ...leftovers, read }, 100)).rejects.toThrow('no database');
});

it('does each by itself, in order, and tells at the end what failed', async () => {
  const seen: number[] = [];
  const work = async (each: number): Promise<number> => {
    seen.push(each);
    if (each % 2 === 0) throw new Error(`broken ${each}`);
    return each;
  };
  expect(await eachAlone([1, 3], work, 'not all')).toBe(4);
  const failure = await eachAlone([1, 2, 3, 4], work, 'not all').catch((error) => error);
  expect(failure).toMatchObject({ message: 'not all' });
  expect(failure.errors.map(({ message }: Error) => message)).toEqual(['broken 2', 'broken 4']);
  expect(seen).toEqual([1, 3, 1, 2, 3, 4]);
});
