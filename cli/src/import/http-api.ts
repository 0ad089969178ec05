import { answered, type HongmiClient, once, ProblemError } from '@hongmi/sdk/by-path';
import { Failure } from '../failure.ts';
import type { ImportApi, Refused, Result } from './api.ts';
import { keyOf } from './key.ts';

const MEMBERS_MAX = 1000;

/** The import's view of a server. */
export function createHttpApi(hongmi: HongmiClient): ImportApi {
  return {
    membersMax: MEMBERS_MAX,

    async merchantId(merchant, programme) {
      const body = { ...merchant, programme };
      try {
        const header = once(keyOf('merchant', body));
        const made = await answered(hongmi.POST('/v1/merchants', { params: { header }, body }));
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
      const { results } = await answered(
        hongmi.POST('/v1/members/bulk', { params: { header: once() }, body: { members } }),
      );
      return results.map(({ member, memberId, problem }) => {
        const id = member?.id ?? memberId;
        if (id !== undefined) return id;
        const { code = 'unknown', detail = '' } = problem ?? {};
        throw new Failure('import_refused', { code, detail });
      });
    },

    async findMember(system, customer) {
      const query = { externalSystem: system, externalId: customer };
      const { items } = await answered(hongmi.GET('/v1/members', { params: { query } }));
      return items[0]?.id;
    },

    async sendOrders(orders) {
      const body = { orders: orders.map((order) => ({ ...order, lines: [...order.lines] })) };
      const { results } = await answered(
        hongmi.POST('/v1/orders/bulk', { params: { header: once() }, body }),
      );
      return results.map(({ status, order, problem }) =>
        resultOf(status, order, problem, 'orderId'),
      );
    },

    async sendReturns(returns) {
      const body = { returns: returns.map((each) => ({ ...each, lines: [...each.lines] })) };
      const { results } = await answered(
        hongmi.POST('/v1/returns/bulk', { params: { header: once() }, body }),
      );
      return results.map(({ status, return: returned, problem }) =>
        resultOf(status, returned, problem, 'returnId'),
      );
    },

    readOrder: (id) => answered(hongmi.GET('/v1/orders/{id}', { params: { path: { id } } })),
    readReturn: (id) => answered(hongmi.GET('/v1/returns/{id}', { params: { path: { id } } })),
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
