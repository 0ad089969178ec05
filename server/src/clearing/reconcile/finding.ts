import type { Instant } from '../../kernel/clock.ts';

/** What is compared, and in which words it is told when it differs. */
export const COMPARISONS = {
  accounts_balance: {
    en: 'The accounts of the ledger do not sum to zero',
    zh: '账本各账户之和不为零',
  },
  lots_accounts: {
    en: 'Lots hold other points than the accounts of members',
    zh: '各批次积分之和与会员账户不符',
  },
  lots_books: {
    en: 'Lots hold other points than the books say are outstanding',
    zh: '各批次积分之和与账簿上的未使用积分不符',
  },
  worth_books: {
    en: 'The points outstanding are worth something else than the books say',
    zh: '未使用积分的价值与账簿不符',
  },
  pair: {
    en: 'What one merchant owes for points another took is not what the ledger accrued',
    zh: '商户之间的应付与账本计提不符',
  },
  position: {
    en: 'What a merchant receives or pays is not what its pairs come to',
    zh: '商户的净额与其往来明细不符',
  },
  positions_sum: {
    en: 'Positions do not sum to zero',
    zh: '各方净额之和不为零',
  },
  figures: {
    en: 'The figures of a closed period are not those it was closed with',
    zh: '已关闭账期的数据与关闭时不一致',
  },
  carried: {
    en: 'What was accrued is neither paid nor carried into the next period',
    zh: '计提金额既未结清也未结转',
  },
  payment: {
    en: 'What was instructed is not what the position comes to',
    zh: '付款指令与净额不符',
  },
  cohort: {
    en: 'The books tell of a cohort something else than the ledger',
    zh: '账簿中某一批积分的数据与账本不符',
  },
  books_figures: {
    en: 'The figures of closed books are not those they were closed with',
    zh: '已关账的账簿数据与关账时不一致',
  },
  books_opening: {
    en: 'Books open with something else than they closed with',
    zh: '账簿期初与上期期末不符',
  },
  books_accruals: {
    en: 'What the books say was used is not what the ledger accrued for it',
    zh: '账簿中已使用积分的价值与账本计提不符',
  },
  journal: {
    en: 'What the journal leaves on the liability is not the closing of the books',
    zh: '分录结出的负债与账簿期末不符',
  },
} as const;
export type Comparison = keyof typeof COMPARISONS;

/** Two figures of one thing that ought to be the same. */
export interface Difference {
  readonly code: Comparison;
  /** `points`, `clp_… points mer_… → mer_…`: within a programme and comparison there is one such thing. */
  readonly about: string;
  readonly expected: string;
  readonly found: string;
}

/** A difference as it is kept: shown until a comparison that comes to it again finds nothing. */
export interface Finding extends Difference {
  readonly id: number;
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
  readonly seen: number;
  readonly resolvedAt: Instant | null;
}

/** What one comparison of many things came to. */
export interface Compared {
  readonly code: Comparison;
  /** What was compared begins with this: findings of it that were not met again are resolved. */
  readonly scope: string;
  readonly checks: number;
  readonly differences: readonly Difference[];
}

/** Compares figures of one thing each; `differences` are those that are not the same. */
export function compare(
  code: Comparison,
  scope: string,
  pairs: readonly { readonly about: string; readonly expected: string; readonly found: string }[],
): Compared {
  const differences = pairs
    .filter(({ expected, found }) => expected !== found)
    .map((each) => ({ code, ...each }));
  return { code, scope, checks: pairs.length, differences };
}
