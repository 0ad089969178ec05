import Type from 'typebox';
import type { Merchants } from '../../merchants/registry.ts';
import { principalOf } from '../../platform/web/auth.ts';
import { refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import { answers, Code, Fen, idOf, nullable, object } from '../../platform/web/schema.ts';
import { BillNo } from '../particulars-schema.ts';
import type { Asked, Redeem, Redeemed } from '../redeem.ts';
import type { Redemption } from '../redemption.ts';
import { askedOf, toldOf } from '../request.ts';
import { QUANTITY_MAX, RedemptionShown } from '../schema.ts';
import { type CodesOf, showRedemption } from '../show.ts';
import { unitsFor } from './bill-offset.ts';

const QuoteShown = object(
  {
    units: Type.Integer({ description: 'The most that can be redeemed for it now; 0: none.' }),
    offFen: Fen,
    toPayFen: Fen,
    price: RedemptionShown.properties.price,
    problem: { ...nullable(Type.String()), description: 'The code why there is not one.' },
  },
  { title: 'BillQuote' },
);

/** How much points may take off a bill. */
export function quoteRoutes(
  app: App,
  deps: {
    readonly redeeming: Redeem;
    readonly merchants: Merchants;
    readonly codesOf: CodesOf;
  },
): void {
  const { merchants, codesOf } = deps;
  const { preview } = deps.redeeming;

  /** Redeeming so many, as it would be answered now. */
  async function tryFor(asked: Asked, quantity: number): Promise<Redeemed> {
    const [told] = await preview([{ ...asked, quantity }]);
    if (told === undefined) throw new Error('everybody is answered');
    return toldOf(told);
  }

  app.get(
    '/rewards/:id/quote',
    {
      config: { scopes: ['redemptions:write'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'quoteBill',
        tags: ['redemptions'],
        summary: 'How many units at most a member may take off a bill now',
        description:
          'By the bill, what the member has, limits, quotas, stock and budgets: as redeeming them would be answered now. Nothing is set aside.',
        params: object({ id: idOf('reward') }),
        querystring: object({
          memberId: idOf('member'),
          merchantId: idOf('merchant'),
          store: Type.Optional(Code),
          option: Type.Optional(Type.Integer({ minimum: 0, maximum: 7, default: 0 })),
          billNo: BillNo,
          billFen: Fen,
        }),
        response: answers({ 200: QuoteShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const { billNo, billFen, ...told } = request.query;
      const particulars = { kind: 'bill' as const, billNo, billFen };
      const wanted = { ...told, rewardId: request.params.id, particulars };
      const asked = await askedOf(merchants, principalOf(request), wanted, NOBODYS_KEY);
      if ('code' in asked) return refuse(reply, asked);
      const one = await tryFor(asked, 1);
      if ('code' in one) {
        if (NO_QUOTE.has(one.code)) return refuse(reply, one);
        return { units: 0, offFen: 0, toPayFen: billFen, price: [], problem: one.code };
      }
      const { fulfilment } = one.redemption.terms;
      if (fulfilment.kind !== 'offset') throw new Error('only what is taken off a bill takes one');
      let best: Redemption = one.redemption;
      // Whoever can have so many can have fewer.
      let [sure, most] = [1, Math.min(unitsFor(fulfilment, billFen), QUANTITY_MAX)];
      while (sure < most) {
        const middle = Math.ceil((sure + most) / 2);
        const tried = await tryFor(asked, middle);
        if ('code' in tried) most = middle - 1;
        else [sure, best] = [middle, tried.redemption];
      }
      const offFen = sure * fulfilment.offFen;
      const { price } = showRedemption(best, [], codesOf, { isKept: false });
      return { units: sure, offFen, toPayFen: billFen - offFen, price, problem: null };
    },
  );
}

/** What is not there for this caller, or is no matter of bills. */
const NO_QUOTE = new Set([
  'member_not_found',
  'reward_not_found',
  'reward_elsewhere',
  'store_not_found',
  'particulars_unfit',
]);
/** No request has one with a space. */
const NOBODYS_KEY = 'a quote';
