import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { RewardTerms } from '../kernel/reward.ts';
import type {
  BurnCommand,
  CaptureCommand,
  HoldCommand,
  RefundCommand,
  ReleaseCommand,
} from '../ledger/command.ts';
import type { PayeeAccount } from '../platform/payment/payment.ts';
import type { Particulars } from './particulars.ts';
import type { State } from './steps.ts';

/** What a redemption costs of one type of points, and where that is in the ledger. */
export interface Part {
  /** The number of the point type. */
  readonly pointType: number;
  readonly points: number;
  /**
   * Ids of transactions, chosen when the redemption is recorded: of the hold that sets the points aside (null: nothing is
   * waited for, they are burned at once), and of what takes them, its capture or the burn. What gives back goes by the latter.
   */
  readonly hold: Uuid | null;
  readonly taken: Uuid;
}

/**
 * A limit of the member's or a quota of the merchant's in a period, or the places of a slot, in units; or a promotion's budget, in points: so many
 * of at most `max`. Of a till that was cut off: points of the member's day.
 */
export interface Count {
  /** One counter: the reward, whose it is, and the period; of a budget the promotion and the type of points; of a bill itself. */
  readonly name: string;
  readonly of: 'member' | 'merchant' | 'slot' | 'budget' | 'bill' | 'offline';
  readonly units: number;
  readonly max: number;
  /** Counters of those who became part of the member: what they have counts on the maximum too. */
  readonly beside?: readonly string[];
}

/** What of the published terms a redemption goes by to its end. */
export type Agreed = Pick<
  RewardTerms,
  | 'kind'
  | 'name'
  | 'cashValueFen'
  | 'stores'
  | 'fulfilment'
  | 'offered'
  | 'cancellation'
  | 'afterSales'
  | 'compensation'
>;

/** Points redeemed for a reward, once or several times over. */
export interface Redemption {
  /** Carries the member's shard. */
  readonly id: Uuid;
  readonly programme: number;
  readonly member: Uuid;
  readonly reward: Uuid;
  readonly version: Uuid;
  readonly promotion: Uuid | null;
  /** The place of the price among those of the version. */
  readonly option: number;
  readonly quantity: number;
  /** Who hands it out, and gets the points. */
  readonly merchant: Uuid;
  readonly store: string | null;
  /** One for each type of points, of all units together. */
  readonly parts: readonly Part[];
  /** Paid beside the points, of all units together; 0: nothing. */
  readonly cashFen: number;
  /** The account at the payment provider that it goes to; null: nothing does. */
  readonly payee: PayeeAccount | null;
  readonly terms: Agreed;
  /** What the request says beyond the reward; null: nothing. */
  readonly particulars: Particulars | null;
  readonly counts: readonly Count[];
  readonly state: State;
  /** Why it was refused. */
  readonly refusal: Refusal | null;
  /** By the programme's clock: when it was asked for, until when it must be confirmed, when it was. */
  readonly askedAt: Instant;
  readonly deadline: Instant;
  readonly confirmedAt: Instant | null;
  /** When it was given up after that; null: it was not, or before that was written down. */
  readonly cancelledAt: Instant | null;
  readonly requestKey: string;
  readonly fingerprint: Buffer;
  readonly recordedAt: Instant;
}

/** As long as it may take to be confirmed; who comes back later asks again. */
export const CONFIRM_MS = 15 * 60_000;
/** Longer than any outage: points of what was confirmed are still held when it is over. */
const HOLD_MS = 400 * 24 * 3600_000;
const DAY_MS = 24 * 3600_000;

function between(redemption: Redemption, { pointType }: Part) {
  const { id, programme, member } = redemption;
  const source = { kind: 'redemption', id } as const;
  return { programme, pointType, member, effectiveAt: null, source } as const;
}

const keyOf = ({ id }: Redemption, step: string, { pointType }: Part): string =>
  `redemption:${id}:${step}:${pointType}`;

/** Whether points are set aside first: of several types all are taken or none. */
export const isHeldFirst = ({ parts }: Pick<Redemption, 'parts'>): boolean =>
  parts.some(({ hold }) => hold !== null);

const isFinal = ({ particulars }: Redemption): boolean =>
  particulars?.kind === 'bill' && particulars.isFinal;

/** Sets the points aside, or takes them where nothing is waited for: always the same, so that it can be sent again. */
export function firstCommands(redemption: Redemption): (HoldCommand | BurnCommand)[] {
  const { merchant, askedAt, version, promotion, option, quantity } = redemption;
  return redemption.parts.map((part) => {
    const { points, hold, taken } = part;
    const about = {
      ...between(redemption, part),
      merchant,
      points,
      detail: { version, promotion, option, quantity },
    };
    if (hold === null) {
      const burn = {
        ...about,
        kind: 'burn',
        key: keyOf(redemption, 'burn', part),
        id: taken,
      } as const;
      return isFinal(redemption) ? { ...burn, overdraftMax: points } : burn;
    }
    const key = keyOf(redemption, 'hold', part);
    return { ...about, kind: 'hold', key, id: hold, expiresAt: askedAt + HOLD_MS };
  });
}

/** What was held is taken. */
export function captureCommands(redemption: Redemption): CaptureCommand[] {
  return redemption.parts.flatMap((part) => {
    const { hold, taken: id } = part;
    const key = keyOf(redemption, 'capture', part);
    return hold === null ? [] : { ...between(redemption, part), kind: 'capture', key, id, hold };
  });
}

export function releaseCommand(redemption: Redemption, part: Part, hold: Uuid): ReleaseCommand {
  const key = keyOf(redemption, 'release', part);
  return { ...between(redemption, part), kind: 'release', key, hold };
}

/**
 * What goes back of a part that was taken, when the member cancels: all of it but the fee, which is in the first type of
 * the price. Nothing of it: null. A refusal stands under its key for ever, so another attempt has another one.
 */
export function refundCommand(
  redemption: Redemption,
  part: Part,
  graceDays: number,
  attempt: number,
): RefundCommand | null {
  const points = part.points - feeOf(redemption, part);
  if (points === 0) return null;
  return {
    ...between(redemption, part),
    kind: 'refund',
    key: `${keyOf(redemption, 'refund', part)}:${attempt}`,
    burn: part.taken,
    points,
    graceMs: graceDays * DAY_MS,
  };
}

/** What goes back of a part for some of its units, under the id of what they are given back for. None: null. */
export function partialRefund(
  redemption: Redemption,
  part: Part,
  { id, units }: { readonly id: Uuid; readonly units: number },
  graceDays: number,
  attempt: number,
): RefundCommand | null {
  if (units === 0) return null;
  return {
    ...between(redemption, part),
    kind: 'refund',
    key: `${keyOf(redemption, 'return', part)}:${id}:${attempt}`,
    burn: part.taken,
    // A part is the price of a unit as often as there are units.
    points: (part.points / redemption.quantity) * units,
    graceMs: graceDays * DAY_MS,
  };
}

/** Only who changes their mind pays it, and never more than the part came to. */
export function feeOf({ state, parts, terms, quantity }: Redemption, part: Part): number {
  const { cancellation } = terms;
  if (state !== 'cancelling' && state !== 'cancelled') return 0;
  if (part !== parts[0] || cancellation.until === 'never') return 0;
  return Math.min((cancellation.feePoints ?? 0) * quantity, part.points);
}
