import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';

/** The kinds of transaction, with the numbers that stand in the database and in the chain. */
export const KINDS = {
  issue: 1,
  burn: 2,
  hold: 3,
  capture: 4,
  release: 5,
  expire: 6,
  mature: 7,
  return: 8,
  refund: 9,
  adjust: 10,
  transfer_out: 11,
  transfer_in: 12,
  transfer_return: 13,
  convert: 14,
  cut: 15,
  claw_back: 16,
} as const;
export type Kind = keyof typeof KINDS;

/** What a command came from, with the numbers of the database: an order, a return of goods, a transfer, the move of an account when two members become one, an activity, a redemption. */
export const SOURCE_KINDS = {
  order: 1,
  return: 2,
  transfer: 3,
  move: 4,
  activity: 5,
  redemption: 6,
} as const;
export type SourceKind = keyof typeof SOURCE_KINDS;

/** What happens to a return whose points were spent meanwhile; see {@link ReturnCommand}. */
export type ReturnPolicy = 'pending_only' | 'within_balance' | 'debt';

/**
 * A limit on what one member may be issued under a name the caller chooses (`rule 7, 2026-11-22`).
 * The counter of that name grows by the points granted and never passes `max`: `trim` grants what is
 * left, `all` refuses unless everything fits.
 */
export interface CounterLimit {
  readonly counter: string;
  readonly max: number;
  readonly mode: 'trim' | 'all';
}

/**
 * A limit on how many times one member may be issued under a name, whatever the points: its counter grows by
 * one. A name is one counter: who counts points under it counts them together with the times.
 */
export interface TimesLimit {
  readonly counter: string;
  readonly max: number;
  readonly unit: 'times';
}

/** A limit on what all members together may be issued: what is left of a budget. */
export interface BudgetLimit {
  readonly budget: Uuid;
  readonly mode: 'trim' | 'all';
}

export type Limit = CounterLimit | TimesLimit | BudgetLimit;

/** What points were counted on, named to give them back. */
export type Counted =
  | Pick<CounterLimit, 'counter'>
  | Pick<TimesLimit, 'counter' | 'unit'>
  | Pick<BudgetLimit, 'budget'>;

/**
 * A fact that one command may use, once, whoever it is for: the number of a receipt, of a certificate, the
 * code of a voucher. The same fact in another scope, or within another merchant, is another fact.
 */
export interface Claim {
  /** The merchant whose facts these are; null: everybody's. */
  readonly merchant: Uuid | null;
  readonly scope: string;
  readonly fact: string;
}

/** What a lot says beside its size. */
export interface NewLot {
  readonly issuer: Uuid;
  readonly funders: readonly { readonly merchant: Uuid; readonly share: number }[] | null;
  readonly ruleVersion: Uuid | null;
  /** SHA-256 in hex. */
  readonly evidence: string | null;
  /** Micro-fen per point. */
  readonly unitCost: number | null;
  readonly availableAt: Instant;
  readonly expiresAt: Instant | null;
  /** By how many months what the member does extends it; absent: it lapses when it says. */
  readonly slideMonths?: number;
  /**
   * Of a lot with a price that several pay for, and that came from another account: the earn's lot it first came of. When that
   * one is returned, these points are its own.
   */
  readonly root?: Uuid;
}

/** What kept points that slide: to when, by the calendar of the programme, if it takes effect when it was asked to. */
export interface Sliding {
  readonly timeZone: string;
  /** For every number of months that points of the programme may slide by. */
  readonly ends: readonly { readonly months: number; readonly to: Instant }[];
}

/** Something the member does. `sliding` is given by the ledger itself, and is no part of the request. */
interface Activity extends CommandBase {
  readonly sliding?: Sliding;
}

/** Free text and references: stored beside the chain, which holds only a salted commitment to them. */
export type Detail = Readonly<Record<string, string | number | boolean | null>>;

interface CommandBase {
  /** Unique in the member's shard for ever; the same key with the same request gets the same answer. */
  readonly key: string;
  /** The transaction's id when the caller wants to choose it (it must carry the member's shard). */
  readonly id?: Uuid;
  readonly programme: number;
  readonly pointType: number;
  readonly member: Uuid;
  /** When it happened by the programme's clock; null: now. Never before the member's previous transaction. */
  readonly effectiveAt: Instant | null;
  readonly source?: { readonly kind: SourceKind; readonly id: Uuid };
  readonly detail?: Detail;
}

