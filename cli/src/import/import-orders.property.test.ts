import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importInto, row, temporaryFolder, writeCsv } from './testing/files.ts';
import { createModelApi } from './testing/model-api.ts';

interface Told {
  readonly invoice: string;
  readonly customer: string;
  readonly sku: string;
  readonly quantity: number;
  readonly fen: number;
}

// Few of everything, so that invoices are interrupted and returns compete for the same goods.
const told = fc.array(
  fc.record({
    number: fc.integer({ min: 1, max: 8 }),
    isReturn: fc.boolean(),
    sku: fc.constantFrom('a', 'b'),
    quantity: fc.integer({ min: 1, max: 5 }),
    fen: fc.integer({ min: 0, max: 999 }),
    hasCustomer: fc.integer({ min: 0, max: 9 }).map((dice) => dice > 0),
  }),
  { maxLength: 40 },
);

/** The rules of the import taken literally, line after line. */
function reference(lines: readonly Told[]) {
  const orders = new Map<string, { customer: string; lines: (Told & { left: number })[] }>();
  const rejected = { no_customer: 0, unmatched: 0 };
  const before: (Told & { left: number })[] = [];
  for (const line of lines) {
    if (line.customer === '') rejected.no_customer += 1;
    else if (line.invoice.startsWith('C')) {
      let wanted = line.quantity;
      for (const earlier of before.toReversed()) {
        if (earlier.customer !== line.customer || earlier.sku !== line.sku) continue;
        const taken = Math.min(wanted, earlier.left);
        earlier.left -= taken;
        wanted -= taken;
      }
      if (wanted > 0) rejected.unmatched += 1;
    } else {
      const kept = { ...line, left: line.quantity };
      before.push(kept);
      const order = orders.get(line.invoice) ?? { customer: line.customer, lines: [] };
      order.lines.push(kept);
      orders.set(line.invoice, order);
    }
  }
  const points = (fen: number): number => Math.floor(fen / 100);
  const all = [...orders.values()];
  const earned = all.reduce(
    (sum, order) =>
      sum + points(order.lines.reduce((net, line) => net + line.quantity * line.fen, 0)),
    0,
  );
  const left = all.reduce(
    (sum, order) => sum + points(order.lines.reduce((net, line) => net + line.left * line.fen, 0)),
    0,
  );
  return {
    lines: lines.length,
    orders: orders.size,
    members: new Set(all.map((order) => order.customer)).size,
    pointsEarned: earned,
    pointsClawedBack: earned - left,
    pointsOutstanding: left,
    rejected: Object.fromEntries(Object.entries(rejected).filter(([, count]) => count > 0)),
  };
}

test('any file, however it is divided and interrupted, comes to what the rules say', async () => {
  const folder = temporaryFolder();
  await fc.assert(
    fc.asyncProperty(
      told,
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 12 }),
      async (dice, lanes, items, heldMax, failingAt) => {
        const lines = dice.map(({ number, isReturn, hasCustomer, ...line }): Told => {
          const invoice = `${isReturn ? 'C' : ''}${number}`;
          return { ...line, invoice, customer: hasCustomer ? `customer ${number % 3}` : '' };
        });
        const rows = lines.map(({ invoice, sku, quantity, fen, customer }) => {
          const signed = invoice.startsWith('C') ? -quantity : quantity;
          return row(invoice, sku, signed, (fen / 100).toFixed(2), customer);
        });
        const path = writeCsv(folder, 'orders.csv', rows);
        const expected = reference(lines);
        const options = { lanes, limits: { items, lines: 7 }, heldMax };

        let failing = true;
        const api = createModelApi({
          before: (request) => {
            // Applied or not, an answer that never came must not matter.
            if (failing && request === failingAt) throw new Error('killed');
          },
        });
        await importInto(api, path, options).catch((error: Error) =>
          expect(error.message).toBe('killed'),
        );
        failing = false;
        const { report } = await importInto(api, path, options);
        expect(report).toEqual(expected);
        const balances = [...api.balances().values()].reduce((sum, each) => sum + each, 0);
        expect(balances).toBe(expected.pointsOutstanding);

        const before = JSON.stringify([...api.orders.values(), ...api.returns.values()]);
        expect((await importInto(api, path, { ...options, lanes: 4 - lanes })).report).toEqual(
          expected,
        );
        expect(JSON.stringify([...api.orders.values(), ...api.returns.values()])).toBe(before);
        rmSync(path);
      },
    ),
    { numRuns: 150 },
  );
});
