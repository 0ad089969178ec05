import type { Terms } from './price.tsx';

/** What the form asks; money in yuan, as people write it. */
export interface TermsValues {
  readonly kind: Terms['kind'];
  readonly nameZh: string;
  readonly nameEn?: string | undefined;
  readonly descriptionZh?: string | undefined;
  readonly descriptionEn?: string | undefined;
  readonly worthYuan: number;
  readonly prices: readonly {
    readonly pointType: string;
    readonly points: number;
    readonly cashYuan?: number | null;
  }[];
  readonly merchants: readonly string[];
  readonly offered?: readonly [string | null, string | null] | undefined;
  readonly limitPer?: 'order' | 'day' | 'week' | 'month' | 'year' | 'ever' | null | undefined;
  readonly limitTimes?: number | null | undefined;
  readonly fulfilment: Terms['fulfilment']['kind'];
  readonly voucherForm?: 'full_reduction' | 'no_threshold' | 'percentage' | 'exchange' | undefined;
  readonly offYuan?: number | null | undefined;
  readonly overYuan?: number | null | undefined;
  readonly percentOff?: number | null | undefined;
  readonly atMostYuan?: number | null | undefined;
  readonly partial?: boolean | undefined;
  readonly what?: string | undefined;
  readonly lastsDays?: number | null | undefined;
  readonly feeYuan?: number | null | undefined;
  readonly cancellation: 'before_use' | 'never' | 'hours_before';
  readonly returnDays: number;
  readonly qualityDays: number;
  readonly exchange: boolean;
}

const fen = (yuan: number | null | undefined): number => Math.round((yuan ?? 0) * 100);
const yuan = (amount: number): number => amount / 100;
const words = (zh: string, en: string | undefined) =>
  en === undefined || en === '' ? { zh } : { zh, en };

/** What the form shows of terms. */
export function valuesOf(terms: Terms): TermsValues {
  const { fulfilment, limits, offered, description } = terms;
  const voucher = fulfilment.kind === 'voucher' ? fulfilment.voucher : undefined;
  const lasts = fulfilment.kind === 'voucher' ? fulfilment.lasts : undefined;
  return {
    kind: terms.kind,
    nameZh: terms.name.zh,
    nameEn: terms.name.en,
    descriptionZh: description?.zh,
    descriptionEn: description?.en,
    worthYuan: yuan(terms.cashValueFen),
    prices: terms.prices.map(({ points: [first], cashFen }) => ({
      pointType: first?.pointType ?? '',
      points: first?.points ?? 0,
      cashYuan: yuan(cashFen),
    })),
    merchants: terms.stores.map(({ merchant }) => merchant),
    offered: offered && [offered.from ?? null, offered.to ?? null],
    limitPer: limits?.[0]?.per,
    limitTimes: limits?.[0]?.times,
    fulfilment: fulfilment.kind,
    voucherForm: voucher?.form,
    offYuan: voucher !== undefined && 'offFen' in voucher ? yuan(voucher.offFen) : undefined,
    overYuan: voucher?.form === 'full_reduction' ? yuan(voucher.overFen) : undefined,
    percentOff: voucher?.form === 'percentage' ? voucher.percentOff : undefined,
    atMostYuan: voucher?.form === 'percentage' ? yuan(voucher.atMostFen) : undefined,
    partial: voucher?.form === 'no_threshold' ? voucher.partial : undefined,
    what: voucher?.form === 'exchange' ? voucher.what.zh : undefined,
    lastsDays: lasts !== undefined && 'days' in lasts ? lasts.days : undefined,
    feeYuan: fulfilment.kind === 'delivery' ? yuan(fulfilment.feeFen) : undefined,
    cancellation: terms.cancellation.until,
    returnDays: terms.afterSales.returnDays,
    qualityDays: terms.afterSales.qualityDays,
    exchange: terms.afterSales.exchange,
  };
}

/** The terms that the form says, over those it began with: what the form does not ask stays as it was. */
export function termsOf(values: TermsValues, base: Terms | undefined): Terms {
  const { offered, description: _, limits, ...kept } = base ?? ({} as Terms);
  const description = values.descriptionZh;
  const [from, to] = values.offered ?? [];
  const limit =
    values.limitPer && values.limitTimes
      ? [{ per: values.limitPer, times: values.limitTimes }]
      : [];
  const allLimits = [...limit, ...(limits?.slice(1) ?? [])];
  return {
    ...kept,
    kind: values.kind,
    name: words(values.nameZh, values.nameEn),
    ...(description ? { description: words(description, values.descriptionEn) } : {}),
    cashValueFen: fen(values.worthYuan),
    prices: values.prices.map(({ pointType, points, cashYuan }, place) => {
      const before = base?.prices[place];
      const own = points > 0 ? [{ pointType, points }] : [];
      return {
        ...before,
        points: [...own, ...(before?.points.slice(1) ?? [])],
        cashFen: fen(cashYuan),
      };
    }),
    stores: values.merchants.map(
      (merchant) => base?.stores.find((each) => each.merchant === merchant) ?? { merchant },
    ),
    ...(from || to ? { offered: { ...(from && { from }), ...(to && { to }) } } : {}),
    ...(allLimits.length > 0 ? { limits: allLimits } : {}),
    fulfilment: fulfilmentOf(values, base),
    cancellation:
      base?.cancellation.until === values.cancellation ? base.cancellation : cancellationOf(values),
    afterSales: {
      returnDays: values.returnDays,
      qualityDays: values.qualityDays,
      exchange: values.exchange,
    },
  };
}

function cancellationOf({ cancellation }: TermsValues): Terms['cancellation'] {
  return cancellation === 'hours_before'
    ? { until: cancellation, hours: 24 }
    : { until: cancellation };
}

function fulfilmentOf(values: TermsValues, base: Terms | undefined): Terms['fulfilment'] {
  const before = base?.fulfilment;
  switch (values.fulfilment) {
    case 'code':
      return { kind: 'code' };
    case 'delivery':
      return {
        ...(before?.kind === 'delivery' ? before : {}),
        kind: 'delivery',
        feeFen: fen(values.feeYuan),
      };
    case 'voucher': {
      const lasts =
        before?.kind === 'voucher' && 'until' in before.lasts && !values.lastsDays
          ? before.lasts
          : { days: values.lastsDays ?? 30 };
      return { kind: 'voucher', voucher: voucherOf(values), lasts };
    }
    default:
      // Whoever chose one of these writes it in the full terms.
      return before?.kind === values.fulfilment
        ? before
        : ({ kind: values.fulfilment } as Terms['fulfilment']);
  }
}

type Voucher = Extract<Terms['fulfilment'], { kind: 'voucher' }>['voucher'];

function voucherOf(values: TermsValues): Voucher {
  switch (values.voucherForm) {
    case 'full_reduction':
      return { form: 'full_reduction', offFen: fen(values.offYuan), overFen: fen(values.overYuan) };
    case 'percentage':
      return {
        form: 'percentage',
        percentOff: values.percentOff ?? 0,
        atMostFen: fen(values.atMostYuan),
      };
    case 'exchange':
      return { form: 'exchange', what: { zh: values.what ?? '' } };
    default:
      return {
        form: 'no_threshold',
        offFen: fen(values.offYuan),
        partial: values.partial ?? false,
      };
  }
}
