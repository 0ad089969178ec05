import { expect, test } from 'vitest';
import { explain, explanationWords } from './explain.ts';

test('points are said with the decimals of their type, also in how they came to be', () => {
  const rule = {
    ...{ ruleVersionId: 'rver_1', code: 'grain', name: 'Grain' },
    ...{ fired: true, points: 1_250, failed: null, wanted: null, found: null },
    steps: [{ code: 'rounded_down', facts: { points: 1_250 } }],
  };
  const awards = [
    {
      ...{ ruleVersionId: 'rver_1', pointType: 'grains' },
      ...{ asked: 1_250, granted: 1_000, reason: 'limit_reached' },
    },
  ];
  const say = explanationWords('en');
  const whyOf = (scaleOf?: (pointType: string) => number) =>
    explain({ rules: [rule], awards }, say, scaleOf).rules[0]?.why;
  expect(whyOf((code) => (code === 'grains' ? 2 : 0))).toMatch(/12\.50.*10\.00/);
  expect(whyOf()).toMatch(/1,250.*1,000/);
});
