import type { components } from '@hongmi/sdk';

type Redemption = components['schemas']['Redemption'];
type Kind = 'return' | 'exchange' | 'quality';

/**
 * What its terms offer, of the three things that can be asked for: bad quality always, since no terms take that away. How many days
 * are left of it the API says when it is asked.
 */
export function kindsOffered({ terms: { afterSales } }: Pick<Redemption, 'terms'>): Kind[] {
  return [
    ...(afterSales.returnDays > 0 ? (['return'] as const) : []),
    ...(afterSales.exchange ? (['exchange'] as const) : []),
    'quality',
  ];
}

/** Whether something was handed out that can be brought back. What was given to a fund, or came off a bill, is not like that. */
export function offersAfterSales({
  state,
  terms: { fulfilment },
}: Pick<Redemption, 'state' | 'terms'>): boolean {
  return state === 'fulfilled' && fulfilment !== 'donation' && fulfilment !== 'offset';
}

/** For how many days from when it came; 0: only as long as what stands for it lasts. */
export function daysOf({ terms: { afterSales } }: Pick<Redemption, 'terms'>, kind: Kind): number {
  const { returnDays, qualityDays } = afterSales;
  return { return: returnDays, exchange: Math.max(returnDays, qualityDays), quality: qualityDays }[
    kind
  ];
}

/** The units that a case can be about, as vouchers are numbered; of nights a unit is a room. */
export function unitsOf({
  vouchers,
  quantity,
}: Pick<Redemption, 'vouchers' | 'quantity'>): number[] {
  if (vouchers.length > 0) return vouchers.map(({ place }) => place);
  return Array.from({ length: quantity }, (_, place) => place);
}

/** Why, by what is asked for; the API knows no other reasons. */
export const REASONS = {
  return: ['changed_mind', 'not_needed', 'not_suited', 'other'],
  exchange: ['wrong_size', 'wrong_colour', 'wrong_kind', 'not_suited', 'other'],
  quality: [
    ...(['faulty', 'damaged', 'expired', 'not_as_described', 'wrong_item', 'incomplete'] as const),
    ...(['not_delivered', 'not_honoured', 'poor_service', 'other'] as const),
  ],
} as const satisfies Readonly<Record<Kind, readonly string[]>>;
