import { createHash } from 'node:crypto';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type {
  TransferInCommand,
  TransferOutCommand,
  TransferReturnCommand,
} from '../ledger/command.ts';
import { type MadeTerms, termsSent } from '../ledger/read-terms.ts';
import type { Transaction } from '../ledger/transaction.ts';

/** What a gift may be for. A sale is none of these, and a transfer has no place for a price. */
export const PURPOSES = ['family_gift', 'household', 'friend_gift'] as const;
export type Purpose = (typeof PURPOSES)[number];

export type TransferStatus = 'open' | 'arrived' | 'returned' | 'refused';

/** Points on their way from one member to another. */
export interface Transfer {
  /** Carries the giver's shard; also the id of the sending in the ledger. */
  readonly id: Uuid;
  readonly programme: number;
  readonly pointType: number;
  readonly giver: Uuid;
  readonly receiver: Uuid;
  readonly points: number;
  readonly purpose: Purpose;
  /** The giver's day it counts on, by the programme's time zone, and how much that day may have. */
  readonly day: string;
  readonly dayMax: number;
  readonly graceDays: number;
  readonly status: TransferStatus;
  /** Why it was refused or came back. */
  readonly refusal: Refusal | null;
  readonly requestKey: string;
  readonly fingerprint: Buffer;
  readonly recordedAt: Instant;
}

/** How a transfer ended. */
export interface Ended {
  readonly id: Uuid;
  readonly status: Exclude<TransferStatus, 'open'>;
  readonly refusal: Refusal | null;
}

const DAY_MS = 24 * 3600 * 1000;

const counterOf = ({ pointType, day }: Transfer): string => `gift:${pointType}:${day}`;

function between(transfer: Transfer, step: string) {
  const { id, programme, pointType } = transfer;
  const source = { kind: 'transfer', id } as const;
  return { key: `transfer:${id}:${step}`, programme, pointType, effectiveAt: null, source };
}

/** The sending: always the same, so that it can be sent again. */
export function outCommand(transfer: Transfer): TransferOutCommand {
  const { id, giver, receiver, points, purpose, dayMax } = transfer;
  return {
    ...between(transfer, 'out'),
    kind: 'transfer_out',
    id,
    member: giver,
    to: receiver,
    points,
    limits: [{ counter: counterOf(transfer), max: dayMax, mode: 'all' }],
    detail: { purpose },
  };
}

/** The arrival, from what the sending recorded and the terms its lots were made with: both never change. */
export function inCommand(
  transfer: Transfer,
  { entries, effectiveAt }: Pick<Transaction, 'entries' | 'effectiveAt'>,
  terms: ReadonlyMap<Uuid, MadeTerms>,
): TransferInCommand {
  const lots = entries
    .filter((entry) => entry.kind === 'take')
    .map(({ lot, points, expiresAt }) => {
      const made = terms.get(lot);
      if (made === undefined) throw new Error(`lot ${lot} was sent and is not there`);
      // The lot's own expiry may have been extended since.
      return { ...termsSent(made, effectiveAt), lot, points, expiresAt };
    });
  const { giver, receiver } = transfer;
  return {
    ...between(transfer, 'in'),
    kind: 'transfer_in',
    member: receiver,
    from: giver,
    lots,
    debt: 0,
  };
}

/**
 * The way back. It is refused only while the giver's account could not count the points; a refusal stands
 * under its key for ever, so the next attempt has another one.
 */
export function returnCommand(transfer: Transfer, attempt: number): TransferReturnCommand {
  return {
    ...between(transfer, `return:${attempt}`),
    kind: 'transfer_return',
    member: transfer.giver,
    out: transfer.id,
    graceMs: transfer.graceDays * DAY_MS,
    counters: [counterOf(transfer)],
  };
}

interface Calendar {
  readonly format: Intl.DateTimeFormat;
  /** The second asked about last, and its day: the gifts of a moment have the same. */
  second: number;
  day: string;
}
const calendars = new Map<string, Calendar>();

/** The day of an instant in a time zone, `2026-03-01`. */
export function dayOf(at: Instant, timeZone: string): string {
  let calendar = calendars.get(timeZone);
  if (calendar === undefined) {
    const numeric = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    const format = new Intl.DateTimeFormat('en', { timeZone, calendar: 'iso8601', ...numeric });
    calendar = { format, second: Number.NaN, day: '' };
    calendars.set(timeZone, calendar);
  }
  const second = Math.floor(at / 1000);
  if (second !== calendar.second) {
    const parts = calendar.format.formatToParts(at);
    const of = new Map(parts.map(({ type, value }) => [type, value]));
    calendar.second = second;
    calendar.day = `${of.get('year')}-${of.get('month')}-${of.get('day')}`;
  }
  return calendar.day;
}

/** What a request asked for, for the comparison with another one under its key. */
export function fingerprintOf(asked: readonly (string | number)[]): Buffer {
  return createHash('sha256').update(JSON.stringify(asked)).digest();
}
