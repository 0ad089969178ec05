import { expect, test } from 'vitest';
import { readOptions } from './options.ts';
import { BENCHMARKS } from './outcome.ts';

test('nothing named is everything, in the order of the document', () => {
  expect(readOptions([])).toMatchObject({
    benchmarks: [...BENCHMARKS],
    seconds: 10,
    save: false,
  });
  expect(readOptions(['reads', 'bulk', '--seconds', '3', '--rounds', '1'])).toMatchObject({
    benchmarks: ['bulk', 'reads'],
    seconds: 3,
    rounds: 1,
  });
});

test('the members and entries named are those of the large ledger', () => {
  expect(readOptions([])).toMatchObject({
    members: 100_000,
    large: { members: 1_000_000, entries: 5_000_000 },
  });
  expect(readOptions(['scale', '--members', '10000000', '--entries', '50000000'])).toMatchObject({
    large: { members: 10_000_000, entries: 50_000_000 },
  });
});

test.each([
  [['fast'], 'there is no benchmark fast'],
  [['bulk', '--seconds', '0'], '--seconds must be'],
  [['bulk', '--rounds', 'two'], '--rounds must be'],
  [['scale', '--entries', '999999'], '--entries must be'],
  [['--what'], '--what'],
])('%j is told what is wrong', (given, complaint) => {
  expect(readOptions(given)).toContain(complaint);
});
