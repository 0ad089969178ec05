import { expect, test } from 'vitest';
import { costApart } from './cost-apart.ts';
import { makeBatches } from './real-batches.ts';

test('batches are whole blocks of applied commands, burns among them', async () => {
  const batches = await makeBatches(2, 40, 1);
  expect(batches.map(({ block }) => block.written.length)).toEqual([40, 40]);
  const answers = batches.flatMap((batch) => batch.answers);
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set(['applied']));
  expect(new Set(answers.map((answer) => answer.transaction?.kind))).toEqual(
    new Set(['issue', 'burn']),
  );
  expect(answers[40]?.receipt).toMatchObject({ block: batches[1]?.block.head.block, position: 0 });
});

test('the leaves that are timed are those of the blocks', async () => {
  const { receipt, leaf } = await costApart(1, 1);
  expect([receipt, leaf].every(Number.isFinite)).toBe(true);
});
