import { expect, test } from 'vitest';
import { normalisePhone } from './phone.ts';

test('mainland and international numbers become E.164', () => {
  const mainland = [
    '13800138000',
    '138 0013 8000',
    '138-0013-8000',
    '+8613800138000',
    '008613800138000',
    '１３８００１３８０００',
  ];
  for (const written of mainland) expect(normalisePhone(written), written).toBe('+8613800138000');
  expect(normalisePhone('+852 5123 4567')).toBe('+85251234567');
  expect(normalisePhone('+1 (415) 555-2671')).toBe('+14155552671');
  expect(normalisePhone('+86 10 6552 9988')).toBe('+861065529988');
});

test('what is no number is refused', () => {
  const wrong = [
    '',
    '12345',
    '12800138000',
    '1380013800',
    '138001380000',
    '+0123456789',
    '+86123',
    'abc',
    '+1 415 CALL',
    '1380013800O',
  ];
  for (const written of wrong) expect(normalisePhone(written), written).toBeUndefined();
});
