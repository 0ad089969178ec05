import type Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { isAbout } from '../rules/about.ts';
import { compileRules } from '../rules/compile.ts';
import { explain } from '../rules/explain.ts';
import { showOutcome } from '../rules/shown.ts';
import { occasionAgain } from './occasion.ts';
import type { Order } from './order.ts';
import { type OrderDeps, readEarns } from './place-orders.ts';
import type { OrderExplanation } from './schema.ts';
import { codesOf, showOrder } from './show.ts';
import { readLines } from './store.ts';

const NO_RULES = compileRules([]);

/**
 * What every rule that was in force made of an order, worked out again from what is stored of it: of its own
 * instant, whatever rules have come since and whatever was returned. `hidesMember`: told to a merchant.
 */
export async function explainOrder(
  { pool, rules, programmes, sealer }: OrderDeps,
  order: Order,
  asked: { readonly hidesMember: boolean },
): Promise<Type.Static<typeof OrderExplanation>> {
  const [lines, earns] = await Promise.all([readLines(pool, order.id), readEarns(pool, order)]);
  const timeZone = programmes.byId(order.programme)?.timeZone;
  if (timeZone === undefined) throw new Error(`there is no programme ${order.programme}`);
  // Where no rule was about the merchant, its ratio is all there is to tell.
  const rated = order.occasion ?? { at: order.paidAt, merchantCategory: '', facts: null };
  const book =
    order.occasion === null ? NO_RULES : await rules.bookAt(order.programme, order.occasion.at);
  const outcomes = explain(book, occasionAgain(order, rated, lines, { timeZone, sealer })).filter(
    ({ version }) => {
      const rule = version === null ? undefined : book.byVersion.get(version);
      // Rules about other merchants are nobody's business here.
      return rule === undefined || isAbout('order', order.merchant)(rule.version);
    },
  );
  const { points, noPointsReason, awards } = showOrder(order, earns, codesOf(programmes));
  return {
    orderId: showId('order', order.id),
    at: showInstant(rated.at),
    points,
    ...(noPointsReason === undefined ? {} : { noPointsReason }),
    rules: outcomes.map((outcome) => showOutcome(book, outcome, asked)),
    ...(awards === undefined ? {} : { awards }),
  };
}
