import Type from 'typebox';
import { localTime } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import { object } from '../platform/web/schema.ts';
import { KINDS, MESSAGE_KINDS, type MessageKind } from './message.ts';

/** Local times of day, `22:00`; `from` later than `to` passes midnight. */
export interface QuietHours {
  readonly from: string;
  /** Not included. */
  readonly to: string;
}

/** Of one kind at most `max` to a member within `days` days. */
export interface MessageCap {
  readonly kind: MessageKind;
  readonly max: number;
  readonly days: number;
}

/** How a programme sends. */
export interface MessagePolicy {
  /** Before points expire their member is told so many days ahead. */
  readonly expiryNoticeDays: readonly number[];
  /** Null: nothing waits. */
  readonly quietHours: QuietHours | null;
  /** All of a kind hold. */
  readonly caps: readonly MessageCap[];
}

/** Of a programme that decided nothing else. */
export const DEFAULT_POLICY: MessagePolicy = {
  expiryNoticeDays: [30, 7, 1],
  quietHours: { from: '22:00', to: '08:00' },
  caps: [{ kind: 'offer', max: 3, days: 7 }],
};

const TimeOfDay = Type.String({
  pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
  examples: ['22:00'],
});

export const MessagePolicyBody = object(
  {
    expiryNoticeDays: Type.Array(Type.Integer({ minimum: 1, maximum: 365 }), {
      minItems: 1,
      maxItems: 10,
      uniqueItems: true,
      description: 'Before points expire their member is told so many days ahead.',
    }),
    quietHours: Type.Optional(
      object(
        { from: TimeOfDay, to: TimeOfDay },
        {
          description:
            'By the time zone of the programme: messages that can wait become due when they are over. Absent: none.',
        },
      ),
    ),
    caps: Type.Array(
      object({
        kind: Type.Enum(MESSAGE_KINDS.filter((kind) => !KINDS[kind].isLegal)),
        max: Type.Integer({ minimum: 1, maximum: 1_000 }),
        days: Type.Integer({ minimum: 1, maximum: 365 }),
      }),
      {
        maxItems: 10,
        description:
          'Of one kind at most `max` to a member within `days` days. Notices that the law demands have no cap.',
      },
    ),
  },
  { title: 'MessagePolicy' },
);

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** Clocks are put back once in a night. */
const TURNS_MAX = 3;

/** When a message that may wait is shown that is due at `at`: then, or when the quiet hours are over. */
export function afterQuietHours(at: Instant, quiet: QuietHours | null, timeZone: string): Instant {
  if (quiet === null) return at;
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  let end = at;
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const { hour, minute } = localTime(end, timeZone);
    const now = hour * 60 + minute;
    const isQuiet = from <= to ? now >= from && now < to : now >= from || now < to;
    if (!isQuiet) break;
    end = end - (end % MINUTE_MS) + ((to - now + DAY_MINUTES) % DAY_MINUTES) * MINUTE_MS;
  }
  return end;
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
