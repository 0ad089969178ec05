import { expect, it } from 'vitest';
import { type Due, finishDue } from './due.ts';

/** Numbers that are due; those of `others` are somebody else's, those of `broken` throw, and with them whatever is beside them. */
function numbers(count: number, { others = [0], broken = [0] } = {}) {
  const waiting = new Set(Array.from({ length: count }, (_, index) => index + 1));
  const reads: number[] = [];
  const due: Due<number> = {
    async read(but, limit) {
      const page = [...waiting].filter((each) => !but.includes(each)).slice(0, limit);
      reads.push(page.length);
      return page;
    },
    async finish(list) {
      if (list.some((each) => broken.includes(each))) throw new Error(`broken ${list.join()}`);
      const done = list.filter((each) => !others.includes(each));
      for (const each of done) waiting.delete(each);
      return done;
    },
  };
  return { due, waiting, reads };
}

const upTo = (max: number) => Array.from({ length: max }, (_, index) => index + 1);

it('finishes everything that is due, page by page', async () => {
  const { due, waiting, reads } = numbers(25);
  expect(await finishDue(due, 10)).toBe(25);
  expect(waiting.size).toBe(0);
  expect(reads).toEqual([10, 10, 5, 0]);
});

it('gets behind pages of what somebody else is at, and looks at each once', async () => {
  const { due, waiting, reads } = numbers(35, { others: upTo(30) });
  expect(await finishDue(due, 10)).toBe(5);
  expect(waiting.size).toBe(30);
  expect(reads).toEqual([10, 10, 10, 5, 0]);
});

it('finishes what stands beside and behind pages of what fails, and tells of it', async () => {
  const broken = upTo(21);
  const { due, waiting } = numbers(40, { broken });
  const failure = await finishDue(due, 10).catch((error) => error);
  expect(failure).toBeInstanceOf(AggregateError);
  expect(failure.message).toContain('21 of');
  expect([...waiting]).toEqual(broken);
});

it('fails at once where it cannot be read what is due', async () => {
  const { due } = numbers(25);
  const read = () => Promise.reject(new Error('no database'));
  await expect(finishDue({ ...due, read })).rejects.toThrow('no database');
});
