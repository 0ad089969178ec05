// A till registers a customer and gives points for a purchase, once, whatever the network does.
import { NoAnswerError } from '@hongmi/sdk';
import { openShop } from './shop.ts';

const { hongmi, programme, merchantId } = await openShop('till');

const member = await hongmi.createMember({ programme, merchantId });

const receipt = {
  merchantId,
  memberId: member.id,
  orderNo: '20270601-0042',
  paidAt: '2027-06-01T09:00:00+08:00',
  lines: [
    { lineNo: 1, sku: 'hami', category: 'melon', quantity: 1, amountFen: 3150 },
    { lineNo: 2, sku: 'bread', category: 'bread', quantity: 1, amountFen: 990 },
  ],
};
// The receipt's number makes the key: after a crash the till sends the same again and earns nothing twice.
const options = { idempotencyKey: `order-${receipt.orderNo}-${member.id}` };

// What would it give? Nothing is kept of a dry run, and its answer has a type of its own.
const preview = await hongmi.createOrder({ ...receipt, dryRun: true }, options);
console.log(`would earn ${preview.points}`);

try {
  const first = await hongmi.createOrder(receipt, options);
  const again = await hongmi.createOrder(receipt, options);
  console.log(
    `earned ${first.points}; sent twice, it is ${again.id === first.id ? 'one order' : 'two orders'}`,
  );
} catch (error) {
  // Every attempt was in vain, for about ten seconds: keep the receipt, send it later under the same key.
  if (!(error instanceof NoAnswerError)) throw error;
  console.log('the customer gets the points later');
}

const { balances } = await hongmi.getBalance({ id: member.id });
console.log(`has ${balances[0]?.available}`);
