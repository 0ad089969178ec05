import { testSeed } from '@hongmi/server/kernel/testing/seed';
import { expect, it } from 'vitest';
import { auditDatabase } from './audit.ts';
import { createDice, openBank } from './bank.ts';
import { type Caller, createCaller, type OrderTold } from './caller.ts';
import { openServer } from './own-server.ts';
import { postmasterOf } from './running-server.ts';
import { reachUnderLoad } from './under-load.ts';

const CLIENTS = 12;
const BLOWS = 3;
const ASKED_BETWEEN = 120;
const SKUS = ['melon', 'mango', 'plum', 'fig'];

/** A request that was answered; `answer` is what was told first. */
interface Asked {
  readonly path: string;
  readonly key: string;
  readonly body: object;
  answer: string;
  status: number;
}

const own = openServer('all');

it('earns every order once and claws back every return once, while server and PostgreSQL are killed', async () => {
  const seed = testSeed('orders');
  const caller = createCaller(own.url);
  const { members, merchants } = await openBank(caller, 4, 2);
  const asked: Asked[] = [];
  const orders: OrderTold[] = [];
  let stopped = false;

  async function ask(path: string, key: string, body: object): Promise<string> {
    const item: Asked = { path, key, body, answer: '', status: 0 };
    // Twice at once, as a till with a shaky line does.
    const [one, two] = await Promise.all([1, 2].map(() => caller.until('POST', path, body, key)));
    expect(factsOf(two?.text), key).toBe(factsOf(one?.text));
    expect([200, 201, 422], one?.text).toContain(one?.status);
    Object.assign(item, { answer: one?.text, status: one?.status });
    asked.push(item);
    return item.answer;
  }

  async function shop(client: number): Promise<void> {
    const dice = createDice(seed + client);
    const pick = <T>(from: readonly T[]): T => from[dice(from.length)] as T;
    const order = (orderNo: string) => ({
      merchantId: pick(merchants),
      memberId: pick(members),
      orderNo,
      paidAt: new Date().toISOString(),
      lines: Array.from({ length: 1 + dice(3) }, (_, index) => {
        return { lineNo: index + 1, sku: pick(SKUS), quantity: 1 + dice(5), amountFen: dice(5000) };
      }),
    });
    for (let i = 0; !stopped; i += 1) {
      const name = `${client}-${i}`;
      const act = dice(10);
      const known = orders[dice(orders.length || 1)];
      if (act < 4 || known === undefined) {
        orders.push(JSON.parse(await ask('/orders', name, order(name))));
      } else if (act < 6) {
        const many = [0, 1, 2].map((n) => order(`${name}-${n}`));
        const told = JSON.parse(await ask('/orders/bulk', name, { orders: many }));
        for (const result of told.results) orders.push(result.order);
      } else if (act < 8) {
        const { merchantId, memberId } = known;
        const lines = [{ sku: pick(SKUS), quantity: 1 + dice(6) }];
        await ask('/returns', name, { merchantId, memberId, returnNo: name, lines });
      } else {
        const lines = [{ lineNo: 1, quantity: 1 + dice(3) }];
        await ask(`/orders/${known.id}/returns`, name, { returnNo: name, lines });
      }
    }
  }

  const clients = Promise.all(Array.from({ length: CLIENTS }, (_, client) => shop(client)));
  clients.catch(() => undefined);
  for (let blow = 0; blow < BLOWS; blow += 1) {
    const from = asked.length;
    await reachUnderLoad(() => asked.length >= from + ASKED_BETWEEN, own.process, clients);
    if (blow !== 0) process.kill(postmasterOf(own.dataDir) as number, 'SIGKILL');
    if (blow !== 1) {
      await own.kill();
      await own.start();
    }
  }
  const from = asked.length;
  await reachUnderLoad(() => asked.length >= from + ASKED_BETWEEN, own.process, clients);
  stopped = true;
  await clients;

  expect(caller.failures).toEqual([]);
  expect(caller.repeats).toBeGreaterThan(0);
  await settle(caller, orders, members);
  await eachOf(asked, async ({ path, key, body, answer }) => {
    const again = await caller.until('POST', path, body, key);
    expect(factsOf(again.text), key).toBe(factsOf(answer));
  });
  await settle(caller, orders, members);
  await auditDatabase(own.dataDir);
});

/** What each order is still worth, worked out from its lines alone, is what its member has. */
async function settle(
  caller: Caller,
  orders: readonly OrderTold[],
  members: readonly string[],
): Promise<void> {
  const due = new Map<string, number>(members.map((member) => [member, 0]));
  expect(new Set(orders.map((order) => order.id)).size).toBe(orders.length);
  await eachOf(orders, async ({ id, memberId, points, netFen }) => {
    const { body } = await caller.until('GET', `/orders/${id}`);
    const left = body.lines.map(({ amountFen, quantity, returned }) =>
      Math.floor((amountFen * (quantity - returned)) / quantity),
    );
    const total = left.reduce((sum, fen) => sum + fen, 0);
    expect(points, id).toBe(Math.floor(netFen / 100));
    expect({ points: body.points, dueFen: body.dueFen, pointsDue: body.pointsDue }, id).toEqual({
      points,
      dueFen: total,
      pointsDue: Math.floor(total / 100),
    });
    due.set(memberId, (due.get(memberId) ?? 0) + Math.floor(total / 100));
  });
  for (const [member, points] of due) {
    const [shown] = (await caller.until('GET', `/members/${member}/balance`)).body.balances;
    expect(shown, member).toMatchObject({ available: points, held: 0, debt: 0 });
  }
}

/** In a bulk every item says whether it is a repetition; how much was left to return changes by itself. */
function factsOf(text = ''): string {
  if (text.includes('"code":"return_exceeds_order"')) return 'return_exceeds_order';
  return text.replaceAll('"status":"replayed"', '"status":"applied"');
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: CLIENTS }, worker));
}
