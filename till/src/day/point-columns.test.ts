import { expect, it } from 'vitest';
import type { Entry, Points } from '../queue/entry.ts';
import { pointColumns } from './point-columns.ts';

const TYPES = { points: { name: '积分', scale: 0 }, grains: { name: '米粒', scale: 2 } };
const booked = (points: Points) => ({ state: 'booked', booked: { points } }) as Entry;
const WAITING = { state: 'waiting' } as Entry;

it('has a column for each type that moved, with its decimals, and always one for the usual type', () => {
  const entries = [booked({ points: 38, grains: 1_250 }), booked({ grains: -5 }), WAITING];
  const table = pointColumns(entries, TYPES).map(({ name, cell }) => [name, ...entries.map(cell)]);
  expect(table).toEqual([
    ['积分', 38, 0, null],
    ['米粒', 12.5, -0.05, null],
  ]);
  expect(pointColumns([WAITING], TYPES).map(({ name }) => name)).toEqual(['积分']);
});
