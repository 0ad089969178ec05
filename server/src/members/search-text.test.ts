import { expect, test } from 'vitest';
import { newId, showId } from '../kernel/id.ts';
import { readSought } from './search-text.ts';

const nothing = { id: null, phone: null, lastFour: null, name: null };

test.each([
  ['8000', { lastFour: '8000' }],
  ['８０００', { lastFour: '8000' }],
  ['13800138000', { phone: '+8613800138000' }],
  ['+86 138-0013-8000', { phone: '+8613800138000' }],
  ['138001', {}],
  ['王 小明', { name: '王小明' }],
  ['C-1042', { name: 'c-1042' }],
  ['李4', { name: '李4' }],
  ['·', {}],
  [`${'长'.repeat(61)}`, {}],
])('%s', (typed, meant) => {
  expect(readSought(typed)).toEqual({ ...nothing, externalId: typed, ...meant });
});

test('an id is no name', () => {
  const id = newId(1_700_000_000_000);
  const typed = ` ${showId('member', id).toUpperCase()} `;
  expect(readSought(typed)).toEqual({ ...nothing, id, externalId: typed.trim() });
});
