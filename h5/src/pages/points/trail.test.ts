import { expect, test } from 'vitest';
import { changesOf, pageOf } from './trail.ts';

test('each step says by how much it changed what the lot holds', () => {
  const steps = [500, 500, 380, 380, 400, 0].map((remaining) => ({ remaining }));
  expect(changesOf(steps)).toEqual([500, 0, -120, 0, 20, -400]);
  expect(changesOf([])).toEqual([]);
});

test('a step leads to what it was about', () => {
  expect(pageOf({ orderId: 'ord_1' })).toBe('~/m/records/orders/ord_1');
  expect(pageOf({ activityId: 'act_1' })).toBe('~/m/records/activities/act_1');
  expect(pageOf({ redemptionId: 'rdm_1' })).toBe('~/m/redemptions/rdm_1');
  expect(pageOf({})).toBeUndefined();
});
