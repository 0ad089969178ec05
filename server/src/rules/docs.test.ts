import { readFileSync } from 'node:fs';
import { Check } from 'typebox/value';
import { expect, test } from 'vitest';
import { RuleBodySchema, type RuleBodyTold, readBody } from './body-schema.ts';
import { compileRules } from './compile.ts';
import { explain } from './explain.ts';
import { problemOfExpression } from './expression.ts';
import { problemsOfBody } from './problems.ts';
import { at, line, order, SHOP, version } from './testing/told.ts';

const known = {
  merchant: SHOP,
  pointTypes: new Set(['points']),
  stores: new Set<string>(),
  merchants: new Set<never>(),
  budgets: new Map<never, string>(),
  tiers: null,
};

test.each(['rules.md', 'rules.zh-CN.md'])('the melon season of docs/%s is as it says', (name) => {
  const text = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
  const blocks = (language: string): string[] =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(
      (match) => match[1] ?? '',
    );
  const [told, tuesday, saturday] = blocks('json').map((block) => JSON.parse(block) as unknown);
  expect(Check(RuleBodySchema, told)).toBe(true);
  const body = readBody(told as RuleBodyTold);
  expect(problemsOfBody(body, known)).toEqual([]);
  const book = compileRules([version(body, { merchant: SHOP })]);
  const basket = [line(3150, { category: 'melon' }), line(990, { category: 'bread' })];
  const outcomes = (instant: string): unknown[] =>
    explain(book, order(basket, { at: at(instant) })).map(({ version: _, ...outcome }) => outcome);
  expect(outcomes('2027-06-01T04:00:00Z')).toEqual(tuesday);
  expect(outcomes('2027-06-05T04:00:00Z')[1]).toEqual(saturday);
  const [expression = ''] = blocks('cel');
  expect(problemOfExpression(expression)).toBeNull();
});