/** Makes a lot. Debts of the account are repaid first, out of the same points. */
export interface IssueCommand extends Activity {
  readonly kind: 'issue';
  readonly merchant: Uuid;
  readonly points: number;
  /** Null: available at once. */
  readonly availableAt?: Instant | null;
  /** Null: never. Exclusive: at this instant the lot has lapsed. */
  readonly expiresAt?: Instant | null;
  /** How its caller said so who named no instant: left it to what is usual, or said aloud that it never lapses. */
  readonly expiry?: 'usual' | 'never';
  /** The lot slides: `expiresAt` is when it lapses unless its member does something before. */
  readonly slideMonths?: number;
  /** Given because of the date, or of what somebody else did: it is no activity of the member, and extends nothing. */
  readonly unasked?: true;
  readonly limits?: readonly Limit[];
  readonly claims?: readonly Claim[];
  /** Who pays for the lot, by integer shares; absent: the merchant alone. */
  readonly funders?: readonly { readonly merchant: Uuid; readonly share: number }[];
  readonly ruleVersion?: Uuid;
  /** SHA-256 of the evidence, in hex. */
  readonly evidence?: string;
  /** Micro-fen per point. */
  readonly unitCost?: number;
}

/** Spends points at a merchant: earliest expiry first, then oldest. */
export interface BurnCommand extends Activity {
  readonly kind: 'burn';
  readonly merchant: Uuid;
  readonly points: number;
  /**
   * A deduction agreed at an offline till is final: what is missing becomes a debt, of at most this
   * many points. Absent: refused when anything is missing.
   */
  readonly overdraftMax?: number;
}

/** Sets points aside until they are captured or released; pinned points do not lapse. */
export interface HoldCommand extends CommandBase {
  readonly kind: 'hold';
  readonly merchant: Uuid;
  readonly points: number;
  /** When the hold releases itself. */
  readonly expiresAt: Instant;
}

/** Spends a hold, or `points` of it; the rest stays held. */
export interface CaptureCommand extends Activity {
  readonly kind: 'capture';
  readonly hold: Uuid;
  readonly points?: number;
}

/** Gives back what is left of a hold. `timeout` releases only a hold whose time has passed. */
export interface ReleaseCommand extends CommandBase {
  readonly kind: 'release';
  readonly hold: Uuid;
  readonly timeout?: boolean;
}

/** Moves whatever has lapsed and is not held to breakage. */
export interface ExpireCommand extends CommandBase {
  readonly kind: 'expire';
}

/**
 * Records that pending lots became available; they are spendable by time whether or not it ran. Of an `earn` that is
 * named its lot becomes available now, before its time: what it waited for has happened.
 */
export interface MatureCommand extends CommandBase {
  readonly kind: 'mature';
  readonly earn?: Uuid;
  /** The lots of this account that came of that earn, because its member has become part of this one. Absent: it is this member's. */
  readonly arrived?: readonly Uuid[];
}

/**
 * Takes back `points` of an earn: first what is left of its own lot (what expired of it counts as
 * recovered), then by policy: `pending_only` stops there, `within_balance` takes other lots, latest
 * expiry first, and `debt` makes the rest a debt that names the lot. A hold is never broken.
 *
 * What `limits` name gets back as many points as were taken or made a debt; what the policy forgoes stays
 * counted, or a limit would not bound what a member keeps. A time comes back when nothing is left of the earn and
 * this return forwent nothing.
 */
export interface ReturnCommand extends CommandBase {
  readonly kind: 'return';
  readonly earn: Uuid;
  readonly points: number;
  /** Of an earn of which less is left to return, only that is taken: somebody returned a part of it by hand. */
  readonly atMost?: true;
  readonly policy: ReturnPolicy;
  /** Of what the earn was counted on, what gets its points back. The caller answers for it that it was. */
  readonly limits?: readonly Counted[];
  /** Its member has become part of another one: what is not found here is left to claw-backs there, whatever the policy. */
  readonly isAbsorbed?: true;
}

/**
 * Reverses a burn or a capture, or `points` of it, into the lots it took from, latest take first.
 * A lot that lapsed meanwhile is reopened until `graceMs` after the refund. Debts are repaid first.
 */
export interface RefundCommand extends CommandBase {
  readonly kind: 'refund';
  readonly burn: Uuid;
  readonly points?: number;
  readonly graceMs: number;
}

