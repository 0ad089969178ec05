import { expect, test } from 'vitest';
import { fieldOfProblem } from './field-of-problem.ts';

test.each([
  ['/body/name', 'name'],
  ['/body/earn/points', 'points'],
  ['/body/earn/perFen', 'perYuan'],
  ['/body/earn/num', 'times'],
  ['/body/earn/kind', 'earn'],
  ['/body/when/stores/1', 'stores'],
  ['/body/when/dates/from', 'dates'],
  ['/body/when/hours/to', 'hoursTo'],
  ['/body/when/orderFen/max', 'orderMaxYuan'],
  ['/body/when/lines/categories/0', 'categories'],
  ['/body/when/lines/minFen', 'linesMinYuan'],
  ['/body/when/member/tiers/0', 'tiers'],
  ['/body/when/expression', 'expression'],
  ['/body/terms/pointType', 'pointType'],
  ['/body/terms/expiry/date', 'expiryDate'],
  ['/body/terms/available', 'onCompletion'],
  ['/body/group', 'group'],
])('%s is told in %s', (pointer, field) => expect(fieldOfProblem(pointer)).toBe(field));

test('what is wrong within a list is told there', () => {
  expect(fieldOfProblem('/body/terms/caps/1/points')).toEqual(['caps', 1, 'points']);
  expect(fieldOfProblem('/body/terms/caps/0')).toEqual(['caps', 0, 'points']);
  expect(fieldOfProblem('/body/terms/funders/2/merchant')).toEqual(['funders', 2, 'merchant']);
});

test('what no field has is told above the form', () => {
  expect(fieldOfProblem('/body/terms')).toBeUndefined();
  expect(fieldOfProblem('/code')).toBeUndefined();
});
