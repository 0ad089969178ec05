import { expect, test } from 'vitest';
import { mostHeld, partOf, passesFor } from './passes.ts';
import type { Invoice, Survey } from './survey.ts';

const invoice = (
  customer: string,
  firstPlace: number,
  lastPlace: number,
  lines: number,
): Invoice => ({
  kind: 'sale',
  customer,
  at: 0,
  firstPlace,
  lastPlace,
  lines,
  netFen: 0,
});

test('invoices that stand together hold back no more than the largest', () => {
  expect(mostHeld([invoice('a', 1, 3, 3), invoice('b', 4, 4, 1), invoice('a', 5, 9, 5)])).toBe(5);
});

test('scattered invoices add up, and so do those that wait behind one of their customer', () => {
  expect(mostHeld([invoice('a', 1, 9, 2), invoice('b', 2, 10, 3), invoice('c', 3, 3, 1)])).toBe(6);
  expect(
    mostHeld([
      invoice('a', 1, 100, 2),
      invoice('a', 2, 2, 1),
      invoice('a', 3, 3, 1),
      invoice('b', 4, 4, 1),
    ]),
  ).toBe(5);
});

test('customers are divided evenly, and each always to the same part', () => {
  const counts = [0, 0, 0, 0];
  for (let customer = 12346; customer < 16346; customer += 1) {
    const part = partOf(String(customer), 4);
    expect(partOf(String(customer), 4)).toBe(part);
    counts[part] = (counts[part] ?? 0) + 1;
  }
  for (const count of counts) expect(count).toBeGreaterThan(800);
  expect(partOf('x', 1)).toBe(0);
});

test('as many passes as it takes', () => {
  const invoices = new Map(
    [1, 2, 3].map((place) => [`${place}`, invoice(`${place}`, place, 9, 4)]),
  );
  const survey = { invoices } as unknown as Survey;
  expect(passesFor(survey, 12)).toBe(1);
  expect(passesFor(survey, 11)).toBe(2);
  expect(passesFor(survey, 5)).toBe(3);
});
