import { expect, test } from 'vitest';
import { MERCHANT_SCOPES, PLATFORM_SCOPES } from '../keys/api-key.ts';
import { SCOPES, type Scope } from '../platform/web/auth.ts';
import {
  ADMINISTRATORS,
  isRoleAt,
  needsSecondFactor,
  type Reach,
  ROLE_NAMES,
  ROLES,
  scopesOf,
} from './role.ts';

const REACHES: readonly Reach[] = ['platform', 'programme', 'merchant'];
/** Every role where it can be held. */
const HELD = ROLE_NAMES.flatMap((role) =>
  REACHES.filter((reach) => isRoleAt(role, reach)).map((reach) => ({ role, reach })),
);

/** Beyond what keys can have. */
const KEYS: readonly Scope[] = ['keys:write', 'keys:read'];

test('a role has no scope that an API key of its reach could not have, but for giving such keys', () => {
  for (const { role, reach } of HELD) {
    for (const scope of scopesOf(role, reach)) {
      if (KEYS.includes(scope)) continue;
      if (reach === 'merchant') expect(MERCHANT_SCOPES, `${role} ${scope}`).toContain(scope);
      if (reach === 'programme') expect(PLATFORM_SCOPES, `${role} ${scope}`).not.toContain(scope);
    }
  }
  // Nothing is lost by that for who works at a merchant: what their role says is what they get.
  for (const role of ROLE_NAMES)
    if (isRoleAt(role, 'merchant'))
      expect(scopesOf(role, 'merchant').filter((each) => !KEYS.includes(each))).toEqual([
        ...ROLES[role].scopes,
      ]);
});

test('no role names a scope twice', () => {
  for (const role of ROLE_NAMES) {
    const scopes: readonly Scope[] = ROLES[role].scopes;
    expect([...new Set(scopes)], role).toEqual([...scopes]);
  }
});

test('administrators have nothing in common that they could act by, and reach no points', () => {
  const writes = (role: (typeof ADMINISTRATORS)[number]): Scope[] =>
    scopesOf(role, 'platform').filter((scope) => !scope.endsWith(':read'));
  for (const one of ADMINISTRATORS) {
    for (const other of ADMINISTRATORS) {
      if (one === other) continue;
      const shared = writes(one).filter((scope) => writes(other).includes(scope));
      expect(shared, `${one} and ${other}`).toEqual([]);
    }
    for (const scope of scopesOf(one, 'platform'))
      expect(scope).toMatch(/^(staff|keys|security|audit|programmes|merchants):/);
  }
  expect(scopesOf('audit_admin', 'platform')).toEqual(['audit:read']);
});

test('what administrators do, nobody else does for the platform', () => {
  const own: readonly Scope[] = ['staff:write', 'keys:write', 'security:write'];
  for (const { role, reach } of HELD) {
    if (ADMINISTRATORS.includes(role) || reach !== 'platform') continue;
    expect(
      scopesOf(role, reach).filter((scope) => own.includes(scope) || scope === 'audit:read'),
      role,
    ).toEqual([]);
  }
});

test('keys are given by whoever answers for the place they are for', () => {
  const given = HELD.filter(({ role, reach }) => scopesOf(role, reach).includes('keys:write'));
  expect(given).toEqual([
    { role: 'security_admin', reach: 'platform' },
    { role: 'operator', reach: 'programme' },
    { role: 'merchant_manager', reach: 'merchant' },
  ]);
  for (const scope of KEYS) {
    expect(MERCHANT_SCOPES).not.toContain(scope);
    expect(PLATFORM_SCOPES).toContain(scope);
  }
});

test('who only looks, writes nothing', () => {
  for (const role of ['regulator', 'assessor'] as const)
    expect(scopesOf(role, 'platform').every((scope) => scope.endsWith(':read'))).toBe(true);
  const assessor = scopesOf('assessor', 'platform');
  expect(assessor).not.toContain('members:read');
  const regulator = scopesOf('regulator', 'platform');
  expect(assessor.filter((scope) => !regulator.includes(scope))).toEqual([]);
});

test('a manager gives away no right that they lack', () => {
  const manager = scopesOf('merchant_manager', 'merchant');
  for (const role of ['merchant_cashier', 'merchant_finance'] as const)
    expect(scopesOf(role, 'merchant').filter((scope) => !manager.includes(scope))).toEqual([]);
});

test('whoever may do the most harm needs a second factor', () => {
  for (const role of ADMINISTRATORS) expect(needsSecondFactor(role, 'platform')).toBe(true);
  expect(needsSecondFactor('operator', 'platform')).toBe(true);
  expect(needsSecondFactor('finance', 'platform')).toBe(true);
  expect(needsSecondFactor('merchant_cashier', 'merchant')).toBe(false);
});

test('a role is held where it makes sense alone', () => {
  expect(isRoleAt('operator', 'merchant')).toBe(false);
  expect(isRoleAt('merchant_manager', 'platform')).toBe(false);
  expect(isRoleAt('system_admin', 'programme')).toBe(false);
  // Every scope that is named exists; the compiler knows, a database does not.
  for (const { role, reach } of HELD)
    for (const scope of scopesOf(role, reach)) expect(SCOPES).toHaveProperty([scope]);
});
