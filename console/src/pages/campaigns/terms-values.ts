import type { components } from '@hongmi/sdk';

export type Promotion = components['schemas']['Promotion'];
export type Terms = components['schemas']['PromotionTerms'];

interface BudgetValues {
  readonly pointType: string;
  readonly points?: number | null;
}

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
  readonly budget?: readonly BudgetValues[] | undefined;
}

export function valuesOf(terms: Terms): TermsValues {
  const { price, when } = terms;
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
    budget: budgetsIn(terms),
  };
}

/** What the form says, over the terms it began with: further dates, kinds and the priority stay. */
export function termsOf(values: TermsValues, base: Terms | undefined): Terms {
  const { rewards: _, budget: __, description, ...kept } = base ?? ({} as Terms);
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
  const budget = budgetOf(values, base);
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
    ...(budget && { budget }),
  };
}

/** Budgets type by type. Of a fixed price the type may go without saying; the form says it all the same. */
function budgetsIn({ price, budget }: Terms): readonly BudgetValues[] {
  if (budget === undefined) return [];
  if (!('points' in budget)) return budget;
  return price.kind === 'fixed' ? [{ pointType: price.pointType, points: budget.points }] : [];
}

function budgetOf(values: TermsValues, base: Terms | undefined): Terms['budget'] {
  const budgets = (values.budget ?? []).map(({ pointType, points }) => ({
    pointType,
    points: points ?? 0,
  }));
  const [only, ...others] = budgets;
  if (only === undefined) return undefined;
  const before = base?.budget;
  const isSaid = before === undefined || !('points' in before) || others.length > 0;
  const goesWithout =
    !isSaid && values.priceKind === 'fixed' && only.pointType === values.pointType;
  return goesWithout ? { points: only.points } : budgets;
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
