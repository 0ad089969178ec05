import type { ThreadWindow } from './processes/window.ts';

/** One figure against what was promised for it. */
export interface Check {
  readonly what: string;
  readonly measured: number;
  readonly unit: Unit;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** What is hoped for beyond the promise. */
  readonly aim?: number;
}

/** `share` and `times` are ratios to a baseline of the same run, shown as 57 % and 3.4 ×. */
export type Unit = 'share' | 'times' | 'µs' | 'ms' | 's' | 'MB' | 'count' | 'per second';

export function isMet({ measured, atLeast, atMost }: Check): boolean {
  return (
    (atLeast === undefined || measured >= atLeast) && (atMost === undefined || measured <= atMost)
  );
}

/** What one benchmark found. */
export interface Outcome {
  readonly benchmark: BenchmarkName;
  readonly checks: readonly Check[];
  /** The figures of a round that are worth showing; units stand in their names. */
  readonly columns: readonly string[];
  /** Every round's figures by their names, as measured. */
  readonly rounds: readonly Readonly<Record<string, number>>[];
  /** Where the time went in the ledger's server, from one more run under the profiler. */
  readonly profile?: readonly ThreadWindow[];
  readonly notes: readonly string[];
}

export const BENCHMARKS = [
  'interactive',
  'lone',
  'bulk',
  'hot',
  'budget',
  'transfers',
  'sliding',
  'accrual',
  'orders',
  'import',
  'reads',
  'sweep',
  'verify',
  'scale',
  'receipts',
  'rules',
  'redemptions',
  'hot-reward',
  'catalogue',
  'simulator',
  'close',
  'member-search',
  'insights',
  'console',
  'h5',
  'till',
] as const;
export type BenchmarkName = (typeof BENCHMARKS)[number];

export interface Settings {
  /** Measured seconds of each HTTP run; TPC-B runs twice as long. */
  readonly seconds: number;
  /** Rounds; absent: each benchmark's own. */
  readonly rounds: number | undefined;
  /** How often a run is repeated that something else on the machine disturbed. */
  readonly patience: number;
  readonly members: number;
  /** The large ledger of the scale benchmark. */
  readonly large: { readonly members: number; readonly entries: number };
  /** Accruals of the close benchmark. */
  readonly rows: number;
  /** Where databases are made; absent: the system's folder for temporary files. */
  readonly dir: string | undefined;
  /** The file of the import benchmark. */
  readonly file: string;
  readonly profile: boolean;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** The middle one; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** The median over rounds of the ratio of two of their figures. */
export function medianRatio(rounds: Outcome['rounds'], over: string, under: string): number {
  return median(rounds.map((round) => (round[over] ?? 0) / (round[under] ?? Number.NaN)));
}

export function medianOf(rounds: Outcome['rounds'], name: string): number {
  return median(rounds.map((round) => round[name] ?? 0));
}
