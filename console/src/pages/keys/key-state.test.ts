import { expect, test } from 'vitest';
import { type ApiKey, stateOf } from './key-state.ts';

const NOW = Date.parse('2027-03-01T00:00:00Z');
const key = (more: Partial<ApiKey>): ApiKey => ({
  ...{ id: 'key_1', name: 'till', scopes: [], merchantId: null, programme: null, root: false },
  ...{ createdAt: '2027-01-01T00:00:00Z', revokedAt: null, expiresAt: null, rotatedAt: null },
  ...{ previousUntil: null, lastUsedAt: null },
  ...more,
});

test('a key is active until it ends or is revoked, and says while two secrets work', () => {
  expect(stateOf(key({}), NOW)).toBe('active');
  expect(stateOf(key({ expiresAt: '2027-03-01T00:00:00.001Z' }), NOW)).toBe('active');
  expect(stateOf(key({ expiresAt: '2027-03-01T00:00:00Z' }), NOW)).toBe('expired');
  expect(stateOf(key({ previousUntil: '2027-03-02T00:00:00Z' }), NOW)).toBe('changing');
  expect(stateOf(key({ previousUntil: '2027-03-01T00:00:00Z' }), NOW)).toBe('active');
  const revokedAt = '2027-02-01T00:00:00Z';
  expect(stateOf(key({ revokedAt, expiresAt: '2027-01-01T00:00:00Z' }), NOW)).toBe('revoked');
});
