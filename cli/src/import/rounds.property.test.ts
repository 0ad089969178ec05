import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Item } from './assemble.ts';
import { createLanes } from './lanes.ts';
import type { Round } from './rounds.ts';

const asked = fc.array(
  fc.record({
    customer: fc.constantFrom('a', 'b', 'c', 'd'),
    isReturn: fc.boolean(),
    lines: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 60 },
);

test('every item is sent once, each customer’s in order, within the limits', async () => {
  await fc.assert(
    fc.asyncProperty(
      asked,
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 9 }),
      async (items, lanes, perRequest, linesMax) => {
        const sent: Item[] = [];
        const underWay = new Map<string, number>();
        const send = async (round: Round): Promise<void> => {
          expect(round.orders.length).toBeLessThanOrEqual(perRequest);
          expect(round.returns.length).toBeLessThanOrEqual(perRequest);
          const all = [...round.orders, ...round.returns];
          const lines = all.reduce((sum, item) => sum + item.lines.length, 0);
          expect(lines <= linesMax || all.length === 1).toBe(true);
          const customers = new Set(all.map(({ customer }) => customer));
          for (const customer of customers)
            underWay.set(customer, (underWay.get(customer) ?? 0) + 1);
          await new Promise((resolve) => setImmediate(resolve));
          for (const customer of customers) {
            expect(underWay.get(customer)).toBe(1);
            underWay.delete(customer);
          }
          sent.push(...all);
        };
        const all = items.map(({ customer, isReturn, lines }, index): Item => {
          const line = {
            lineNo: index,
            place: index,
            sku: 's',
            name: null,
            category: null,
            brand: null,
            zone: null,
            greenCertificate: null,
            quantity: 1,
            amountFen: 1,
          };
          return {
            kind: isReturn ? 'return' : 'sale',
            invoice: `${index}`,
            customer,
            at: 0,
            source: null,
            channel: null,
            tender: null,
            part: 1,
            lines: Array(lines).fill(line),
          };
        });
        const sending = createLanes(lanes, { items: perRequest, lines: linesMax }, send);
        for (const item of all) {
          sending.add(item);
          await sending.room();
        }
        await sending.finish();
        for (const name of ['a', 'b', 'c', 'd']) {
          const of = (list: readonly Item[]) =>
            list.filter(({ customer }) => customer === name).map(({ invoice }) => invoice);
          expect(of(sent)).toEqual(of(all));
        }
        expect(sent).toHaveLength(all.length);
      },
    ),
  );
});

test('a failure stops everything and is told', async () => {
  const line = {
    lineNo: 1,
    place: 1,
    sku: 's',
    name: null,
    category: null,
    brand: null,
    zone: null,
    greenCertificate: null,
    quantity: 1,
    amountFen: 1,
  };
  let sends = 0;
  const lanes = createLanes(2, { items: 1, lines: 1 }, async () => {
    sends += 1;
    throw new Error('down');
  });
  const feed = async (): Promise<void> => {
    for (let index = 0; index < 1000; index += 1) {
      lanes.add({
        kind: 'sale',
        invoice: `${index}`,
        customer: `${index}`,
        at: 0,
        source: null,
        channel: null,
        tender: null,
        part: 1,
        lines: [line],
      });
      await lanes.room();
    }
    await lanes.finish();
  };
  await expect(feed()).rejects.toThrow('down');
  expect(sends).toBeLessThanOrEqual(2);
});
