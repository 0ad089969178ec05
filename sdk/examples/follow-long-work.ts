// A simulation tries a rule on what was sold. It takes its time: follow it, leave it, find it again.
import { setTimeout } from 'node:timers/promises';
import { openShop } from './shop.ts';

const { hongmi, programme, merchantId } = await openShop('follow');

const { id: memberId } = await hongmi.createMember({ programme, merchantId });
const orders = Array.from({ length: 20 }, (_, at) => ({
  merchantId,
  memberId,
  orderNo: `order-${at}`,
  paidAt: `2027-05-${String(at + 1).padStart(2, '0')}T12:00:00+08:00`,
  lines: [{ lineNo: 1, sku: 'hami', category: 'melon', quantity: 1, amountFen: 2_000 }],
}));
await hongmi.createOrders({ orders });

const rule = await hongmi.createRule({
  code: 'melons-twice',
  merchantId,
  body: {
    name: 'Double melons',
    on: 'order',
    when: { lines: { categories: ['melon'] } },
    earn: { kind: 'times', num: 2, den: 1 },
  },
});
const { id } = await hongmi.startSimulation({
  merchantId,
  from: '2027-05-01T00:00:00+08:00',
  until: '2027-06-01T00:00:00+08:00',
  drafts: [rule.id],
});

/** Its result, however long it takes; whoever has the id may ask. */
async function finished(signal: AbortSignal) {
  for (;;) {
    const { state, result, failure } = await hongmi.getSimulation({ id }, { signal });
    if (result !== null) return result;
    if (state === 'failed' || state === 'cancelled') throw new Error(failure ?? state);
    await setTimeout(200, undefined, { signal });
  }
}

const result = await finished(AbortSignal.timeout(60_000));
for (const { pointType, before, after } of result.pointTypes)
  console.log(
    `${result.orders} orders: ${before.points} ${pointType} before, ${after.points} after`,
  );