/** A correction by a named person: `points` above zero make a lot, below zero spend. */
export interface AdjustCommand extends CommandBase {
  readonly kind: 'adjust';
  readonly merchant: Uuid;
  readonly points: number;
  readonly expiresAt?: Instant | null;
}

/**
 * Sends points to another member, who may live in another shard: into the shard's in-transit account,
 * until a `transfer_in` makes lots of them there or a `transfer_return` gives them back. It has the id of
 * the transfer.
 */
export interface TransferOutCommand extends CommandBase {
  readonly kind: 'transfer_out';
  readonly to: Uuid;
  /** Absent: everything the account has (of at most 50,000 lots), pending lots and debts too, as when two members become one. */
  readonly points?: number;
  /** What the giver may send, each `all` or nothing. */
  readonly limits?: readonly CounterLimit[];
}

/** A part of a lot that was sent, with the terms that go with it. */
export interface SentLot extends NewLot {
  readonly lot: Uuid;
  readonly points: number;
}

/**
 * Makes a lot of each that was sent, with its issuer, funders, expiry and cost; debts of the receiver are
 * repaid first. A debt that was sent becomes the receiver's.
 */
export interface TransferInCommand extends CommandBase {
  readonly kind: 'transfer_in';
  readonly from: Uuid;
  readonly lots: readonly SentLot[];
  readonly debt: number;
}

/**
 * Takes back `points` that a return left, because its earn's member has become part of this one: first what
 * came here of the returned lot (what expired of it counts as recovered), then by policy as a return
 * does. The caller answers for it that no more is taken than the return left.
 */
export interface ClawBackCommand extends CommandBase {
  readonly kind: 'claw_back';
  /** The earn that is returned, and the lot it made: of another member, perhaps in another shard. */
  readonly earn: Uuid;
  readonly lot: Uuid;
  /** Who gave the points and gets them back. */
  readonly giver: { readonly role: 'issuer' | 'adjustment'; readonly merchant: Uuid };
  readonly points: number;
  readonly policy: ReturnPolicy;
  /** The lots of this account that came from the returned one. */
  readonly arrived: readonly Uuid[];
  /**
   * The budgets of the return's limits, which get back what is taken here, up to what this shard spent of them.
   * The earn was never counted on this member's counters.
   */
  readonly limits?: readonly Pick<BudgetLimit, 'budget'>[];
}

/**
 * Gives a transfer that was not taken in back to the lots it came from; a lot that lapsed meanwhile is
 * reopened until `graceMs` after it. The caller answers for it that no `transfer_in` was applied.
 */
export interface TransferReturnCommand extends CommandBase {
  readonly kind: 'transfer_return';
  readonly out: Uuid;
  readonly graceMs: number;
  /** The counters of the sending's limits, which get their points back too. */
  readonly counters?: readonly string[];
}

/**
 * Turns points into points of type `to` of the same programme: `points` make `floor(points × num / den)`, and
 * no more are taken than those need; what is left over stays where it is. One lot for each that was
 * taken from, with its issuer, funders and expiry.
 */
export interface ConvertCommand extends CommandBase {
  readonly kind: 'convert';
  readonly to: number;
  readonly points: number;
  readonly rate: { readonly num: number; readonly den: number };
}

/**
 * Marks in one shard where a period of a programme ends: nothing that follows takes effect before
 * `effectiveAt`. Its member is `shardOwner` of cuts/cut.ts, its point type 0.
 */
export interface CutCommand extends CommandBase {
  readonly kind: 'cut';
  readonly effectiveAt: Instant;
}

export type Command =
  | IssueCommand
  | BurnCommand
  | HoldCommand
  | CaptureCommand
  | ReleaseCommand
  | ExpireCommand
  | MatureCommand
  | ReturnCommand
  | RefundCommand
  | AdjustCommand
  | TransferOutCommand
  | TransferInCommand
  | TransferReturnCommand
  | ClawBackCommand
  | ConvertCommand
  | CutCommand;

/** The transaction a command acts on, if any. */
export function subjectOf(command: Command): Uuid | null {
  switch (command.kind) {
    case 'capture':
    case 'release':
      return command.hold;
    case 'return':
    case 'claw_back':
      return command.earn;
    case 'mature':
      return command.earn ?? null;
    case 'refund':
      return command.burn;
    case 'transfer_return':
      return command.out;
    default:
      return null;
  }
}
