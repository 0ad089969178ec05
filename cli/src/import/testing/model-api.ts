import type {
  ImportApi,
  OrderAnswer,
  OrderBody,
  Refused,
  Result,
  ReturnAnswer,
  ReturnBody,
} from '../api.ts';

interface ModelLine {
  readonly lineNo: number;
  readonly sku: string;
  readonly quantity: number;
  readonly amountFen: number;
  left: number;
}

interface ModelOrder {
  readonly id: string;
  readonly body: OrderBody;
  readonly lines: readonly ModelLine[];
  readonly points: number;
}

interface ModelReturn {
  readonly id: string;
  readonly body: ReturnBody;
  readonly answer: ReturnAnswer;
}

/** The server's rules for orders and returns in a few lines, and a record of what it was sent. */
export interface ModelApi extends ImportApi {
  readonly merchants: Map<string, string>;
  readonly members: Map<string, string>;
  readonly orders: Map<string, ModelOrder>;
  readonly returns: Map<string, ModelReturn>;
  /** Points left of each member's orders. */
  balances(): Map<string, number>;
  requests: number;
}

export function createModelApi(
  hooks: { before?: (request: number) => Promise<void> | void } = {},
): ModelApi {
  const merchants = new Map<string, string>();
  const members = new Map<string, string>();
  const orders = new Map<string, ModelOrder>();
  const returns = new Map<string, ModelReturn>();

  const worth = (fen: number): number => Math.floor(fen / 100);
  const keptFen = (order: ModelOrder): number =>
    order.lines.reduce(
      (sum, line) => sum + Math.floor((line.amountFen * line.left) / line.quantity),
      0,
    );

  function placeOrder(body: OrderBody): Result<OrderAnswer> {
    const there = orders.get(body.orderNo);
    if (there !== undefined) {
      if (!same(there.body, body)) return refusal('order_exists', there.id);
      return { answer: { memberId: body.memberId, points: there.points }, replayed: true };
    }
    const lines = body.lines.map(({ lineNo, sku, quantity, amountFen }) => ({
      lineNo,
      sku,
      quantity,
      amountFen,
      left: quantity,
    }));
    const points = worth(lines.reduce((sum, line) => sum + line.amountFen, 0));
    orders.set(body.orderNo, { id: `order ${body.orderNo}`, body, lines, points });
    return { answer: { memberId: body.memberId, points }, replayed: false };
  }

  function takeReturn(body: ReturnBody): Result<ReturnAnswer> {
    const there = returns.get(body.returnNo);
    if (there !== undefined) {
      if (!same(there.body, body)) return refusal('return_exists', there.id);
      return { answer: there.answer, replayed: true };
    }
    const own = [...orders.values()].filter((order) => order.body.memberId === body.memberId);
    const before = own.reduce((sum, order) => sum + worth(keptFen(order)), 0);
    const lines = body.lines.map(({ sku, quantity, lineNo }) => {
      let wanted = quantity;
      const matched: { quantity: number }[] = [];
      for (const line of shelf(own, body.source, sku, lineNo)) {
        const taken = Math.min(wanted, line.left);
        line.left -= taken;
        wanted -= taken;
        if (taken > 0) matched.push({ quantity: taken });
      }
      return wanted > 0 ? { sku, matched, rejected: { quantity: wanted } } : { sku, matched };
    });
    const after = own.reduce((sum, order) => sum + worth(keptFen(order)), 0);
    const answer = { memberId: body.memberId, pointsClawedBack: before - after, lines };
    returns.set(body.returnNo, { id: `return ${body.returnNo}`, body, answer });
    return { answer, replayed: false };
  }

  /** Lines of the same source before this place, nearest first; then those of other sources, latest order first. */
  function shelf(
    own: readonly ModelOrder[],
    source: string,
    sku: string,
    lineNo: number,
  ): ModelLine[] {
    const here = own
      .filter((order) => order.body.source === source)
      .flatMap((order) => order.lines);
    const near = here
      .filter((line) => line.sku === sku && line.lineNo < lineNo)
      .sort((a, b) => b.lineNo - a.lineNo);
    const others = own.filter((order) => order.body.source !== source).reverse();
    return [
      ...near,
      ...others.flatMap((order) => order.lines.filter((line) => line.sku === sku).reverse()),
    ];
  }

  const api: ModelApi = {
    merchants,
    members,
    orders,
    returns,
    requests: 0,
    membersMax: 1000,
    balances() {
      const out = new Map<string, number>();
      for (const order of orders.values())
        out.set(order.body.memberId, (out.get(order.body.memberId) ?? 0) + worth(keptFen(order)));
      return out;
    },
    async merchantId({ name }) {
      merchants.set(name, `merchant ${name}`);
      return `merchant ${name}`;
    },
    async memberIds(_system, customers) {
      for (const customer of customers) members.set(customer, `member ${customer}`);
      return customers.map((customer) => `member ${customer}`);
    },
    findMember: async (_system, customer) => members.get(customer),
    async sendOrders(bodies) {
      api.requests += 1;
      await hooks.before?.(api.requests);
      return bodies.map(placeOrder);
    },
    async sendReturns(bodies) {
      api.requests += 1;
      await hooks.before?.(api.requests);
      return bodies.map(takeReturn);
    },
    async readOrder(id) {
      const order = [...orders.values()].find((each) => each.id === id);
      if (order === undefined) throw new Error('no such order');
      return { memberId: order.body.memberId, points: order.points, lines: order.lines };
    },
    async readReturn(id) {
      const found = [...returns.values()].find((each) => each.id === id);
      if (found === undefined) throw new Error('no such return');
      return found.answer;
    },
  };
  return api;
}

function same(a: object, b: object): boolean {
  return (
    JSON.stringify({ ...a, idempotencyKey: '' }) === JSON.stringify({ ...b, idempotencyKey: '' })
  );
}

function refusal(code: string, existingId: string): { refused: Refused } {
  return { refused: { code, detail: code, existingId } };
}
