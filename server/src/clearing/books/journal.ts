import type { FenFlow } from './cohort.ts';

/**
 * The accounts that points are booked on. Numbers follow the account table of the Chinese standards (企业会计准则——应用指南); whoever
 * keeps the books maps them to their own.
 */
export const CHART = {
  liability: {
    number: '2205.01',
    path: 'Liabilities:Points:Outstanding',
    en: 'Contract liabilities: points not yet used',
    zh: '合同负债——未使用积分',
  },
  moving: {
    number: '2205.02',
    path: 'Liabilities:Points:Moving',
    en: 'Contract liabilities: points on their way or converted',
    zh: '合同负债——在途及转换积分',
  },
  payable: {
    number: '2241.01',
    path: 'Liabilities:Clearing:Payable',
    en: 'Other payables: points used, to be cleared between merchants',
    zh: '其他应付款——已使用积分待清算',
  },
  deferred: {
    number: '6001.91',
    path: 'Income:Sales:DeferredForPoints',
    en: 'Sales revenue: deferred for points',
    zh: '主营业务收入——因积分递延',
  },
  breakage: {
    number: '6051.01',
    path: 'Income:Points:Breakage',
    en: 'Other revenue: points never used',
    zh: '其他业务收入——未行使积分',
  },
  estimates: {
    number: '6051.02',
    path: 'Income:Points:EstimateChanges',
    en: 'Other revenue: changed estimates',
    zh: '其他业务收入——估计变更调整',
  },
  opening: {
    number: '9999',
    path: 'Equity:Opening',
    en: 'Brought forward',
    zh: '期初结转',
  },
} as const;
export type AccountName = keyof typeof CHART;

/** One side of an entry, in fen: above zero debits, below zero credits. */
export interface Posting {
  readonly account: AccountName;
  /** Code of the point type: each has its own sub-account of {@link CHART}. */
  readonly pointType: string;
  readonly fen: bigint;
}

/** What happened, in both languages. */
export const OCCASIONS = {
  opening: { en: 'Brought forward', zh: '期初余额' },
  issued: { en: 'Points issued', zh: '发放积分' },
  takenBack: { en: 'Points taken back', zh: '收回积分' },
  moved: { en: 'Points given away, merged and converted', zh: '转赠、合并与转换积分' },
  redeemed: { en: 'Points used', zh: '使用积分' },
  settled: { en: 'Points gone into debts', zh: '积分抵偿欠账' },
  breakage: { en: 'Breakage released', zh: '确认未行使积分收入' },
  catchUp: { en: 'Catch-up on a changed estimate', zh: '估计变更累计调整' },
} as const;
export type Occasion = keyof typeof OCCASIONS;

export interface JournalEntry {
  readonly occasion: Occasion;
  readonly pointType: string;
  readonly postings: readonly Posting[];
}

/** The other side of each column of the roll-forward, and whether it raises what is owed. */
const CONTRA = [
  ['issued', 'deferred', 1n],
  ['takenBack', 'deferred', -1n],
  ['moved', 'moving', 1n],
  ['redeemed', 'payable', -1n],
  ['settled', 'payable', -1n],
  ['breakage', 'breakage', -1n],
  ['catchUp', 'estimates', -1n],
] as const satisfies readonly (readonly [keyof FenFlow & Occasion, AccountName, bigint])[];

/**
 * The double entries of a period, of what it added to the liability of each point type. Debits equal credits in each, and what they
 * leave on the liability account is the closing of the roll-forward.
 */
export function journalOf(
  flows: readonly { readonly pointType: string; readonly fen: FenFlow }[],
): JournalEntry[] {
  return flows.flatMap(({ pointType, fen }) =>
    CONTRA.filter(([column]) => fen[column] !== 0n).map(([column, other, sign]) => ({
      occasion: column,
      pointType,
      postings: [
        { account: 'liability', pointType, fen: -sign * fen[column] },
        { account: other, pointType, fen: sign * fen[column] },
      ] as const,
    })),
  );
}

/** What stood on the liability accounts before, as an entry of its own, so that a period's file can be checked alone. */
export function openingOf(
  flows: readonly { readonly pointType: string; readonly fen: FenFlow }[],
): JournalEntry[] {
  return flows
    .filter(({ fen }) => fen.opening !== 0n)
    .map(({ pointType, fen }) => ({
      occasion: 'opening',
      pointType,
      postings: [
        { account: 'opening', pointType, fen: fen.opening },
        { account: 'liability', pointType, fen: -fen.opening },
      ],
    }));
}
