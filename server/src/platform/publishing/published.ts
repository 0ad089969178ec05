import type { Clock, Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Transaction } from '../database.ts';
import type { Principal } from '../web/auth.ts';
import type { Family } from './family.ts';

/** Something that is published in versions, without them: a rule, a reward, a promotion. */
export interface Item {
  readonly id: Uuid;
  readonly programme: number;
  readonly programmeCode: string;
  readonly clockOffsetMs: number;
  /** Whose it is; null: the operator's. */
  readonly merchant: Uuid | null;
  /** Unique in its programme and of its owner. */
  readonly code: string;
  readonly madeAt: Instant;
  /** An API key. */
  readonly madeBy: Uuid;
}

/** By what items are looked for: something of them is in force, announced or drafted; or nothing is any more. */
export const ITEM_STATES = ['in_force', 'announced', 'draft', 'ended'] as const;
export type ItemState = (typeof ITEM_STATES)[number];

/** What is to become the next version. */
export interface Draft<Body> {
  /** The item it is of. */
  readonly of: Uuid;
  /** Stays when it is published. */
  readonly id: Uuid;
  readonly number: number;
  readonly body: Body;
  readonly madeAt: Instant;
  readonly madeBy: Uuid;
}

/** How a change compares with what held before it, for members. */
export interface Compared {
  /** `worse` also when it is not proven to be no worse. */
  readonly verdict: 'better_or_equal' | 'worse';
  readonly reasons: readonly {
    /** A JSON pointer into the body. */
    readonly path: string;
    readonly reason: string;
    /** The version it is worse than, as it is shown; null: than what holds without the item. */
    readonly against: string | null;
  }[];
  /** Null: nothing does. What a simulation proves is in doubt by its form; the doubts stay in `reasons`. */
  readonly provenBy: 'form' | 'simulation' | null;
  readonly simulation: ProvingSimulation | null;
}

/** What is kept of a simulation that proved a change. */
export interface ProvingSimulation {
  /** As it is shown. */
  readonly id: string;
  /** Orders paid from here, */
  readonly from: Instant;
  /** until here, not included, */
  readonly until: Instant;
  /** beside the rules of this instant. */
  readonly asOf: Instant;
  readonly orders: number;
}

/** A version that was published. Only its end may come, once or sooner than it was said. */
export interface Published<Body> extends Draft<Body> {
  readonly publishedAt: Instant;
  readonly publishedBy: Uuid;
  readonly comparison: Compared;
  /** Whole days that members were told beforehand; 0: at once. */
  readonly noticeDays: number;
  readonly from: Instant;
  readonly until: Instant | null;
  readonly endedAt: Instant | null;
  readonly endedBy: Uuid | null;
  /** It ends because the item was retired, not because of a version after it. */
  readonly retired: boolean;
}

/** What holds of a version that was published: all that members are given by. */
export interface Version<Body> {
  readonly id: Uuid;
  /** The item it is of. */
  readonly of: Uuid;
  readonly code: string;
  readonly number: number;
  readonly merchant: Uuid | null;
  readonly body: Body;
  readonly from: Instant;
  readonly until: Instant | null;
}

export const CHANGE_KINDS = [
  'made',
  'drafted',
  'draft_dropped',
  'published',
  'retired',
  'removed',
] as const;

/** Who did what, as it is kept. */
export interface Change {
  readonly programme: number;
  readonly of: Uuid;
  readonly kind: (typeof CHANGE_KINDS)[number];
  readonly version: Uuid | null;
  readonly versionNumber: number | null;
  readonly changedAt: Instant;
  readonly changedBy: Uuid;
  /** From when on it counts: of publications and retirements. */
  readonly from: Instant | null;
}

/** Of two changes of one item the later has the greater number. */
export type NumberedChange = Change & { readonly number: number };

/** What publications go by of a programme. */
export interface PublishingProgramme {
  readonly id: number;
  readonly code: string;
  readonly timeZone: string;
  readonly clockOffsetMs: number;
  readonly ruleNoticeDays: number;
}

/** Who asks for a change, and when. */
export interface Caller {
  /** An API key. */
  readonly key: Uuid;
  readonly view: View;
  readonly clock: Clock;
  readonly announce: Announce;
}

/**
 * What a caller sees: of one programme or all, and everything in it or what one merchant may see, which is its
 * own and of the operator's what was published.
 */
export interface View {
  readonly programme: number | null;
  readonly merchant: Uuid | null;
}

/** What the caller sees. */
export function viewOf({ programme, merchant }: Pick<Principal, 'programme' | 'merchant'>): View {
  return { programme: programme?.id ?? null, merchant };
}

/** A change that is not proven to be as good for members as what it replaces. */
export interface WorseChange {
  readonly family: Family;
  readonly programme: PublishingProgramme;
  /** That begins, or the last that ends. */
  readonly version: Uuid;
  /** Whose it is; null: the operator's. */
  readonly merchant: Uuid | null;
  /** How members know it. */
  readonly name: string;
  /** What they are told of what it is to be; null: nothing, or it ends. */
  readonly description: string | null;
  readonly change: 'begins' | 'changes' | 'ends';
  /** When it takes effect, by the programme's clock. */
  readonly from: Instant;
}

/** Tells members of a change in the transaction that makes it: one is not without the other. */
export type Announce = (tx: Transaction, change: WorseChange) => Promise<void>;

/** Whether the caller has to do with a programme at all. */
export function reachesProgramme(view: View, programme: number): boolean {
  return view.programme === null || view.programme === programme;
}

/** Whether the caller may write what is of this owner. */
export function isOwn(
  view: View,
  { programme, merchant }: Pick<Item, 'programme' | 'merchant'>,
): boolean {
  const isTheirs = view.merchant === null || view.merchant === merchant;
  return isTheirs && reachesProgramme(view, programme);
}
