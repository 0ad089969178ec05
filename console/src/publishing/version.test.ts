import { expect, test } from 'vitest';
import { seasonOf } from './version.ts';

const TODAY = '2026-03-01';

test.each([
  ['no days at all', undefined, undefined],
  ['an empty list', [], undefined],
  ['all are over', [{ from: '2025-06-01', to: '2025-08-31' }, { to: '2026-02-28' }], 'over'],
  ['the last day is today', [{ from: '2026-02-01', to: '2026-03-01' }], undefined],
  ['all are to come', [{ from: '2026-03-02', to: '2026-03-09' }, { from: '2027-01-01' }], 'ahead'],
  ['the first day is today', [{ from: '2026-03-01' }], undefined],
  ['between two of them', [{ to: '2026-01-31' }, { from: '2026-06-01' }], undefined],
  ['open at its end', [{ from: '2025-01-01' }], undefined],
])('%s', (_, days, season) => expect(seasonOf(days, TODAY)).toBe(season));
