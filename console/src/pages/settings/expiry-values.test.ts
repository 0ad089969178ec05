import { expect, test } from 'vitest';
import type { ExpiryPolicy } from './expiry-shown.ts';
import { fieldsOf, policyOf } from './expiry-values.ts';

test('a policy survives its form', () => {
  const policies: ExpiryPolicy[] = [
    { kind: 'none' },
    { kind: 'rolling', days: 90 },
    { kind: 'rolling', years: 2 },
    { kind: 'end_of', period: 'quarter', after: 0 },
    { kind: 'fixed', date: '2027-12-31' },
    { kind: 'sliding', months: 12 },
  ];
  for (const policy of policies) {
    const fields = fieldsOf(policy);
    expect(fields && policyOf(fields)).toEqual(policy);
  }
});

test('a policy that the form cannot say is not changed by it', () => {
  expect(fieldsOf({ kind: 'rolling', years: 1, months: 6 })).toBeUndefined();
});
