import { describe, expect, test } from 'vitest';
import { createAssembly, type Item } from './assemble.ts';
import { layOut } from './header.ts';
import { judge } from './line.ts';
import { invoiceKey, startSurvey } from './survey.ts';
import { HEADER, mappingWith, row } from './testing/files.ts';

/** Reads rows twice as an import does; tells after which row each item was ready, as `row: invoice/part(lines)`. */
function assemble(rows: readonly string[]): string[] {
  const layout = layOut(HEADER.split(','), mappingWith());
  const lines = rows.map((text, index) => judge(text.split(','), index + 1, layout));
  const collecting = startSurvey();
  for (const line of lines) collecting.add(line);
  const survey = collecting.finish();
  const assembly = createAssembly();
  const out: string[] = [];
  for (const [index, line] of lines.entries()) {
    if ('reason' in line) throw new Error(line.reason);
    const invoice = survey.invoices.get(invoiceKey(line));
    if (invoice === undefined) throw new Error('surveyed');
    for (const item of assembly.add(line, index + 1, invoice))
      out.push(`${index + 1}: ${show(item)}`);
  }
  expect(assembly.held()).toBe(0);
  return out;
}

function show({ invoice, part, lines }: Item): string {
  return `${invoice}${part === 1 ? '' : `/${part}`}(${lines.map((line) => line.lineNo)})`;
}

const sale = (invoice: string, customer: string) => row(invoice, 'a', 1, '1', customer);
const back = (invoice: string, customer: string) => row(invoice, 'a', -1, '1', customer);

describe('createAssembly', () => {
  test('an order is ready when its last line was read, whatever stands between', () => {
    expect(
      assemble([sale('1', 'x'), sale('2', 'y'), sale('1', 'x'), sale('2', 'y'), sale('1', 'x')]),
    ).toEqual(['4: 2(2,4)', '5: 1(1,3,5)']);
  });

  test('a return waits for an order of its customer that began before it', () => {
    expect(assemble([sale('1', 'x'), back('C2', 'x'), back('C3', 'y'), sale('1', 'x')])).toEqual([
      '3: C3(3)',
      '4: 1(1,4)',
      '4: C2(2)',
    ]);
  });

  test('what began later waits too, so that nothing of a customer is out of order', () => {
    expect(
      assemble([sale('1', 'x'), sale('2', 'x'), back('C3', 'x'), sale('4', 'x'), sale('1', 'x')]),
    ).toEqual(['5: 1(1,5)', '5: 2(2)', '5: C3(3)', '5: 4(4)']);
  });

  test('a return is cut where another invoice of its customer begins between its lines', () => {
    expect(
      assemble([
        back('C1', 'x'),
        back('C1', 'x'),
        sale('2', 'x'),
        back('C1', 'x'),
        back('C1', 'x'),
      ]),
    ).toEqual(['3: C1(1,2)', '3: 2(3)', '5: C1/2(4,5)']);
    expect(assemble([back('C1', 'x'), back('C2', 'x'), back('C1', 'x'), back('C2', 'x')])).toEqual([
      '2: C1(1)',
      '3: C2(2)',
      '3: C1/2(3)',
      '4: C2/2(4)',
    ]);
  });

  test('a return is not cut by other customers, nor by an order that began before it', () => {
    expect(assemble([back('C1', 'x'), sale('2', 'y'), back('C1', 'x')])).toEqual([
      '2: 2(2)',
      '3: C1(1,3)',
    ]);
    expect(assemble([sale('1', 'x'), back('C2', 'x'), sale('1', 'x'), back('C2', 'x')])).toEqual([
      '3: 1(1,3)',
      '4: C2(2,4)',
    ]);
  });

  test('a long return is cut to what the server takes', () => {
    const items = assemble(Array.from({ length: 1001 }, () => back('C1', 'x')));
    expect(items).toHaveLength(2);
    expect(items[1]).toBe('1001: C1/2(1001)');
  });
});

describe('startSurvey', () => {
  test('rejects lines of another customer than the invoice, and orders that are too long', () => {
    const layout = layOut(HEADER.split(','), mappingWith());
    const collecting = startSurvey();
    const rows = [
      sale('1', 'x'),
      sale('1', 'y'),
      sale('1', ''),
      ...Array.from({ length: 1001 }, () => sale('2', 'z')),
      sale('3', 'y'),
    ];
    const lines = rows.map((text, index) => judge(text.split(','), index + 1, layout));
    for (const line of lines) collecting.add(line);
    const survey = collecting.finish();
    expect(Object.fromEntries(survey.rejected)).toEqual({
      customer_mismatch: 1,
      no_customer: 1,
      order_too_long: 1001,
    });
    expect(survey).toMatchObject({ lines: 1005, orders: 2 });
    expect([...survey.buyers]).toEqual(['x', 'y']);
    expect(survey.pointsAt({ points: 1, perFen: 100 })).toBe(2);
    const reasonOf = survey.reasons();
    const reasons = lines.map((line, index) => reasonOf(index + 1, () => line));
    expect(reasons.slice(0, 4)).toEqual([
      undefined,
      'customer_mismatch',
      'no_customer',
      'order_too_long',
    ]);
    expect(reasons.slice(-2)).toEqual(['order_too_long', undefined]);
  });
});
