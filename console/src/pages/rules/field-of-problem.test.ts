import { expect, test } from 'vitest';
import { fieldOfProblem } from './field-of-problem.ts';

test.each([
  ['/name', 'name'],
  ['/earn/points', 'points'],
  ['/earn/perFen', 'perYuan'],
  ['/earn/num', 'times'],
  ['/earn/kind', 'earn'],
  ['/when/stores/1', 'stores'],
  ['/when/dates/from', 'dates'],
  ['/when/hours/to', 'hoursTo'],
  ['/when/orderFen/max', 'orderMaxYuan'],
  ['/when/lines/categories/0', 'categories'],
  ['/when/lines/minFen', 'linesMinYuan'],
  ['/when/member/tiers/0', 'tiers'],
  ['/when/expression', 'expression'],
  ['/terms/pointType', 'pointType'],
  ['/terms/expiry/date', 'expiryDate'],
  ['/terms/available', 'onCompletion'],
  ['/group', 'group'],
])('%s is told in %s', (pointer, field) => expect(fieldOfProblem(pointer)).toBe(field));

test('what is wrong within a list is told there', () => {
  expect(fieldOfProblem('/terms/caps/1/points')).toEqual(['caps', 1, 'points']);
  expect(fieldOfProblem('/terms/caps/0')).toEqual(['caps', 0, 'points']);
  expect(fieldOfProblem('/terms/funders/2/merchant')).toEqual(['funders', 2, 'merchant']);
});

test('what no field has is told above the form', () => {
  expect(fieldOfProblem('/terms')).toBeUndefined();
  expect(fieldOfProblem('/code')).toBeUndefined();
});
