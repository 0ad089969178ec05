import { expect, test } from 'vitest';
import { whoseOf } from './audited.ts';

test('writes of tills are written down when a person makes them, all others always', () => {
  const write = (...scopes: string[]) =>
    whoseOf({ method: 'POST', config: { scopes: scopes as never } });
  expect(write('points:write')).toBe('persons');
  expect(write('orders:write')).toBe('persons');
  expect(write('points:write', 'points:adjust')).toBe('all');
  expect(write('rules:publish')).toBe('all');
  expect(write()).toBe('persons');
});

test('reads are not, but where a route says so; nor is what nobody signed in for', () => {
  const read = { method: 'GET', config: { scopes: ['members:read'] } } as const;
  expect(whoseOf(read)).toBe('nobody');
  expect(whoseOf({ ...read, config: { ...read.config, audited: true } })).toBe('all');
  expect(whoseOf({ method: 'POST', config: { scopes: 'public' } })).toBe('nobody');
  expect(whoseOf({ method: 'POST', config: { scopes: 'member' } })).toBe('nobody');
});
