import type { Spent } from '../report/profile.ts';

/** What the bench asks of an instrumented process; see instrument.ts. */
export type WindowMessage =
  | { readonly window: 'begin'; readonly profile: boolean }
  | { readonly window: 'end' };

/** One thread of a server between begin and end; where its time went is empty unless a profile was asked for. */
export interface ThreadWindow extends Spent {
  readonly thread: string;
}

/** A whole server between begin and end. */
export interface WindowReply {
  /** Of all its threads, the garbage collector's included. */
  readonly cpuSeconds: number;
  readonly rssMegabytes: number;
  /** The largest since the process began. */
  readonly peakRssMegabytes: number;
  readonly threads: readonly ThreadWindow[];
}
