import Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { showId } from '../kernel/id.ts';
import { InstantText, idOf, nullable, object, text } from '../platform/web/schema.ts';
import type { ConsentChannel, Purpose } from './purpose.ts';
import { ConsentChannelName, PurposeName } from './purpose.ts';

/** What a member consents to: a purpose, and where data goes to a merchant, which. */
export interface ConsentSubject {
  readonly purpose: Purpose;
  /** Null where data stays with the platform. */
  readonly merchant: Uuid | null;
}

/** `refused`: said no without ever having agreed, or once more after the time in which nobody asks. */
export const CONSENT_STATES = ['given', 'withdrawn', 'refused'] as const;
export type ConsentState = (typeof CONSENT_STATES)[number];

/** One entry of the register; the latest one of a subject is what holds. */
export interface ConsentChange extends ConsentSubject {
  readonly member: Uuid;
  readonly state: ConsentState;
  /** Of the notice that the member had before them. */
  readonly version: number;
  readonly channel: ConsentChannel;
  /** Who agreed for a member under 14. */
  readonly guardian: string | null;
  readonly changedAt: Instant;
  /** An API key. */
  readonly changedBy: Uuid;
}

/** One that is kept; of two of one member the later has the greater number. */
export type NumberedChange = ConsentChange & { readonly number: number };

/** The latest entry about a subject, with what its notice says. */
export interface Consent extends ConsentChange {
  readonly askAgainDays: number;
  /** When a later notice ends a consent to this version; null: none does so far. */
  readonly endsAt: Instant | null;
}

const DAY_MS = 24 * 3_600_000;

/** Until when a member who said no is not to be asked again; null for one who agreed. */
export function askAgainAt({ state, changedAt, askAgainDays }: Consent): Instant | null {
  return state === 'given' ? null : changedAt + askAgainDays * DAY_MS;
}

/** Whether a consent that was given counts at `now`, for a member who is under 14 until `minorUntil`. */
export function counts(
  given: { readonly endsAt: Instant | null; readonly guardian: string | null },
  minorUntil: Instant | null,
  now: Instant,
): boolean {
  if (given.endsAt !== null && given.endsAt <= now) return false;
  return given.guardian !== null || minorUntil === null || minorUntil <= now;
}

const Guardian = Type.Unsafe<string>({
  ...text(100),
  description: 'For a member under 14: a reference to the guardian’s consent, never their name.',
});

export const NewConsent = object(
  {
    version: Type.Integer({
      minimum: 1,
      maximum: 2_147_483_647,
      description: 'Of the notice that the member has read: the one in force.',
    }),
    channel: ConsentChannelName,
    guardian: Type.Optional(Guardian),
  },
  { title: 'NewConsent' },
);
export type NewConsent = Type.Static<typeof NewConsent>;

export const ConsentShown = object(
  {
    purpose: PurposeName,
    merchantId: nullable(idOf('merchant')),
    state: Type.Enum(CONSENT_STATES),
    counts: Type.Boolean({
      description:
        'Given, not ended by a later notice, and for a member under 14 given by the guardian.',
    }),
    version: Type.Integer(),
    channel: ConsentChannelName,
    guardian: nullable(Type.String()),
    changedAt: InstantText,
    askAgainAt: Type.Unsafe<string | null>({
      ...nullable(InstantText),
      description: 'Do not ask before; null for one who agreed.',
    }),
  },
  { title: 'Consent' },
);

export const ConsentChangeShown = object(
  {
    purpose: PurposeName,
    merchantId: nullable(idOf('merchant')),
    state: Type.Enum(CONSENT_STATES),
    version: Type.Integer(),
    channel: ConsentChannelName,
    guardian: nullable(Type.String()),
    changedAt: InstantText,
    changedBy: Type.Unsafe<string | null>({
      ...nullable(idOf('apiKey')),
      description: "Null for a merchant's key.",
    }),
  },
  { title: 'ConsentChange', description: 'An entry of the register of consents.' },
);

export function showConsent(
  consent: Consent,
  minorUntil: Instant | null,
  now: Instant,
): Type.Static<typeof ConsentShown> {
  const again = askAgainAt(consent);
  return {
    purpose: consent.purpose,
    merchantId: consent.merchant === null ? null : showId('merchant', consent.merchant),
    state: consent.state,
    counts: consent.state === 'given' && counts(consent, minorUntil, now),
    version: consent.version,
    channel: consent.channel,
    guardian: consent.guardian,
    changedAt: showInstant(consent.changedAt),
    askAgainAt: again === null ? null : showInstant(again),
  };
}

/** An entry as the operator sees it, or a merchant, whose business others' keys are not. */
export function showChange(
  change: ConsentChange,
  isOperator: boolean,
): Type.Static<typeof ConsentChangeShown> {
  return {
    purpose: change.purpose,
    merchantId: change.merchant === null ? null : showId('merchant', change.merchant),
    state: change.state,
    version: change.version,
    channel: change.channel,
    guardian: change.guardian,
    changedAt: showInstant(change.changedAt),
    changedBy: isOperator ? showId('apiKey', change.changedBy) : null,
  };
}
