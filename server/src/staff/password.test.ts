import { expect, test } from 'vitest';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import { weaknessOf } from './password.ts';

const WHO = ['wang.xiaoman@hongmi-shop.cn', 'Wang Xiaoman'];

test.each([
  'short',
  'x'.repeat(129),
  'aaaaaaaaaaaa',
  'abababababab',
  '1234567890',
  '0987654321',
  'abcdefghij',
  'Password2026',
  'P@ssw0rd!!2026',
  'iloveyou5201314',
  'woaini1314520',
  'qwertyuiop',
  'xiaoman2026',
  'Wang.Xiaoman1',
  'hongmi-shop-1',
])('%s is too easily guessed', (password) => {
  expect(weaknessOf(password, WHO)?.code).toBe('password_weak');
});

test.each([
  'a long and quiet sentence',
  '安静的长句子也可以当密码',
  'kt7-Vq2!mZ',
  'xiaoman likes rivers',
  'x7x7gate lamp moon',
])('%s is not', (password) => {
  expect(weaknessOf(password, WHO)).toBeNull();
});

test('what everybody tries first is compared as it is written there', () => {
  for (const each of COMMON_PASSWORDS) expect(each).toBe(each.toLowerCase());
  expect(COMMON_PASSWORDS.size).toBeGreaterThan(250);
});
