// Lists come in pages. They are read as they are needed, and never without a bound.
import { openShop } from './shop.ts';

const { hongmi, programme, merchantId } = await openShop('pages');

const members = Array.from({ length: 5 }, (_, at) => ({
  programme,
  merchantId,
  externalIds: { till: `customer-${at}` },
  idempotencyKey: `${programme}-${at}`,
}));
const { results } = await hongmi.createMembers({ members });
console.log(`registered ${results.filter(({ status }) => status === 'created').length}`);

const { id } = await hongmi.createMember({ programme, merchantId });
for (const day of ['01', '02', '03', '04', '05'])
  await hongmi.createOrder({
    merchantId,
    memberId: id,
    orderNo: `2027-05-${day}`,
    paidAt: `2027-05-${day}T12:00:00+08:00`,
    lines: [
      { lineNo: 1, sku: 'hami', category: 'melon', quantity: 1, amountFen: Number(day) * 1_000 },
    ],
  });

// One by one: the next page is asked for when the loop gets there.
let total = 0;
for await (const lot of hongmi.pages('listLots', { id, limit: 2 })) total += lot.issued;
console.log(`${total} points in all`);

// All of them, but not more than the caller can bear: then it throws a RangeError.
const lots = await hongmi.pages('listLots', { id }).all(100);
console.log(`${lots.length} lots`);

// A page with its cursor, for a table that is turned by hand.
const table = hongmi.pages('listLots', { id, limit: 3 });
const first = await table.page();
const second = await table.page(first.nextCursor);
console.log(`${first.items.length} on the first page, ${second.items.length} on the second`);
