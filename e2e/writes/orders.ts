import { area } from './area.ts';
import { post, remove } from './write.ts';

const LINE = {
  lineNo: 1,
  sku: 'melon',
  name: '哈密瓜',
  category: 'fruit',
  brand: 'Hami',
  zone: 'green',
  greenCertificate: 'G-1',
  quantity: 4,
  amountFen: 12_345,
};
const OPTIONAL = [
  ...['source', 'channel', 'tenders', 'name', 'category', 'brand', 'zone'],
  'greenCertificate',
];

export const orders = area(
  [
    'createOrder',
    'createOrders',
    'completeOrder',
    'completeOrders',
    'returnOrder',
    'createReturn',
    'createReturns',
    'createReturn before its order',
    'withdrawReturn',
  ],
  async ({ make, at, now }) => {
    const circumstances = { source: 'till', channel: 'app', tenders: ['cash'] };
    const order = { ...at, orderNo: 'A-1', paidAt: now, ...circumstances, lines: [LINE] };
    const orderId = await make('/orders', order);
    const early = { ...at, orderNo: 'A-8', returnNo: 'R-0', lines: [{ lineNo: 1, quantity: 1 }] };
    const waitingId = await make('/returns', early);
    const bySku = [{ sku: 'melon', quantity: 1 }];
    return {
      createOrder: post('/orders', { ...order, orderNo: 'A-2', dryRun: true }, [
        ...OPTIONAL,
        'dryRun',
      ]),
      createOrders: post(
        '/orders/bulk',
        { orders: [{ ...order, orderNo: 'A-3', idempotencyKey: 'o1' }] },
        [...OPTIONAL, 'idempotencyKey'],
      ),
      completeOrder: post(`/orders/${orderId}/completion`, { completedAt: now, dryRun: true }, [
        'completedAt',
        'dryRun',
      ]),
      completeOrders: post(
        '/orders/completions/bulk',
        { completions: [{ orderId, completedAt: now, idempotencyKey: 'c1' }] },
        ['completedAt', 'idempotencyKey'],
      ),
      returnOrder: post(
        `/orders/${orderId}/returns`,
        { returnNo: 'R-1', returnedAt: now, lines: [{ lineNo: 1, quantity: 1 }], dryRun: true },
        ['returnedAt', 'dryRun'],
      ),
      createReturn: post(
        '/returns',
        { ...at, returnNo: 'R-2', returnedAt: now, lines: bySku, dryRun: true },
        ['returnedAt', 'dryRun', 'source'],
      ),
      createReturns: post(
        '/returns/bulk',
        { returns: [{ ...at, returnNo: 'R-3', lines: bySku, idempotencyKey: 'r1' }] },
        ['returnedAt', 'idempotencyKey', 'source'],
      ),
      'createReturn before its order': post(
        '/returns',
        {
          ...at,
          orderNo: 'A-9',
          returnNo: 'R-4',
          returnedAt: now,
          lines: [
            { lineNo: 1, sku: 'melon', quantity: 1 },
            { lineNo: 2, sku: 'pear', amountFen: 100 },
          ],
          dryRun: true,
        },
        // A line is found by either; without the order's number by the sku.
        ['orderNo', 'returnedAt', 'dryRun', 'lineNo', 'sku'],
      ),
      withdrawReturn: remove(`/returns/${waitingId}`),
    };
  },
);
