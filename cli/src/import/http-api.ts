import { type Hongmi, ProblemError } from '@hongmi/sdk';
import { Failure } from '../failure.ts';
import type { ImportApi, Refused, Result } from './api.ts';
import { keyOf } from './key.ts';

const MEMBERS_MAX = 1000;

/** The import's view of a server. */
export function createHttpApi(hongmi: Hongmi): ImportApi {
  return {
    membersMax: MEMBERS_MAX,

    async merchantId(merchant, programme) {
      const body = { ...merchant, programme };
      try {
        const made = await hongmi.createMerchant(body, { idempotencyKey: keyOf('merchant', body) });
        return made.id;
      } catch (error) {
        const there = error instanceof ProblemError ? error.problem.merchantId : undefined;
        if (typeof there === 'string') return there;
        throw error;
      }
    },

    async memberIds(system, customers, programme) {
      const members = customers.map((customer) => {
        const body = { externalIds: { [system]: customer }, programme };
        return { ...body, idempotencyKey: keyOf('member', body) };
      });
      const { results } = await hongmi.createMembers({ members });
      return results.map(({ member, memberId, problem }) => {
        const id = member?.id ?? memberId;
        if (id !== undefined) return id;
        const { code = 'unknown', detail = '' } = problem ?? {};
        throw new Failure('import_refused', { code, detail });
      });
    },

    async findMember(system, customer) {
      const { items } = await hongmi.findMembers({ externalSystem: system, externalId: customer });
      return items[0]?.id;
    },

    async sendOrders(orders) {
      const { results } = await hongmi.createOrders({
        orders: orders.map((order) => ({ ...order, lines: [...order.lines] })),
      });
      return results.map(({ status, order, problem }) =>
        resultOf(status, order, problem, 'orderId'),
      );
    },

    async sendReturns(returns) {
      const { results } = await hongmi.createReturns({
        returns: returns.map((each) => ({ ...each, lines: [...each.lines] })),
      });
      return results.map(({ status, return: returned, problem }) =>
        resultOf(status, returned, problem, 'returnId'),
      );
    },

    readOrder: (id) => hongmi.getOrder({ id }),
    readReturn: (id) => hongmi.getReturn({ id }),
  };
}

function resultOf<A>(
  status: string,
  answer: A | undefined,
  problem: { code: string; detail: string; [fact: string]: unknown } | undefined,
  existing: string,
): Result<A> {
  if (answer !== undefined) return { answer, replayed: status === 'replayed' };
  const { code = 'unknown', detail = '' } = problem ?? {};
  const id = problem?.[existing];
  const refused: Refused = { code, detail, existingId: typeof id === 'string' ? id : undefined };
  return { refused };
}
