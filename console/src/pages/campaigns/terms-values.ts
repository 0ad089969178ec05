import type { components } from '@hongmi/sdk';

export type Promotion = components['schemas']['Promotion'];
export type Terms = components['schemas']['PromotionTerms'];

/** What the form asks of a promotion. */
export interface TermsValues {
  readonly nameZh: string;
  readonly nameEn?: string | undefined;
  readonly descriptionZh?: string | undefined;
  readonly priceKind: 'ratio' | 'fixed';
  readonly percent?: number | null | undefined;
  readonly points?: number | null | undefined;
  readonly pointType?: string | undefined;
  readonly rewards?: readonly string[] | undefined;
  readonly dates?: readonly [string | null, string | null] | undefined;
  readonly months?: readonly number[] | undefined;
  readonly monthDays?: readonly number[] | undefined;
  readonly weekdays?: readonly number[] | undefined;
  readonly memberMonth?: 'birthday' | 'anniversary' | null | undefined;
  readonly budget?: number | null | undefined;
}

export function valuesOf(terms: Terms): TermsValues {
  const { price, when, budget } = terms;
  const [range] = when.dates ?? [];
  return {
    nameZh: terms.name.zh,
    nameEn: terms.name.en,
    descriptionZh: terms.description?.zh,
    priceKind: price.kind,
    percent: price.kind === 'ratio' ? (100 * price.num) / price.den : undefined,
    points: price.kind === 'fixed' ? price.points : undefined,
    pointType: price.kind === 'fixed' ? price.pointType : undefined,
    rewards: terms.rewards,
    dates: range && [range.from ?? null, range.to ?? null],
    months: when.months,
    monthDays: when.monthDays,
    weekdays: when.weekdays,
    memberMonth: when.memberMonth,
    budget: budget !== undefined && 'points' in budget ? budget.points : undefined,
  };
}

/** What the form says, over the terms it began with: further dates, kinds, budgets of several types and the priority stay. */
export function termsOf(values: TermsValues, base: Terms | undefined): Terms {
  const { rewards: _, description, budget, ...kept } = base ?? ({} as Terms);
  const [from, to] = values.dates ?? [];
  const dates = [
    ...(from || to ? [{ ...(from && { from }), ...(to && { to }) }] : []),
    ...(base?.when.dates?.slice(1) ?? []),
  ];
  const some = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
    list === undefined || list.length === 0 ? undefined : list;
  const [rewards, months, monthDays, weekdays] = [
    some(values.rewards),
    some(values.months),
    some(values.monthDays),
    some(values.weekdays),
  ];
  const isKept = budget !== undefined && !('points' in budget);
  return {
    ...kept,
    name: { zh: values.nameZh, ...(values.nameEn ? { en: values.nameEn } : {}) },
    ...(values.descriptionZh ? { description: { ...description, zh: values.descriptionZh } } : {}),
    ...(rewards && { rewards: [...rewards] }),
    when: {
      ...(dates.length > 0 && { dates }),
      ...(months && { months: [...months] }),
      ...(monthDays && { monthDays: [...monthDays] }),
      ...(weekdays && { weekdays: [...weekdays] }),
      ...(values.memberMonth ? { memberMonth: values.memberMonth } : {}),
    },
    price: priceOf(values, base),
    ...(isKept ? { budget } : values.budget ? { budget: { points: values.budget } } : {}),
  };
}

function priceOf(
  { priceKind, percent, points, pointType }: TermsValues,
  base: Terms | undefined,
): Terms['price'] {
  if (priceKind === 'fixed')
    return { kind: 'fixed', pointType: pointType ?? '', points: points ?? 0 };
  const before = base?.price;
  // Two thirds are no whole number of per cent: as long as nobody changes it, it stays exact.
  if (before?.kind === 'ratio' && (100 * before.num) / before.den === percent) return before;
  return { kind: 'ratio', num: percent ?? 0, den: 100 };
}

/** What a ratio means, as shares: how many fewer points, and how much more each is worth. */
export function meaningOf({ num, den }: { readonly num: number; readonly den: number }): {
  readonly discount: number;
  readonly uplift: number;
} {
  return { discount: 1 - num / den, uplift: den / num - 1 };
}
